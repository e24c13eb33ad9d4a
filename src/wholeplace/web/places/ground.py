"""The place's ground and bodies, read again whenever a file of the place folder changes."""

import datetime as dt
import threading
from functools import lru_cache
from pathlib import Path

from wholeplace.places.bodies.definitions import LocalBodies
from wholeplace.places.bodies.local import read_local_bodies
from wholeplace.places.fitting import Drawing, PlaceGround, read_ground
from wholeplace.places.indicators import read_indicators
from wholeplace.web.accounts.place import FolderState, folder_state
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["bodies_of", "drawing_of", "ground_of"]

_lock = threading.Lock()
_grounds: dict[tuple[Path, FolderState, dt.date], PlaceGround] = {}
_KEPT = 8


def ground_of(served: OpenPlace, on: dt.date | None = None) -> PlaceGround:
    """Return the place's area sets and published figures on a day, today's when none is given.

    Raises:
        CheckFailedError: if a file of `indicators/` has faults.
        WholeplaceError: if a boundary file or lookup cannot be used.
    """
    key = (served.folder, folder_state(served.folder), on or served.today)
    with _lock:
        if key not in _grounds:
            while len(_grounds) >= _KEPT:
                _grounds.pop(next(iter(_grounds)))
            indicators = read_indicators(served.folder)
            _grounds[key] = read_ground(served.place, indicators, key[2])
        return _grounds[key]


@lru_cache(maxsize=32)
def _drawn(folder: Path, state: FolderState, on: dt.date, one: str, two: str) -> Drawing:
    ground = _grounds[folder, state, on]
    return ground.fragments(one, two) if two else ground.drawing(one)


def drawing_of(served: OpenPlace, one: str, two: str = "", on: dt.date | None = None) -> Drawing:
    """Return the outlines of a set, or the pieces that two sets cut each other into; kept."""
    ground_of(served, on)
    return _drawn(served.folder, folder_state(served.folder), on or served.today, one, two)


@lru_cache(maxsize=8)
def _bodies(folder: Path, state: FolderState) -> tuple[LocalBodies, ...]:
    return read_local_bodies(folder)


def bodies_of(served: OpenPlace) -> tuple[LocalBodies, ...]:
    """Return what the place folder says of its bodies.

    Raises:
        CheckFailedError: if a file of `bodies/` has faults.
    """
    return _bodies(served.folder, folder_state(served.folder))
