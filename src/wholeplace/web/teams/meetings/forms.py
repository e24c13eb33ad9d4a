"""What is typed about series, meetings and minutes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.teams.agenda import CADENCES, SERIES_KINDS
from wholeplace.web.look.forms import GovukDateField

__all__ = [
    "ActionForm", "DecisionForm", "DissentForm", "MeetingForm", "MinutesForm", "SeriesForm",
    "SettleForm", "StepForm",
]  # fmt: skip

_TEXT = 4000
Choices = Sequence[tuple[str, str]]


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class SeriesForm(forms.Form):
    """A series of meetings."""

    kind = forms.ChoiceField(
        label="What kind of meeting is it?", choices=list(SERIES_KINDS.items()),
        widget=forms.RadioSelect, initial="multi-disciplinary",
    )  # fmt: skip
    name = forms.CharField(
        label="Name of the series", max_length=120,
        help_text="For example “Weldon family hub, Thursdays”. Name nobody: it stands in calendars.",
        error_messages={"required": "Give the series a name"},
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label="What for", help_text="Those who meet look for this purpose alone."
    )
    cadence = forms.ChoiceField(
        label="How often", choices=[(each, each.capitalize()) for each in CADENCES],
    )  # fmt: skip
    length_minutes = forms.IntegerField(
        label="How long, in minutes", min_value=10, max_value=480, initial=90,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    venue = forms.CharField(
        label="Where (optional)", max_length=200, required=False,
        help_text="A room or a link. It stands on the page, never in the calendar file.",
    )  # fmt: skip
    chair = forms.ChoiceField(label="Who chairs it")
    case_id = forms.CharField(
        label="Number of the case", max_length=20, required=False,
        help_text="For a team around a family alone",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )  # fmt: skip

    def __init__(self, *args: Any, purposes: Choices, chairs: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["chair"].choices = chairs  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """When a meeting of a series is."""

    on = GovukDateField(label="Day", error_messages={"required": "Give the day"})
    begins = forms.TimeField(
        label="Begins at", help_text="For example 09:30",
        widget=forms.TextInput({"class": "govuk-input--width-5"}),
        error_messages={"required": "Give the time", "invalid": "Give a time, for example 09:30"},
    )  # fmt: skip

    def clean_on(self) -> dt.date:
        """Return the day; none is missing here."""
        day: dt.date = self.cleaned_data["on"]
        return day


class StepForm(forms.Form):
    """One button of a page, with what it is about."""

    event = forms.CharField(max_length=30)
    version = forms.IntegerField(min_value=0, required=False)
    item = forms.IntegerField(min_value=0, required=False)
    user = forms.CharField(max_length=20, required=False)
    minutes = forms.IntegerField(min_value=0, max_value=480, required=False)
    wanted = forms.CharField(max_length=20, required=False)
    mark = forms.CharField(max_length=64, required=False)
    words = forms.CharField(max_length=1000, required=False)


class MinutesForm(forms.Form):
    """What was said of one family."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    discussion = forms.CharField(
        label="What was said", max_length=_TEXT, required=False, widget=_area(5),
        help_text="Facts and views apart. The family may read it.",
    )  # fmt: skip
    family_voice = forms.CharField(
        label="What the family says", max_length=_TEXT, required=False, widget=_area(3),
        help_text="In their own words, and how they were asked: before the meeting, or in it.",
    )  # fmt: skip


class DecisionForm(forms.Form):
    """A decision."""

    words = forms.CharField(label="What was decided", max_length=_TEXT, widget=_area(3))


class DissentForm(forms.Form):
    """That somebody does not agree with a decision."""

    decision = forms.ChoiceField(label="Which decision")
    words = forms.CharField(label="Why you do not agree", max_length=_TEXT, widget=_area(3))
    owner = forms.ChoiceField(label="Who settles it")
    escalate_on = GovukDateField(
        label="By when", help_text="If it is not settled by then, it comes back to the agenda."
    )

    def __init__(self, *args: Any, decisions: Choices, owners: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["decision"].choices = decisions  # type: ignore[attr-defined]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """An action that is born in the room."""

    goal = forms.ChoiceField(label="For which goal")
    what = forms.CharField(label="What is to be done", max_length=_TEXT, widget=_area(2))
    owner = forms.ChoiceField(
        label="Who does it", help_text="They agree to it before it counts as theirs."
    )
    due_on = GovukDateField(label="By when")

    def __init__(self, *args: Any, goals: Choices, owners: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["goal"].choices = goals  # type: ignore[attr-defined]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """How a disagreement was settled."""

    dissent = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(label="How it was settled", max_length=_TEXT, widget=_area(2))
