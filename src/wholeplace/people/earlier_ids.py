"""Every id that a person's records ever went by, so that an account outlives re-linking.

Ids are never reused, so each belongs to one story. A merge gives its id to another; from then on
both are one person's. A split shows that records of two people stood under one id: until that day
nobody can tell which of the two an entry was about (`mixed_until_on`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from wholeplace.foundation.store import SqlFile
from wholeplace.linkage.identity import IdentityEvent
from wholeplace.people.reader import SnapshotReader

__all__ = ["Anchor", "EarlierId", "earlier_ids", "read_anchors", "read_earlier_ids", "read_people_of"]  # fmt: skip

Anchor = tuple[str, str]
"""Dataset and source id: what a partner calls a person, whatever linkage makes of it."""


@dataclass(frozen=True)
class EarlierId:
    """An id that a person's records go by, or went by.

    Attributes:
        until_on: last day on which they stood under it; None where they still do.
        mixed_until_on: last day on which records of somebody else stood under it too.
    """

    person_id: str
    until_on: dt.date | None
    mixed_until_on: dt.date | None


def earlier_ids(person_id: str, events: Iterable[IdentityEvent]) -> list[EarlierId]:
    """Return a person's ids, the one of today first, then sorted.

    Args:
        person_id: the id of today.
        events: everything that ever happened to any id.
    """
    came_from, split_from = _by_id(events)
    found: dict[str, EarlierId] = {}
    waiting = [EarlierId(person_id, None, None)]
    while waiting:
        here = waiting.pop()
        splits = [on for on in split_from.get(here.person_id, ()) if _is_before(on, here.until_on)]
        here = EarlierId(
            here.person_id,
            here.until_on,
            max([*splits, *_given(here.mixed_until_on)], default=None),
        )
        known = found.get(here.person_id)
        merged = here if known is None else _wider(known, here)
        if merged == known:
            continue
        found[here.person_id] = merged
        for event in came_from.get(here.person_id, ()):
            if not _is_before(event.happened_on, merged.until_on):
                continue
            # Of mixed records nobody can tell whose came from where.
            waiting.append(EarlierId(event.old_id, event.happened_on, merged.mixed_until_on))
    first = found.pop(person_id)
    return [first, *sorted(found.values(), key=lambda each: each.person_id)]


def read_earlier_ids(snapshot: SnapshotReader, person_id: str) -> list[EarlierId]:
    """Return a person's ids from the published snapshot."""
    events = snapshot.keep("identity events", lambda: _read_events(snapshot))
    return earlier_ids(person_id, events)


def read_anchors(snapshot: SnapshotReader, person_id: str) -> list[Anchor]:
    """Return what partners call a person in their datasets; none where there is no such person."""
    rows = snapshot.rows_of(_file("read_anchors_of"), {"person_id": person_id})
    return [(row["dataset"], row["source_id"]) for row in rows]


def read_people_of(snapshot: SnapshotReader, anchors: Sequence[Anchor]) -> list[str]:
    """Return the ids of everybody to whom any of the anchors belongs now."""
    wanted = set(anchors)
    asked = {
        "datasets": sorted({dataset for dataset, _ in wanted}),
        "source_ids": sorted({source_id for _, source_id in wanted}),
    }
    rows = snapshot.rows_of(_file("read_people_of"), asked) if wanted else []
    return sorted(
        {row["person_id"] for row in rows if (row["dataset"], row["source_id"]) in wanted}
    )


def _read_events(snapshot: SnapshotReader) -> list[IdentityEvent]:
    if "identity_events" not in snapshot.snapshot.tables:
        return []
    return [
        IdentityEvent(row["happened_on"], row["kind"], row["old_id"], row["new_id"], 0)
        for row in snapshot.rows_of(_file("read_identity_events"))
    ]


def _by_id(
    events: Iterable[IdentityEvent],
) -> tuple[dict[str, list[IdentityEvent]], dict[str, list[dt.date]]]:
    """Return, by id, the events that brought records to it, and the days on which it was split."""
    came_from: dict[str, list[IdentityEvent]] = defaultdict(list)
    split_from: dict[str, list[dt.date]] = defaultdict(list)
    went_to: dict[str, set[str]] = defaultdict(set)
    moves = [event for event in events if event.new_id is not None]
    for event in moves:
        went_to[event.old_id].add(str(event.new_id))
    for event in moves:
        came_from[str(event.new_id)].append(event)
        # An id that ended by being scattered over several was split as well.
        if event.kind == "split" or len(went_to[event.old_id]) > 1:
            split_from[event.old_id].append(event.happened_on)
    return came_from, split_from


def _is_before(on: dt.date, until_on: dt.date | None) -> bool:
    return until_on is None or on <= until_on


def _given(on: dt.date | None) -> list[dt.date]:
    return [] if on is None else [on]


def _wider(one: EarlierId, other: EarlierId) -> EarlierId:
    """Return the longer of two stays under one id, and the longer of the mixed times."""
    until = None if None in (one.until_on, other.until_on) else max(one.until_on, other.until_on)  # type: ignore[type-var]
    mixed = max([*_given(one.mixed_until_on), *_given(other.mixed_until_on)], default=None)
    return EarlierId(one.person_id, until, mixed)


@cache
def _file(name: str) -> SqlFile:
    return SqlFile.read("people", name)
