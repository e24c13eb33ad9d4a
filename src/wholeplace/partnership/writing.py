"""Writing a new place folder: commented, small, and sound from the start."""

import json
import re
import secrets
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.partnership.check import check_place
from wholeplace.partnership.definitions import Slug

__all__ = ["name_to_id", "write_place"]

_ID = re.compile(Slug.metadata[-1].pattern)


def name_to_id(name: str) -> str:
    """Return the id that suits a place's name: `Lark Bridge` gives `lark-bridge`."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return re.sub(r"^[^a-z]+", "", plain)[:60].strip("-") or "place"


def write_place(folder: Path, id: str, name: str) -> Path:  # noqa: A002 - the word of the contract
    """Write a place folder that passes `check_place`; return its path.

    It is built aside and renamed into place, so that nothing half-written is ever seen.

    Raises:
        WholeplaceError: if the id or the name cannot be used.
        UnsafeActionError: if something already stands there.
    """
    folder = Path(folder)
    _check_words(id, name)
    _check_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        with as_file(files("wholeplace.partnership") / "starter") as starter:
            shutil.copytree(starter, aside)
        for path in sorted(aside.rglob("*")):
            if path.is_file():
                text = path.read_text("utf-8").replace("__ID__", id)
                # A JSON string is also a YAML string, whatever the name holds.
                quoted = text.replace(
                    "name: __NAME__\n", f"name: {json.dumps(name, ensure_ascii=False)}\n"
                )
                path.write_text(_fill_name(quoted, name, path.suffix), "utf-8")
        faults = check_place(aside)
        if faults:
            raise WholeplaceError(
                "The place folder was not written.", str(faults[0]), "Choose another name or id."
            )
        _move(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _fill_name(text: str, name: str, suffix: str) -> str:
    if suffix != ".yaml":
        return text.replace("__NAME__", name)
    council = json.dumps(f"{name} Council", ensure_ascii=False)
    return text.replace("__NAME__ Council", council)


def _check_words(id: str, name: str) -> None:  # noqa: A002
    if not _ID.fullmatch(id) or len(id) > 60:
        raise WholeplaceError(
            f"`{id}` cannot be the id of a place.",
            "An id has small letters, digits and single hyphens, and begins with a letter.",
            f"Try `{name_to_id(id)}`.",
        )
    if not name.strip() or not name.isprintable():
        raise WholeplaceError(
            "The name of the place cannot be used.",
            "It is blank, or holds characters that cannot be seen.",
            "Give the name that people here use.",
        )


def _check_free(folder: Path) -> None:
    if folder.is_symlink() or folder.exists():
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            return
        raise UnsafeActionError(
            f"{folder} is already there, so no place folder was written.",
            "Writing one would overwrite what it holds.",
            "Choose a new folder, or move the old one away first.",
        )


def _move(aside: Path, folder: Path) -> None:
    try:
        # An empty folder may be replaced; one that has filled meanwhile may not.
        aside.rename(folder)
    except OSError as error:
        raise UnsafeActionError(
            f"{folder} could not be written.",
            error.strerror or "The system refused.",
            "Choose another folder.",
        ) from error
