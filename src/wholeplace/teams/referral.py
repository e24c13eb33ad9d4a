"""The life of a referral: one partner asks another to help somebody, and learns what became of it.

Late is worked out, told and escalated; nothing closes by itself. Who said no, and why, is kept
apart: that the person declined, that the provider has no room, that they are not who the service
is for, that they were not reached, that it was not safe. What happens next differs for each.
Source: `DESIGN.md` "Teams"; the reasons are those that case systems were asked to keep apart.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.lifecycle import Lifecycle, Step
from wholeplace.teams.figures import figures

__all__ = [
    "DECLINE_KINDS",
    "LIVE_REFERRAL",
    "PERSON",
    "REFERRAL_LIFE",
    "SENDER",
    "TRIAGER",
    "URGENCIES",
    "WAITING",
    "Lateness",
    "Parties",
    "Waiting",
    "lateness_of",
    "referral_actors",
    "triage_due_at",
]

SENDER: Final = "sender"
TRIAGER: Final = "triager"
PERSON: Final = "person"

_SENDER, _TRIAGER = frozenset({SENDER}), frozenset({TRIAGER})
_ANYBODY = frozenset({SENDER, TRIAGER, PERSON})
WAITING: Final = ("sent", "acknowledged", "info-requested")
_WORKING: Final = ("accepted", "started")
LIVE_REFERRAL: Final = frozenset((*WAITING, *_WORKING))
"""States in which a referral gives whoever triages it a reason to look."""

URGENCIES: Final[Mapping[str, str]] = {
    "today": "Today: somebody may come to harm",
    "soon": "Soon: it will get worse within weeks",
    "routine": "When there is room",
}

DECLINE_KINDS: Final[Mapping[str, str]] = {
    "person": "The person does not want it",
    "provider-capacity": "We have no room now",
    "ineligible": "They are not who this service is for",
    "not-reached": "We could not reach them",
    "unsafe": "It would not be safe",
}
"""Why a referral is declined, by whose side it is."""

REFERRAL_LIFE: Final = Lifecycle(
    name="referral",
    states={
        "draft": "Being written",
        "sent": "Sent",
        "acknowledged": "Being looked at",
        "info-requested": "Waiting for an answer from the sender",
        "accepted": "Accepted",
        "started": "Help has started",
        "completed": "Completed",
        "ended-early": "Ended early",
        "declined": "Declined",
        "redirected": "Passed on",
        "withdrawn": "Withdrawn",
        "consent-withdrawn": "The person withdrew their agreement",
    },
    first="draft",
    steps=(
        Step("send", ("draft",), "sent", _SENDER, "Send"),
        Step("acknowledge", ("sent",), "acknowledged", _TRIAGER, "Look at it"),
        Step("ask", ("acknowledged",), "info-requested", _TRIAGER, "Ask the sender", ("words",)),
        Step("answer", ("info-requested",), "acknowledged", _SENDER, "Answer", ("words",)),
        Step("accept", ("acknowledged", "info-requested"), "accepted", _TRIAGER, "Accept"),
        Step("start", ("accepted",), "started", _TRIAGER, "Start work", ("case",)),
        Step("complete", ("started",), "completed", _TRIAGER, "Complete", ("words",)),
        Step("end-early", _WORKING, "ended-early", _TRIAGER, "End early", ("words",)),
        Step("decline", WAITING, "declined", _TRIAGER, "Decline", ("kind", "words")),
        Step(
            "redirect", ("sent", "acknowledged"), "redirected", _TRIAGER, "Pass it on",
            ("partner", "words"),
        ),
        Step("withdraw", ("draft", *WAITING), "withdrawn", _SENDER, "Withdraw"),
        Step(
            "withdraw-consent", (*WAITING, *_WORKING), "consent-withdrawn", _ANYBODY,
            "They no longer agree",
        ),
    ),
)  # fmt: skip
"""Every state of a referral and what may happen in it."""


@dataclass(frozen=True)
class Parties:
    """Whose a referral is.

    Attributes:
        sent_by: user id; empty where it came by a link, or a resident asks for themselves.
        sender: partner; empty where a resident asks for themselves.
        person_id: whom it is mainly about.
    """

    sent_by: str
    sender: str
    receiver: str
    person_id: str


def referral_actors(viewer: Viewer, parties: Parties, *, own_person: str = "") -> frozenset[str]:
    """Return what a viewer is to a referral.

    A colleague who answers for the sender's cases stands in for them. Nobody triages what they
    sent themselves.

    Args:
        viewer: in the role they act in.
        parties: whose the referral is.
        own_person: whose own account it is, where a resident looks.
    """
    found = set()
    is_of_sender = bool(parties.sender) and viewer.organisation == parties.sender
    if is_of_sender and (
        viewer.user_id == parties.sent_by or viewer.role in figures().holder_roles
    ):
        found.add(SENDER)
    is_of_receiver = viewer.organisation == parties.receiver
    if (
        is_of_receiver
        and viewer.role in figures().triage_roles
        and viewer.user_id != parties.sent_by
    ):
        found.add(TRIAGER)
    if own_person and own_person == parties.person_id:
        found = {PERSON}
    return frozenset(found)


Lateness = Literal["", "late", "escalated"]


def triage_due_at(urgency: str, sent_at: dt.datetime) -> dt.datetime:
    """Return by when somebody has decided on a referral, or asked.

    Raises:
        KeyError: if there is no such urgency.
    """
    return sent_at + dt.timedelta(hours=figures().triage_hours[urgency])


@dataclass(frozen=True)
class Waiting:
    """A referral as far as its time goes.

    Attributes:
        paused: how long it has waited for the sender; that time is not the receiver's.
    """

    state: str
    due_at: dt.datetime | None
    paused: dt.timedelta = dt.timedelta()


def lateness_of(waiting: Waiting, at: dt.datetime) -> Lateness:
    """Return whether nobody has decided in time, and whether it now goes further up."""
    if waiting.state not in ("sent", "acknowledged") or waiting.due_at is None:
        return ""
    over = at - (waiting.due_at + waiting.paused)
    if over <= dt.timedelta():
        return ""
    return "escalated" if over > dt.timedelta(hours=figures().escalate_hours) else "late"
