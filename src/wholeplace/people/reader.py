"""Reading the published snapshot: one open engine, shared by all threads of a server."""

import threading
from collections.abc import Mapping
from typing import Any

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.snapshots import Snapshot, Snapshots
from wholeplace.foundation.store import SqlFile, Store

__all__ = ["SnapshotReader"]


class SnapshotReader:
    """Reads one snapshot, or always the published one.

    Safe to share between threads. Given `Snapshots`, it looks at the pointer before every
    read and opens the new snapshot when it has moved.

    Args:
        source: one snapshot, or all snapshots of a data folder.
    """

    def __init__(self, source: Snapshot | Snapshots) -> None:
        self._source = source
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

    def close(self) -> None:
        """Let go of the engine; the next read opens it again."""
        with self._lock:
            if self._store:
                self._store.close()
            self._store = self._opened = None

    def _open(self) -> tuple[Store, Snapshot]:
        wanted = self._wanted()
        with self._lock:
            if self._store is None or self._opened is None or self._opened.id != wanted.id:
                # The store left behind is closed when the last thread that reads it lets go.
                self._store, self._opened = open_snapshot(wanted), wanted
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


def open_snapshot(snapshot: Snapshot) -> Store:
    """Return a store in which a snapshot's tables can be read by name."""
    store = Store(memory_limit_mb=512, threads=2)
    store.run("SET parquet_metadata_cache = true")
    for name in snapshot.tables:
        store.view_parquet(name, snapshot.table(name))
    return store
