"""Stable identity: a person keeps one id for as long as the person is known.

Ids are minted once, never reused, and survive reruns, new records and changed models: a
group takes over the id that most of its records had. What happens to an id is an event.
"""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["IDENTITY_EVENTS", "IdentityEvent", "PreviousLinks", "carry_ids", "tabulate_people"]

IDENTITY_EVENTS = pa.schema(
    [
        # grain: happened_on, kind, old_id, new_id. Carried from snapshot to snapshot.
        pa.field("happened_on", pa.date32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # merged, split or retired
        pa.field("old_id", pa.string(), nullable=False),
        pa.field("new_id", pa.string()),  # where its records went; null when they left
        pa.field("records", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, order=True)
class IdentityEvent:
    """One thing that happened to an id: merged into another, split from it, or retired."""

    happened_on: dt.date
    kind: str
    old_id: str
    new_id: str | None
    records: int


@dataclass(frozen=True)
class PreviousLinks:
    """What the last snapshot said.

    Attributes:
        person_of: record_id → person_id.
        events: every identity event so far; ids named there are never minted again.
        households: household_id → its person ids.
        dwellings: household_id → where it lives.
    """

    person_of: Mapping[str, str]
    events: Sequence[IdentityEvent] = ()
    households: Mapping[str, frozenset[str]] | None = None
    dwellings: Mapping[str, str] | None = None

    @classmethod
    def read(cls, folder: Path) -> "PreviousLinks | None":
        """Read from a snapshot's folder; None where it holds no people."""
        people = folder / "person_records.parquet"
        if not people.exists():
            return None
        table = pq.read_table(people, columns=["record_id", "person_id"])
        person_of = dict(zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True))
        events: list[IdentityEvent] = []
        if (folder / "identity_events.parquet").exists():
            events = [
                IdentityEvent(**row)
                for row in pq.read_table(folder / "identity_events.parquet").to_pylist()
            ]
        members: dict[str, set[str]] = defaultdict(set)
        if (folder / "household_members.parquet").exists():
            held = pq.read_table(
                folder / "household_members.parquet", columns=["household_id", "person_id"]
            )
            for household, person in zip(
                held.column(0).to_pylist(), held.column(1).to_pylist(), strict=True
            ):
                members[household].add(person)
        dwellings: dict[str, str] = {}
        if (folder / "households.parquet").exists():
            heads = pq.read_table(
                folder / "households.parquet", columns=["household_id", "address_key"]
            )
            dwellings = dict(
                zip(heads.column(0).to_pylist(), heads.column(1).to_pylist(), strict=True)
            )
        households = {name: frozenset(found) for name, found in members.items()}
        return cls(person_of, tuple(events), households, dwellings)


_NONE = PreviousLinks({})


def tabulate_people(groups: Sequence[Sequence[str]], ids: Sequence[str]) -> pa.Table:
    """Return groups of records and their ids as a table: record_id, person_id."""
    records = [record for group in groups for record in group]
    people = [name for name, group in zip(ids, groups, strict=True) for _ in group]
    return pa.table(
        {"record_id": pa.array(records, pa.string()), "person_id": pa.array(people, pa.string())}
    )


def carry_ids(
    groups: Sequence[Sequence[str]],
    previous: PreviousLinks | None,
    on: dt.date,
    *,
    taken: set[str] | None = None,
) -> tuple[list[str], list[IdentityEvent]]:
    """Give every group of records its id, and say what happened to earlier ids.

    Args:
        groups: record ids of each group, sorted; no record in two groups.
        previous: what the last snapshot said.
        on: day of the events.
        taken: every id ever given, where `previous` tells only of some; it is added to.

    Returns:
        One id a group, in the groups' order, and the new events, sorted.
    """
    person_of = previous.person_of if previous else {}
    shared = Counter(
        (person_of[record], place)
        for place, group in enumerate(groups)
        for record in group
        if record in person_of
    )
    # Largest overlap first; ties go to the id and the group that sort first.
    ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0][0], groups[item[0][1]][0]))
    carried: dict[int, str] = {}
    kept: set[str] = set()
    for (old, place), _ in ranked:
        if place not in carried and old not in kept:
            carried[place] = old
            kept.add(old)
    if taken is None:
        taken = {*person_of.values(), *(event.old_id for event in (previous or _NONE).events)}
    ids = []
    for place, group in enumerate(groups):
        ids.append(carried[place] if place in carried else mint_id("p", min(group), taken))
        taken.add(ids[-1])
    return ids, _tell_events(shared, ids, set(person_of.values()), on)


def mint_id(letter: str, anchor: str, taken: Iterable[str]) -> str:
    """Return an id that was never used: made from a record id, so that equal input gives equal ids."""
    held = taken if isinstance(taken, set | frozenset) else set(taken)
    turn = 0
    while True:
        text = f"{letter}\x1f{anchor}\x1f{turn}"
        minted = letter + hashlib.sha256(text.encode()).hexdigest()[:15]
        if minted not in held:
            return minted
        turn += 1


def _tell_events(
    shared: Mapping[tuple[str, int], int], ids: Sequence[str], old: set[str], on: dt.date
) -> list[IdentityEvent]:
    current = set(ids)
    went: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (before, place), records in shared.items():
        went[before].append((ids[place], records))
    events = []
    for before in sorted(old):
        places = went.get(before, [])
        if not places:
            events.append(IdentityEvent(on, "retired", before, None, 0))
        for after, records in places:
            if after != before:
                events.append(
                    IdentityEvent(
                        on, "split" if before in current else "merged", before, after, records
                    )
                )
    return sorted(events, key=lambda event: (event.old_id, event.new_id or ""))
