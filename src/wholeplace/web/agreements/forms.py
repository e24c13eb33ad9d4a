"""What people type and choose about agreements.

The guided form saves as people go, so its fields may be left empty; what is missing is told by
the same checks that hold a file.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from wholeplace.agreements import Terms
from wholeplace.agreements.law import load_law
from wholeplace.agreements.texts.terms import ALL_PARTIES
from wholeplace.web.look.forms import GovukDateField

__all__ = [
    "AboutForm",
    "ClauseForm",
    "CommentForm",
    "MatrixForm",
    "NoticeForm",
    "PartyForm",
    "ReasonForm",
    "StartForm",
    "UploadForm",
    "day_or_none",
]

_ARTICLE_6 = [
    ("6(1)(a)", "6(1)(a): the person’s consent"),
    ("6(1)(b)", "6(1)(b): a contract with the person"),
    ("6(1)(c)", "6(1)(c): a legal obligation"),
    ("6(1)(d)", "6(1)(d): vital interests"),
    ("6(1)(e)", "6(1)(e): a task in the public interest"),
    ("6(1)(f)", "6(1)(f): legitimate interests"),
]
_ARTICLE_9 = [
    ("", "None: no special category data"),
    ("9(2)(a)", "9(2)(a): explicit consent"),
    ("9(2)(b)", "9(2)(b): employment, social security and social protection"),
    ("9(2)(c)", "9(2)(c): vital interests"),
    ("9(2)(d)", "9(2)(d): not-for-profit bodies"),
    ("9(2)(e)", "9(2)(e): made public by the person"),
    ("9(2)(f)", "9(2)(f): legal claims"),
    ("9(2)(g)", "9(2)(g): substantial public interest"),
    ("9(2)(h)", "9(2)(h): health or social care"),
    ("9(2)(i)", "9(2)(i): public health"),
    ("9(2)(j)", "9(2)(j): archiving, research and statistics"),
]
_LEVELS = [
    ("existence", "Known to: only that the partner knows the person"),
    (
        "summary",
        "Summary: what happened and in which month; initials, year of birth, postcode sector",
    ),
    ("detail", "Detail: everything that is recorded"),
]
_CONSENT = [
    ("none", "Not needed: the sharing rests on the powers named"),
    ("required", "Only while the person has agreed"),
    ("unless-refused", "Unless the person has refused, or it is not known whether they have"),
]


def _text(label: str, help_text: str = "", length: int = 300, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def _area(label: str, help_text: str = "", rows: int = 4, *, required: bool = False) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        required=required,
        error_messages={"required": f"Enter {label[:1].lower()}{label[1:]}"},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StartForm(forms.Form):
    """A new draft: its title, its short name, and what it begins from."""

    title = forms.CharField(
        label="Title",
        max_length=300,
        help_text="As the parties will call it, for example Damp homes and asthma.",
        error_messages={"required": "Enter a title"},
    )
    id = forms.RegexField(
        r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        label="Short name",
        max_length=60,
        help_text="Small letters, digits and hyphens. It never changes: files, signatures and the record of who looked use it.",
        error_messages={
            "required": "Enter a short name",
            "invalid": "A short name has small letters, digits and hyphens, such as damp-homes",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class UploadForm(forms.Form):
    """An agreement's file."""

    file = forms.FileField(
        label="Agreement file",
        help_text="The YAML file of an agreement, at most 500 KB. It becomes a draft; its faults are shown.",
        error_messages={"required": "Choose a file"},
    )

    def clean_file(self) -> str:
        """Return the file's text."""
        given = self.cleaned_data["file"]
        if given.size > 500_000:
            raise forms.ValidationError("The file is larger than 500 KB")
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                "The file is not UTF-8 text. Open it and save it again as UTF-8"
            ) from None


