"""Who was eligible on a day, by what was known on that day and nothing since.

The groups are followed from the same day. Whoever was reached within the window counts as
reached; whoever was reached only later stays in the comparison, because leaving them out would
choose by what happened afterwards. How many these are is told, since they thin the effect.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["Candidate", "Cohort", "Fact", "choose_cohort"]


@dataclass(frozen=True)
class Fact:
    """Something known of somebody.

    Attributes:
        name: what it says.
        value: what it is; numbers only, a yes is 1.
        happened_on: day that it is about.
        known_on: day on which it was recorded.
    """

    name: str
    value: float
    happened_on: dt.date
    known_on: dt.date


@dataclass(frozen=True)
class Candidate:
    """Somebody who might be eligible: what is known, and when they were reached if ever."""

    id: str
    facts: tuple[Fact, ...]
    reached_on: dt.date | None = None


@dataclass(frozen=True)
class Cohort:
    """Who is compared with whom, in the order of their ids.

    Attributes:
        eligible_on: the day.
        reached: ids of the eligible reached within the window.
        comparison: ids of the other eligible.
        later_reached: ids in the comparison who were reached after the window.
        known: id to what was known of them on the day.
    """

    eligible_on: dt.date
    reached: tuple[str, ...]
    comparison: tuple[str, ...]
    later_reached: tuple[str, ...]
    known: Mapping[str, Mapping[str, float]]


def choose_cohort(
    candidates: Iterable[Candidate],
    rule: Callable[[Mapping[str, float]], bool],
    eligible_on: dt.date,
    window_days: int,
) -> Cohort:
    """Return the cohort of a day.

    The rule is given, for each name, the latest value that had both happened and been recorded
    by that day. Whoever was reached before the day is not eligible.

    Raises:
        ValueError: if an id comes twice.
    """
    window_ends_on = eligible_on + dt.timedelta(days=window_days)
    reached, comparison, later, known = [], [], [], {}
    seen: set[str] = set()
    for each in sorted(candidates, key=lambda one: one.id):
        if each.id in seen:
            raise ValueError("a candidate comes twice")
        seen.add(each.id)
        values = _known_on(each.facts, eligible_on)
        is_before = each.reached_on is not None and each.reached_on < eligible_on
        if is_before or not rule(values):
            continue
        known[each.id] = MappingProxyType(values)
        if each.reached_on is not None and each.reached_on <= window_ends_on:
            reached.append(each.id)
            continue
        comparison.append(each.id)
        if each.reached_on is not None:
            later.append(each.id)
    return Cohort(
        eligible_on, tuple(reached), tuple(comparison), tuple(later), MappingProxyType(known)
    )


def _known_on(facts: Iterable[Fact], on: dt.date) -> dict[str, float]:
    held = [each for each in facts if each.happened_on <= on and each.known_on <= on]
    held.sort(key=lambda each: (each.happened_on, each.known_on, each.value))
    return {each.name: each.value for each in held}
