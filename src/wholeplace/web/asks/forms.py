"""What is typed about an ask."""

from typing import Any

from django import forms

from wholeplace.web.asks.asking import AskText, counterparts
from wholeplace.web.look.forms import GovukDateField

__all__ = ["AskForm", "StepForm"]


class AskForm(forms.Form):
    """One ask or barrier."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[
            ("ask", "An ask: something we need from central government"),
            ("barrier", "A barrier: a rule, form or system of the centre that stops joint work"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is an ask or a barrier"},
    )
    title = forms.CharField(
        label="In one line", max_length=160, error_messages={"required": "Say it in one line"}
    )
    wanted = forms.CharField(
        label="What should happen?",
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Say what should happen"},
    )
    evidence = forms.CharField(
        label="What shows that it matters?",
        help_text="Figures, pages and dates that somebody else can check. Name nobody: everybody can read it.",
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Say what shows that it matters"},
    )
    costs = forms.CharField(
        label="What does it cost, and whom? (optional)",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    counterpart = forms.ChoiceField(label="Who must answer?")
    due_on = GovukDateField(
        label="By when?", error_messages={"required": "Enter the day by which an answer is due"}
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["counterpart"]
        field.choices = [(str(each.pk), f"{each.name}, {each.job}") for each in counterparts()]

    def text(self) -> AskText:
        """Return what was typed."""
        given = self.cleaned_data
        return AskText(
            given["kind"],
            " ".join(given["title"].split()),
            given["wanted"].strip(),
            given["evidence"].strip(),
            given["costs"].strip(),
            given["counterpart"],
            given["due_on"],
        )


class StepForm(forms.Form):
    """One step, as one of the page's buttons names it."""

    event = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=1)
    answer = forms.CharField(required=False, max_length=20)
    words = forms.CharField(required=False, max_length=3000)
