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
from wholeplace.web.accounts.place import folder_state, last_good_place, read_place

if TYPE_CHECKING:
    from wholeplace.agreements.deciding.rules import Rules
    from wholeplace.agreements.texts.agreement import Agreement
    from wholeplace.agreements.texts.terms import Terms
    from wholeplace.partnership import PlaceFolder
    from wholeplace.people.reader import SnapshotReader
    from wholeplace.web.gateway.records import DjangoFlagStatements, DjangoSignOffs
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
        self._lock = threading.Lock()
        self._caseloads: tuple[Any, ...] = ()
        self._caseloads_lock = threading.Lock()

    @property
    def place(self) -> "PlaceFolder":
        """Every definition of the place folder, as it last stood without faults."""
        return last_good_place(self.folder)

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

    @cached_property
    def flag_statements(self) -> "DjangoFlagStatements":
        """Flags stated on screen, from the database."""
        from wholeplace.web.gateway.records import DjangoFlagStatements

        return DjangoFlagStatements()

    @property
    def agreements(self) -> "tuple[Agreement, ...]":
        """The agreements of the place folder as they stand now, as texts with meaning.

        Raises:
            CheckFailedError: if the folder has faults: what was signed cannot be told then.
        """
        from wholeplace.agreements.texts.reading import read_agreements

        return read_agreements(read_place(self.folder))

    @property
    def terms(self) -> "Terms":
        """The vocabulary with this place's partners."""
        from wholeplace.agreements.texts.terms import terms_of

        place = self.place
        return terms_of(place.vocabulary, place.partners.values(), place.place.time_zone)

    @property
    def today(self) -> dt.date:
        """The day it is at the place."""
        return dt.datetime.now(ZoneInfo(self.place.place.time_zone)).date()

    def rules(self, on: dt.date) -> "Rules":
        """Return the compiled rules of a day.

        Whether a signature or suspension was added, or a file of the place folder changed, is
        asked at every call: a suspension works at once, and an edited text, which nobody has
        signed, is in force for nobody. The compiled index is kept until then, or until the day
        ends.

        Raises:
            CheckFailedError: if the place folder has faults; nothing may be shown then.
        """
        from wholeplace.agreements.deciding.rules import compile_rules

        key = (on, folder_state(self.folder), *self.sign_offs.version())
        with self._lock:
            if key not in self._rules:
                while len(self._rules) >= _KEPT_RULES:
                    self._rules.pop(next(iter(self._rules)))
                self._rules[key] = compile_rules(self.agreements, self.sign_offs, on, self.terms)
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

    @cached_property
    def snapshot_reader(self) -> "SnapshotReader":
        """The people room's reader; it follows the published snapshot by itself.

        Flags stated on screen count in all that it reads of people, from the next request on.
        """
        from wholeplace.people.reader import SnapshotReader
        from wholeplace.people.stated import StatedFlags

        stated = StatedFlags(self.flag_statements, lambda: self.today)
        return SnapshotReader(
            Snapshots(self.data.snapshots), overlay=stated, today=lambda: self.today
        )

    def refresh_caseloads(self) -> bool:
        """Read whose case is whose from the published snapshot; return whether it was needed.

        Cheap to ask before every page: where neither the snapshot nor the day nor the users
        changed since this process asked last, one short query answers.
        """
        from wholeplace.web.gateway.caseload import count_users, refresh_caseloads

        asked = (Snapshots(self.data.snapshots).current_id(), self.today, count_users())
        with self._caseloads_lock:
            if asked == self._caseloads or asked[0] is None:
                return False
            is_read = refresh_caseloads(self.snapshot, self.today)
            self._caseloads = asked
            return is_read


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
