"""What people type about flags."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from wholeplace.agreements.figures import figures
from wholeplace.web.accounts.models import User
from wholeplace.web.flags.figures import flag_figures
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.look.forms import GovukDateField

__all__ = [
    "CheckForm",
    "ConsentForm",
    "EndForm",
    "ObjectionForm",
    "OwnReferenceForm",
    "RestrictionForm",
    "SealForm",
]

# Who may be a guardian: whoever works with people or answers for a partner's records.
_GUARDIANS = PEOPLE_ROLES | figures().second_person_roles
_HOW = [
    ("in-person", "In person"),
    ("phone", "By telephone"),
    ("form", "On a form"),
]
EVERYTHING = "everything"


def _long(label: str, hint: str = "", *, required: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=2000,
        widget=forms.Textarea({"rows": rows, "autocomplete": "off"}),
        error_messages={"required": required},
    )


def _choice(label: str, choices: Sequence[tuple[str, str]], missing: str, hint: str = "") -> Any:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class _FlagForm(forms.Form):
    """A form that remembers what stood when it was opened, so that a second editor is told."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)

    def seen_refs(self) -> list[str]:
        """Return the refs of the statements that stood when the form was drawn."""
        return [each for each in str(self.cleaned_data.get("seen") or "").split(",") if each]

    def clean_why(self) -> str:
        """Refuse a text that nobody could review."""
        words = " ".join(str(self.cleaned_data.get("why") or "").split())
        least = flag_figures().why_characters
        if len(words) < least:
            raise forms.ValidationError(f"Say why in at least {least} characters")
        return words


def _check_past(day: dt.date | None, today: dt.date) -> dt.date | None:
    if day and day > today:
        raise forms.ValidationError("The day must be today or in the past")
    return day


def _check_ahead(day: dt.date | None, today: dt.date) -> dt.date | None:
    if day and day <= today:
        raise forms.ValidationError("The day must be in the future")
    return day


class _SaidForm(_FlagForm):
    """What a resident said: asked how, on which day."""

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["purpose"] = _choice("What is it about?", purposes, "Choose what it is about")

    def clean_said_on(self) -> dt.date | None:
        """Refuse a day that is still to come."""
        return _check_past(self.cleaned_data["said_on"], current_place().today)


