"""The plan: a need, a goal in the family's words, the outcome it leads to, and who does what.

Every action names a need and an outcome, through its goal. The family reads the plan, says what
they think of it, and may disagree; what they say stays beside what was planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.partnership.definitions import Framework
from wholeplace.teams.action import OPEN_ACTION, Action
from wholeplace.teams.assessment import other_need

__all__ = ["FAMILY_WORDS", "OUTCOMES", "Goal", "PlanGap", "check_goal", "find_gaps", "need_label"]

OUTCOMES: Final[Mapping[str, str]] = {
    "met": "Reached",
    "partly-met": "Reached in part",
    "not-met": "Not reached",
    "no-longer-wanted": "No longer what the family wants",
}
"""What came of a goal. Whether it lasts is looked at again afterwards."""

FAMILY_WORDS: Final[Mapping[str, str]] = {
    "agree": "I agree with this",
    "comment": "I want to say something about this",
    "disagree": "I do not agree with this",
}


@dataclass(frozen=True)
class Goal:
    """One goal of a plan.

    Attributes:
        need: need of the framework, or `<headline>:other`.
        headline: outcome of the framework that it leads to.
        words: what is to be different, as the family says it.
        seen_when: how everybody will see that it is so.
        outcome: one of `OUTCOMES`; empty while it is worked on.
    """

    id: str
    need: str
    headline: str
    words: str
    seen_when: str
    outcome: str = ""


@dataclass(frozen=True)
class PlanGap:
    """Something that a plan still lacks."""

    goal: str
    what: str


def check_goal(goal: Goal, framework: Framework, least: int) -> None:
    """Refuse a goal that names no need and outcome of the framework, or has no words.

    Raises:
        UnsafeActionError: if so.
    """
    headline = next((each for each in framework.headlines if each.id == goal.headline), None)
    needs = {each.id for each in headline.needs} if headline else set()
    if headline is None or goal.need not in needs | {other_need(goal.headline)}:
        raise UnsafeActionError(
            "The goal was not kept.",
            "It names no need of the framework, or one of another outcome.",
            "Choose the need that it answers.",
        )
    if len(goal.words.strip()) < least or len(goal.seen_when.strip()) < least:
        raise UnsafeActionError(
            "The goal was not kept.",
            f"Say what is to be different, and how you will see it, in at least {least} characters each.",
            "Use the family’s own words.",
        )


def need_label(framework: Framework, need: str) -> str:
    """Return the words of a need; those of its headline where no rule covers it."""
    for headline in framework.headlines:
        if need == other_need(headline.id):
            return f"Something else: {headline.label.lower()}"
        for each in headline.needs:
            if each.id == need:
                return each.label
    return need


def find_gaps(goals: Sequence[Goal], actions: Sequence[tuple[str, Action]]) -> tuple[PlanGap, ...]:
    """Return what a plan lacks: goals without an action, or with none left and no outcome.

    Args:
        goals: of the plan.
        actions: each with the id of its goal.
    """
    found = []
    for goal in goals:
        mine = [action for of, action in actions if of == goal.id]
        if goal.outcome:
            continue
        if not mine:
            found.append(PlanGap(goal.id, "Nobody does anything for it yet"))
        elif not any(each.state in OPEN_ACTION for each in mine):
            found.append(PlanGap(goal.id, "Everything is done: say what came of it"))
    return tuple(found)
