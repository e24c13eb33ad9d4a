"""What people type: what they look for, what they can take, what they decided."""

from typing import Any

from django import forms

from wholeplace.directory import CAPACITY_STATES
from wholeplace.directory.finding import read_topics
from wholeplace.web.directory.doubles import ANSWERS

__all__ = ["CapacityForm", "ChooseForm", "FindForm", "PairForm"]


class FindForm(forms.Form):
    """What somebody needs, and where they are. Everything may be left empty."""

    words = forms.CharField(
        label="What do you need help with?",
        help_text="Use your own words, for example: behind with rent, feeling low, nappies",
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    near = forms.CharField(
        label="Postcode or area (if you like)",
        help_text="To show what is nearest first. It is not kept.",
        required=False,
        max_length=60,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    age = forms.IntegerField(
        label="Age of the person who needs help (if you like)",
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.TextInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter an age in whole years, for example 34",
            "min_value": "Enter an age of 0 or more",
            "max_value": "Enter an age of 120 or less",
        },
    )
    free = forms.BooleanField(label="Only what is free", required=False)
    can_take = forms.BooleanField(label="Only what can take new people now", required=False)
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def first_fields(self) -> list[Any]:
        """What stands open."""
        return [self[name] for name in ("words", "near")]

    @property
    def more_fields(self) -> list[Any]:
        """What stands folded away until somebody wants it."""
        return [self[name] for name in ("age", "free", "can_take")]

    @property
    def has_more(self) -> bool:
        """Tell whether something of the folded part was typed or is wrong."""
        return any(self[name].value() or self[name].errors for name in ("age", "free", "can_take"))


class ChooseForm(FindForm):
    """The same for a practitioner, with the need of a plan."""

    need = forms.ChoiceField(label="Need", required=False)

    def __init__(self, *args: Any, needs: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        topics = [(each.id, each.label) for each in read_topics()]
        choices = [("", "Any need"), ("Outcomes of the framework", needs), ("Topics", topics)]
        self.fields["need"].choices = choices  # type: ignore[attr-defined]
        self.fields["words"].label = "Words"
        self.fields["words"].help_text = "A name, or what it is for"
        self.fields["near"].help_text = "To show what is nearest first"

    @property
    def first_fields(self) -> list[Any]:
        """The need stands first."""
        return [self[name] for name in ("need", "words", "near")]


class CapacityForm(forms.Form):
    """Whether a service can take people now."""

    state = forms.ChoiceField(
        label="Can it take people now?",
        choices=list(CAPACITY_STATES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one"},
    )
    note = forms.CharField(
        label="For whoever refers (if you like)",
        help_text="Everybody can read it, for example: about three weeks’ wait",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PairForm(forms.Form):
    """Whether two services are one."""

    answer = forms.ChoiceField(
        label="What are they?",
        choices=[(value, words) for value, words in ANSWERS.items() if value != "waiting"],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one"},
    )
    note = forms.CharField(
        label="How do you know? (if you like)",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
