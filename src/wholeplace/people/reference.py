"""Need rules evaluated in plain Python: slow, short, and the judge of the compiled SQL.

Read this file to know exactly what a rule means. `compile.py` must give the same answer on
any rules and any events; `tests/people/test_needs.py` holds the two equal.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholeplace.people.conditions import NumberedCondition, Test

__all__ = ["Evidence", "NeedFound", "PlainEvent", "age_in_years", "evaluate_needs"]


@dataclass(frozen=True)
class PlainEvent:
    """One event of one person, as the reference reads it."""

    event_id: str
    person_id: str
    kind: str
    start_on: dt.date
    end_on: dt.date | None
    attributes: str


@dataclass(frozen=True, order=True)
class NeedFound:
    """One need of one person. Dates are of the evidence's first days."""

    person_id: str
    framework: str
    need: str
    since_on: dt.date
    newest_on: dt.date
    evidence: int


@dataclass(frozen=True, order=True)
class Evidence:
    """One event that shows a need, and which of its conditions it meets."""

    person_id: str
    framework: str
    need: str
    event_id: str
    conditions: tuple[int, ...]


def age_in_years(birth_date: dt.date, on: dt.date) -> int | None:
    """Return the age in whole years on a day; None before birth.

    A person born on 29 February turns a year older on 1 March of a common year.
    """
    if on < birth_date:
        return None
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def is_met_by(
    numbered: NumberedCondition,
    event: PlainEvent,
    birth_date: dt.date | None,
    as_of: dt.date,
) -> bool:
    """Whether one event is of the sort that a condition counts."""
    condition = numbered.condition
    if event.kind != condition.event or event.start_on > as_of:
        return False
    is_open = event.end_on is None or event.end_on >= as_of
    if condition.open and not is_open:
        return False
    if condition.within_days is not None:
        earliest = as_of - dt.timedelta(days=condition.within_days)
        if _last_day(event, as_of, is_open=condition.open) < earliest:
            return False
    if condition.age_from is not None or condition.age_to is not None:
        age = age_in_years(birth_date, event.start_on) if birth_date else None
        if age is None:
            return False
        if condition.age_from is not None and age < condition.age_from:
            return False
        if condition.age_to is not None and age > condition.age_to:
            return False
    attributes = json.loads(event.attributes)
    return all(_holds(test, attributes.get(test.attribute)) for test in numbered.tests)


def evaluate_needs(
    conditions: Sequence[NumberedCondition],
    events: Iterable[PlainEvent],
    birth_dates: Mapping[str, dt.date],
    as_of: dt.date,
) -> tuple[list[NeedFound], list[Evidence]]:
    """Return the needs of every person, and the evidence for each, sorted."""
    by_person: dict[str, list[PlainEvent]] = defaultdict(list)
    for event in events:
        by_person[event.person_id].append(event)
    by_need: dict[tuple[str, str], list[NumberedCondition]] = defaultdict(list)
    for numbered in conditions:
        by_need[numbered.framework, numbered.need].append(numbered)
    needs, evidence = [], []
    for person_id, theirs in by_person.items():
        for (framework, need), parts in by_need.items():
            shown = _shown_by(parts, theirs, birth_dates.get(person_id), as_of)
            if not shown:
                continue
            days = [event.start_on for event, _ in shown]
            needs.append(NeedFound(person_id, framework, need, min(days), max(days), len(shown)))
            evidence += [
                Evidence(person_id, framework, need, event.event_id, numbers)
                for event, numbers in shown
            ]
    return sorted(needs), sorted(evidence)


def _shown_by(
    parts: Sequence[NumberedCondition],
    events: Sequence[PlainEvent],
    birth_date: dt.date | None,
    as_of: dt.date,
) -> list[tuple[PlainEvent, tuple[int, ...]]]:
    met = {}
    for part in parts:
        counted = [event for event in events if is_met_by(part, event, birth_date, as_of)]
        if len(counted) >= part.condition.at_least:
            met[part.number] = {event.event_id for event in counted}
    wanted = [part.number for part in parts if part.joined == "all"]
    either = [part.number for part in parts if part.joined == "any"]
    if not all(number in met for number in wanted):
        return []
    if either and not any(number in met for number in either):
        return []
    return [
        (event, numbers)
        for event in events
        if (numbers := tuple(sorted(n for n, ids in met.items() if event.event_id in ids)))
    ]


def _last_day(event: PlainEvent, as_of: dt.date, *, is_open: bool) -> dt.date:
    if is_open:
        return as_of
    if event.end_on is None:
        return event.start_on
    # An end before the start is a partner's slip: the day it began still counts.
    return max(event.start_on, min(event.end_on, as_of))


def _holds(test: Test, value: Any) -> bool:
    if value is None or isinstance(value, list | dict):
        return False
    if test.operator in ("eq", "in"):
        return any(_is_like(value, wanted) and value == wanted for wanted in test.values)
    wanted = test.values[0]
    if isinstance(value, bool) or not _is_like(value, wanted):
        return False
    low, high = (wanted, value) if test.operator == "gte" else (value, wanted)
    return bool(low <= high)  # type: ignore[operator]


def _is_like(value: Any, wanted: Any) -> bool:
    """Text is compared with text, numbers with numbers, true and false with themselves."""

    def sort_of(each: Any) -> str:
        if isinstance(each, bool):
            return "boolean"
        return "number" if isinstance(each, int | float) else "text"

    return sort_of(value) == sort_of(wanted)
