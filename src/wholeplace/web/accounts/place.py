"""The place that this process serves: its definitions follow the place folder.

The folder is reviewed text that may change while the site runs. What was signed is the text,
so what is served must be the text as it stands now: the folder's state (names, sizes, times)
is looked at whenever definitions are asked for, and they are read again when it moved. A
folder with faults is never guessed at: names and roles go on as they last stood, so that
people can sign in and mend it, and rules are refused (`read_place` raises).
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wholeplace.foundation.errors import CheckFailedError, NotFoundError

if TYPE_CHECKING:
    from wholeplace.partnership import PlaceFolder

__all__ = [
    "FolderState",
    "folder_state",
    "is_demonstration",
    "last_good_place",
    "read_place",
    "served_place",
]

FolderState = tuple[tuple[str, int, int, int], ...]
"""For each file: its path in the folder, size, time of change and file number."""


@dataclass(frozen=True)
class _Reading:
    state: FolderState
    place: "PlaceFolder | None"
    fault: CheckFailedError | None


_readings: dict[Path, _Reading] = {}
_last_good: dict[Path, "PlaceFolder"] = {}
_lock = threading.Lock()


def folder_state(folder: Path) -> FolderState:
    """Return what changes when any file of a place folder changes. Costs one look a file.

    Drafts of agreements decide nothing, so they do not count.
    """
    found: list[tuple[str, int, int, int]] = []
    drafts = os.path.join(folder, "agreements", "drafts")  # noqa: PTH118 - as below
    for top, folders, names in os.walk(folder):
        if top == drafts:
            folders.clear()
            continue
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                facts = os.stat(os.path.join(top, name))  # noqa: PTH116, PTH118 - asked often
                found.append((f"{top}/{name}", facts.st_size, facts.st_mtime_ns, facts.st_ino))
    return tuple(found)


def read_place(folder: Path) -> "PlaceFolder":
    """Return every definition of a place folder as it stands now.

    Raises:
        CheckFailedError: if the folder has faults, those of its agreements among them.
    """
    from wholeplace.agreements import check_agreements
    from wholeplace.partnership import load_place
    from wholeplace.places import check_places

    state = folder_state(folder)
    with _lock:
        reading = _readings.get(folder)
        if reading is None or reading.state != state:
            try:
                place = load_place(folder, [check_agreements, check_places])
            except CheckFailedError as fault:
                reading = _Reading(state, None, fault)
            else:
                reading = _Reading(state, place, None)
                _last_good[folder] = place
            _readings[folder] = reading
    if reading.place is None:
        raise CheckFailedError(reading.fault.faults if reading.fault else ())
    return reading.place


def last_good_place(folder: Path) -> "PlaceFolder":
    """Return the definitions of a place folder as they last stood without faults.

    For names and roles; what may be seen is decided on `read_place` alone.

    Raises:
        CheckFailedError: if it has never been without faults while this process ran.
    """
    try:
        return read_place(folder)
    except CheckFailedError:
        if folder in _last_good:
            return _last_good[folder]
        raise


def served_place() -> "PlaceFolder":
    """Return the place named by `WHOLEPLACE_PLACE`, as it last stood without faults.

    Raises:
        NotFoundError: if none is named.
        CheckFailedError: as `last_good_place`.
    """
    named = os.environ.get("WHOLEPLACE_PLACE")
    if not named:
        raise NotFoundError(
            "No place is open.",
            "The server was started without one.",
            "Name it with --place or set WHOLEPLACE_PLACE.",
        )
    return last_good_place(Path(named).resolve())


def is_demonstration() -> bool:
    """Return whether personas may sign in with one click.

    Only where the place says that its people are invented, and the server was started by
    `wholeplace demo` or `wholeplace serve` for it.
    """
    if os.environ.get("WHOLEPLACE_PERSONAS") != "1":
        return False
    try:
        return served_place().place.invented
    except NotFoundError:
        return False
