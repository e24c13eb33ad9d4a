"""Households over time: people who live at one dwelling at the same time.

Found from where people are seen to live, never from likeness of names; so no relationship
is claimed that a source does not state. Hostels, care homes and the like are recognised and
are not made into families.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from wholeplace.foundation.store import SqlFile, Store
from wholeplace.linkage.identity import PreviousLinks, mint_id
from wholeplace.linkage.stays import STILL_THERE_DAYS, Stay, order_stays, part_stays

__all__ = ["Household", "build_households", "find_households", "renew_households"]

_HEAD = ("household_id",)
_MEMBER = ("household_id", "person_id", "start_on")


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


def build_households(store: Store, previous: PreviousLinks | None) -> None:
    """Build tables `households` and `household_members`."""
    store.materialise(SqlFile.read("linkage", "linkage_stays"))
    households = find_households(_read_stays(store))
    ids = _name_households(households, previous)
    heads, members = _tabulate(households, ids)
    for name, table, grain in (
        ("households", heads, _HEAD),
        ("household_members", members, _MEMBER),
    ):
        store.register("linkage_rows", table)
        store.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM linkage_rows ORDER BY ALL")
        store.prove_unique(name, grain)


def renew_households(store: Store) -> None:
    """Build the same tables from those held and what changed: only dwellings that it reaches.

    A household rests on who was seen at its dwelling, and for how long; on every other
    dwelling of these people; and on the newest day of all, by which somebody is held to live
    there still.
    """
    store.run("DROP TABLE IF EXISTS linkage_input")
    store.run("CREATE VIEW linkage_input AS FROM link_input")
    newest = _list_moved_people(store)
    # Whoever moved: where they lived before, and where they live now.
    _stays_of(store, "linkage_moved_people")
    store.run(
        "CREATE OR REPLACE TABLE linkage_dwellings AS SELECT dwelling FROM linkage_stays UNION "
        "SELECT address_key FROM linkage_held_households SEMI JOIN (SELECT household_id FROM "
        "linkage_held_household_members SEMI JOIN linkage_moved_people USING (person_id)) "
        "USING (household_id)"
    )
    store.run(
        "CREATE OR REPLACE TABLE linkage_heads AS SELECT household_id, address_key "
        "FROM linkage_held_households SEMI JOIN linkage_dwellings ON address_key = dwelling"
    )
    store.run(
        "CREATE OR REPLACE TABLE linkage_neighbours AS FROM linkage_moved_people UNION "
        "SELECT person_id FROM linkage_held_household_members SEMI JOIN linkage_heads "
        "USING (household_id)"
    )
    _stays_of(store, "linkage_neighbours")
    dwellings = {row["dwelling"] for row in store.rows("FROM linkage_dwellings")}
    households = [
        each for each in find_households(_read_stays(store), newest) if each.dwelling in dwellings
    ]
    _keep_households(store, households, _name_households(households, *_held_names(store)))


def find_households(stays: Iterable[Stay], newest: dt.date | None = None) -> list[Household]:
    """Turn stays into households, sorted by dwelling and start.

    Args:
        stays: who was seen to live where.
        newest: the newest day of all; of these stays when absent.
    """
    of_person: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        of_person[stay.person_id].append(stay)
    if newest is None:
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


def _read_stays(store: Store) -> list[Stay]:
    rows = store.arrow(
        "SELECT * EXCLUDE (sightings) FROM linkage_stays ORDER BY person_id, dwelling"
    ).to_pylist()
    return [Stay(end_on=None, **row) for row in rows]


def _stays_of(store: Store, people: str) -> None:
    """Build `linkage_stays` of the people of a table alone."""
    store.run(
        "CREATE OR REPLACE TABLE linkage_records_of AS SELECT record_id, person_id "
        f"FROM person_records SEMI JOIN {people} USING (person_id)"
    )
    select = SqlFile.read("linkage", "linkage_stays").select
    store.run(
        "CREATE OR REPLACE TABLE linkage_stays AS WITH person_records AS "
        f"(FROM linkage_records_of) SELECT * FROM ({select})"
    )


def _list_moved_people(store: Store) -> dt.date:
    """Build `linkage_moved_people`, of then and of now; return the newest day of all."""
    seen = "coalesce(seen_to, seen_from)"
    newest = [
        store.value(
            f"SELECT max({seen}) FROM {name} WHERE seen_from IS NOT NULL "
            "AND (uprn IS NOT NULL OR home IS NOT NULL)"
        )
        or dt.date.min
        for name in ("linkage_held_link_input", "link_input")
    ]
    borrowed = ", ".join(
        f"{name} AS (SELECT home, min(uprn) AS uprn FROM {table} SEMI JOIN homes USING (home) "
        "WHERE uprn IS NOT NULL GROUP BY home HAVING count(DISTINCT uprn) = 1)"
        for name, table in (("earlier", "linkage_held_link_input"), ("today", "link_input"))
    )
    # An address without a UPRN borrows it from its neighbours: it moves when theirs do.
    store.run(
        "CREATE OR REPLACE TABLE linkage_moved_records AS WITH homes AS (SELECT home FROM "
        "linkage_fresh_input UNION SELECT home FROM linkage_held_link_input SEMI JOIN "
        f"linkage_gone_ids USING (record_id)), {borrowed}, others AS (SELECT home FROM earlier "
        "FULL JOIN today USING (home) WHERE earlier.uprn IS DISTINCT FROM today.uprn) "
        "SELECT record_id FROM linkage_touched UNION SELECT record_id FROM linkage_gone_ids UNION "
        "SELECT record_id FROM linkage_reseen_ids UNION "
        "SELECT record_id FROM link_input SEMI JOIN others USING (home) UNION "
        f"SELECT record_id FROM link_input WHERE ($now::DATE - {seen} <= {STILL_THERE_DAYS}) <> "
        f"($before::DATE - {seen} <= {STILL_THERE_DAYS})",
        {"before": newest[0], "now": newest[1]},
    )
    store.run(
        "CREATE OR REPLACE TABLE linkage_moved_people AS SELECT person_id FROM person_records "
        "SEMI JOIN linkage_moved_records USING (record_id) UNION SELECT person_id FROM "
        "linkage_held_person_records SEMI JOIN linkage_moved_records USING (record_id)"
    )
    return newest[1]


def _held_names(store: Store) -> tuple[PreviousLinks, set[str]]:
    """Return the households held at the dwellings that are reached, and every id held at all."""
    people: dict[str, set[str]] = defaultdict(set)
    for row in store.rows(
        "SELECT household_id, person_id FROM linkage_held_household_members "
        "SEMI JOIN linkage_heads USING (household_id)"
    ):
        people[row["household_id"]].add(row["person_id"])
    heads = {row["household_id"]: row["address_key"] for row in store.rows("FROM linkage_heads")}
    taken = store.arrow("SELECT household_id FROM linkage_held_households").column(0).to_pylist()
    held = {name: frozenset(found) for name, found in people.items()}
    return PreviousLinks({}, households=held, dwellings=heads), set(taken)


def _keep_households(store: Store, households: Sequence[Household], ids: Sequence[str]) -> None:
    """Write households beside those held of other dwellings."""
    heads, members = _tabulate(households, ids)
    for name, table, grain in (
        ("households", heads, _HEAD),
        ("household_members", members, _MEMBER),
    ):
        store.register("linkage_rows", table)
        store.run(
            f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM linkage_rows UNION ALL BY NAME "
            f"SELECT * FROM linkage_held_{name} ANTI JOIN linkage_heads USING (household_id)"
        )
        store.prove_unique(name, grain)


def _end(stays: Sequence[Stay]) -> dt.date | None:
    ends = [stay.end_on for stay in stays if stay.end_on is not None]
    return max(ends) if len(ends) == len(stays) else None


def _name_households(
    households: Sequence[Household], previous: PreviousLinks | None, taken: set[str] | None = None
) -> list[str]:
    """Carry a household's id over by the people it shares with one before; mint the rest.

    At its own dwelling first, so that a household whom nothing happened to keeps its id
    whatever happens elsewhere; what is left over moves house with most of its people.
    """
    before = (previous.households or {}) if previous else {}
    dwellings = (previous.dwellings or {}) if previous else {}
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

    def rank(key: tuple[str, int]) -> tuple[bool, bool, bool, int, tuple[str, int]]:
        name, place = key
        is_here = dwellings.get(name) == households[place].dwelling
        is_same = is_here and before[name] == households[place].people
        # An unchanged household mints the id that it had; that settles ties between several homes.
        return not is_same, not is_here, name != dwelling_ids[place], -shared[key], key

    ranked = sorted(shared, key=rank)
    carried: dict[int, str] = {}
    kept: set[str] = set()
    for name, place in ranked:
        if place not in carried and name not in kept:
            carried[place] = name
            kept.add(name)
    held, ids = set(before) if taken is None else taken, list[str]()
    for place, household in enumerate(households):
        ids.append(carried[place] if place in carried else mint_id("h", _anchor(household), held))
        held.add(ids[-1])
    return ids


def _anchor(household: Household) -> str:
    first = min(household.stays, key=lambda stay: (stay.first_on, stay.person_id))
    return f"{household.dwelling}\x1f{first.person_id}\x1f{first.first_on.isoformat()}"


def _tabulate(households: Sequence[Household], ids: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """Return households and their members as tables."""
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
    return (
        pa.Table.from_pylist(heads, schema=_schema("household_id", "address_key", "kind")),
        pa.Table.from_pylist(members, schema=_schema("household_id", "person_id")),
    )


def _schema(*texts: str) -> pa.Schema:
    fields = [pa.field(text, pa.string()) for text in texts]
    fields += [pa.field("start_on", pa.date32()), pa.field("end_on", pa.date32())]
    return pa.schema(fields)
