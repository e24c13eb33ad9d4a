"""The life of one review: answered by one person, or by two who do not see each other's answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = ["MATCH_REVIEW_LIFE", "Answer", "Given", "answer_event", "review_actors", "undo_event"]

Answer = Literal["same", "different", "unsure"]

_REVIEWER, _SECOND = frozenset({"reviewer"}), frozenset({"second-reviewer"})
_ANSWERER, _THIRD = frozenset({"answerer"}), frozenset({"third-reviewer"})

MATCH_REVIEW_LIFE: Final = Lifecycle(
    name="review of a doubtful match",
    states={
        "open": "Waiting for an answer",
        "second": "Waiting for a second reviewer",
        "same": "One person",
        "different": "Two people",
        "unsure": "Not sure",
        "disputed": "Two reviewers disagree",
    },
    first="open",
    steps=(
        Step("same", ("open", "unsure"), "same", _REVIEWER, "They are one person"),
        Step("different", ("open", "unsure"), "different", _REVIEWER, "They are two people"),
        Step("unsure", ("open",), "unsure", _REVIEWER, "I am not sure"),
        Step("ask-second", ("open", "unsure"), "second", _REVIEWER, "Ask a second reviewer too"),
        Step("agree-same", ("second",), "same", _SECOND, "They are one person"),
        Step("agree-different", ("second",), "different", _SECOND, "They are two people"),
        Step("agree-unsure", ("second",), "unsure", _SECOND, "I am not sure"),
        Step("disagree", ("second",), "disputed", _SECOND, "Another answer than the first"),
        Step("settle-same", ("disputed",), "same", _THIRD, "They are one person"),
        Step("settle-different", ("disputed",), "different", _THIRD, "They are two people"),
        Step("undo", ("same", "different", "unsure", "second"), "open", _ANSWERER, "Take my answer back"),
        Step("undo-one", ("same", "different", "unsure", "disputed"), "second", _ANSWERER, "Take my answer back"),
        Step("undo-settling", ("same", "different"), "disputed", _ANSWERER, "Take my answer back"),
    ),
)  # fmt: skip
"""Every state of a review and what may happen in it. “One person” and “Two people” bind the next
run; no other state binds anything."""


@dataclass(frozen=True)
class Given:
    """One answer that stands: by whom, in the order given."""

    reviewer: str
    answer: Answer


def review_actors(user_id: str, given: Sequence[Given]) -> frozenset[str]:
    """Return what a user is to a review, by the answers that stand.

    Nobody who has answered is a second or third reviewer of the same pair.
    """
    if any(each.reviewer == user_id for each in given):
        # Where a third person settled it, what they settled is not taken from under them.
        is_last = given[-1].reviewer == user_id
        return _ANSWERER if is_last or len(given) < 3 else frozenset()
    if not given:
        return _REVIEWER
    # One who was not sure leaves it open to anybody; two who disagree, to a third.
    return _THIRD if len(given) >= 2 else _REVIEWER | _SECOND


def answer_event(state: str, answer: Answer, given: Sequence[Given], *, asks_second: bool) -> str:
    """Return the step that an answer takes."""
    if state == "second":
        is_one_mind = given[0].answer == answer
        return f"agree-{answer}" if is_one_mind else "disagree"
    if state == "disputed":
        return f"settle-{answer}"
    return "ask-second" if asks_second else answer


def undo_event(state: str, given: Iterable[Given]) -> str:
    """Return the step by which the newest answer is taken back."""
    left = len(list(given)) - 1
    if left >= 2 and state != "disputed":
        return "undo-settling"
    return "undo-one" if left >= 1 else "undo"
