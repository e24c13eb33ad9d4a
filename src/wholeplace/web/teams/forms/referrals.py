"""What a sender types: a practitioner, somebody by a link, a resident for themselves."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.teams.referral import URGENCIES
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.teams.forms.fields import chosen_of, line, words

__all__ = ["LinkForm", "OwnReferralForm", "ReferralForm", "ReferralLinkForm"]

_AGREED = (
    ("yes", "Yes, they know and agree"),
    ("not-asked", "They were not asked"),
    ("no", "They were asked and do not agree"),
)
Choices = Sequence[tuple[str, str]]


class ReferralForm(forms.Form):
    """A referral by a practitioner."""

    def __init__(
        self, *args: Any, receivers: Choices, household: Choices, purposes: Choices, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.fields["receiver"] = chosen_of(
            "Whom do you ask?", receivers, "Choose whom you ask", is_list=True
        )
        self.fields["purpose"] = chosen_of("What is it for?", purposes, "Choose what it is for")
        if household:
            self.fields["household"] = forms.MultipleChoiceField(
                label="Who else of the household is it about?",
                help_text="Only people whom you may see are listed. They are kept as they are now.",
                choices=list(household), required=False, widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        self.fields["why"] = words(
            "Why do you ask, and why now?", "What you have seen, not only what you think it means.",
            "Say why you ask", rows=4,
        )  # fmt: skip
        self.fields["wanted"] = words("What do you hope will be different?", required=False)
        self.fields["family_says"] = words(
            "What does the family say?", "In their words, if you can.", required=False
        )
        self.fields["urgency"] = chosen_of(
            "How soon?", list(URGENCIES.items()), "Choose how soon it is needed"
        )
        self.fields["agreed"] = chosen_of(
            "Do they know and agree?", _AGREED, "Say whether they agree"
        )
        self.fields["agreed_why"] = words(
            "If not, why do you send it all the same?", "The person can ask to read this.",
            required=False,
        )  # fmt: skip
        self.fields["contact_safety"] = words(
            "How is it safe to reach them?", "For example: not by text, not after four", rows=2,
            required=False,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask why, where nobody agreed."""
        given = super().clean() or {}
        if given.get("agreed") in ("no", "not-asked") and len(given.get("agreed_why", "")) < 20:
            self.add_error("agreed_why", "Say why you send it without their agreement")
        return given


class ReferralLinkForm(forms.Form):
    """A link for somebody of a partner without an account."""

    def __init__(self, *args: Any, partners: Choices, purposes: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["partner"] = chosen_of(
            "Whose is it?", partners, "Choose for which partner they speak", is_list=True
        )
        self.fields["for_whom"] = line(
            "Who gets it?", "Name and job of whoever will write the referral", "Say who gets it"
        )
        self.fields["purpose"] = chosen_of("What is it for?", purposes, "Choose what it is for")


class _PersonTyped(forms.Form):
    """Who it is about, as the sender knows them."""

    name = line("Their full name", missing="Enter their name", longest=160)
    born_on = GovukDateField(label="Their date of birth, if you know it", required=False)
    contact = line(
        "Address or telephone", "So that we find the right person", required=False, longest=200
    )


class LinkForm(_PersonTyped):
    """A referral by a link."""

    sender_name = line("Your name", missing="Enter your name")
    sender_job = line("Your job", missing="Enter your job")
    sender_contact = line("How we reach you", missing="Say how we reach you", longest=200)
    why = words("Why do you ask, and why now?", "What you have seen.", "Say why you ask", rows=4)
    wanted = words("What do you hope will be different?", required=False)
    family_says = words("What does the family say?", required=False)
    urgency = chosen_of("How soon?", list(URGENCIES.items()), "Choose how soon it is needed")
    agreed = chosen_of("Do they know and agree?", _AGREED, "Say whether they agree")
    agreed_why = words("If not, why do you send it all the same?", required=False)
    contact_safety = words("How is it safe to reach them?", rows=2, required=False)
    field_order = ("name", "born_on", "contact")

    def clean(self) -> dict[str, Any]:
        """Ask why, where nobody agreed."""
        given = super().clean() or {}
        if given.get("agreed") in ("no", "not-asked") and len(given.get("agreed_why", "")) < 20:
            self.add_error("agreed_why", "Say why you send it without their agreement")
        return given


class OwnReferralForm(forms.Form):
    """What a resident asks for themselves."""

    def __init__(self, *args: Any, receivers: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["receiver"] = chosen_of(
            "Who do you want help from?", receivers, "Choose who you want help from"
        )
        self.fields["why"] = words(
            "What is going on?", "Write it as you would say it.", "Say what is going on", rows=5
        )
        self.fields["wanted"] = words("What would help?", required=False)
        self.fields["contact_safety"] = words(
            "How and when is it safe to reach you?", "For example: ring after school, do not write",
            rows=2, required=False,
        )  # fmt: skip
        self.fields["urgency"] = chosen_of(
            "How soon do you need it?", list(URGENCIES.items()), "Choose how soon you need it"
        )
