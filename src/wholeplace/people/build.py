"""The people stage: everything about people that is worked out from records and events."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from wholeplace.agreements import CountableFact, Statement
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.partnership.definitions import Dataset, Framework
from wholeplace.people.conditions import number_conditions
from wholeplace.people.counting import count_needs, facts_supplied
from wholeplace.people.factors import count_factors
from wholeplace.people.flags import FLAG_REACH, project_flags
from wholeplace.people.needs import find_needs
from wholeplace.people.services import count_services

__all__ = ["PEOPLE_TABLES", "build_people"]

PEOPLE_TABLES = (
    "area_needs",
    "countable_facts",
    "flag_reach",
    "flag_sources",
    "involvements",
    "need_conditions",
    "need_evidence",
    "person_factors",
    "person_identity",
    "person_needs",
    "piece_needs",
    "piece_services",
    "search_keys",
    "subject_flags",
    "timeline",
)
"""Tables that this stage leaves in the snapshot."""

_EXTRACTS = pa.schema([("dataset", pa.string()), ("newest_on", pa.date32())])


class HasDatasets(Protocol):
    """What this room needs of a place folder."""

    @property
    def datasets(self) -> Mapping[str, Dataset]:
        """Dataset contracts by id."""
        ...


def build_people(
    store: Store,
    place: HasDatasets,
    frameworks: Iterable[Framework],
    on: dt.date,
    *,
    reached_before: pa.Table | None = None,
    newest_extracts: Mapping[str, dt.date] | None = None,
    countable: Iterable[CountableFact] = (),
    statements: Sequence[Statement] = (),
) -> int:
    """Build `PEOPLE_TABLES`; return the number of people.

    Args:
        store: holds `records`, `events`, `flags`, `person_records`, `areas`, `person_areas`.
        place: for the flag mappings of its datasets.
        frameworks: as the place uses them.
        on: the as-of day: needs and the freshness of lists are judged on it.
        reached_before: every reach of a flag there has ever been (`flags.read_reach`).
        newest_extracts: day of the newest extract by dataset; where a dataset is not named,
            the newest day on which its rows were seen.
        countable: what agreements in force let be counted for whom; nothing is counted for
            anybody else.
        statements: every flag ever stated on screen.
    """
    conditions = number_conditions(frameworks)
    for name in ("timeline", "person_births", "person_identity", "involvements", "search_keys"):
        store.materialise(SqlFile.read("people", name))
    find_needs(store, conditions, on)
    stated = newest_extracts or {}
    extracts = {"dataset": list(stated), "newest_on": list(stated.values())}
    store.register("extracts_stated", pa.table(extracts, schema=_EXTRACTS))
    store.materialise(SqlFile.read("people", "newest_extracts"), {"as_of": on})
    project_flags(
        store,
        place.datasets.values(),
        FLAG_REACH.empty_table() if reached_before is None else reached_before,
        store.arrow("SELECT * FROM newest_extracts"),
        on,
        statements,
    )
    count_factors(store, on)
    count_needs(store, facts_supplied(countable, place.datasets.values()))
    count_services(store, on)
    return int(store.value("SELECT count(DISTINCT person_id) FROM person_records") or 0)
