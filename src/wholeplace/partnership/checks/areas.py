"""Faults of areas/: boundaries and lookups that are missing, unreadable or do not agree."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.definitions import AreaSet
from wholeplace.partnership.draft import Defined, PlaceDraft, dig
from wholeplace.partnership.texts import MarkedText
from wholeplace.partnership.wording import list_words

__all__ = ["area_faults"]

# Faults of one data file beyond this number are counted, not listed.
_MOST_LISTED = 10
_POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$")
_SHAPES = ("Polygon", "MultiPolygon")


def area_faults(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of the area sets and of the files that they name."""
    yield from _unused_tables(draft)
    for each in draft.area_sets:
        stem = each.text.file.removeprefix("areas/").removesuffix(".yaml")
        name = dig(each.text.data, "id")
        if isinstance(name, str) and name != stem:
            what = f"the id `{name}` is not the name of the file"
            mend = f"rename the file to {name}.yaml, or the id"
            yield each.text.fault(("id",), what, f"`{stem}`", mend)
        if isinstance(each.definition, AreaSet):
            yield from _area_set_faults(draft, each)


def _unused_tables(draft: PlaceDraft) -> Iterator[Fault]:
    named = {
        dig(each.text.data, key) for each in draft.area_sets for key in ("boundaries", "lookup")
    }
    folder = draft.folder / "areas"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in (".csv", ".geojson") and path.name not in named:
            yield Fault(
                f"areas/{path.name}",
                0,
                "no area set names this file",
                "files that an areas/*.yaml names as `boundaries` or `lookup`",
                "name it in its area set, or delete it",
            )


def _area_set_faults(draft: PlaceDraft, each: Defined) -> Iterator[Fault]:
    area_set: AreaSet = each.definition
    if area_set.valid_to is not None and area_set.valid_to < area_set.valid_from:
        what = "`valid_to` is before `valid_from`"
        yield each.text.fault(("valid_to",), what, "a later day", "correct one of the two")
    boundaries = _named_file(draft, each.text, "boundaries", area_set.boundaries)
    lookup = _named_file(draft, each.text, "lookup", area_set.lookup)
    if isinstance(boundaries, Fault):
        yield boundaries
    if isinstance(lookup, Fault):
        yield lookup
    codes: dict[str, int] = {}
    if isinstance(boundaries, Path):
        yield from _boundary_faults(boundaries, area_set.boundaries, codes)
    if isinstance(lookup, Path):
        yield from _limited(_lookup_faults(lookup, area_set.lookup, codes), area_set.lookup)


def _named_file(draft: PlaceDraft, text: MarkedText, key: str, name: str) -> Path | Fault:
    folder = draft.folder / "areas"
    if "/" in name or "\\" in name or name.startswith("."):
        what = f"`{key}` names a file outside areas/"
        return text.fault((key,), what, "a file name without a path", "put the file in areas/")
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(draft.folder.resolve()):
        what = f"the {key} file `{name}` is not in areas/"
        return text.fault((key,), what, "a file that exists there", "add it, or correct the name")
    return path


def _limited(faults: Iterator[Fault], name: str) -> Iterator[Fault]:
    listed = list(faults)
    yield from listed[:_MOST_LISTED]
    if len(listed) > _MOST_LISTED:
        more = len(listed) - _MOST_LISTED
        what = f"there are {more} more faults like these in this file"
        yield Fault(f"areas/{name}", listed[_MOST_LISTED].line, what, "", "mend those above first")


def _boundary_faults(path: Path, name: str, codes: dict[str, int]) -> Iterator[Fault]:
    file = f"areas/{name}"
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield Fault(
            file, 0, "the file is not UTF-8 text", "GeoJSON in UTF-8", "save it again as UTF-8"
        )
        return
    except (json.JSONDecodeError, RecursionError, OSError) as error:
        line = getattr(error, "lineno", 0)
        yield Fault(file, line, "the file is not JSON", "GeoJSON", "export the boundaries again")
        return
    features = dig(data, "features")
    if not isinstance(features, list) or dig(data, "type") != "FeatureCollection" or not features:
        expected = "a FeatureCollection with one feature an area"
        yield Fault(
            file, 0, "the file holds no boundaries", expected, "export the boundaries again"
        )
        return
    yield from _limited(_each_feature(file, features, codes), name)


def _each_feature(file: str, features: list[Any], codes: dict[str, int]) -> Iterator[Fault]:
    for number, feature in enumerate(features, 1):
        properties = dig(feature, "properties")
        for key in ("code", "name"):
            value = dig(properties, key)
            if not isinstance(value, str) or not value.strip():
                what = f"feature {number} has no `{key}`"
                yield Fault(file, 0, what, "text under `properties`", "add it to every feature")
        code = dig(properties, "code")
        if isinstance(code, str):
            if code in codes:
                what = f"the code `{code}` stands on features {codes[code]} and {number}"
                yield Fault(file, 0, what, "each code once", "join or rename them")
            codes[code] = number
        geometry = dig(feature, "geometry")
        if dig(geometry, "type") not in _SHAPES or not dig(geometry, "coordinates"):
            what = f"feature {number} has no area to draw"
            yield Fault(file, 0, what, "a Polygon or MultiPolygon", "export the boundaries again")


def _lookup_faults(path: Path, name: str, codes: Mapping[str, int]) -> Iterator[Fault]:
    file = f"areas/{name}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield Fault(
            file, line, "the file is not UTF-8 text", "CSV in UTF-8", "save it again as UTF-8"
        )
        return
    except OSError:
        yield Fault(
            file, 0, "the file cannot be read", "a readable file", "correct its permissions"
        )
        return
    rows = csv.reader(text.splitlines())
    try:
        header = [name.strip() for name in next(rows, [])]
        missing = [name for name in ("postcode", "code") if name not in header]
        if missing:
            what = f"the column {list_words(missing)} is missing"
            yield Fault(file, 1, what, "columns postcode and code, with commas", "add it")
            return
        yield from _each_row(file, rows, header, codes)
    except csv.Error:
        yield Fault(
            file, rows.line_num, "the line is not CSV", "values with commas", "mend the line"
        )


def _each_row(file: str, rows: Any, header: list[str], codes: Mapping[str, int]) -> Iterator[Fault]:
    at_postcode, at_code = header.index("postcode"), header.index("code")
    seen: dict[str, int] = {}
    for row in rows:
        line = rows.line_num
        if not row:
            continue
        if len(row) != len(header):
            what = f"the row has {len(row)} values"
            yield Fault(file, line, what, f"{len(header)}, as in the first line", "mend the row")
            continue
        postcode, code = row[at_postcode].strip().upper(), row[at_code].strip()
        if not _POSTCODE.match(postcode):
            yield Fault(
                file, line, "the postcode is not a UK postcode", "such as LB1 4QT", "correct it"
            )
        elif (first := seen.setdefault(postcode.replace(" ", ""), line)) != line:
            what = f"the postcode stands here and on line {first}"
            yield Fault(file, line, what, "each postcode once", "delete one")
        if codes and code not in codes:
            what = f"the code `{code}` is not in the boundaries"
            yield Fault(file, line, what, "a code of the boundaries file", "correct one of the two")
    if not seen:
        yield Fault(file, 1, "the lookup has no rows", "one row a postcode", "export it again")
