"""Keys that belong to one deployment, kept in `data/keys/` and readable by its owner alone."""

import os
import secrets
from pathlib import Path

from wholeplace.foundation.folders import DataFolder

__all__ = ["data_folder", "read_key", "read_secret_key"]


def data_folder() -> DataFolder | None:
    """Return the data folder of the place named in the environment, or None."""
    place = os.environ.get("WHOLEPLACE_PLACE")
    return DataFolder.of_place(Path(place)) if place else None


def read_key(data: DataFolder, name: str) -> str:
    """Return a key of 256 bits, made at the first call and kept in a file of mode 0600."""
    data.make()
    path = data.keys / name
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    key = secrets.token_hex(32)
    aside = data.keys / f".{name}-{secrets.token_hex(4)}"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key + "\n")
    try:
        # A link fails where another process was first; then its key is the one.
        os.link(aside, path)
    except FileExistsError:
        key = path.read_text("ascii").strip()
    finally:
        aside.unlink()
    return key


def read_secret_key() -> str:
    """Return Django's key: from `WHOLEPLACE_SECRET_KEY`, the data folder, or made for this process."""
    given = os.environ.get("WHOLEPLACE_SECRET_KEY")
    if given:
        return given
    data = data_folder()
    return read_key(data, "secret") if data else secrets.token_hex(32)
