"""The inbox: which files are extracts of which dataset, oldest first."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wholeplace.partnership.definitions import Dataset

__all__ = ["Extract", "Inbox", "list_inbox", "match_extract"]

_DATE = r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"


@dataclass(frozen=True)
class Extract:
    """One file of the inbox that a dataset expects.

    Attributes:
        extract_on: the day in its name (where the pattern has none, the day it was written).
    """

    dataset: Dataset
    path: Path
    extract_on: dt.date


@dataclass(frozen=True)
class Inbox:
    """What lies in the inbox.

    Attributes:
        extracts: in order of dataset, day, name.
        unknown: files that no dataset expects, as `partner/name`.
    """

    extracts: tuple[Extract, ...]
    unknown: tuple[str, ...]


def list_inbox(folder: Path, datasets: Iterable[Dataset]) -> Inbox:
    """Match the files of `inbox/<partner>/` with datasets. Hidden files are passed over."""
    known = sorted(datasets, key=lambda dataset: dataset.id)
    extracts: list[Extract] = []
    unknown: list[str] = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if any(part.startswith(".") for part in place.parts) or path.is_dir():
            continue
        found = _match(path, place, known)
        if found:
            extracts.append(found)
        else:
            unknown.append(place.as_posix())
    extracts.sort(key=lambda extract: (extract.dataset.id, extract.extract_on, extract.path.name))
    return Inbox(tuple(extracts), tuple(unknown))


def match_extract(dataset: Dataset, path: Path) -> Extract | None:
    """Return the extract that a file is by its name, or None."""
    found = _pattern(dataset.file.pattern).fullmatch(path.name)
    if not found:
        return None
    if "date" not in found.groupdict():
        written = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
        return Extract(dataset, path, written.date())
    try:
        return Extract(dataset, path, dt.date.fromisoformat(found["date"]))
    except ValueError:
        return None


def _match(path: Path, place: Path, datasets: list[Dataset]) -> Extract | None:
    if len(place.parts) != 2 or path.is_symlink() or not path.is_file():
        return None
    for dataset in datasets:
        if dataset.partner == place.parts[0] and (found := match_extract(dataset, path)):
            return found
    return None


def _pattern(pattern: str) -> re.Pattern[str]:
    pieces = [
        _DATE if piece == "{date}" else ".*" if piece == "*" else re.escape(piece)
        for piece in re.split(r"(\{date\}|\*)", pattern)
    ]
    return re.compile("".join(pieces))
