"""Lookups as the Office for National Statistics publishes them: from one area to those it lies in.

Any CSV whose columns are codes of kinds of area (`lsoa21cd`, `ltla24_code`, `postcode`) links
them; several such files make a chain from a postcode to every body's area.
"""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.places.lookups import write_postcode

__all__ = ["AreaOf", "Hierarchy", "read_hierarchy", "trace_postcode"]

_CODE = re.compile(r"(?P<kind>[a-z]+?)_?(?P<year>\d\d)?_?(?:code|cd)", re.IGNORECASE)
_NAME = r"(?i){kind}_?{year}(?:_?[a-z]+)?_?(?:name|nm)"
_POSTCODES = ("postcode", "pcds", "pcd", "pcd7", "pcd8")
_SMALLEST_FIRST = ("postcode", "oa", "lsoa", "msoa", "ward", "lad")
# Words that publishers use for the same kind of area.
_SAME = {"la": "lad", "ltla": "lad", "utla": "ctyua", "wd": "ward"}


class AreaOf(NamedTuple):
    """One area that something lies in.

    Attributes:
        kind: such as `lsoa`, `ward`, `lad` (council), `pfa` (police), `icb`.
        year: of the boundaries, two digits; empty where the file does not say.
        code: its code.
        name: empty where no file names it.
        source: the file that says so.
    """

    kind: str
    year: str
    code: str
    name: str
    source: str


class Hierarchy:
    """Lookups joined: what every area lies in."""

    def __init__(self) -> None:
        self._up: dict[tuple[str, str], dict[tuple[str, str, str], AreaOf]] = {}
        self._names: dict[str, str] = {}

    def link(self, low: tuple[str, str], high: AreaOf) -> None:
        """State that an area (kind and code) lies in another, or partly in it: both are kept."""
        self._up.setdefault(low, {}).setdefault((high.kind, high.year, high.code), high)

    def name(self, code: str, name: str) -> None:
        """State what an area is called."""
        if name:
            self._names.setdefault(code, name)

    def trace(self, kind: str, code: str) -> list[AreaOf]:
        """Return every area that one lies in, nearest first; nothing where it is not known.

        Where a lookup puts it in several areas of one kind, all of them are returned.
        """
        start = write_postcode(code) if kind == "postcode" else code
        found: dict[tuple[str, str, str], AreaOf] = {}
        queue = [(kind, start)]
        for low in queue:
            for key, area in self._up.get(low, {}).items():
                if key not in found and (area.kind, area.code) not in queue:
                    found[key] = area
                    queue.append((area.kind, area.code))
        return [
            area if area.name else area._replace(name=self._names.get(area.code, ""))
            for area in found.values()
        ]

    def knows(self, kind: str, code: str) -> bool:
        """Tell whether any lookup has the area."""
        start = write_postcode(code) if kind == "postcode" else code
        return (kind, start) in self._up


def read_hierarchy(files: Iterable[Path]) -> Hierarchy:
    """Return the lookups of some CSV files (`.csv` or `.csv.gz`), joined.

    In each file the smallest kind of area lies in the others: by the order of statistical
    geography where it is in that, else the one with the most different codes.

    Raises:
        WholeplaceError: if a file has fewer than two columns of codes.
    """
    joined = Hierarchy()
    for file in files:
        rows = list(_rows(file))
        kinds = _kinds(list(rows[0]) if rows else [])
        if len(kinds) < 2:
            raise WholeplaceError(
                f"The lookup {file.name} cannot be used.",
                "It has not two columns of codes, such as lsoa21cd and ward24_code.",
                "Name its columns as the Office for National Statistics does.",
            )
        lowest = min(
            kinds, key=lambda column: (_rank(kinds[column][0]), -len({row[column] for row in rows}))
        )
        for row in rows:
            _link_row(joined, row, kinds, lowest, file.name)
    return joined


def trace_postcode(hierarchy: Hierarchy, postcode: str) -> dict[str, tuple[str, str]]:
    """Return the newest area of every kind that a postcode lies in: kind → code and name.

    Where lookups leave open which of several it is, all are told, with “or” between them.

    Raises:
        NotFoundError: if no lookup has the postcode.
    """
    traced = hierarchy.trace("postcode", postcode)
    if not traced:
        raise NotFoundError(
            "This postcode is not known.",
            "None of the lookups has it.",
            "Check it, or give a lookup that covers it.",
        )
    newest: dict[str, str] = {}
    for each in traced:
        newest[each.kind] = max(newest.get(each.kind, ""), each.year)
    found: dict[str, list[AreaOf]] = {}
    for each in traced:
        if each.year == newest[each.kind]:
            found.setdefault(each.kind, []).append(each)
    return {
        kind: (
            " or ".join(each.code for each in areas),
            " or ".join(each.name or each.code for each in areas),
        )
        for kind, areas in found.items()
    }


def _link_row(
    joined: Hierarchy,
    row: Mapping[str, str],
    kinds: Mapping[str, tuple[str, str, str | None]],
    lowest: str,
    source: str,
) -> None:
    kind, _, named = kinds[lowest]
    code = write_postcode(row[lowest]) if kind == "postcode" else row[lowest].strip()
    if named:
        joined.name(code, row[named].strip())
    for column, (high, year, name) in kinds.items():
        if column != lowest and row[column].strip():
            words = row[name].strip() if name else ""
            joined.name(row[column].strip(), words)
            joined.link((kind, code), AreaOf(high, year, row[column].strip(), words, source))


def _rank(kind: str) -> int:
    return _SMALLEST_FIRST.index(kind) if kind in _SMALLEST_FIRST else len(_SMALLEST_FIRST)


def _kinds(columns: list[str]) -> dict[str, tuple[str, str, str | None]]:
    """Return column → kind, year and column of names, for every column of codes."""
    found: dict[str, tuple[str, str, str | None]] = {}
    for column in columns:
        if column.lower() in _POSTCODES:
            found[column] = ("postcode", "", None)
        elif (said := _CODE.fullmatch(column)) and said["kind"]:
            kind, year = said["kind"].lower(), said["year"] or ""
            named = re.compile(_NAME.format(kind=said["kind"], year=year))
            name = next((each for each in columns if named.fullmatch(each)), None)
            found[column] = (_SAME.get(kind, kind), year, name)
    return found


def _rows(file: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WholeplaceError(
            f"The lookup {file.name} cannot be read.",
            "It is not a CSV file in UTF-8.",
            "Export it again.",
        ) from error