class AboutForm(forms.Form):
    """The agreement as a whole."""

    title = _text("Title")
    version = _text("Version", "For example 1.0.", 20)
    purposes = forms.MultipleChoiceField(
        label="Purposes",
        help_text="Nothing may be used for anything else.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    why = _area("Why we share", "In a sentence or two that a resident would understand.")
    starts_on = GovukDateField(label="First day", required=False)
    ends_on = GovukDateField(label="Last day", required=False)
    review_on = GovukDateField(
        label="To be reviewed by", required=False, help_text="A day while it runs."
    )
    contact = _text("Questions go to", "An address that is read, such as information governance.")
    dpia = _text(
        "Data protection impact assessment", "Its reference, for example DPIA-LB-002.", 120
    )
    supersedes = forms.ChoiceField(
        label="Replaces",
        required=False,
        help_text="The earlier one serves until every party has signed this one, and never comes back.",
    )

    def __init__(self, *args: Any, terms: Terms, others: Mapping[str, str], **given: Any) -> None:
        super().__init__(*args, **given)
        kept = self.initial.get("purposes") or []
        _choose(self, "purposes", _with_kept(terms.purposes, kept))
        replaced = self.initial.get("supersedes") or ""
        _choose(
            self,
            "supersedes",
            [("", "No other agreement"), *_with_kept(others, filter(None, [replaced]))],
        )


class PartyForm(forms.Form):
    """One party and the law that it relies on."""

    partner = forms.ChoiceField(label="Organisation", required=False)
    lawful_basis = forms.ChoiceField(
        label="Lawful basis, UK GDPR Article 6", choices=_ARTICLE_6, required=False
    )
    legal_power = _text(
        "Legal power or duty", "The statute and section, for example Children Act 2004 s10."
    )
    gateways = forms.MultipleChoiceField(
        label="The same power, as the system knows it",
        help_text="A clause whose parties cannot use their power is refused. A body that is not public needs none.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    acting_for = forms.ChoiceField(
        label="Acting for",
        required=False,
        help_text="Where it provides a service for a public body whose power this is.",
    )
    special_condition = forms.ChoiceField(
        label="Condition for special category data, UK GDPR Article 9",
        choices=_ARTICLE_9,
        required=False,
    )
    schedule_1 = _text(
        "Condition of Schedule 1, Data Protection Act 2018",
        "Where the condition above, or criminal offence data, needs one. For example paragraph 2 (health or social care).",
    )

    def __init__(self, *args: Any, terms: Terms, **given: Any) -> None:
        super().__init__(*args, **given)
        kept = filter(None, [self.initial.get("partner")])
        _choose(self, "partner", [("", "Choose"), *_with_kept(terms.partners, kept)])
        helped = filter(None, [self.initial.get("acting_for")])
        _choose(self, "acting_for", [("", "Nobody else"), *_with_kept(terms.partners, helped)])
        powers = {
            each.id: f"{each.title} ({each.citation}), a {each.kind}"
            for each in load_law().gateways.values()
        }
        _choose(self, "gateways", _with_kept(powers, self.initial.get("gateways") or []))


class ClauseForm(forms.Form):
    """One clause: whose information, for whom, for what, how much."""

    id = _text(
        "Short name of the clause", "For example nurse-rent-arrears.", 60, spellcheck="false"
    )
    source = forms.ChoiceField(label="Whose information", required=False)
    recipient = forms.ChoiceField(label="Who may see it", required=False)
    roles = forms.MultipleChoiceField(
        label="In which roles", required=False, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.ChoiceField(label="For what", required=False, widget=forms.RadioSelect)
    fields_named = forms.MultipleChoiceField(
        label="What",
        help_text="The least that the purpose needs. “Everything” means each line of that group.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.ChoiceField(
        label="How much", choices=_LEVELS, required=False, widget=forms.RadioSelect
    )
    consent = forms.ChoiceField(
        label="Consent", choices=_CONSENT, required=False, widget=forms.RadioSelect
    )
    needs_factors = forms.IntegerField(
        label="Disadvantages that must be known in the household",
        help_text="Leave empty unless the power asks for it: section 35 of the Digital Economy Act 2017 asks for 2 of its 13.",
        min_value=0,
        max_value=13,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-2"}
        ),
        error_messages={"invalid": "Enter a whole number"},
    )
    retention_days = forms.IntegerField(
        label="Days that it may be kept",
        required=False,
        min_value=1,
        max_value=36_525,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Enter a whole number of days"},
    )
    onward = forms.BooleanField(label="It may be passed on for the same purpose", required=False)

    def __init__(
        self,
        *args: Any,
        terms: Terms,
        parties: Iterable[str],
        purposes: Iterable[str],
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        first = self.initial
        named = {each: terms.words("partner", each) for each in parties}
        source, recipient = first.get("source"), first.get("recipient")
        _choose(self, "source", [("", "Choose"), *_with_kept(named, filter(None, [source]))])
        everybody = {ALL_PARTIES: "Every other party"}
        _choose(
            self,
            "recipient",
            [("", "Choose"), *_with_kept({**named, **everybody}, filter(None, [recipient]))],
        )
        _choose(self, "roles", _with_kept(terms.roles, first.get("roles") or []))
        offered = {each: terms.words("purpose", each) for each in purposes}
        purpose = filter(None, [first.get("purpose")])
        _choose(self, "purpose", _with_kept(offered or terms.purposes, purpose))
        _choose(
            self, "fields_named", _with_kept(_field_words(terms), first.get("fields_named") or [])
        )


class CommentForm(forms.Form):
    """A comment on the whole or on one clause."""

    clause = forms.ChoiceField(label="About", required=False)
    text = forms.CharField(
        label="Comment",
        max_length=4000,
        error_messages={"required": "Enter your comment"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, clauses: Iterable[str], **given: Any) -> None:
        super().__init__(*args, **given)
        choices = [("", "The whole agreement"), *((each, f"Clause {each}") for each in clauses)]
        _choose(self, "clause", choices)


class ReasonForm(forms.Form):
    """Why somebody stops something; the other parties read it."""

    reason = _area(
        "Reason", "Every party reads it. Name nobody whose record it is about.", required=True
    )


class NoticeForm(ReasonForm):
    """Notice that an agreement ends, and on which day."""

    last_on = GovukDateField(
        label="Last day",
        help_text="From the day after, the agreement gives no sight to anybody.",
        error_messages={"required": "Enter the last day"},
    )
    field_order = ("last_on", "reason")


class MatrixForm(forms.Form):
    """Whose data, for what, for whom; every choice has an "all" except whose."""

    source = forms.ChoiceField(label="Whose information", required=False)
    purpose = forms.ChoiceField(label="For what", required=False)
    role = forms.ChoiceField(label="For people in the role of", required=False)

    def __init__(self, data: Mapping[str, str], terms: Terms) -> None:
        super().__init__(data)
        self._choices("source", None, terms.partners)
        self._choices("purpose", "Any purpose", terms.purposes)
        self._choices("role", "Any role", terms.roles)

    def _choices(self, name: str, everything: str | None, words: Mapping[str, str]) -> None:
        _choose(self, name, [*([("", everything)] if everything else []), *words.items()])


def day_or_none(value: Any) -> dt.date | None:
    """Return a date that a draft holds; None where it holds something else."""
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _field_words(terms: Terms) -> dict[str, str]:
    found: dict[str, str] = {}
    for group, label in terms.groups.items():
        found[group] = f"{label}: everything"
        for name in terms.expand(group):
            found[name] = f"{label}: {terms.fields[name].label}"
    return found


def _with_kept(words: Mapping[str, str], kept: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the choices, and whatever the draft holds already that is none of them."""
    strange = [str(each) for each in kept if str(each) not in words]
    return [*words.items(), *((each, f"{each} (unknown here)") for each in strange)]


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = list(choices)
