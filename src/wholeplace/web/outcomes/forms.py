"""What is typed about families, claims, samples and returns."""

from typing import Any

from django import forms

from wholeplace.web.accounts.models import User
from wholeplace.web.look.forms import GovukDateField

__all__ = ["DrawForm", "RecordForm", "ReturnForm", "StepForm"]


class RecordForm(forms.Form):
    """What workers wrote down about one family."""

    joined_on = GovukDateField(label="Joined the programme", required=False)
    assessed_on = GovukDateField(label="Whole-family assessment", required=False)
    planned_on = GovukDateField(label="Plan agreed", required=False)
    closed_on = GovukDateField(label="Work ended", required=False)
    lead = forms.ChoiceField(label="Lead practitioner", required=False)
    expects_child = forms.NullBooleanField(
        label="A child is expected",
        required=False,
        widget=forms.Select(choices=[("", "Not known"), ("true", "Yes"), ("false", "No")]),
    )

    def __init__(self, *args: Any, organisation: str, **given: Any) -> None:
        super().__init__(*args, **given)
        workers = User.objects.filter(organisation=organisation, is_active=True).order_by("name")
        field: Any = self.fields["lead"]
        field.choices = [
            ("", "Nobody yet"),
            *((str(each.pk), each.name) for each in workers if "lead-practitioner" in each.roles),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse days that go backwards."""
        given: dict[str, Any] = super().clean() or {}
        joined, closed = given.get("joined_on"), given.get("closed_on")
        if joined and closed and closed < joined:
            self.add_error("closed_on", "The work cannot end before the family joined")
        return given


class StepForm(forms.Form):
    """One step, as one of the page's buttons names it."""

    event = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=1)
    words = forms.CharField(required=False, max_length=1000)


class DrawForm(forms.Form):
    """The seed of a sample."""

    seed = forms.CharField(
        label="Seed",
        help_text="Any words agreed before the claims were known, such as the date of the audit "
        "committee. With the same seed anybody draws the same sample.",
        max_length=100,
        error_messages={"required": "Enter a seed"},
    )


class ReturnForm(forms.Form):
    """The period of a return."""

    first_on = GovukDateField(label="First day", error_messages={"required": "Enter the first day"})
    last_on = GovukDateField(label="Last day", error_messages={"required": "Enter the last day"})

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first_on"), given.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "The last day is before the first")
        return given
