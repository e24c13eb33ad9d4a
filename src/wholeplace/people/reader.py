"""Reading the published snapshot: one open engine, shared by all threads of a server."""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

from wholeplace.agreements import Projection
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.snapshots import Snapshot, Snapshots
from wholeplace.foundation.store import SqlFile, Store, quote_name
from wholeplace.people.keeping import leave_out_past

__all__ = ["Overlay", "SnapshotReader", "name_origins"]

_T = TypeVar("_T")

# A table of up to so many rows is held in memory with an index; a larger one is read from its
# Parquet file, sorted by person. All of them take about 80 MB for 20,000 residents.
_HELD_ROWS = 500_000
_HELD: dict[str, tuple[str, ...]] = {
    "household_members": ("person_id", "household_id"),
    "involvements": ("person_id",),
    "need_conditions": (),
    "need_evidence": ("person_id",),
    "person_factors": ("person_id",),
    "person_identity": ("person_id",),
    "search_keys": ("key", "person_id"),
    "subject_flags": ("person_id",),
    "timeline": ("person_id",),
}


class Overlay(Protocol):
    """What is laid over a snapshot's flags when they are read."""

    def read(self, snapshot: "SnapshotReader") -> Projection:
        """Return what statements make of a snapshot's people now."""
        ...


class SnapshotReader:
    """Reads one snapshot, or always the published one.

    Safe to share between threads. Given `Snapshots`, it looks at the pointer before every
    read and opens the new snapshot when it has moved. The files of a snapshot never change,
    so its smaller tables are held in memory while it is open.

    Args:
        source: one snapshot, or all snapshots of a data folder.
        held_rows: most rows of a table that is held in memory.
        overlay: flags stated on screen, which count from the next read on. Without it a
            snapshot's flags are read as they were at its run.
        today: the place's own day; what has come to be past its date by then is not read.
    """

    def __init__(
        self,
        source: Snapshot | Snapshots,
        *,
        held_rows: int = _HELD_ROWS,
        overlay: Overlay | None = None,
        today: Callable[[], dt.date] | None = None,
    ) -> None:
        self._source, self._overlay = source, overlay
        self._today = today or (lambda: dt.datetime.now(dt.UTC).date())
        self._opened_on: dt.date | None = None
        self._held_rows = held_rows
        self._kept: tuple[str, dict[str, object]] = ("", {})
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._opened: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that reads go to now.

        Raises:
            NotFoundError: before the first run.
        """
        return self._open()[1]

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a SELECT over the snapshot's tables."""
        return self._open()[0].rows(sql, params)

    def rows_of(
        self, file: SqlFile, params: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows of an SQL file; a list as a parameter stands inside `IN (...)`."""
        select, spread = file.select, dict[str, Any]()
        for name, value in (params or {}).items():
            if isinstance(value, list):
                # One parameter for each value: the engine skips row groups by constants alone.
                each = {f"{name}_{n}": item for n, item in enumerate(value)}
                select = select.replace(f"${name}", ", ".join(f"${key}" for key in each) or "NULL")
                spread |= each
            else:
                spread[name] = value
        return self.rows(select, spread)

    def keep(self, name: str, make: Callable[[], _T]) -> _T:
        """Return what `make` returns, worked out once for each snapshot and name."""
        current = self.snapshot.id
        of, kept = self._kept
        if of != current:
            kept = {}
            self._kept = (current, kept)
        if name not in kept:
            kept[name] = make()
        return cast("_T", kept[name])

    def stated(self) -> Projection | None:
        """Return what flags stated on screen make of the people of this snapshot.

        None where none are read.
        """
        return None if self._overlay is None else self._overlay.read(self)

    def close(self) -> None:
        """Let go of the engine; the next read opens it again."""
        with self._lock:
            if self._store:
                self._store.close()
            self._store = self._opened = None

    def _open(self) -> tuple[Store, Snapshot]:
        wanted, today = self._wanted(), self._today()
        with self._lock:
            is_open = self._opened is not None and self._opened.id == wanted.id
            if self._store is None or not is_open or self._opened_on != today:
                # The store left behind is closed when the last thread that reads it lets go.
                self._store = open_snapshot(wanted, held_rows=self._held_rows, on=today)
                self._opened, self._opened_on = wanted, today
                self._kept = ("", {})
            assert self._opened is not None  # noqa: S101 - for the type checker
            return self._store, self._opened

    def _wanted(self) -> Snapshot:
        if isinstance(self._source, Snapshot):
            return self._source
        opened = self._opened
        if opened is not None and self._source.current_id() == opened.id:
            return opened
        current = self._source.current()
        if current is None:
            raise NotFoundError(
                "There is nothing to show yet.",
                "No snapshot of this place has been published.",
                "Load extracts and run `wholeplace run`.",
            )
        return current


def open_snapshot(
    snapshot: Snapshot, *, held_rows: int = _HELD_ROWS, on: dt.date | None = None
) -> Store:
    """Return a store in which a snapshot's tables can be read by name.

    Args:
        snapshot: the snapshot.
        held_rows: most rows of a table that is held in memory.
        on: the day; what is past its date by then is left out.
    """
    store = Store(memory_limit_mb=512, threads=2)
    store.run("SET parquet_metadata_cache = true")
    for name in snapshot.tables:
        store.view_parquet(name, snapshot.table(name))
        if name == "subject_flags":
            name_origins(store, name)
    if on is not None and "keeping" in snapshot.manifest:
        leave_out_past(store, snapshot.manifest["keeping"], on, set(snapshot.tables))
    for name in snapshot.tables:
        if name in _HELD and store.value(f"SELECT count(*) FROM {quote_name(name)}") <= held_rows:
            _hold(store, name)
    return store


def name_origins(store: Store, name: str) -> None:
    """Let a view of flags that an older version wrote say that they come from extracts."""
    view = quote_name(name)
    if "origin" in store.arrow(f"SELECT * FROM {view} LIMIT 0").column_names:
        return
    aside = quote_name(f"{name} of old")
    store.run(f"ALTER VIEW {view} RENAME TO {aside}")
    store.run(f"CREATE VIEW {view} AS SELECT *, 'extract' AS origin FROM {aside}")


def _hold(store: Store, name: str) -> None:
    """Put a copy in memory in place of a view, indexed by what it is looked up by."""
    aside = quote_name(f"{name} held")
    store.run(f"CREATE TABLE {aside} AS SELECT * FROM {quote_name(name)}")
    kind = store.value(
        "SELECT table_type FROM information_schema.tables WHERE table_name = $name", {"name": name}
    )
    store.run(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {quote_name(name)}")
    store.run(f"ALTER TABLE {aside} RENAME TO {quote_name(name)}")
    for column in _HELD[name]:
        index = quote_name(f"{name} by {column}")
        store.run(f"CREATE INDEX {index} ON {quote_name(name)} ({quote_name(column)})")
