"""Reading nothing that is past its date, whenever the last run was.

A run leaves out what is past its date on its own day. Between runs days go by, so a reader
leaves out what has come to be past its date since. What each fact's last day is, is said in
`agreements.retention`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from wholeplace.agreements import Keeping
from wholeplace.foundation.store import SqlFile, Store, quote_name
from wholeplace.partnership.definitions import Dataset

__all__ = ["DATED_TABLES", "keeping_as_plain", "leave_out_past"]

DATED_TABLES = ("timeline", "involvements", "need_evidence", "person_identity", "search_keys")
"""Tables of a snapshot of which some rows come to be past their date."""


def keeping_as_plain(keeping: Keeping, datasets: Iterable[Dataset]) -> dict[str, Any]:
    """Return what a reader needs, for a snapshot's manifest."""
    ending = {(each.id, event.kind) for each in datasets for event in each.events if event.end}
    return {
        "days": [[partner, name, days] for (partner, name), days in sorted(keeping.days.items())],
        "ending": [list(each) for each in sorted(ending)],
    }


def leave_out_past(store: Store, plain: Mapping[str, Any], on: dt.date, tables: set[str]) -> None:
    """Put views without what is past its date on a day in place of a snapshot's tables.

    Args:
        store: reads the snapshot's tables by name, as views.
        plain: what the manifest says under `keeping`.
        on: the day.
        tables: the snapshot's tables.
    """
    held = set(DATED_TABLES)
    if not held | {"person_records"} <= tables:
        return
    columns = list(zip(*plain["days"], strict=True)) or [(), (), ()]
    names = (("partner", pa.string()), ("field", pa.string()), ("days", pa.int32()))
    store.register("kept_days", pa.table([*map(list, columns)], schema=pa.schema(names)))
    ending = list(zip(*plain["ending"], strict=True)) or [(), ()]
    kinds = pa.schema([("dataset", pa.string()), ("kind", pa.string())])
    store.register("ending_kinds", pa.table([*map(list, ending)], schema=kinds))
    store.materialise(SqlFile.read("people", "past_events"), {"on": on})
    if store.value("SELECT count(*) FROM past_events"):
        for name in ("timeline", "involvements", "need_evidence"):
            _without(store, name, "ANTI JOIN past_events USING (event_id)")
    store.materialise(SqlFile.read("people", "past_identity"), {"on": on})
    if store.value("SELECT count(*) FROM past_identity"):
        _without(
            store,
            "person_identity",
            "ANTI JOIN past_identity USING (person_id, partner, dataset, field, value)",
        )
        # A key that only a value past its date gave is no key; where the person's partner still
        # holds a value of the field, its keys stay until the next run.
        _without(
            store, "search_keys", "SEMI JOIN person_identity USING (person_id, partner, field)"
        )


def _without(store: Store, name: str, joined: str) -> None:
    """Put a table of what is left in place of a view."""
    aside = quote_name(f"{name} kept")
    store.run(f"CREATE TABLE {aside} AS SELECT * FROM {quote_name(name)} {joined}")
    store.run(f"DROP VIEW {quote_name(name)}")
    store.run(f"ALTER TABLE {aside} RENAME TO {quote_name(name)}")
