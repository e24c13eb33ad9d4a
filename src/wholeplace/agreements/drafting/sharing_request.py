"""A request to share data, and the decision on it, item by item as the Commissioner's form asks.

One organisation asks another for data that it holds; the other decides, in writing, yes or no,
and says why. A refusal is recorded as carefully as a sharing. Nothing here names a resident:
what is asked about whom belongs to the case, and stands in the trail by pseudonym.

Source: Information Commissioner's Office, data sharing code of practice, Annex B (data sharing
request form; data sharing decision form).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from wholeplace.agreements.texts.agreement import Agreement, Clause, Party
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms
from wholeplace.agreements.texts.wording import and_list, in_sentence

__all__ = [
    "DECISION_ITEMS",
    "REQUEST_ITEMS",
    "FormItem",
    "FormRow",
    "MissingItem",
    "SharingDecision",
    "SharingRequest",
    "check_sharing_decision",
    "check_sharing_request",
    "decision_rows",
    "request_of_clause",
    "request_rows",
]

Controllers = Literal["", "separate", "joint", "processor"]
Outcome = Literal["", "share", "share-in-part", "refuse"]

_CONTROLLERS = {
    "": "",
    "separate": "Separate controllers",
    "joint": "Joint controllers",
    "processor": "One processes on the other's behalf",
}
_OUTCOMES = {
    "": "",
    "share": "Share what was asked for",
    "share-in-part": "Share part of what was asked for",
    "refuse": "Do not share",
}
_RIGHTS = {
    "none": "People are told by the partners' privacy notices; consent is not asked.",
    "required": "Only while the person has agreed to this purpose; they may take that back.",
    "unless-refused": "People are told, and may refuse.",
}


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SharingRequest(_Form):
    """What one organisation asks of another. Every item may be blank until it is checked.

    Attributes:
        id: of the request, in the system that keeps it.
        receiver: partner that receives the request and holds the data.
        requester: partner that asks.
        requester_name: who asks, by name; `requester_position` is their job.
        received_on: day on which the request came in.
        data_described: what is asked for, in words; `fields` says it in the vocabulary.
        controllers: how the two stand to each other for this data.
        agreement: id of an agreement in place that covers it; blank where none does.
        necessity: why the aim cannot be reached with less.
        special_condition: UK GDPR Article 9(2) condition; `criminal_condition` the condition
            of Schedule 1 for criminal offence data or where Article 9 asks for one.
        part_3_condition: where the sharing is for law enforcement (2018 Act, Part 3).
        gateway: id in `law/gateways.yaml`; `legal_power` is the statute and section.
        is_dpia_considered: None until somebody has said yes or no.
        officer_views: what the data protection officer says.
        rights: how people's rights are met, such as telling them and answering access requests.
        sharing_dates: the days on which, or how often, it is to be shared.
    """

    id: str = ""
    receiver: str = ""
    requester: str = ""
    requester_name: str = ""
    requester_position: str = ""
    received_on: dt.date | None = None
    data_described: str = ""
    fields: tuple[str, ...] = ()
    controllers: Controllers = ""
    agreement: str = ""
    purpose: str = ""
    lawful_basis: str = ""
    necessity: str = ""
    special_condition: str = ""
    criminal_condition: str = ""
    part_3_condition: str = ""
    gateway: str = ""
    legal_power: str = ""
    is_dpia_considered: bool | None = None
    dpia_outcome: str = ""
    officer_views: str = ""
    retention: str = ""
    security: str = ""
    rights: str = ""
    sharing_dates: str = ""


class SharingDecision(_Form):
    """What was decided on a request, by whom, and why.

    Attributes:
        request_id: of the request decided on.
        outcome: share, share in part, or refuse.
        reasons: why; a refusal says what would have to change.
        shared: what is shared, and under which conditions; blank where nothing is.
        decided_by: name; `position` is their job.
        signature: the words or the mark that sign it.
    """

    request_id: str = ""
    outcome: Outcome = ""
    reasons: str = ""
    shared: str = ""
    decided_by: str = ""
    position: str = ""
    decided_on: dt.date | None = None
    signature: str = ""


@dataclass(frozen=True)
class FormItem:
    """One item of a form.

    Attributes:
        key: the attribute that holds it.
        label: what the form calls it.
        mend: what to write where it is missing.
        is_needed: False where the form may leave it blank.
    """

    key: str
    label: str
    mend: str
    is_needed: bool = True


@dataclass(frozen=True)
class MissingItem:
    """One item that is not there yet, or that does not agree with another.

    Attributes:
        what: what is wrong.
        mend: what to do.
    """

    key: str
    label: str
    what: str
    mend: str


@dataclass(frozen=True)
class FormRow:
    """One line of a printed form; `value` is blank where there is a line to write on."""

    key: str
    label: str
    value: str


REQUEST_ITEMS: tuple[FormItem, ...] = (
    FormItem("receiver", "Organisation that receives the request", "say who holds the data"),
    FormItem("requester", "Organisation that asks", "say which organisation asks"),
    FormItem("requester_name", "Name of the person who asks", "write their name"),
    FormItem("requester_position", "Their position", "write their job title"),
    FormItem("received_on", "Date the request was received", "write the day"),
    FormItem("data_described", "Data asked for", "describe the data, and no more than is needed"),
    FormItem("controllers", "How the two stand as controllers", "say separate, joint or processor"),
    FormItem(
        "agreement",
        "Agreement in place",
        "name it, or leave blank where there is none",
        is_needed=False,
    ),
    FormItem("purpose", "Purpose", "say what it is for"),
    FormItem("lawful_basis", "Lawful basis", "name the UK GDPR Article 6(1) basis"),
    FormItem("necessity", "Why it is necessary", "say why less, or nothing, would not do"),
    FormItem(
        "special_condition",
        "Condition for special category data",
        "name the UK GDPR Article 9(2) condition",
        is_needed=False,
    ),
    FormItem(
        "criminal_condition",
        "Condition of Schedule 1, or for criminal offence data",
        "name the paragraph of Schedule 1 to the Data Protection Act 2018",
        is_needed=False,
    ),
    FormItem(
        "part_3_condition",
        "For law enforcement: condition of Part 3",
        "name it where the sharing is for law enforcement",
        is_needed=False,
    ),
    FormItem("legal_power", "Legal power to share", "name the statute and section"),
    FormItem(
        "is_dpia_considered", "Was an impact assessment considered?", "say yes or no, and why"
    ),
    FormItem("dpia_outcome", "Outcome of the impact assessment", "say what it found"),
    FormItem("officer_views", "Views of the data protection officer", "write what they say"),
    FormItem("retention", "How long it is kept, and how it is deleted", "write the days"),
    FormItem("security", "How it is kept secure", "say how it is sent, held and seen"),
    FormItem("rights", "How people's rights are met", "say how they are told, and whom they ask"),
    FormItem("sharing_dates", "When, or how often, it is shared", "write the dates or how often"),
)
"""The items of the request form, in its order."""

DECISION_ITEMS: tuple[FormItem, ...] = (
    FormItem("request_id", "Request decided on", "name the request"),
    FormItem("outcome", "Decision", "say share, share in part, or do not share"),
    FormItem("reasons", "Reasons", "say why, also where the answer is no"),
    FormItem("shared", "What is shared, and on which conditions", "list it", is_needed=False),
    FormItem("decided_by", "Decided by", "write the name"),
    FormItem("position", "Position", "write the job title"),
    FormItem("decided_on", "Date of the decision", "write the day"),
    FormItem("signature", "Signed", "sign"),
)
"""The items of the decision form, in its order."""


def check_sharing_request(request: SharingRequest, terms: Terms) -> tuple[MissingItem, ...]:
    """Return every item that a request lacks before it can be decided on, in the form's order.

    Args:
        request: as filled in so far.
        terms: the place's words, which tell whether a field is special category data.
    """
    missing = _blank(request, REQUEST_ITEMS)
    labels = {each.key: each for each in REQUEST_ITEMS}
    special = sorted(
        name
        for word in request.fields
        for name in terms.expand(word)
        if terms.fields[name].is_special
    )
    if special and not (request.special_condition.strip() or request.criminal_condition.strip()):
        label = terms.words("field", special[0])
        what = f"“{label}” is special category or criminal offence data, and no condition is named"
        missing.append(_missing(labels["special_condition"], what))
    for name in request.fields:
        if not terms.expand(name):
            what = f"there is no field or field group “{name}”"
            missing.append(_missing(labels["data_described"], what))
    if request.requester and request.requester == request.receiver:
        missing.append(_missing(labels["requester"], "an organisation cannot ask itself"))
    order = list(labels)
    return tuple(sorted(missing, key=lambda each: order.index(each.key)))


def check_sharing_decision(
    decision: SharingDecision, request: SharingRequest
) -> tuple[MissingItem, ...]:
    """Return every item that a decision lacks, or that does not fit its request."""
    missing = _blank(decision, DECISION_ITEMS)
    labels = {each.key: each for each in DECISION_ITEMS}
    if decision.request_id and decision.request_id != request.id:
        missing.append(_missing(labels["request_id"], "it is on another request"))
    if decision.outcome in ("share", "share-in-part") and not decision.shared.strip():
        missing.append(_missing(labels["shared"], "it shares, but does not say what"))
    if decision.outcome == "refuse" and decision.shared.strip():
        missing.append(_missing(labels["shared"], "it refuses, but lists something to share"))
    before = request.received_on
    if decision.decided_on and before and decision.decided_on < before:
        missing.append(_missing(labels["decided_on"], "it was decided before it was received"))
    order = list(labels)
    return tuple(sorted(missing, key=lambda each: order.index(each.key)))


def request_of_clause(agreement: Agreement, clause: Clause, terms: Terms) -> SharingRequest:
    """Return the request that a clause answers, with all that the agreement says filled in.

    Who asks, on which day, and what the data protection officer says is left to be written.
    """
    # The law of whoever shares: it is their power, and their decision.
    party = _party_of(agreement, clause.source)
    fields = and_list(in_sentence(terms.words("field", each)) for each in clause.fields)
    purpose = terms.words("purpose", clause.purpose)
    days = "1 day" if clause.retention_days == 1 else f"{clause.retention_days} days"
    return SharingRequest(
        id=f"{agreement.id}/{clause.id}",
        receiver=clause.source,
        requester="" if clause.recipient == ALL_PARTIES else clause.recipient,
        data_described=f"{fields[:1].upper()}{fields[1:]}: {clause.level.label}",
        fields=clause.fields,
        controllers="separate",
        agreement=agreement.id,
        purpose=clause.purpose,
        lawful_basis=f"UK GDPR Article {party.lawful_basis}" if party else "",
        necessity=f"{purpose}: {' '.join(agreement.why.split())}",
        special_condition=f"UK GDPR Article {party.special_condition}"
        if party and party.special_condition
        else "",
        criminal_condition=(party.schedule_1 or "") if party else "",
        gateway=", ".join(party.gateways) if party else "",
        legal_power=party.legal_power if party else "",
        is_dpia_considered=True,
        dpia_outcome=f"See the assessment {agreement.dpia}",
        retention=f"Kept for up to {days}",
        security="Shown on screen in Wholeplace alone, to named roles with a live reason; "
        "each sight is recorded before it is shown",
        sharing_dates=f"At any time from {_day(agreement.starts_on)} to {_day(agreement.ends_on)}, "
        "while the agreement is in force",
        rights=f"{_RIGHTS[clause.consent]} Questions go to {agreement.contact}.",
    )


def request_rows(request: SharingRequest, terms: Terms) -> tuple[FormRow, ...]:
    """Return a request as the lines of its printed form."""
    return tuple(
        FormRow(each.key, each.label, _said(request, each.key, terms)) for each in REQUEST_ITEMS
    )


def decision_rows(decision: SharingDecision) -> tuple[FormRow, ...]:
    """Return a decision as the lines of its printed form."""
    return tuple(
        FormRow(each.key, each.label, _said(decision, each.key, None)) for each in DECISION_ITEMS
    )


def _blank(form: BaseModel, items: Iterable[FormItem]) -> list[MissingItem]:
    return [
        _missing(each, f"“{each.label}” is blank")
        for each in items
        if each.is_needed and _is_blank(getattr(form, each.key))
    ]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _missing(item: FormItem, what: str) -> MissingItem:
    return MissingItem(item.key, item.label, what, item.mend)


def _said(form: BaseModel, key: str, terms: Terms | None) -> str:
    value = getattr(form, key)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return _day(value)
    if key == "controllers":
        return _CONTROLLERS[value]
    if key == "outcome":
        return _OUTCOMES[value]
    if terms is not None and key in ("receiver", "requester"):
        return terms.words("partner", value) if value else ""
    if terms is not None and key == "purpose":
        return terms.words("purpose", value) if value else ""
    return str(value)


def _party_of(agreement: Agreement, partner: str) -> Party | None:
    return next((each for each in agreement.parties if each.partner == partner), None)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
