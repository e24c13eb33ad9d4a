"""What people type about their times at hubs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.web.look.forms import GovukDateField

__all__ = ["WEEKDAYS", "DayForm", "SeriesForm"]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _clock(label: str, hint: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, help_text=hint, input_formats=["%H:%M", "%H.%M", "%H"],
        widget=forms.TimeInput({"class": "govuk-input--width-4"}, format="%H:%M"),
        error_messages={
            "required": f"Say {label.lower()}",
            "invalid": "Give a time such as 9:30 or 14:00",
        },
    )  # fmt: skip


class SeriesForm(forms.Form):
    """One day of the week at one hub."""

    def __init__(
        self, *args: Any, hubs: Sequence[tuple[str, str]], today: dt.date, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self._today = today
        self.fields["site_id"] = forms.ChoiceField(label="Which hub?", choices=list(hubs))
        self.fields["weekday"] = forms.TypedChoiceField(
            label="Which day?", coerce=int, choices=list(enumerate(WEEKDAYS))
        )
        self.fields["starts"] = _clock("From when", "For example, 9:30")
        self.fields["ends"] = _clock("Until when", "For example, 12:30")
        self.fields["what"] = forms.CharField(
            label="What do you do there?", max_length=80,
            help_text="Everybody who works at hubs reads it. Do not name anybody.",
            widget=forms.TextInput({"class": "govuk-input--width-20"}),
            error_messages={"required": "Say what you do there"},
        )  # fmt: skip
        self.fields["from_on"] = GovukDateField(
            label="From which day on?",
            initial=today,
            error_messages={"required": "Give the first day"},
        )
        self.fields["until_on"] = GovukDateField(
            label="Until which day? (optional)", required=False
        )

    def clean(self) -> dict[str, Any]:
        """Refuse times and days that end before they begin."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = found.get("starts"), found.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "It ends before it begins")
        first, last = found.get("from_on"), found.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", "The last day is before the first")
        if last and last < self._today:
            self.add_error("until_on", "The last day has passed")
        return found


class DayForm(forms.Form):
    """What is otherwise on one day of a series."""

    def __init__(
        self, *args: Any, days: Sequence[tuple[str, str]], colleagues: Sequence[tuple[str, str]],
        **given: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **given)
        self.fields["on"] = forms.ChoiceField(label="Which day?", choices=list(days))
        self.fields["who"] = forms.ChoiceField(
            label="Who is there instead?",
            choices=[("", "Nobody: I am away"), *colleagues], required=False,
            help_text="A colleague is asked first. Until they agree, the time stays yours.",
        )  # fmt: skip

    def clean_on(self) -> dt.date:
        """Return the day."""
        return dt.date.fromisoformat(str(self.cleaned_data["on"]))
