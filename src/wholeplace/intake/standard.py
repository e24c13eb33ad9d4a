"""From partitions to the standard tables: records, record_rows, events and flags.

What counts, and how versions follow each other:

* the newest extract that has a key decides what that row says now; only it makes events;
* every version of who a person is stays as a record with the days between which it was seen,
  also after a correction and after a row left a full extract: history is not unmade, except
  by deletion, or where a correction gave the row to another person;
* a row's absence means something only in a full extract that arrived whole (no rejected row,
  no lost end, not far shorter than the one before unless a steward confirmed it): then what
  was still open has ended, and an authoritative list says no;
* a kind of event that no agreement covered when the extracts were loaded is no event here.
"""

from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import SqlFile, Store, quote_text
from wholeplace.intake.ledger import Ledger
from wholeplace.intake.loading import HasDatasets
from wholeplace.intake.report import FileReport
from wholeplace.intake.staging_sql import STAGING_TABLES, stage_events, stage_flags, stage_rows
from wholeplace.intake.stored import list_extracts, stored_rows_sql
from wholeplace.intake.wholeness import list_judged
from wholeplace.partnership.definitions import Dataset

__all__ = ["STANDARD_TABLES", "build_standard"]

STANDARD_TABLES = ("record_rows", "records", "events", "flags")


def build_standard(store: Store, place: HasDatasets, data: DataFolder) -> dict[str, int]:
    """Build the standard tables from everything that is loaded.

    The content depends on the extracts alone, not on the order in which they were loaded.

    Returns:
        Rows by table.

    Raises:
        StoreError: if a table breaks its grain.
    """
    for table, columns in STAGING_TABLES.items():
        store.run(f"CREATE OR REPLACE TABLE {table} ({columns})")
    for _, dataset in sorted(place.datasets.items()):
        _stage_dataset(store, dataset, Ledger(data, dataset.id))
    store.materialise(SqlFile.read("intake", "intake_current"))
    built = {name: store.materialise(SqlFile.read("intake", name)) for name in STANDARD_TABLES}
    for table in (*STAGING_TABLES, "intake_current"):
        store.run(f"DROP TABLE {table}")
    return built


def _stage_dataset(store: Store, dataset: Dataset, ledger: Ledger) -> None:
    judged = list_judged(dataset, ledger)
    loaded = [entry for entry in judged if entry.status == "loaded" and entry.partition]
    if not loaded:
        return
    dataset = _without_unseen_events(dataset, loaded)
    list_extracts(store, dataset, ledger, loaded)
    for entry in loaded:
        if entry.held_flags:
            store.run(
                "INSERT INTO intake_held_flags SELECT $dataset, $partner, source_id, flag, purpose, "
                "value, $day, coalesce(seen_on, $day), strictness FROM "
                f"read_parquet({quote_text(str(ledger.quarantine / entry.held_flags))})",
                {"dataset": dataset.id, "partner": dataset.partner, "day": entry.extract_on},
            )
    source = stored_rows_sql(store, dataset)
    store.run(f"CREATE OR REPLACE TEMP VIEW intake_source AS {source}")
    store.run(stage_rows(dataset, "intake_source"))
    for statement in (
        *stage_events(dataset, "intake_source"),
        *stage_flags(dataset, "intake_source"),
    ):
        store.run(statement)
    store.run("DROP VIEW intake_source")


def _without_unseen_events(dataset: Dataset, loaded: list[FileReport]) -> Dataset:
    """Return the contract less the kinds of event that were not kept when it was loaded.

    Intake does not keep such events' own columns, but a date that was kept for another reason
    could still stand for one.
    """
    unseen = {drop.name for entry in loaded for drop in entry.events_dropped}
    seen = tuple(event for event in dataset.events if event.kind not in unseen)
    return dataset.model_copy(update={"events": seen})
