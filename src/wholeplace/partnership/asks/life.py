"""The life of an ask: sent to a named counterpart, answered or escalated, and open to be read.

An ask is something that a place wants from central government; a barrier is a rule, form or
system of the centre that stops joint work. Both have a named person who must answer, a day, and
evidence. What is published was looked at by somebody other than whoever wrote it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = [
    "ANSWERING_ROLES",
    "ANSWERS",
    "ASKER",
    "ASKING_ROLES",
    "ASK_LIFE",
    "COUNTERPART",
    "ESCALATES_AFTER_DAYS",
    "OPEN_STATES",
    "RUNG_WORDS",
    "SECOND",
    "AskFacts",
    "Rung",
    "ask_actors",
    "escalation_of",
]

ASKER: Final = "asker"
SECOND: Final = "second-person"
COUNTERPART: Final = "counterpart"
ASKING_ROLES: Final = frozenset({"programme-lead", "commissioner", "finance-lead", "board-member"})
ANSWERING_ROLES: Final = frozenset({"central-sponsor"})
ESCALATES_AFTER_DAYS: Final = 14
"""Half a month between one rung and the next; the partnership's own rule."""

Rung = Literal["", "late", "director", "minister"]
ANSWERS: Final[dict[str, str]] = {
    "agreed": "Agreed",
    "agreed-in-part": "Agreed in part",
    "refused": "Refused, with the reason",
    "elsewhere": "Passed to somebody else, named",
}
RUNG_WORDS: Final[dict[Rung, str]] = {
    "": "",
    "late": "Overdue",
    "director": "Overdue: with the director",
    "minister": "Overdue: with the minister’s office",
}

_ASKER, _SECOND, _COUNTERPART = frozenset({ASKER}), frozenset({SECOND}), frozenset({COUNTERPART})
_OURS = _ASKER | _SECOND

ASK_LIFE: Final = Lifecycle(
    name="ask",
    states={
        "written": "Waiting for a colleague to check it",
        "sent": "Waiting for an answer",
        "looking": "Being looked at",
        "asked-back": "A question back to us",
        "answered": "Answered",
        "disputed": "Answered, and not enough",
        "done": "Done",
        "withdrawn": "Withdrawn",
    },
    first="written",
    steps=(
        Step("send", ("written",), "sent", _SECOND, "Check it, publish it and send it"),
        Step("change", ("written",), "written", _ASKER, "Change it", ("text",)),
        Step(
            "look", ("sent", "disputed"), "looking", _COUNTERPART, "Say that you are looking at it"
        ),
        Step(
            "ask-back",
            ("sent", "looking", "disputed"),
            "asked-back",
            _COUNTERPART,
            "Ask the place something",
            ("words",),
        ),
        Step("tell", ("asked-back",), "looking", _OURS, "Answer the question", ("words",)),
        Step(
            "answer",
            ("sent", "looking", "asked-back", "disputed"),
            "answered",
            _COUNTERPART,
            "Answer",
            ("answer", "words"),
        ),
        Step("dispute", ("answered",), "disputed", _OURS, "Say why it is not enough", ("words",)),
        Step("finish", ("answered",), "done", _OURS, "Say what changed, and close it", ("words",)),
        Step(
            "withdraw",
            ("written", "sent", "looking", "asked-back", "disputed"),
            "withdrawn",
            _ASKER,
            "Withdraw it",
            ("words",),
        ),
    ),
)
"""Every state of an ask and what may happen in it. Being overdue is no state: it is worked out."""

OPEN_STATES: Final = frozenset({"sent", "looking", "asked-back", "disputed"})


@dataclass(frozen=True)
class AskFacts:
    """What decides who somebody is to an ask.

    Attributes:
        asked_by: user id.
        counterpart: user id of whoever must answer.
    """

    asked_by: str
    organisation: str
    counterpart: str


def ask_actors(facts: AskFacts, user_id: str, organisation: str, role: str) -> frozenset[str]:
    """Return what a user is to an ask, in the role that they act in now.

    Whoever asked is never the second person, and a counterpart is never either.
    """
    if role in ANSWERING_ROLES:
        return _COUNTERPART if user_id == facts.counterpart else frozenset()
    if role not in ASKING_ROLES or organisation != facts.organisation:
        return frozenset()
    return _ASKER if user_id == facts.asked_by else _SECOND


def escalation_of(state: str, due_on: dt.date, today: dt.date) -> Rung:
    """Return on which rung an unanswered ask stands: each comes half a month after the last."""
    if state not in OPEN_STATES or today <= due_on:
        return ""
    late_days = (today - due_on).days
    if late_days > 2 * ESCALATES_AFTER_DAYS:
        return "minister"
    return "director" if late_days > ESCALATES_AFTER_DAYS else "late"
