"""The place that this process serves, as far as accounts need it: partners and their roles."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wholeplace.foundation.errors import NotFoundError

if TYPE_CHECKING:
    from wholeplace.partnership import PlaceFolder

__all__ = ["is_demonstration", "read_place", "served_place"]


@lru_cache(maxsize=4)
def read_place(folder: Path) -> "PlaceFolder":
    """Return every definition of a place folder; each folder is read once.

    Raises:
        CheckFailedError: if the folder has faults, those of its agreements among them.
    """
    from wholeplace.agreements import check_agreements
    from wholeplace.partnership import load_place

    return load_place(folder, [check_agreements])


def served_place() -> "PlaceFolder":
    """Return the place named by `WHOLEPLACE_PLACE`.

    Raises:
        NotFoundError: if none is named.
    """
    named = os.environ.get("WHOLEPLACE_PLACE")
    if not named:
        raise NotFoundError(
            "No place is open.",
            "The server was started without one.",
            "Name it with --place or set WHOLEPLACE_PLACE.",
        )
    return read_place(Path(named).resolve())


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
