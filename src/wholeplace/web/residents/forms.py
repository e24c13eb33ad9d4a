"""What is typed about residents' accounts."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from wholeplace.agreements.account.withholding import withholding_rules
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.residents.asking import KINDS
from wholeplace.web.residents.codes import HOW_CHECKED

__all__ = ["AnswerForm", "AskForm", "CodeForm", "LetterForm", "MarkForm", "PersonForm", "StartForm"]

_REFERENCE = re.compile(r"^[A-Za-z]{2,6}[-/][0-9][0-9/-]{1,18}$")


def _line(label: str, hint: str = "", *, width: int = 20, missing: str, longest: int = 120) -> forms.CharField:  # fmt: skip
    widget = forms.TextInput(
        {"class": f"govuk-input--width-{width}", "autocomplete": "off", "spellcheck": "false"}
    )
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, widget=widget,
        error_messages={"required": missing},
    )  # fmt: skip


def _words(label: str, hint: str, missing: str, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=4000, widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )  # fmt: skip


def is_reference(typed: str) -> bool:
    """Whether a request's reference is letters and numbers that can hold no name."""
    return _REFERENCE.match(typed) is not None


class StartForm(forms.Form):
    """A resident's code and date of birth."""

    code = _line(
        "Your code", "It has 10 letters and numbers, like ABCDE-23456", width=10, longest=30,
        missing="Type your code",
    )  # fmt: skip
    born_on = GovukDateField(
        label="Your date of birth", help_text="For example, 27 3 1987",
        error_messages={"required": "Type your date of birth"},
    )  # fmt: skip


class PersonForm(forms.Form):
    """A person number."""

    person = _line(
        "Person number", "As it stands in the address of their page", missing="Type the person number",
        longest=80,
    )  # fmt: skip


class CodeForm(forms.Form):
    """What was read off the papers of somebody who is here in person."""

    name = _line("Their name", "As on the papers that they show you", missing="Type their name")
    born_on = GovukDateField(
        label="Their date of birth", help_text="As on the papers, for example 27 3 1987",
        error_messages={"required": "Type their date of birth"},
    )  # fmt: skip
    how = forms.ChoiceField(
        label="How did you check who they are?", choices=list(HOW_CHECKED.items()),
        widget=forms.RadioSelect, error_messages={"required": "Choose how you checked"},
    )  # fmt: skip


class AskForm(forms.Form):
    """What a resident asks."""

    kind = forms.ChoiceField(
        label="What do you want to do?", choices=list(KINDS.items()), widget=forms.RadioSelect,
        error_messages={"required": "Choose what you want to do"},
    )  # fmt: skip
    text = _words("Tell us in your own words", "", "Tell us what you want to say")


class AnswerForm(forms.Form):
    """An officer's answer."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = _words(
        "Your answer", "They read it in their account. Use short, plain words.", "Write an answer"
    )


class LetterForm(forms.Form):
    """A request that came on paper, for a letter."""

    person = _line("Person number", "As it stands in the address of their page", missing="Type the person number", longest=80)  # fmt: skip
    reference = _line(
        "Reference of the request", "Letters, then numbers, for example SAR-2026-014. No name.",
        missing="Type the reference of the request", longest=25,
    )  # fmt: skip

    def clean_reference(self) -> str:
        """Refuse what could hold a name: the reference stands in the record of who looked."""
        typed = str(self.cleaned_data["reference"]).strip()
        if not is_reference(typed):
            raise forms.ValidationError("Give a reference like SAR-2026-014")
        return typed


class MarkForm(forms.Form):
    """What is to be left out of somebody's account, and why."""

    def __init__(
        self, choices: Mapping[str, list[tuple[str, str]]], *args: Any, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        options = [("", "Choose"), *((words, list(each)) for words, each in choices.items())]
        self.fields["what"] = forms.ChoiceField(
            label="What is left out?", choices=options,
            error_messages={"required": "Choose what is left out"},
        )  # fmt: skip
        self.fields["why"] = _words(
            "Who would come to harm if they were told, and how?",
            "A second person reads this and decides. The resident does not see it.",
            "Say who would come to harm and how",
        )
        self.fields["review_on"] = GovukDateField(
            label="Look at it again on",
            help_text=f"Within {withholding_rules().longest_review_days} days",
            error_messages={"required": "Say when it is looked at again"},
        )
