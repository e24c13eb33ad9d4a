"""What people type about reasons: an emergency, a review, a question, an answer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from wholeplace.agreements import Level
from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.information_request import REFUSALS, AskableField, FieldAnswer
from wholeplace.agreements.texts.terms import Terms
from wholeplace.people.facts import LEAST_FACTS, Facts
from wholeplace.web.look.forms import GovukDateField

__all__ = [
    "AnswerForm",
    "AskForm",
    "CodeForm",
    "GlassByFactsForm",
    "GlassForm",
    "ReplyForm",
    "ReviewForm",
    "SecondForm",
]

URGENCIES = (
    ("emergency", "An emergency: somebody may come to harm today"),
    ("urgent", "Urgent: within a day"),
    ("routine", "Routine: within ten days"),
)


def _words(label: str, hint: str, missing: str, *, rows: int = 4, longest: int = 2000) -> Any:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )


def _purpose(purposes: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    missing = "Choose what you are doing this for"
    return forms.ChoiceField(
        label="What is this for?",
        choices=list(purposes),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class GlassForm(forms.Form):
    """Why the glass is broken."""

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["purpose"] = _purpose(purposes)
        least = figures().break_glass_text_characters
        self.fields["text"] = _words(
            "What has happened, what harm do you fear, and why can it not wait?",
            f"At least {least} characters. Somebody else judges it within five working days.",
            "Say what has happened, what harm you fear and why it cannot wait",
        )

    def clean_text(self) -> str:
        """Refuse a text that nobody could judge."""
        words = " ".join(str(self.cleaned_data["text"]).split())
        least = figures().break_glass_text_characters
        if len(words) < least:
            raise ValidationError(
                f"Say more: at least {least} characters, so that somebody who was not there can judge it"
            )
        return words


class GlassByFactsForm(GlassForm):
    """Whom it is about, where no search finds them."""

    name = forms.CharField(
        label="Name", max_length=100, error_messages={"required": "Enter their name"}
    )
    birth_date = GovukDateField(
        label="Date of birth", help_text="For example, 27 3 2007", required=False
    )
    postcode = forms.CharField(
        label="Postcode",
        max_length=10,
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    field_order = ("name", "birth_date", "postcode", "purpose", "text")

    def clean(self) -> dict[str, Any]:
        """Ask for enough facts."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        has_faults = {"name", "birth_date", "postcode"} & set(self.errors)
        if not has_faults and not (given.get("birth_date") or given.get("postcode")):
            self.add_error(
                "birth_date", f"Give {LEAST_FACTS} facts: add a date of birth or a postcode"
            )
        return given

    def facts(self) -> Facts:
        """Return what was typed as facts."""
        typed = self.cleaned_data
        return Facts(
            name=typed["name"], birth_date=typed.get("birth_date"),
            postcode=" ".join(str(typed.get("postcode") or "").upper().split()),
        )  # fmt: skip


