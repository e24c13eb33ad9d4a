"""Taking what is past its date out of the standard tables of a snapshot that is older."""

from collections.abc import Iterable

import pyarrow as pa

from wholeplace.agreements.deciding.retention import Keeping
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.intake.minimise import record_fields
from wholeplace.intake.shapes import RECORDS
from wholeplace.partnership.definitions import Dataset

__all__ = ["count_past", "expire_standard", "register_keeping"]

_COLUMNS = tuple(
    name
    for name in RECORDS.names
    if name not in ("record_id", "dataset", "partner", "source_id", "seen_from", "seen_to")
)


def register_keeping(store: Store, keeping: Keeping, datasets: Iterable[Dataset]) -> None:
    """Make `kept_days`, `kept_columns` and `ending_kinds` readable."""
    rows = [
        {"partner": partner, "field": name, "days": days}
        for (partner, name), days in sorted(keeping.days.items())
    ]
    schema = pa.schema([("partner", pa.string()), ("field", pa.string()), ("days", pa.int32())])
    store.register("kept_days", pa.Table.from_pylist(rows, schema=schema))
    fields = record_fields()
    columns = [
        {
            "partner": partner,
            **{name: keeping.days.get((partner, fields[name]), 0) for name in _COLUMNS},
        }
        for partner in sorted({partner for partner, _ in keeping.days})
    ]
    typed = pa.schema([("partner", pa.string()), *((name, pa.int32()) for name in _COLUMNS)])
    store.register("kept_columns", pa.Table.from_pylist(columns, schema=typed))
    ending = [
        {"dataset": dataset.id, "kind": event.kind}
        for dataset in datasets
        for event in dataset.events
        if event.end
    ]
    kinds = pa.schema([("dataset", pa.string()), ("kind", pa.string())])
    unique = [dict(pairs) for pairs in sorted({tuple(sorted(each.items())) for each in ending})]
    store.register("ending_kinds", pa.Table.from_pylist(unique, schema=kinds))


def count_past(store: Store, keeping: Keeping) -> tuple[int, int]:
    """Return how many events, and how many records with a value, are past their date.

    Args:
        store: holds `events`, `records` and what `register_keeping` makes.
        keeping: for how long what is kept.
    """
    store.materialise(SqlFile.read("intake", "aged_events"), {"on": keeping.on})
    store.materialise(SqlFile.read("intake", "dated_records"), {"on": keeping.on})
    events = store.value("SELECT count(*) FROM aged_events")
    differs = " OR ".join(f"r.{name} IS DISTINCT FROM d.{name}" for name in _COLUMNS)
    records = store.value(
        f"SELECT count(*) FROM records AS r JOIN dated_records AS d USING (record_id) WHERE {differs}"
    )
    return int(events), int(records)


def expire_standard(store: Store, keeping: Keeping) -> None:
    """Cut `records` and `events` down to what is not past its date.

    A record that comes to hold nothing, with no event left, goes whole, unless a flag that
    protects somebody is stated under its source id.

    Args:
        store: holds `records` and `events` as tables, `flags`, and what `register_keeping` makes.
        keeping: for how long what is kept.
    """
    count_past(store, keeping)
    empty = " AND ".join(f"d.{name} IS NULL" for name in _COLUMNS)
    held = " OR ".join(f"r.{name} IS NOT NULL" for name in _COLUMNS)
    store.run("DELETE FROM events WHERE event_id IN (SELECT event_id FROM aged_events)")
    store.run(
        "CREATE OR REPLACE TABLE records_past AS SELECT d.record_id FROM dated_records AS d "
        f"JOIN records AS r USING (record_id) WHERE {empty} AND ({held}) "
        "AND record_id NOT IN (SELECT record_id FROM events) AND NOT EXISTS ("
        "SELECT 1 FROM flags AS f WHERE f.dataset = d.dataset AND f.source_id = d.source_id "
        "AND (f.value = 'unknown' OR (f.flag = 'consent') = (f.value = 'no')))"
    )
    store.run("DROP TABLE records")
    store.run(
        "CREATE TABLE records AS SELECT * FROM dated_records "
        "WHERE record_id NOT IN (SELECT record_id FROM records_past)"
    )
    store.run("DROP TABLE dated_records")
    store.run("DROP TABLE aged_events")
