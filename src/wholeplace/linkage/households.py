"""Households over time: people who live at one dwelling at the same time.

Found from where people are seen to live, never from likeness of names; so no relationship
is claimed that a source does not state. Hostels, care homes and the like are recognised and
are not made into families.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from wholeplace.foundation.store import SqlFile, Store
from wholeplace.linkage.identity import PreviousLinks, mint_id

__all__ = ["Household", "Stay", "build_households", "find_households"]

GAP_DAYS = 400  # people of one surname seen at a dwelling within this follow on from each other
STILL_THERE_DAYS = 400  # a latest address seen within this of the newest data is still home
COMMUNAL_PEOPLE = 9  # with as many unrelated surnames as half of them: not one family
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Stay:
    """One person at one dwelling, from the first day to the last (None: still there)."""

    dwelling: str
    first_on: dt.date
    person_id: str
    last_on: dt.date
    end_on: dt.date | None
    datasets: int
    family_name: str | None
    is_temporary: bool
    is_communal: bool


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
    rows = store.arrow("SELECT * EXCLUDE (sightings) FROM linkage_stays ORDER BY person_id, dwelling").to_pylist()
    households = find_households([Stay(end_on=None, **row) for row in rows])
    ids = _name_households(households, previous)
    members = [
        {"household_id": name, "person_id": stay.person_id, "start_on": stay.first_on, "end_on": stay.end_on}
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
    _write(store, "household_members", members, ("person_id",), ("household_id", "person_id", "start_on"))
    return dict(sorted(Counter(household.kind for household in households).items()))


def find_households(stays: Iterable[Stay]) -> list[Household]:
    """Turn stays into households, sorted by dwelling and start."""
    of_person: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        of_person[stay.person_id].append(stay)
    newest = max((stay.last_on for found in of_person.values() for stay in found), default=dt.date.min)
    at: dict[str, list[Stay]] = defaultdict(list)
    for _, found in sorted(of_person.items()):
        for stay in _order_stays(found, newest):
            at[stay.dwelling].append(stay)
    households = []
    for dwelling, found in sorted(at.items()):
        kind = _kind(found)
        households += [Household(dwelling, kind, tuple(together)) for together in _split_in_time(sorted(found))]
    return households


def _order_stays(stays: Sequence[Stay], newest: dt.date) -> list[Stay]:
    """Put one person's stays in order; each ends when the next begins.

    A dwelling seen only while a better-known one was seen before and after is an old
    address copied forward, not a move.
    """
    real = [
        stay
        for stay in stays
        if not any(
            other is not stay
            and other.first_on <= stay.first_on
            and other.last_on >= stay.last_on
            and other.datasets > stay.datasets
            for other in stays
        )
    ]
    ordered = sorted(real, key=lambda stay: (stay.first_on, stay.last_on, stay.dwelling))
    ended = []
    for place, stay in enumerate(ordered):
        following = next((other for other in ordered[place + 1 :] if other.first_on > stay.first_on), None)
        if following:
            ended.append(replace(stay, end_on=following.first_on - _DAY))
        else:
            is_home = (newest - stay.last_on).days <= STILL_THERE_DAYS
            ended.append(replace(stay, end_on=None if is_home else stay.last_on))
    return ended


def _split_in_time(stays: Sequence[Stay]) -> list[list[Stay]]:
    """Part the stays of one dwelling, sorted by start, where nobody's stay reaches the next.

    People seen now and then leave gaps; those are bridged only within one surname, since a
    gap between two surnames is most often one family leaving and another coming.
    """
    groups: list[list[Stay]] = []
    reach, names = dt.date.min, set[str | None]()
    for stay in stays:
        gap = (stay.first_on - reach).days
        follows_on = gap <= GAP_DAYS and stay.family_name is not None and stay.family_name in names
        if not groups or (gap > 0 and not follows_on):
            groups.append([])
            names = set()
        groups[-1].append(stay)
        names.add(stay.family_name)
        seen_to = stay.last_on if stay.end_on is None else min(stay.end_on, stay.last_on)
        reach = max(reach, seen_to, stay.first_on)
    return groups


def _kind(stays: Sequence[Stay]) -> str:
    if any(stay.is_temporary for stay in stays):
        return "temporary"
    people = {stay.person_id for stay in stays}
    names = {stay.family_name for stay in stays if stay.family_name}
    if any(stay.is_communal for stay in stays) or (len(people) >= COMMUNAL_PEOPLE and len(names) * 2 > len(people)):
        return "communal"
    return "home"


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


def _write(store: Store, name: str, rows: Sequence[Mapping[str, object]], texts: tuple[str, ...], grain: tuple[str, ...]) -> None:
    fields = [pa.field("household_id", pa.string())]
    fields += [pa.field(text, pa.string()) for text in texts]
    fields += [pa.field("start_on", pa.date32()), pa.field("end_on", pa.date32())]
    store.register("linkage_rows", pa.Table.from_pylist(rows, schema=pa.schema(fields)))
    store.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM linkage_rows ORDER BY ALL")
    store.prove_unique(name, grain)