class SecondForm(forms.Form):
    """What the second person says."""

    answer = forms.ChoiceField(
        label="Do you confirm that the glass may be broken?",
        choices=[
            ("confirm", "Yes: open this person’s record to them for two hours"),
            ("refuse", "No: they are told only that nobody confirmed"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you confirm"},
    )


class ReviewForm(forms.Form):
    """What a reviewer decides."""

    step = forms.ChoiceField(
        label="What do you find?",
        choices=[
            ("justify", "It was justified"),
            ("find-fault", "It was not justified"),
            ("ask", "I need more information"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you find"},
    )
    note = _words(
        "Why, or what you need to know",
        "Whoever gave the reason reads this.",
        "Say why, or what you need to know",
    )
    done = forms.CharField(
        label="What is done about it",
        help_text="Only where it was not justified: for example, spoken to, reported, the person told.",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask what is done where it was not justified."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("step") == "find-fault" and not str(given.get("done") or "").strip():
            self.add_error("done", "Say what is done about it")
        if given.get("note") and len(given["note"].strip()) < 10:
            self.add_error("note", "Write a sentence that somebody else can follow")
        return given


class ReplyForm(forms.Form):
    """What whoever gave a reason answers to the reviewer."""

    note = _words("Your answer", "Your reviewer reads this.", "Write your answer", rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_note(self) -> str:
        """Refuse what is no answer."""
        if len(str(self.cleaned_data["note"]).strip()) < 10:
            raise ValidationError("Write a sentence that somebody else can follow")
        return str(self.cleaned_data["note"])


class AskForm(forms.Form):
    """A precise question to one partner."""

    def __init__(
        self,
        *args: Any,
        askable: Sequence[AskableField],
        terms: Terms,
        has_people: bool,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self._askable = {each.field: each for each in askable}
        self.fields["wanted"] = forms.MultipleChoiceField(
            label="What do you need to know?",
            help_text="Only what a clause in force lets you see. Ask for no more than you need.",
            choices=[
                (each.field, f"{terms.words('field', each.field)} ({each.level.label})")
                for each in askable
            ],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one thing that you need to know"},
        )
        self.fields["question"] = _words(
            "Your question",
            "Precise, so that it takes two minutes to answer. The person’s name is given for you.",
            "Write your question",
        )
        self.fields["necessity"] = _words(
            "Why is it necessary?",
            "What you will do with the answer, and why less would not do.",
            "Say why it is necessary",
        )
        self.fields["urgency"] = forms.ChoiceField(
            label="How soon do you need it?",
            choices=URGENCIES,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose how soon you need it"},
        )
        self.fields["due_on"] = GovukDateField(
            label="Or by a day of your own",
            help_text="Leave blank where one of these fits. It is due at the end of that day.",
            required=False,
        )
        ways = [("people", "Their people who sign in here")] if has_people else []
        self.fields["way"] = forms.ChoiceField(
            label="Who answers?",
            choices=[*ways, ("link", "Somebody without an account, by a link that works once")],
            widget=forms.RadioSelect,
            initial="people" if has_people else "link",
            error_messages={"required": "Choose who answers"},
        )

    def clean_due_on(self) -> dt.date | None:
        """Refuse a day that is over."""
        day: dt.date | None = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise ValidationError("The day must be today or in the future")
        return day

    def due(self) -> dt.datetime | None:
        """Return the end of the day of their own, where one was given."""
        day = self.cleaned_data.get("due_on")
        return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59))) if day else None

    def chosen(self) -> list[AskableField]:
        """Return the fields chosen."""
        return [self._askable[each] for each in self.cleaned_data["wanted"]]


class CodeForm(forms.Form):
    """The code that was told by telephone."""

    code = forms.CharField(
        label="Code",
        help_text="8 letters and digits that you were told by telephone.",
        max_length=20,
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(
            {"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class AnswerForm(forms.Form):
    """An answer, field by field."""

    def __init__(
        self,
        *args: Any,
        asked: Sequence[Mapping[str, Any]],
        terms: Terms,
        covered: set[str],
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self._asked = list(asked)
        self.groups: list[dict[str, Any]] = []
        for number, each in enumerate(self._asked):
            self._add_group(number, str(each["field"]), Level(each["level"]), terms, covered)
        for key, label, hint in (
            ("name", "Your name", "As it stands on the record of this decision."),
            ("position", "Your position", "Your job."),
        ):
            self.fields[key] = forms.CharField(
                label=label, help_text=hint, max_length=120,
                error_messages={"required": f"Enter {label.lower()}"},
            )  # fmt: skip
        self.fields["note"] = _words(
            "Reasons for your decision",
            "They stand on the printed record. Put nothing about the person here.",
            "Say why you decided so",
            rows=3,
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def _add_group(
        self, number: int, field: str, level: Level, terms: Terms, covered: set[str]
    ) -> None:
        label, term = terms.words("field", field), terms.fields[field]
        outcomes = [("not-held", "We hold nothing"), ("refused", "We do not share it")]
        if field in covered:
            outcomes.insert(
                0, ("given", "Here it is" if level == Level.DETAIL else "Yes, we hold it")
            )
        names = [f"outcome_{number}"]
        self.fields[names[0]] = forms.ChoiceField(
            label=label,
            help_text=""
            if level == Level.DETAIL
            else "They may see a summary: that you hold it, and the month.",
            choices=outcomes,
            widget=forms.RadioSelect,
            error_messages={"required": f"Answer “{label}”"},
        )
        if field in covered and (level == Level.DETAIL or term.kind == "record"):
            names.append(f"text_{number}")
            self.fields[names[-1]] = forms.CharField(
                label=f"{label}: what you hold", required=False, max_length=2000,
                widget=forms.Textarea({"rows": 2}),
            )  # fmt: skip
        if field in covered and term.kind == "event":
            names.append(f"on_{number}")
            self.fields[names[-1]] = GovukDateField(label=f"{label}: when it began", required=False)
        names.append(f"refusal_{number}")
        self.fields[names[-1]] = forms.ChoiceField(
            label=f"{label}: why you do not share it",
            choices=[("", "Only where you do not share it"), *REFUSALS.items()],
            required=False,
        )
        self.groups.append({"label": label, "names": names})

    def clean(self) -> dict[str, Any]:
        """Ask for what each outcome needs."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(len(self._asked)):
            outcome = given.get(f"outcome_{number}")
            text = f"text_{number}"
            if outcome == "given" and text in self.fields and not given.get(text):
                self.add_error(text, "Write what you hold")
            if outcome == "refused" and not given.get(f"refusal_{number}"):
                self.add_error(f"refusal_{number}", "Choose why you do not share it")
        return given

    def field_groups(self) -> list[dict[str, Any]]:
        """Return the fields asked for, each with its inputs."""
        return [
            {"label": each["label"], "fields": [self[name] for name in each["names"]]}
            for each in self.groups
        ]

    def answers(self) -> list[FieldAnswer]:
        """Return the answers."""
        typed = self.cleaned_data
        return [
            FieldAnswer(
                str(each["field"]),
                typed[f"outcome_{number}"],
                refusal=typed[f"refusal_{number}"]
                if typed[f"outcome_{number}"] == "refused"
                else "",
                text=_if_given(typed, number, f"text_{number}") or "",
                on=_if_given(typed, number, f"on_{number}"),
            )
            for number, each in enumerate(self._asked)
        ]

    def decided(self) -> tuple[str, str, str]:
        """Return name, position and reasons of whoever decided."""
        typed = self.cleaned_data
        return typed["name"].strip(), typed["position"].strip(), typed["note"].strip()


def _if_given(typed: Mapping[str, Any], number: int, name: str) -> Any:
    value: str | dt.date | None = typed.get(name)
    return value if typed[f"outcome_{number}"] == "given" else None