class ConsentForm(_SaidForm):
    """What a resident agreed to or refused, for one purpose."""

    answer = _choice(
        "What did they say?",
        [("yes", "They agree"), ("no", "They refuse")],
        "Choose whether they agree",
    )
    how = _choice("How did you ask?", _HOW, "Choose how you asked")
    said_on = GovukDateField(
        label="When did they say so?",
        help_text="For example, 27 3 2026",
        error_messages={"required": "Enter the day on which they said so"},
    )
    words = _long(
        "Exactly what they agreed to or refused",
        "Read it to them. Change it until it says what they said; they can have a copy.",
        required="Write exactly what they agreed to or refused",
        rows=9,
    )
    consenter = _choice(
        "Who said so?",
        [
            ("self", "The person themself"),
            ("parent", "Somebody with parental responsibility for a child"),
        ],
        "Choose who said so",
        "A child who understands what is asked speaks for themself.",
    )
    consenter_name = forms.CharField(
        label="Their name, if it was somebody with parental responsibility",
        required=False,
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    review_on = GovukDateField(
        label="Ask again by",
        help_text="After this day an agreement no longer counts.",
        error_messages={"required": "Enter the day by which to ask again"},
    )
    evidence = _long("Where the record of it is kept (optional)", "For example, the signed form.")
    field_order = ("purpose", "answer", "words", "how", "said_on", "consenter", "consenter_name",
                   "review_on", "evidence", "seen")  # fmt: skip

    def __init__(self, *args: Any, suggested: Mapping[str, str], **given: Any) -> None:
        super().__init__(*args, **given)
        self._suggested = suggested
        self.order_fields(self.field_order)

    def clean_review_on(self) -> dt.date | None:
        """Refuse a day in the past, and one too far ahead."""
        today = current_place().today
        day, most = _check_ahead(self.cleaned_data["review_on"], today), flag_figures().consent_days
        if day and day > today + dt.timedelta(days=most):
            raise forms.ValidationError(f"Ask again within {most} days")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask who it was, if not the person themself."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("consenter") == "parent" and not given.get("consenter_name"):
            self.add_error("consenter_name", "Enter the name of whoever said so for the child")
        words, purpose = given.get("words"), given.get("purpose")
        # Browsers send the ends of lines in their own way.
        words = "\n".join(str(words or "").splitlines())
        if any(words == text for name, text in self._suggested.items() if name != purpose):
            self.add_error("words", "These words are about another purpose; write what was said")
        return given


class ObjectionForm(_SaidForm):
    """What a resident objects to."""

    how = _choice("How did they tell you?", _HOW, "Choose how they told you")
    said_on = GovukDateField(
        label="When did they tell you?",
        help_text="For example, 27 3 2026",
        error_messages={"required": "Enter the day on which they told you"},
    )
    words = _long(
        "What they object to, in their words",
        required="Write what they object to",
    )
    evidence = _long("Where the record of it is kept (optional)", "For example, their letter.")
    field_order = ("purpose", "words", "how", "said_on", "evidence", "seen")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.order_fields(self.field_order)


class RestrictionForm(_FlagForm):
    """Why a record is restricted, and until when somebody looks again."""

    why = _long(
        "Why is the record restricted?",
        "Only your own organisation reads this.",
        required="Say why the record is restricted",
    )
    evidence = _long("Where the evidence is kept (optional)")
    review_on = GovukDateField(
        label="Look at it again on",
        help_text="The restriction stays until somebody lifts it.",
        error_messages={"required": "Enter the day on which to look at it again"},
    )

    def clean_review_on(self) -> dt.date | None:
        """Refuse a day in the past."""
        return _check_ahead(self.cleaned_data["review_on"], current_place().today)


class SealForm(RestrictionForm):
    """Why a person is sealed, and who alone still sees them."""

    def __init__(self, *args: Any, organisation: str = "", **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["why"].label = "Why is the person sealed?"
        self.fields["review_on"].help_text = "The seal stays until two people lift it."
        users = [
            user
            for user in User.objects.filter(organisation=organisation, is_active=True)
            # Whoever may read of people at all; not whoever runs the system, counts or lives here.
            if _GUARDIANS & set(user.roles)
        ]
        self.fields["guardians"] = forms.MultipleChoiceField(
            label="Guardians",
            help_text=(
                "They alone still see this person, by the agreements as before. Each attempt by "
                "anybody else is told to them. Name two, so that one may be away."
            ),
            choices=[(str(user.pk), f"{user.name}, {user.job or user.email}") for user in users],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one guardian"},
        )
        self.order_fields(("why", "guardians", "review_on", "evidence", "seen"))


class CheckForm(_FlagForm):
    """What the national service answered; the list itself is changed there alone."""

    result = _choice(
        "What does the national service say?",
        [("agrees", "The same as is shown here"), ("differs", "Something else")],
        "Choose what the national service says",
    )
    said_on = GovukDateField(
        label="When did you check?",
        error_messages={"required": "Enter the day on which you checked"},
    )
    evidence = _long("Where the answer is kept (optional)")

    def clean_said_on(self) -> dt.date | None:
        """Refuse a day that is still to come."""
        return _check_past(self.cleaned_data["said_on"], current_place().today)


class EndForm(_FlagForm):
    """What is to be done with a flag that stands, and why."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["choice"] = _choice("What happened?", choices, "Choose what happened")
        acts = {name for name, _ in choices}
        if "withdraw" in acts:
            self.fields["how"] = forms.ChoiceField(
                label="How did they tell you? (if they withdraw)",
                choices=[("", "Choose"), *_HOW],
                required=False,
            )
        if "keep" in acts:
            self.fields["review_on"] = GovukDateField(
                label="Look at it again on (if it is kept)", required=False
            )
        # Nobody has to say why they withdraw: that is as easy as agreeing was (Article 7(3)).
        self.fields["why"] = _long(
            "Why?", "Nobody has to say why they withdraw." if "withdraw" in acts else ""
        )
        self.order_fields(("choice", "how", "review_on", "why", "seen"))

    def clean_why(self) -> str:
        """Ask for a reason, save of a resident who withdraws."""
        if self.cleaned_data.get("choice") == "withdraw":
            return " ".join(str(self.cleaned_data.get("why") or "").split())
        return super().clean_why()

    def clean(self) -> dict[str, Any]:
        """Ask for what the choice needs."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("choice") == "withdraw" and "how" in self.fields and not given.get("how"):
            self.add_error("how", "Choose how they told you")
        if given.get("choice") == "keep":
            day = given.get("review_on")
            if not day or day <= current_place().today:
                self.add_error("review_on", "Enter a day in the future on which to look again")
        return given


class OwnReferenceForm(forms.Form):
    """An organisation's own reference of a person, as its own system shows it."""

    def __init__(self, *args: Any, datasets: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["dataset"] = forms.ChoiceField(label="Register", choices=list(datasets))
        self.fields["reference"] = forms.CharField(
            label="Your reference of the person",
            max_length=200,
            widget=forms.TextInput(
                {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
            ),
            error_messages={"required": "Enter your reference of the person"},
        )
