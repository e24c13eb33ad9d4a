"""Progress: where a measure stands between its baseline and its target, and where it should.

The same few words serve a person, a cohort, an area: a baseline, a target with its day, and the
straight line between the two, unless stated points bend it. Values are whole numbers of tenths of
the unit, days are days; nothing here rounds in anybody's favour.
"""

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

__all__ = ["Better", "Progress", "ProgressState", "Target", "expected_on", "measure_progress"]

Better = Literal["higher", "lower"]
ProgressState = Literal["met", "on-course", "behind", "worse", "not-measured"]

PROGRESS_WORDS: dict[ProgressState, str] = {
    "met": "Target met",
    "on-course": "On course",
    "behind": "Behind its course",
    "worse": "Worse than at the start",
    "not-measured": "Not measured",
}


@dataclass(frozen=True)
class Target:
    """What is aimed at.

    Attributes:
        points: day to value in between, where the course is not a straight line.
    """

    baseline_on: dt.date
    baseline_tenths: int
    target_on: dt.date
    target_tenths: int
    better: Better
    points: Mapping[dt.date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the course runs forward.

        Raises:
            ValueError: if the target's day is not after the baseline's.
        """
        if self.target_on <= self.baseline_on:
            raise ValueError("a target lies after its baseline")
        if any(not self.baseline_on < day < self.target_on for day in self.points):
            raise ValueError("a point of the course lies between baseline and target")


@dataclass(frozen=True)
class Progress:
    """Where a measure stands on a day.

    Attributes:
        expected_tenths: where the course has it on that day; exact.
        done_share: of the way from baseline to target, below 0 where it got worse; None where
            nothing was to change.
    """

    state: ProgressState
    value_tenths: int | None
    expected_tenths: Fraction
    done_share: Fraction | None


def expected_on(target: Target, on: dt.date) -> Fraction:
    """Return where the course has the measure on a day; flat before the baseline and after the target."""
    course = sorted(
        {
            target.baseline_on: target.baseline_tenths,
            **target.points,
            target.target_on: target.target_tenths,
        }.items()
    )
    if on <= course[0][0]:
        return Fraction(course[0][1])
    for (before_on, before), (after_on, after) in itertools.pairwise(course):
        if on <= after_on:
            passed = Fraction((on - before_on).days, (after_on - before_on).days)
            return before + (after - before) * passed
    return Fraction(course[-1][1])


def measure_progress(target: Target, on: dt.date, value_tenths: int | None) -> Progress:
    """Return where a measure stands on a day.

    Met is judged against the target, on course against the line; a value exactly on either
    counts as reached.
    """
    expected = expected_on(target, on)
    if value_tenths is None:
        return Progress("not-measured", None, expected, None)
    way = target.target_tenths - target.baseline_tenths
    gone = value_tenths - target.baseline_tenths
    done = Fraction(gone, way) if way else None
    sign = 1 if target.better == "higher" else -1

    def is_as_good(than: Fraction | int) -> bool:
        return sign * value_tenths >= sign * than

    if is_as_good(target.target_tenths):
        state: ProgressState = "met"
    elif is_as_good(expected):
        state = "on-course"
    elif is_as_good(target.baseline_tenths):
        state = "behind"
    else:
        state = "worse"
    return Progress(state, value_tenths, expected, done)
