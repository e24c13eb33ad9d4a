"""Fingerprints: what a stage's result depends on, as one hash."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from wholeplace.foundation.canonical import content_hash, file_hash

__all__ = ["code_hash", "folder_hash", "stage_fingerprint"]

_CODE = (".py", ".sql", ".yaml", ".csv")


def stage_fingerprint(stage: str, rooms: Iterable[str], inputs: Any) -> str:
    """Return the fingerprint of a stage from its inputs and the code of its rooms."""
    code = {room: code_hash(room) for room in sorted(rooms)}
    return content_hash({"stage": stage, "code": code, "inputs": inputs})


@cache
def code_hash(room: str) -> str:
    """Return one hash of a room's code, rules and data files.

    Finer than the version, so that a new release works again only on what it changed.
    """
    found: dict[str, str] = {}
    _collect(files("wholeplace") / room, "", found)
    return content_hash(found)


def folder_hash(folder: Path, *, without: str = "") -> str:
    """Return one hash of every file of a folder that is not hidden, by name and content.

    Args:
        folder: the folder.
        without: a folder in it, whose files decide nothing and so do not count.
    """
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*"))}
    return content_hash(
        {
            name.as_posix(): file_hash(path)
            for name, path in found.items()
            if path.is_file()
            and not any(part.startswith(".") for part in name.parts)
            and not (without and name.is_relative_to(without))
        }
    )


def _collect(folder: Traversable, name: str, found: dict[str, str]) -> None:
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                _collect(entry, path, found)
        elif entry.name.endswith(_CODE):
            found[path] = content_hash(entry.read_text("utf-8"))
