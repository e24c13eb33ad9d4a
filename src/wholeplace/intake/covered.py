"""What may be held of the standard tables, and cutting tables that are older down to it.

A snapshot outlives the agreements that it was built under. What no agreement in force covers
any more leaves it too: UK GDPR Article 5(1)(b), (c) and (e).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from wholeplace.foundation.store import SqlFile, Store
from wholeplace.intake.minimise import minimise_dataset
from wholeplace.intake.shapes import RECORDS
from wholeplace.partnership.definitions import Dataset, EventMapping

__all__ = ["Covered", "cut_standard", "find_covered"]

_RECORD_COLUMNS = tuple(
    name
    for name in RECORDS.names
    if name not in ("record_id", "dataset", "partner", "source_id", "seen_from", "seen_to")
)
_END = "end"
_ATTRIBUTE = "attribute."


@dataclass(frozen=True)
class Covered:
    """What may be held of one dataset.

    Attributes:
        record: columns of `records` that say who somebody is or how to reach them.
        events: event kind → what may be held of it: `end`, and `attribute.<name>`.
    """

    record: frozenset[str]
    events: Mapping[str, frozenset[str]]

    def has_all_of(self, other: "Covered") -> bool:
        """Return whether everything that another lets be held, this does too."""
        return other.record <= self.record and all(
            kind in self.events and parts <= self.events[kind]
            for kind, parts in other.events.items()
        )

    def as_plain(self) -> dict[str, Any]:
        """Return plain values, for a manifest."""
        events = {kind: sorted(parts) for kind, parts in sorted(self.events.items())}
        return {"record": sorted(self.record), "events": events}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> "Covered":
        """Return what a manifest says."""
        events = {kind: frozenset(parts) for kind, parts in plain["events"].items()}
        return cls(frozenset(plain["record"]), events)


def find_covered(dataset: Dataset, covered: frozenset[str]) -> Covered:
    """Return what may be held of a dataset.

    Args:
        dataset: the contract.
        covered: vocabulary fields (or groups) of its partner that a clause in force covers.
    """
    minimised = minimise_dataset(dataset, covered)
    unseen = {drop.name for drop in minimised.events_dropped}
    # A column that stays on some rows only cannot be told apart here, so it counts as gone.
    kept = {
        field.name
        for place, field in enumerate(dataset.fields)
        if minimised.kept.get(field.name) == f"value_{place}"
    }
    fed: dict[str, bool] = {}
    for field in dataset.fields:
        column = (field.feeds or "").removeprefix("record.")
        if column in _RECORD_COLUMNS:
            fed[column] = fed.get(column, True) and field.name in kept
    events: dict[str, frozenset[str]] = {}
    for event in dataset.events:
        if event.kind in unseen or not {event.start, *event.when} <= set(minimised.kept):
            continue
        parts = _parts(event, frozenset(minimised.kept))
        # Two mappings of one kind cannot be told apart either: what both may hold stays.
        events[event.kind] = events.get(event.kind, parts) & parts
    return Covered(frozenset(column for column, is_kept in fed.items() if is_kept), events)


def cut_standard(store: Store, covered: Mapping[str, Covered]) -> None:
    """Cut tables `records` and `events` of the store down to what may be held.

    Rows of `records` stay, with less in them: flags and links hang on them. A dataset that is
    not named may hold nothing.

    Args:
        store: holds `records` and `events`, as tables or views; both are tables afterwards.
        covered: dataset → what may be held of it.
    """
    held = [
        {"dataset": name, **{column: column in each.record for column in _RECORD_COLUMNS}}
        for name, each in sorted(covered.items())
    ]
    columns = [pa.field(column, pa.bool_()) for column in _RECORD_COLUMNS]
    schema = pa.schema([pa.field("dataset", pa.string()), *columns])
    store.register("covered_records", pa.Table.from_pylist(held, schema=schema))
    store.register("covered_events", _covered_events(store, covered))
    for name in ("records", "events"):
        store.materialise(SqlFile.read("intake", f"cut_{name}"))
    for name in ("records", "events"):
        is_view = store.value(
            "SELECT count(*) FROM duckdb_views() WHERE view_name = $name", {"name": name}
        )
        store.run(f"DROP {'VIEW' if is_view else 'TABLE'} {name}")
        store.run(f"ALTER TABLE cut_{name} RENAME TO {name}")


def _parts(event: EventMapping, kept: frozenset[str]) -> frozenset[str]:
    parts = {f"{_ATTRIBUTE}{name}" for name, column in event.attributes.items() if column in kept}
    return frozenset(parts | ({_END} if event.end in kept else set()))


def _covered_events(store: Store, covered: Mapping[str, Covered]) -> pa.Table:
    """Return a row for each kind that may be held, with a patch that takes out the rest of it."""
    found = store.rows(
        "SELECT dataset, kind, list_sort(list(DISTINCT name)) AS names FROM ("
        "SELECT dataset, kind, unnest(json_keys(attributes)) AS name FROM events) GROUP BY ALL"
    )
    names = {(row["dataset"], row["kind"]): row["names"] for row in found}
    rows = [
        {
            "dataset": dataset,
            "kind": kind,
            "has_end": _END in parts,
            "patch": json.dumps(
                {
                    name: None
                    for name in names.get((dataset, kind), ())
                    if f"{_ATTRIBUTE}{name}" not in parts
                }
            ),
        }
        for dataset, each in sorted(covered.items())
        for kind, parts in sorted(each.events.items())
    ]
    schema = pa.schema(
        [
            ("dataset", pa.string()),
            ("kind", pa.string()),
            ("has_end", pa.bool_()),
            ("patch", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)
