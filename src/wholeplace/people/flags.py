"""Flags: what limits sight of a person, projected onto people at every run.

A flag is stated by a source about its own id (the anchor), never about a person, because
who is one person is worked out anew at each run. `flag_reach` remembers every record that an
anchor has ever reached, so linking with a changed model never unseals anyone; it is kept in
the data folder's ledger as well as in each snapshot, so restoring a snapshot forgets nothing.
Flags that people state on screen are one more source: they reach as an extract's do.
"""

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wholeplace.agreements import SCREEN, Anchor, Projection, Statement, project_statements
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.partnership.definitions import Dataset

__all__ = ["FLAG_REACH", "keep_reach", "people_by", "project_flags", "project_stated", "read_reach"]

FLAG_REACH = pa.schema(
    [
        pa.field(name, pa.string())
        for name in (
            "anchor_dataset",
            "anchor_source_id",
            "flag",
            "purpose",
            "record_id",
            "record_dataset",
            "record_source_id",
        )
    ]
)
_SOURCES = pa.schema(
    [
        ("dataset", pa.string()),
        ("partner", pa.string()),
        ("flag", pa.string()),
        ("purpose", pa.string()),
        ("is_authoritative", pa.bool_()),
        ("fresh_days", pa.int32()),
    ]
)
_STATED_ANCHORS = pa.schema(
    [
        pa.field(name, pa.string())
        for name in ("statement", "flag", "purpose", "dataset", "source_id", "protects")
    ]
)
_STATED_FLAGS = pa.schema(
    [pa.field(name, pa.string()) for name in ("person_id", "flag", "purpose", "value", "partner")]
)
_LEDGER_FILE = "flag_reach.parquet"


def project_flags(
    store: Store,
    datasets: Iterable[Dataset],
    reached_before: pa.Table,
    extracts: pa.Table,
    as_of: dt.date,
    statements: Sequence[Statement] = (),
) -> None:
    """Build `flag_sources`, `flag_reach` and `subject_flags`.

    Args:
        store: holds `records`, `person_records` and `flags`.
        datasets: their flag mappings say which lists are authoritative and how long fresh.
        reached_before: every reach there has ever been, as `FLAG_REACH`.
        extracts: columns dataset, newest_on: the date of the newest extract of each dataset.
        as_of: the day on which freshness is judged.
        statements: every flag ever stated on screen.
    """
    sources = [
        {
            "dataset": dataset.id,
            "partner": dataset.partner,
            "flag": mapping.flag,
            "purpose": mapping.purpose or "",
            "is_authoritative": mapping.authoritative,
            "fresh_days": mapping.fresh_days,
        }
        for dataset in datasets
        for mapping in dataset.flags
    ]
    store.register("flag_mappings", pa.Table.from_pylist(sources, schema=_SOURCES))
    store.register("flag_reach_before", reached_before.cast(FLAG_REACH))
    store.register("newest_extracts", extracts)
    store.register("stated_anchors", _anchors_table(statements))
    store.materialise(SqlFile.read("people", "flag_sources"), {"as_of": as_of})
    store.materialise(SqlFile.read("people", "flag_reach"), {"screen": SCREEN})
    project_stated(store, statements, as_of)
    store.materialise(SqlFile.read("people", "subject_flags"), {"screen": SCREEN})


def project_stated(store: Store, statements: Sequence[Statement], on: dt.date) -> Projection:
    """Put what statements made on screen make of people in the table `stated_flags`.

    Args:
        store: holds `person_records` and `flag_reach`.
        statements: every one ever made.
        on: the day on which they are judged.
    """
    store.register("stated_anchors", _anchors_table(statements))
    people_at = store.rows(SqlFile.read("people", "stated_people").select)
    reached = store.rows(SqlFile.read("people", "stated_reach").select, {"screen": SCREEN})
    found = project_statements(statements, *people_by(people_at, reached), on)
    rows = [
        {
            "person_id": person_id,
            "flag": each.flag,
            "purpose": each.purpose,
            "value": each.value,
            "partner": each.partner,
        }
        for person_id, flags in found.flags.items()
        for each in flags
    ]
    store.register("stated_flags", pa.Table.from_pylist(rows, schema=_STATED_FLAGS))
    return found


def people_by(
    people_at: Iterable[Mapping[str, str]], reached: Iterable[Mapping[str, str]]
) -> tuple[dict[Anchor, set[str]], dict[str, set[str]]]:
    """Return people by anchor, and by statement, from rows of the two queries."""
    by_anchor: dict[Anchor, set[str]] = defaultdict(set)
    by_statement: dict[str, set[str]] = defaultdict(set)
    for row in people_at:
        by_anchor[Anchor(row["dataset"], row["source_id"])].add(row["person_id"])
    for row in reached:
        by_statement[row["statement"]].add(row["person_id"])
    return by_anchor, by_statement


def _anchors_table(statements: Iterable[Statement]) -> pa.Table:
    rows = [
        {
            "statement": each.id,
            "flag": each.flag,
            "purpose": each.purpose,
            "dataset": anchor.dataset,
            "source_id": anchor.source_id,
            "protects": "yes" if each.protects else "no",
        }
        for each in statements
        for anchor in sorted(each.anchors | (each.reached if each.protects else frozenset()))
    ]
    return pa.Table.from_pylist(rows, schema=_STATED_ANCHORS)


def read_reach(data: DataFolder, snapshot_reaches: Iterable[Path] = ()) -> pa.Table:
    """Return every reach there has ever been: the ledger's, and those of the snapshots given."""
    paths = [path for path in (data.ledger / _LEDGER_FILE, *snapshot_reaches) if path.exists()]
    if not paths:
        return FLAG_REACH.empty_table()
    tables = [pq.read_table(path, partitioning=None).select(FLAG_REACH.names) for path in paths]
    joined = pa.concat_tables(table.cast(FLAG_REACH) for table in tables)
    return joined.group_by(FLAG_REACH.names).aggregate([]).select(FLAG_REACH.names)


def keep_reach(data: DataFolder, reach: Path) -> None:
    """Put the newest reach in the ledger, before the snapshot that relies on it is published.

    Args:
        data: the deployment's data folder.
        reach: the Parquet file of the table `flag_reach`, which holds all earlier reach too.
    """
    data.ledger.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = data.ledger / f".{_LEDGER_FILE}"
    with aside.open("wb") as stream:
        stream.write(reach.read_bytes())
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(data.ledger / _LEDGER_FILE)
