"""Counts of a need in every set of areas at once, protected and recorded as published.

All sets are rounded and attacked together, on the pieces that their boundaries cut the place
into, so that a figure by one set less a figure by another tells of nobody. Residents are
rounded once for each snapshot and recipient; every need's table is made out of those, piece by
piece, so that all needs together are parts of one picture that adds up.

What was published of a snapshot stands in a ledger and is repeated as it was. The next
snapshot's figures aim at it: a figure changes only when the people do.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.disclosure import (
    AreaTable,
    Denominator,
    Population,
    ProtectedAreas,
    Record,
    ReleaseLedger,
    protect_areas,
    protect_denominator,
)
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.places.snapshot import ReadsSnapshot

__all__ = ["WITHOUT_NEED", "WITH_NEED", "protect_need", "protect_people"]

WITH_NEED = "with"
WITHOUT_NEED = "without"
_RESIDENTS = "residents"
_BETWEEN_SETS, _BETWEEN = chr(30), chr(31)


def protect_need(
    snapshot: ReadsSnapshot,
    recipient: str,
    framework: str,
    need: str,
    *,
    edition: str = "",
    releases: Path | None = None,
) -> ProtectedAreas:
    """Return how many residents have a need, in every area of every set, as it may be shown.

    Args:
        snapshot: a reader of the published snapshot.
        recipient: the partner whose clauses the counts are made under.
        framework: of the need.
        need: its id.
        edition: the snapshot's id.
        releases: folder of release ledgers; None protects without what left before.

    Raises:
        NotFoundError: if the snapshot has no such need, or no counts for the recipient.
    """
    rows = snapshot.rows(
        SqlFile.read("places", "read_piece_needs").select,
        {"recipient": recipient, "framework": framework, "need": need},
    )
    if not rows:
        raise NotFoundError(
            "There is no such need.",
            "The snapshot's frameworks have none of that name, or nothing was counted for you.",
            "Choose one of the needs of the frameworks that the place adopted.",
        )
    what = f"{framework}/{need}"
    return protect_people(snapshot, rows, recipient, what, edition=edition, releases=releases)


def protect_people(
    snapshot: ReadsSnapshot,
    rows: Sequence[Mapping[str, Any]],
    recipient: str,
    what: str,
    *,
    edition: str = "",
    releases: Path | None = None,
) -> ProtectedAreas:
    """Return how many residents are of some kind, in every area of every set, as it may be shown.

    Args:
        snapshot: a reader of the published snapshot.
        rows: piece, people and residents, exact.
        recipient: the partner whose clauses the counts are made under.
        what: stands for the kind in the ledger of releases.
        edition: the snapshot's id.
        releases: folder of release ledgers; None protects without what left before.
    """
    areas = _areas_of(snapshot, (row["piece"] for row in rows))
    everybody = _protect_residents(areas, rows, recipient, edition, releases)
    ledger = _ledger_of(releases, recipient, what)
    with ledger.hold():
        records = ledger.list()
        published, before = _published(records, edition)
        if published is not None:
            return published.table
        counts = {(row["piece"], WITH_NEED): int(row["people"]) for row in rows} | {
            (row["piece"], WITHOUT_NEED): int(row["residents"] - row["people"]) for row in rows
        }
        table = protect_areas(
            AreaTable(areas, (WITH_NEED, WITHOUT_NEED)),
            counts,
            targets=before.table if before else None,
            out_of=everybody,
        )
        _record(ledger, table, recipient, what, edition)
        return table


def _protect_residents(
    areas: Mapping[str, Mapping[str, str]],
    rows: Iterable[Mapping[str, Any]],
    recipient: str,
    edition: str,
    releases: Path | None,
) -> Denominator:
    ledger = _ledger_of(releases, recipient, _RESIDENTS)
    with ledger.hold():
        published, before = _published(ledger.list(), edition)
        everybody = protect_denominator(
            AreaTable(areas, (_RESIDENTS,)),
            {(row["piece"], _RESIDENTS): int(row["residents"]) for row in rows},
            targets=before.table if before else None,
            published=published.table if published else None,
        )
        if published is None:
            _record(ledger, everybody.table, recipient, _RESIDENTS, edition)
        return everybody


def _areas_of(snapshot: ReadsSnapshot, pieces: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return area set → piece → area. An area where nobody is counted has a piece of its own."""
    areas: dict[str, dict[str, str]] = {}
    for row in snapshot.rows(SqlFile.read("places", "read_area_codes").select):
        own = f"{row['area_set']}{_BETWEEN}{row['area_code']}"
        areas.setdefault(row["area_set"], {})[own] = row["area_code"]
    for piece in pieces:
        for part in piece.split(_BETWEEN_SETS):
            area_set, code = part.split(_BETWEEN)
            areas[area_set].pop(part if part != piece else "", None)
            areas[area_set][piece] = code
    return areas


def _ledger_of(releases: Path | None, recipient: str, what: str) -> ReleaseLedger:
    """Return the ledger of one question: named by its hash, since ids may be any text."""
    if releases is None:
        return ReleaseLedger()
    return ReleaseLedger(releases / content_hash([recipient, what])[:24])


def _published(records: list[Record], edition: str) -> tuple[Record | None, Record | None]:
    """Return the record of this edition, if it was published, and the one before it."""
    for number, record in enumerate(records):
        if edition and record.population.edition == edition:
            return record, records[number - 1] if number else None
    return None, records[-1] if records else None


def _record(
    ledger: ReleaseLedger, table: ProtectedAreas, recipient: str, what: str, edition: str
) -> None:
    population = Population(what, recipient, edition=edition)
    now = dt.datetime.now(dt.UTC)
    ledger.add(Record(now, recipient, what, population, table, ledger.last_hash()))
