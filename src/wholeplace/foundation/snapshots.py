"""Snapshots: derived tables that are built aside and published by one atomic change.

A snapshot is a folder of Parquet tables with a manifest. Readers follow the pointer
`snapshots/current`; a run that fails or is killed leaves the pointer, and so the users, on
the last good snapshot. Half-built folders are swept away by the next run.
"""

import datetime as dt
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import NotFoundError

__all__ = ["Draft", "Snapshot", "Snapshots"]

_MANIFEST = "manifest.json"
_DRAFT = "draft-"


@dataclass(frozen=True)
class Snapshot:
    """One published set of derived tables.

    Attributes:
        id: sorts by time of building, for example `2026-11-22T093000-4f2a`.
        path: its folder.
        manifest: inputs' hashes, ruleset hash, code version, row counts, quality figures.
    """

    id: str
    path: Path
    manifest: Mapping[str, Any]

    def table(self, name: str) -> Path:
        """Return the Parquet file of a table.

        Raises:
            NotFoundError: if this snapshot does not hold the table.
        """
        path = self.path / f"{name}.parquet"
        if not path.exists():
            raise NotFoundError(
                f"The snapshot {self.id} has no table {name}.",
                "It was built by an older version or the build left it out.",
                "Run `wholeplace run`.",
            )
        return path

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables held, sorted."""
        return tuple(sorted(path.stem for path in self.path.glob("*.parquet")))


@dataclass(frozen=True)
class Draft:
    """A snapshot being built; nobody reads it."""

    id: str
    path: Path

    def table(self, name: str) -> Path:
        """Return where a table is to be written."""
        return self.path / f"{name}.parquet"


class Snapshots:
    """All snapshots of one data folder.

    Args:
        folder: the `snapshots` folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def _pointer(self) -> Path:
        return self.folder / "current"

    def current(self) -> Snapshot | None:
        """Return the published snapshot, or None before the first run."""
        name = self.current_id()
        return self._read(self.folder / name) if name else None

    def current_id(self) -> str | None:
        """Return the published snapshot's id, or None before the first run. Costs one look."""
        try:
            return self._pointer.readlink().name
        except FileNotFoundError:
            return None

    def list(self) -> list[Snapshot]:
        """Return every whole snapshot, newest first."""
        if not self.folder.exists():
            return []
        folders = (
            path for path in self.folder.iterdir() if path.is_dir() and not path.is_symlink()
        )
        whole = (
            path
            for path in folders
            if (path / _MANIFEST).exists() and not path.name.startswith(_DRAFT)
        )
        return [self._read(path) for path in sorted(whole, reverse=True)]

    def start(self, at: dt.datetime) -> Draft:
        """Begin a snapshot aside, after sweeping away what a killed run left."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(left)
        name = f"{at.astimezone(dt.UTC):%Y-%m-%dT%H%M%S}-{secrets.token_hex(2)}"
        path = self.folder / f"{_DRAFT}{name}"
        path.mkdir(mode=0o700)
        return Draft(name, path)

    def publish(self, draft: Draft, manifest: Mapping[str, Any]) -> Snapshot:
        """Write the manifest, make the folder whole, and move the pointer in one step."""
        _make_whole(draft, manifest)
        path = self.folder / draft.id
        draft.path.rename(path)
        self._point(path.name)
        return self._read(path)

    def replace(self, old: Snapshot, draft: Draft, manifest: Mapping[str, Any]) -> Snapshot:
        """Put a draft in the place of an earlier snapshot, under its id.

        The pointer does not move. A kill in between may lose the earlier snapshot; it never
        leaves the old content in place of the new.
        """
        _make_whole(draft, manifest)
        aside = self.folder / f"{_DRAFT}{old.id}"
        old.path.rename(aside)
        draft.path.rename(old.path)
        _flush(self.folder)
        shutil.rmtree(aside)
        return self._read(old.path)

    def discard(self, draft: Draft) -> None:
        """Throw a draft away."""
        shutil.rmtree(draft.path, ignore_errors=True)

    def restore(self, snapshot_id: str) -> Snapshot:
        """Publish an earlier snapshot again.

        Raises:
            NotFoundError: if there is no whole snapshot of that id.
        """
        for snapshot in self.list():
            if snapshot.id == snapshot_id:
                self._point(snapshot_id)
                return snapshot
        raise NotFoundError(
            f"There is no snapshot {snapshot_id}.",
            "It was never published, or has been deleted.",
            "List them with `wholeplace snapshots list`.",
        )

    def _point(self, name: str) -> None:
        aside = self.folder / f".current-{secrets.token_hex(4)}"
        aside.symlink_to(name)
        aside.replace(self._pointer)
        _flush(self.folder)

    def _read(self, path: Path) -> Snapshot:
        manifest = json.loads((path / _MANIFEST).read_text("utf-8"))
        return Snapshot(path.name, path, manifest)


def _make_whole(draft: Draft, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(dict(manifest), indent=2, sort_keys=True, default=str)
    (draft.path / _MANIFEST).write_text(text + "\n", "utf-8")
    for table in draft.path.iterdir():
        _flush(table)
    _flush(draft.path)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
