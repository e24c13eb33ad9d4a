"""Reading the published snapshot: one open engine, shared by all threads of a server."""

import hmac
import secrets
import threading
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.snapshots import Snapshot, Snapshots
from wholeplace.foundation.store import SqlFile, Store

__all__ = ["Pseudonyms", "SnapshotReader"]


class Pseudonyms:
    """What stands for a person in the audit trail: a keyed hash, the same for all time.

    Without the key of the deployment nobody can tell whom a pseudonym means.

    Args:
        keys: the data folder's `keys`; the key is made there at first use.
    """

    def __init__(self, keys: Path) -> None:
        self._path = keys / "pseudonym.key"
        self._key = b""

    def of(self, person_id: str) -> str:
        """Return the pseudonym of a person."""
        if not self._key:
            self._key = self._read()
        return hmac.new(self._key, person_id.encode("utf-8"), sha256).hexdigest()[:32]

    def _read(self) -> bytes:
        if not self._path.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Written aside and linked, so that two processes starting at once end with one key.
            aside = self._path.with_name(f".{secrets.token_hex(8)}")
            aside.touch(mode=0o600)
            aside.write_bytes(secrets.token_bytes(32))
            try:
                self._path.hardlink_to(aside)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        return self._path.read_bytes()


class SnapshotReader:
    """Reads one snapshot, or always the published one.

    Safe to share between threads. Given `Snapshots`, it looks at the pointer before every
    read and opens the new snapshot when it has moved.

    Args:
        source: one snapshot, or all snapshots of a data folder.
        pseudonyms: names people in the audit trail; by default with the key in the data
            folder that the snapshots stand in.
    """

    def __init__(
        self, source: Snapshot | Snapshots, *, pseudonyms: Pseudonyms | None = None
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._opened: Snapshot | None = None
        snapshots = source.path.parent if isinstance(source, Snapshot) else source.folder
        self._pseudonyms = pseudonyms or Pseudonyms(snapshots.parent / "keys")

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

    def pseudonym_of(self, person_id: str) -> str:
        """Return what stands for a person in the audit trail."""
        return self._pseudonyms.of(person_id)

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
