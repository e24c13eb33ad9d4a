"""Area sets of a place: which are valid on a day, their areas, and postcode to area.

Reads `areas/*.yaml` with a CSV (postcode, code) and a GeoJSON (features with code and name).
"""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.partnership.definitions import AreaSet

__all__ = ["HasAreas", "read_features", "read_lookup", "valid_area_sets", "write_postcode"]

_LOOKUP = pa.schema(
    [("area_set", pa.string()), ("postcode", pa.string()), ("area_code", pa.string())]
)


class HasAreas(Protocol):
    """What this room needs of a place folder."""

    @property
    def area_sets(self) -> Mapping[str, AreaSet]:
        """Area sets by id."""
        ...

    def area_file(self, name: str) -> Path:
        """Return the path of a file in `areas/`."""
        ...


def valid_area_sets(place: HasAreas, on: dt.date) -> list[AreaSet]:
    """Return the area sets that hold on a day, in the place folder's order."""
    return [
        each
        for each in place.area_sets.values()
        if each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)
    ]


def write_postcode(text: str) -> str:
    """Return a postcode in the one way it is written here: capitals, one space before the last three."""
    close = "".join(text.split()).upper()
    return f"{close[:-3]} {close[-3:]}" if len(close) > 3 else close


def read_lookup(place: HasAreas, sets: Iterable[AreaSet]) -> pa.Table:
    """Return which postcode lies in which area.

    Shape: grain area_set, postcode; column area_code.

    Raises:
        WholeplaceError: if a lookup has not the columns postcode and code, or places one
            postcode in two areas of a set.
    """
    rows: dict[tuple[str, str], str] = {}
    for each in sets:
        file = place.area_file(each.lookup)
        for row in _read_csv(file):
            key, code = (each.id, write_postcode(row["postcode"])), row["code"].strip()
            if rows.setdefault(key, code) != code:
                raise WholeplaceError(
                    f"The lookup {file.name} cannot be used.",
                    "It places one postcode in two areas.",
                    "Keep one line for each postcode.",
                )
    listed = [
        {"area_set": area_set, "postcode": postcode, "area_code": code}
        for (area_set, postcode), code in rows.items()
    ]
    return pa.Table.from_pylist(listed, schema=_LOOKUP)


def read_features(place: HasAreas, area_set: AreaSet) -> list[Mapping[str, Any]]:
    """Return the features of a set's boundaries, each with `code`, `name` and a geometry.

    Raises:
        WholeplaceError: if the file is not such a GeoJSON.
    """
    file = place.area_file(area_set.boundaries)
    try:
        features = json.loads(file.read_text("utf-8"))["features"]
        codes = [feature["properties"]["code"] for feature in features]
        if len(set(codes)) != len(codes) or not all(f["properties"]["name"] for f in features):
            raise KeyError("code")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WholeplaceError(
            f"The boundaries {file.name} cannot be used.",
            "It is not a GeoJSON file whose features each have their own `code` and a `name`.",
            "Mend the file and run `wholeplace check`.",
        ) from error
    return list(features)


def _read_csv(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not {"postcode", "code"} <= set(reader.fieldnames or ()):
                raise KeyError("postcode")
            return [row for row in reader if row["postcode"] and row["code"]]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise WholeplaceError(
            f"The lookup {file.name} cannot be used.",
            "It is not a CSV file in UTF-8 with the columns postcode and code.",
            "Mend the file and run `wholeplace check`.",
        ) from error
