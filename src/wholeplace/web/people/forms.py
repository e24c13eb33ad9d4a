"""What a viewer types: two facts to search by, and why they need to look."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from wholeplace.agreements.figures import figures
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.people.limits import limits

__all__ = ["FactsForm", "ReasonForm", "TimelineForm"]

_PURPOSE_MISSING = "Choose what you are doing this for"
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$")


def _text(label: str, hint: str = "", *, width: int, longest: int = 100) -> forms.CharField:
    widget = forms.TextInput(
        {"class": f"govuk-input--width-{width}", "autocomplete": "off", "spellcheck": "false"}
    )
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=longest, widget=widget
    )


class FactsForm(forms.Form):
    """Facts that the viewer knows of the person they look for."""

    FACTS = ("name", "birth_date", "postcode", "nhs_number", "nino", "upn", "phone", "email")

    FIRST = ("name", "birth_date", "postcode")

    name = _text("Name", "As much of it as you know, for example Sam Carter", width=20)
    birth_date = GovukDateField(
        label="Date of birth", help_text="For example, 27 3 2007", required=False
    )
    postcode = _text("Postcode", "Where they live or have lived", width=10, longest=10)
    phone = _text("Telephone number", width=20, longest=20)
    email = _text("Email address", width=20)
    nhs_number = _text("NHS number", "10 digits", width=10, longest=14)
    nino = _text("National Insurance number", "For example, QQ 12 34 56 C", width=10, longest=14)
    upn = _text("Unique pupil number", width=10, longest=16)

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["purpose"] = forms.ChoiceField(
            label="What is this for?",
            choices=list(purposes),
            widget=forms.RadioSelect,
            error_messages={"required": _PURPOSE_MISSING, "invalid_choice": _PURPOSE_MISSING},
        )
        if len(purposes) == 1:
            self.fields["purpose"].initial = purposes[0][0]

    def first_fields(self) -> list[BoundField]:
        """Return the fields that most searches need."""
        return [self[name] for name in self.FIRST]

    def more_fields(self) -> list[BoundField]:
        """Return the fields that a search may do without."""
        return [self[name] for name in self.FACTS if name not in self.FIRST]

    def has_more(self) -> bool:
        """Return whether any of the further fields holds something or has a fault."""
        return any(field.errors or field.value() for field in self.more_fields())

    def clean_postcode(self) -> str:
        """Refuse what cannot be a postcode; nothing typed is repeated in the error."""
        typed = " ".join(str(self.cleaned_data["postcode"]).upper().split())
        if typed and not _POSTCODE.match(typed):
            raise forms.ValidationError("Enter a full postcode, for example LB1 4QT")
        return typed

    def clean_nhs_number(self) -> str:
        """Refuse what is not ten digits."""
        digits = re.sub(r"\s", "", str(self.cleaned_data["nhs_number"]))
        if digits and not re.fullmatch(r"\d{10}", digits):
            raise forms.ValidationError("An NHS number has 10 digits")
        return digits

    def clean(self) -> dict[str, Any]:
        """Ask for enough facts."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        needed = limits().facts_needed
        has_faults = any(name in self.errors for name in self.FACTS)
        if not has_faults and len(self.facts()) < needed:
            self.add_error(
                "name",
                f"Give at least {_count(needed)} facts, for example a name and a date of birth",
            )
        return given

    def facts(self) -> dict[str, Any]:
        """Return the facts given."""
        return {name: self.cleaned_data[name] for name in self.FACTS if self.cleaned_data.get(name)}


class ReasonForm(forms.Form):
    """Why the viewer needs to see one person."""

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["purpose"] = forms.ChoiceField(
            label="What is this for?",
            choices=list(purposes),
            widget=forms.RadioSelect,
            error_messages={"required": _PURPOSE_MISSING, "invalid_choice": _PURPOSE_MISSING},
        )
        self.fields["text"] = forms.CharField(
            label="Why do you need to look now?",
            help_text="What has happened and what you will do with it. Another person will read this.",
            max_length=1000,
            widget=forms.Textarea({"rows": 4}),
            error_messages={"required": "Say why you need to look now"},
        )
        self.fields["household"] = forms.BooleanField(
            label="I also need to see the people they live with or have lived with",
            help_text="Your reason then covers each of them whom you may know of. It is logged for each.",
            required=False,
        )

    def clean_text(self) -> str:
        """Refuse a text that nobody could review."""
        words = " ".join(str(self.cleaned_data["text"]).split())
        least = figures().duty_text_characters
        if len(words) < least:
            raise forms.ValidationError(
                f"Say a little more: at least {least} characters, so that somebody else can review it"
            )
        return words


class TimelineForm(forms.Form):
    """What to show of a timeline. Choices only: nothing typed, nothing personal."""

    def __init__(
        self, choices: Mapping[str, Sequence[tuple[str, str]]], *args: Any, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        for name, label, everything in (
            ("partner", "Organisation", "All organisations"),
            ("topic", "Topic", "All topics"),
            ("need", "Need", "Any need"),
            ("year", "Year", "All years"),
        ):
            options = [("", everything), *choices.get(name, ())]
            self.fields[name] = forms.ChoiceField(label=label, choices=options, required=False)

    def chosen(self) -> dict[str, str]:
        """Return the filters that name something that is there; others are ignored."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _count(number: int) -> str:
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    return words.get(number, str(number))
