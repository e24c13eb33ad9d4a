"""A question to one partner about one person: its states, and what an answer may say.

    sent → opened → answered | part-answered | not-held | refused
    sent | opened → withdrawn (by the asker) | expired (by time)

The last six are final. An answer is given field by field and is then data like any other: it is
opened by the gateway alone, by the clause in force on the day it is looked at.
Source: Information Commissioner's Office, data sharing code of practice, Annex B, whose forms
`sharing_request` writes; UK GDPR Articles 5(1)(c) and 5(2).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from wholeplace.agreements.deciding.decision import decide
from wholeplace.agreements.deciding.rules import OWN_DATA, Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Request
from wholeplace.agreements.texts.agreement import Level
from wholeplace.agreements.texts.terms import FieldTerm
from wholeplace.foundation.errors import UnsafeActionError

__all__ = [
    "FINAL_STATES",
    "REFUSALS",
    "REQUEST_MOVES",
    "AskableField",
    "FieldAnswer",
    "RequestMove",
    "RequestState",
    "answer_value",
    "askable_fields",
    "due_at",
    "is_late",
    "move_request",
    "outcome_of",
]

RequestState = Literal[
    "sent", "opened", "answered", "part-answered", "not-held", "refused", "withdrawn", "expired"
]
RequestMove = Literal[
    "open", "answer", "answer-part", "say-not-held", "refuse", "withdraw", "expire"
]
FieldOutcome = Literal["given", "not-held", "refused"]

_LIVE: tuple[RequestState, ...] = ("sent", "opened")
_ENDS: dict[RequestMove, RequestState] = {
    "answer": "answered",
    "answer-part": "part-answered",
    "say-not-held": "not-held",
    "refuse": "refused",
}
REQUEST_MOVES: dict[tuple[RequestState, RequestMove], RequestState] = {
    ("sent", "open"): "opened",
    ("opened", "open"): "opened",
    **{("opened", move): after for move, after in _ENDS.items()},
    **{(state, "withdraw"): "withdrawn" for state in _LIVE},
    **{(state, "expire"): "expired" for state in _LIVE},
}
"""Every move that there is; any other is refused."""

FINAL_STATES = frozenset(get_args(RequestState)) - set(_LIVE)

REFUSALS: Mapping[str, str] = {
    "not-covered": "No agreement or law lets us share this",
    "not-necessary": "It is not needed for what you describe",
    "harm": "Sharing it could put somebody at risk",
    "consent": "The person has not agreed, and their agreement is needed",
    "legal-proceedings": "It is subject to legal proceedings or privilege",
    "confidential": "It was told in confidence that we may not break here",
    "cannot-tell-who": "We cannot be sure who is meant",
}
"""Kinds of refusal, with the words shown."""


@dataclass(frozen=True)
class AskableField:
    """A field that a partner may be asked for.

    Attributes:
        level: the level at which an answer would be shown.
        clauses: refs of the clauses under which it is asked.
    """

    field: str
    level: Level
    clauses: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class FieldAnswer:
    """What a partner says on one field. Its text is personal and prints as nothing.

    Attributes:
        refusal: kind of the refusal, where it is one.
        text: what the partner holds, in its own words.
        on: the day, where it is about something that happened.
    """

    field: str
    outcome: FieldOutcome
    refusal: str = ""
    text: str = ""
    on: dt.date | None = None

    def __repr__(self) -> str:
        return f"FieldAnswer({self.field}: {self.outcome})"


def move_request(state: RequestState, move: RequestMove) -> RequestState:
    """Return the state after a move.

    Raises:
        UnsafeActionError: if there is no such move from here.
    """
    after = REQUEST_MOVES.get((state, move))
    if after is None:
        raise UnsafeActionError(
            "The request was not changed.",
            "It was answered, withdrawn or has expired since.",
            "Look at it again.",
        )
    return after


def outcome_of(answers: Iterable[FieldAnswer]) -> RequestMove:
    """Return the move that a set of answers makes.

    Raises:
        UnsafeActionError: if there are none.
    """
    outcomes = [each.outcome for each in answers]
    if not outcomes:
        raise UnsafeActionError("Nothing was answered.", "No field was.", "Answer each field.")
    if all(each == "given" for each in outcomes):
        return "answer"
    if "given" in outcomes:
        return "answer-part"
    return "refuse" if "refused" in outcomes else "say-not-held"


def askable_fields(rules: Rules, asked: Request, partner: str) -> tuple[AskableField, ...]:
    """Return the fields of a partner for which a viewer may ask about a person.

    Those of which a clause in force gives more than existence, here and now: nothing is asked
    that could not be shown. What is one's own organisation's needs no asking. The request is
    one with its subject and its live reason.
    """
    if partner == asked.viewer.organisation:
        return ()
    found = []
    for name in rules.supplied.get(partner, ()):
        decision = decide(rules, asked, partner, name)
        if decision.level > Level.EXISTENCE and OWN_DATA not in decision.clauses:
            found.append(AskableField(name, decision.level, decision.clauses))
    return tuple(found)


def answer_value(term: FieldTerm, answer: FieldAnswer) -> dict[str, Any]:
    """Return an answer in the shape in which the gateway cuts values down."""
    if term.kind == "event":
        day = answer.on.isoformat() if answer.on else None
        said = {"answer": answer.text} if answer.text else {}
        return {"label": term.label, "start_on": day, "end_on": None, "attributes": said}
    return {term.columns[0]: answer.text} if term.columns else {"answer": answer.text}


def due_at(urgency: str, at: dt.datetime) -> dt.datetime:
    """Return when an answer is due.

    Raises:
        KeyError: if there is no such urgency.
    """
    return at + dt.timedelta(hours=figures().request_hours[urgency])


def is_late(state: RequestState, due: dt.datetime, at: dt.datetime) -> bool:
    """Return whether an answer is overdue; it then stands first, and is told to officers."""
    return state in _LIVE and at > due
