"""The review of a reason afterwards, by somebody else: when, by whom, with which outcome.

    waiting → asked (more information) → waiting
    waiting | asked → justified | not-justified

An outcome is final. A review cannot be left out: what needs one stands in the queue until it
has its outcome, and moves to higher officers when it is late.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.working_days import add_working_days
from wholeplace.agreements.subjects.request import ReasonKind
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError

__all__ = [
    "REVIEW_MOVES",
    "Review",
    "ReviewMove",
    "ReviewState",
    "escalation_of",
    "move_review",
    "needs_review",
    "review_due_on",
]

ReviewState = Literal["waiting", "asked", "justified", "not-justified"]
ReviewMove = Literal["ask", "tell", "justify", "find-fault"]
Escalation = Literal["", "organisation", "host"]

REVIEW_MOVES: dict[tuple[ReviewState, ReviewMove], ReviewState] = {
    ("waiting", "ask"): "asked",
    ("asked", "ask"): "asked",
    ("asked", "tell"): "waiting",
    ("waiting", "justify"): "justified",
    ("asked", "justify"): "justified",
    ("waiting", "find-fault"): "not-justified",
    ("asked", "find-fault"): "not-justified",
}
"""Every move that there is; any other is refused."""

_LEAST_NOTE_CHARACTERS = 10


@dataclass(frozen=True)
class Review:
    """The review of one reason.

    Attributes:
        opened_by: who gave the reason; answers questions, never decides.
        confirmed_by: the second person of broken glass; never decides either.
    """

    state: ReviewState
    opened_by: str
    confirmed_by: str = ""


def move_review(
    review: Review, move: ReviewMove, by: str, note: str, done: str = ""
) -> ReviewState:
    """Return the state after a move by a user.

    The note is the question, the answer to it, or why the outcome is so; `done` is what is done
    about it, where the reason was not justified.

    Raises:
        UnsafeActionError: if it is their own, or there is no such move from here.
        WholeplaceError: if the words are missing.
    """
    is_own = by in {review.opened_by, review.confirmed_by} - {""}
    if (by != review.opened_by) if move == "tell" else is_own:
        raise UnsafeActionError(
            "The review was not changed.",
            "Nobody reviews a reason of their own, or one that they confirmed.",
            "Leave it to a colleague who reviews reasons.",
        )
    after = REVIEW_MOVES.get((review.state, move))
    if after is None:
        raise UnsafeActionError(
            "The review was not changed.",
            "It has moved on since, or was decided.",
            "Look at it again.",
        )
    if len(note.strip()) < _LEAST_NOTE_CHARACTERS or (move == "find-fault" and not done.strip()):
        raise WholeplaceError(
            "The review was not changed.",
            "It needs words: why, and where the reason was not justified, what is done about it.",
            "Write a sentence that somebody else can follow.",
        )
    return after


def needs_review(kind: ReasonKind, reason_id: str) -> bool:
    """Return whether a reason is reviewed: broken glass always, duty reasons by the sample.

    Which duty reasons stand in a sample follows from their random id, so that nobody can
    foretell it while they type.
    """
    if kind != "duty":
        return kind == "break-glass"
    number = int(hashlib.sha256(reason_id.encode()).hexdigest()[:8], 16)
    return number % 100 < figures().duty_review_percent


def review_due_on(opened_on: dt.date) -> dt.date:
    """Return the last day on which a reason opened on a day is reviewed in time."""
    return add_working_days(opened_on, figures().review_working_days)


def escalation_of(due_on: dt.date, today: dt.date) -> Escalation:
    """Return to whose officer a review that still waits has moved: nobody's, the own, the host's."""
    if today <= due_on:
        return ""
    is_host = today > add_working_days(due_on, figures().review_escalates_days)
    return "host" if is_host else "organisation"
