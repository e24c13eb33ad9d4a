"""Freezing a plan, looking at outcomes only afterwards, and writing down every departure."""

import datetime as dt
from dataclasses import dataclass, replace

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.learning.planning.plan import EvaluationPlan

__all__ = ["Departure", "FrozenPlan", "check_may_look", "freeze_plan", "record_departure"]


@dataclass(frozen=True)
class Departure:
    """One thing done otherwise than planned.

    Attributes:
        what: what was done instead.
        why: the reason.
        by: pseudonym of whoever decided it.
        at: when, in UTC.
        is_after_looking: whether outcomes had been looked at by then.
        previous: hash of the departure before it, or of the frozen plan.
    """

    what: str
    why: str
    by: str
    at: dt.datetime
    is_after_looking: bool
    previous: str

    @property
    def hash(self) -> str:
        """The SHA-256 of this departure and, through `previous`, of all before it."""
        return content_hash(
            [self.what, self.why, self.by, self.at, self.is_after_looking, self.previous]
        )


@dataclass(frozen=True)
class FrozenPlan:
    """A plan that no longer changes.

    Attributes:
        plan: what was frozen.
        hash: the plan's hash when it was frozen.
        frozen_by: pseudonym of whoever froze it.
        frozen_at: when, in UTC.
        looked_at: when outcomes were first looked at, if they were.
        departures: what was done otherwise, in order.
    """

    plan: EvaluationPlan
    hash: str
    frozen_by: str
    frozen_at: dt.datetime
    looked_at: dt.datetime | None = None
    departures: tuple[Departure, ...] = ()

    @property
    def has_departed_after_looking(self) -> bool:
        """Tell whether anything was changed by somebody who knew the outcomes."""
        return any(each.is_after_looking for each in self.departures)

    @property
    def is_whole(self) -> bool:
        """Tell whether plan and departures are what their hashes say."""
        before = self.hash
        for each in self.departures:
            if each.previous != before:
                return False
            before = each.hash
        return self.plan.hash == self.hash


def freeze_plan(plan: EvaluationPlan, by: str, at: dt.datetime) -> FrozenPlan:
    """Return the plan as it will stand from now on."""
    _check_utc(at)
    return FrozenPlan(plan, plan.hash, by, at)


def check_may_look(frozen: FrozenPlan | None, plan: EvaluationPlan, at: dt.datetime) -> FrozenPlan:
    """Return the frozen plan with the moment of the first look, if outcomes may be looked at.

    Raises:
        UnsafeActionError: if the plan was not frozen before, or is not the one that was frozen.
    """
    _check_utc(at)
    if frozen is None or frozen.frozen_at >= at:
        raise UnsafeActionError(
            "Outcomes were not looked at.",
            "The plan was not frozen before.",
            "Freeze the plan, then look.",
        )
    if plan.hash != frozen.hash or not frozen.is_whole:
        raise UnsafeActionError(
            "Outcomes were not looked at.",
            "The plan is not the one that was frozen.",
            "Go back to the frozen plan, and record what you do otherwise as a departure.",
        )
    return frozen if frozen.looked_at else replace(frozen, looked_at=at)


def record_departure(
    frozen: FrozenPlan, what: str, why: str, by: str, at: dt.datetime
) -> FrozenPlan:
    """Return the frozen plan with one more departure, which nobody can take out unseen.

    Raises:
        UnsafeActionError: if it does not say what and why, or comes before the one before it.
    """
    _check_utc(at)
    if not what.strip() or not why.strip():
        raise UnsafeActionError(
            "The departure was not recorded.", "It does not say what and why.", "Say both."
        )
    last_at = frozen.departures[-1].at if frozen.departures else frozen.frozen_at
    if at < last_at:
        raise UnsafeActionError(
            "The departure was not recorded.",
            "It is dated before the one before it.",
            "Record departures in the order in which they were made.",
        )
    previous = frozen.departures[-1].hash if frozen.departures else frozen.hash
    is_after = frozen.looked_at is not None and at >= frozen.looked_at
    departure = Departure(what, why, by, at, is_after, previous)
    return replace(frozen, departures=(*frozen.departures, departure))


def _check_utc(at: dt.datetime) -> None:
    if at.utcoffset() != dt.timedelta(0):
        raise ValueError("an instant is given in UTC")
