"""What one place's parts are, joined: the place folder, its data, sign-offs, trail and rules."""

import datetime as dt
import os
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshot, Snapshots

if TYPE_CHECKING:
    from wholeplace.agreements import Rules
    from wholeplace.partnership import PlaceFolder
    from wholeplace.web.gateway.records import DjangoSignOffs
    from wholeplace.web.gateway.trail import DjangoAuditTrail

__all__ = ["OpenPlace", "current_place", "open_place"]

_KEPT_RULES = 8


class OpenPlace:
    """One place, ready to work with.

    Attributes:
        folder: the place folder.
        data: its data folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.data = DataFolder.of_place(self.folder)
        self._rules: dict[tuple[Any, ...], Rules] = {}
        self._readers: dict[str, Any] = {}
        self._lock = threading.Lock()

    @cached_property
    def place(self) -> "PlaceFolder":
        """Every definition of the place folder, read once."""
        from wholeplace.partnership import load_place

        return load_place(self.folder)

    @cached_property
    def sign_offs(self) -> "DjangoSignOffs":
        """Signatures and suspensions, from the database."""
        from wholeplace.web.gateway.records import DjangoSignOffs

        return DjangoSignOffs()

    @cached_property
    def trail(self) -> "DjangoAuditTrail":
        """The append-only record of every sight."""
        from wholeplace.web.gateway.trail import DjangoAuditTrail

        return DjangoAuditTrail()

    @property
    def today(self) -> dt.date:
        """The day it is at the place."""
        return dt.datetime.now(ZoneInfo(self.place.place.time_zone)).date()

    def rules(self, on: dt.date) -> "Rules":
        """Return the compiled rules of the agreements in force on a day.

        Standing is read from the sign-offs at every call, so a suspension works at once; the
        compiled index is kept by the hashes in force and the day.
        """
        from wholeplace.agreements import agreement_hash, compile_rules, in_force

        standing = [
            agreement
            for agreement in self.place.agreements
            if in_force(agreement, self.sign_offs, on).is_in_force
        ]
        key = (on, *(agreement_hash(agreement) for agreement in standing))
        with self._lock:
            if key not in self._rules:
                while len(self._rules) >= _KEPT_RULES:
                    self._rules.pop(next(iter(self._rules)))
                self._rules[key] = compile_rules(standing)
            return self._rules[key]

    @property
    def snapshot(self) -> Snapshot:
        """The published snapshot.

        Raises:
            NotFoundError: before the first run.
        """
        found = Snapshots(self.data.snapshots).current()
        if found is None:
            raise NotFoundError(
                "There is nothing to show yet.",
                "No snapshot of this place has been published.",
                "Load extracts and run `wholeplace run`.",
            )
        return found

    @property
    def snapshot_reader(self) -> Any:
        """The people room's reader of the published snapshot, kept until the next is published."""
        from wholeplace.people import SnapshotReader

        snapshot = self.snapshot
        with self._lock:
            if snapshot.id not in self._readers:
                self._readers.clear()
                self._readers[snapshot.id] = SnapshotReader(snapshot)
            return self._readers[snapshot.id]


_open: dict[str, OpenPlace] = {}


def open_place(place_folder: Path) -> OpenPlace:
    """Open a place for this process, setting Django up where that has not been done.

    Raises:
        NotFoundError: if the folder is not a place folder.
    """
    folder = Path(place_folder).resolve()
    if not (folder / "place.yaml").is_file():
        raise NotFoundError(
            f"{folder.name} is not a place folder.",
            "It has no place.yaml.",
            "Name the folder that holds place.yaml, or make one with `wholeplace init`.",
        )
    os.environ["WHOLEPLACE_PLACE"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholeplace.web.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    _open["current"] = OpenPlace(folder)
    return _open["current"]


def current_place() -> OpenPlace:
    """Return the place that this process serves.

    Raises:
        NotFoundError: if none was opened and `WHOLEPLACE_PLACE` names none.
    """
    if "current" in _open:
        return _open["current"]
    named = os.environ.get("WHOLEPLACE_PLACE")
    if not named:
        raise NotFoundError(
            "No place is open.",
            "The server was started without one.",
            "Name it with --place or set WHOLEPLACE_PLACE.",
        )
    return open_place(Path(named))
