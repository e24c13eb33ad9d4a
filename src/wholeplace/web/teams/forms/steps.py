"""One step, as a button of a page names it; and small forms of few fields."""

from typing import Any

from django import forms

from wholeplace.teams.plan import FAMILY_WORDS
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.teams.forms.fields import chosen_of, line, words

__all__ = ["CodeForm", "FamilyForm", "MailForm", "StepForm"]


class StepForm(forms.Form):
    """One step of a life, with whatever it asks for."""

    event = forms.CharField(max_length=30)
    version = forms.IntegerField(min_value=1)
    words = forms.CharField(required=False, max_length=4000)
    kind = forms.CharField(required=False, max_length=30)
    partner = forms.CharField(required=False, max_length=60)
    case = forms.CharField(required=False, max_length=20)
    owner = forms.CharField(required=False, max_length=20)
    job = forms.CharField(required=False, max_length=120)
    tier = forms.CharField(required=False, max_length=20)
    review_on = GovukDateField(required=False)


class CodeForm(forms.Form):
    """The code that goes with a link."""

    code = line("Code", "You were told it by telephone: 8 letters and figures", "Enter the code", longest=20)  # fmt: skip


class FamilyForm(forms.Form):
    """What somebody of the family says of the plan."""

    kind = chosen_of(
        "What do you think of it?", list(FAMILY_WORDS.items()), "Choose one of the three"
    )
    text = words(
        "In your own words", "You need not write anything if you agree.", required=False,
        longest=2000,
    )  # fmt: skip


_HOURS = [(str(hour), f"{hour}:00") for hour in range(24)]


class MailForm(forms.Form):
    """How somebody wants to be reminded."""

    often = chosen_of(
        "How often shall we remind you by e-mail?",
        (("daily", "Every working day"), ("weekly", "On Mondays"), ("never", "Never")),
        "Choose how often",
        "Only if something waits. The e-mail says how much waits and nothing about anybody.",
    )
    quiet_from = chosen_of("Quiet from", _HOURS, "Choose an hour", is_list=True)
    quiet_to = chosen_of("Until", _HOURS, "Choose an hour", is_list=True)

    def hours(self) -> dict[str, Any]:
        """Return the choice as it is kept."""
        given = self.cleaned_data
        return {
            "often": given["often"],
            "quiet_from": int(given["quiet_from"]),
            "quiet_to": int(given["quiet_to"]),
        }
