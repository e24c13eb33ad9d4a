"""Whether it held: needs at the start, and needs that data shows again since the work ended.

The need rules are the same as everywhere (`people.conditions`, judged by `people.reference`); only
the days differ. At the start a rule looks back from that day. Afterwards it is asked of what
happened since: an event of before tells nothing of whether it held, except a spell that is still
going on, which has not ended however long ago it began.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from wholeplace.partnership.definitions import Framework
from wholeplace.people.conditions import NumberedCondition, number_conditions
from wholeplace.people.reference import PlainEvent, evaluate_needs

__all__ = [
    "HeldEvent",
    "NeedShown",
    "needs_on",
    "needs_since",
    "read_births",
    "read_events",
]


class Reader(Protocol):
    """What is needed of a snapshot's reader."""

    def rows_of(self, file: Any, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of an SQL file."""
        ...


@dataclass(frozen=True)
class HeldEvent:
    """One event with who holds it."""

    event: PlainEvent
    partner: str
    dataset: str


@dataclass(frozen=True, order=True)
class NeedShown:
    """One need that data shows, by which events.

    Attributes:
        event_ids: what shows it.
    """

    person_id: str
    headline: str
    need: str
    event_ids: tuple[str, ...]


def read_events(reader: Reader, person_ids: Sequence[str]) -> tuple[HeldEvent, ...]:
    """Return every event of some people."""
    from wholeplace.foundation.store import SqlFile

    rows = reader.rows_of(SqlFile.read("outcomes", "read_events"), {"person_ids": list(person_ids)})
    return tuple(
        HeldEvent(
            PlainEvent(
                row["event_id"],
                row["person_id"],
                row["kind"],
                row["start_on"],
                row["end_on"],
                row["attributes"],
            ),
            row["partner"],
            row["dataset"],
        )
        for row in rows
    )


def read_births(reader: Reader, person_ids: Sequence[str]) -> dict[str, dt.date]:
    """Return one date of birth for each of some people: what most datasets give, then the newest."""
    from wholeplace.foundation.store import SqlFile

    rows = reader.rows_of(SqlFile.read("outcomes", "read_births"), {"person_ids": list(person_ids)})
    return {row["person_id"]: row["birth_date"] for row in rows}


def needs_on(
    framework: Framework, events: Iterable[HeldEvent], births: Mapping[str, dt.date], on: dt.date
) -> tuple[NeedShown, ...]:
    """Return the needs that a framework's rules show on a day, from what had happened by then."""
    return _shown(framework, [each.event for each in events], births, on)


def needs_since(
    framework: Framework,
    events: Iterable[HeldEvent],
    births: Mapping[str, dt.date],
    since: dt.date,
    on: dt.date,
) -> tuple[NeedShown, ...]:
    """Return the needs that a framework's rules show on a day, from what happened after another.

    Args:
        framework: as the place uses it.
        events: of the people asked about.
        births: their dates of birth.
        since: the day the work ended; what happened on it or before does not count.
        on: the day of judging.
    """
    lasting = {
        each.condition.event for each in number_conditions([framework]) if each.condition.open
    }
    counted = [
        each.event
        for each in events
        if each.event.start_on > since or (each.event.kind in lasting and _goes_on(each.event, on))
    ]
    return _shown(framework, counted, births, on)


def _goes_on(event: PlainEvent, on: dt.date) -> bool:
    return event.start_on <= on and (event.end_on is None or event.end_on >= on)


def _shown(
    framework: Framework, events: Sequence[PlainEvent], births: Mapping[str, dt.date], on: dt.date
) -> tuple[NeedShown, ...]:
    conditions: tuple[NumberedCondition, ...] = number_conditions([framework])
    headlines = {each.need: each.headline for each in conditions}
    _, evidence = evaluate_needs(conditions, events, births, on)
    by_need: dict[tuple[str, str], list[str]] = {}
    for each in evidence:
        by_need.setdefault((each.person_id, each.need), []).append(each.event_id)
    return tuple(
        sorted(
            NeedShown(person_id, headlines[need], need, tuple(sorted(event_ids)))
            for (person_id, need), event_ids in by_need.items()
        )
    )
