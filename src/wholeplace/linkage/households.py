"""Households over time: people who live at one dwelling at the same time.

Found from where people are seen to live, never from likeness of names; so no relationship
is claimed that a source does not state. Hostels, care homes and the like are recognised and
are not made into families.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from wholeplace.foundation.store import SqlFile, Store
from wholeplace.linkage.identity import PreviousLinks, mint_id
from wholeplace.linkage.stays import Stay, order_stays, part_stays

__all__ = ["Household", "build_households", "find_households"]


@dataclass(frozen=True)
class Household:
    """People at one dwelling whose stays meet in time.

    Attributes:
        kind: home, communal or temporary.
    """

    dwelling: str
    kind: str
    stays: tuple[Stay, ...]

    @property
    def people(self) -> frozenset[str]:
        """Person ids."""
        return frozenset(stay.person_id for stay in self.stays)


def build_households(store: Store, previous: PreviousLinks | None) -> dict[str, int]:
    """Build tables `households` and `household_members`; return households by kind."""
    store.materialise(SqlFile.read("linkage", "linkage_stays"))
    rows = store.arrow(
        "SELECT * EXCLUDE (sightings) FROM linkage_stays ORDER BY person_id, dwelling"
    ).to_pylist()
    households = find_households([Stay(end_on=None, **row) for row in rows])
    ids = _name_households(households, previous)
    members = [
        {
            "household_id": name,
            "person_id": stay.person_id,
            "start_on": stay.first_on,
            "end_on": stay.end_on,
        }
        for name, household in zip(ids, households, strict=True)
        for stay in household.stays
    ]
    heads = [
        {
            "household_id": name,
            "address_key": household.dwelling,
            "kind": household.kind,
            "start_on": min(stay.first_on for stay in household.stays),
            "end_on": _end(household.stays),
        }
        for name, household in zip(ids, households, strict=True)
    ]
    _write(store, "households", heads, ("address_key", "kind"), ("household_id",))
    _write(
        store,
        "household_members",
        members,
        ("person_id",),
        ("household_id", "person_id", "start_on"),
    )
    return dict(sorted(Counter(household.kind for household in households).items()))


def find_households(stays: Iterable[Stay]) -> list[Household]:
    """Turn stays into households, sorted by dwelling and start."""
    of_person: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        of_person[stay.person_id].append(stay)
    newest = max(
        (stay.last_on for found in of_person.values() for stay in found), default=dt.date.min
    )
    at: dict[str, list[Stay]] = defaultdict(list)
    for _, found in sorted(of_person.items()):
        for stay in order_stays(found, newest):
            at[stay.dwelling].append(stay)
    homes_of = {
        person: frozenset(stay.dwelling for stay in found) for person, found in of_person.items()
    }
    households = []
    for dwelling, found in sorted(at.items()):
        kind, parts = part_stays(found, homes_of)
        households += [Household(dwelling, kind, tuple(together)) for together in parts]
    return households


def _end(stays: Sequence[Stay]) -> dt.date | None:
    ends = [stay.end_on for stay in stays if stay.end_on is not None]
    return max(ends) if len(ends) == len(stays) else None


def _name_households(households: Sequence[Household], previous: PreviousLinks | None) -> list[str]:
    """Carry a household's id over by the people it shares with one before; mint the rest."""
    before = (previous.households or {}) if previous else {}
    of_person: dict[str, set[str]] = defaultdict(set)
    for name, people in before.items():
        for person in people:
            of_person[person].add(name)
    shared = Counter(
        (name, place)
        for place, household in enumerate(households)
        for person in household.people
        for name in of_person.get(person, ())
    )
    dwelling_ids = [mint_id("h", _anchor(household), ()) for household in households]
    # An unchanged household mints the id that it had; that settles ties between several homes.
    ranked = sorted(shared, key=lambda key: (key[0] != dwelling_ids[key[1]], -shared[key], key))
    carried: dict[int, str] = {}
    kept: set[str] = set()
    for name, place in ranked:
        if place not in carried and name not in kept:
            carried[place] = name
            kept.add(name)
    taken, ids = set(before), []
    for place, household in enumerate(households):
        ids.append(carried[place] if place in carried else mint_id("h", _anchor(household), taken))
        taken.add(ids[-1])
    return ids


def _anchor(household: Household) -> str:
    first = min(household.stays, key=lambda stay: (stay.first_on, stay.person_id))
    return f"{household.dwelling}\x1f{first.person_id}\x1f{first.first_on.isoformat()}"


def _write(
    store: Store,
    name: str,
    rows: Sequence[Mapping[str, object]],
    texts: tuple[str, ...],
    grain: tuple[str, ...],
) -> None:
    fields = [pa.field("household_id", pa.string())]
    fields += [pa.field(text, pa.string()) for text in texts]
    fields += [pa.field("start_on", pa.date32()), pa.field("end_on", pa.date32())]
    store.register("linkage_rows", pa.Table.from_pylist(rows, schema=pa.schema(fields)))
    store.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM linkage_rows ORDER BY ALL")
    store.prove_unique(name, grain)
