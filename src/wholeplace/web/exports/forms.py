"""What the asker and the second person type."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.agreements.figures import figures
from wholeplace.web.gateway.reports import ReportChoice

__all__ = ["AskForm", "StepForm"]


class AskForm(forms.Form):
    """Which table, for what, for whom."""

    def __init__(self, *args: Any, choices: Sequence[ReportChoice], **given: Any) -> None:
        super().__init__(*args, **given)
        self._names = [each.name for each in choices]
        for each in choices:
            self.fields[each.name] = forms.ChoiceField(label=each.label, choices=list(each.options))
        self.fields["why"] = forms.CharField(
            label="What will it be used for?",
            help_text="The person who decides reads this, and it stands in the file.",
            max_length=500,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": "Say what it will be used for"},
        )
        self.fields["for_whom"] = forms.CharField(
            label="Who will read it?",
            help_text="For example, the partnership board, or the health trust’s planning team",
            max_length=200,
            widget=forms.TextInput({"class": "govuk-input--width-30"}),
            error_messages={"required": "Say who will read it"},
        )
        self.fields["form"] = forms.ChoiceField(
            label="Kind of file",
            choices=[("csv", "CSV, for any program"), ("xlsx", "Excel workbook")],
            initial="csv",
            widget=forms.RadioSelect,
        )

    def chosen(self) -> dict[str, str]:
        """Return the report's parameters."""
        return {name: str(self.cleaned_data[name]) for name in self._names}

    def clean_why(self) -> str:
        """Refuse what nobody could judge."""
        words = " ".join(str(self.cleaned_data["why"]).split())
        least = figures().export_text_characters
        if len(words) < least:
            raise forms.ValidationError(
                f"Say a little more: at least {least} characters, so that somebody else can judge it"
            )
        return words

    def clean_for_whom(self) -> str:
        """Put it on one line."""
        return " ".join(str(self.cleaned_data["for_whom"]).split())


class StepForm(forms.Form):
    """One step, as one of the page's buttons names it."""

    event = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=1)
    words = forms.CharField(required=False, max_length=1000)
