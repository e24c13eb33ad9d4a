"""Writing an imported set into a place folder: its YAML, boundaries and postcode lookup."""

import csv
import datetime as dt
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.places.boundaries.reading import Outlines
from wholeplace.places.converting.crosswalk import OUTSIDE
from wholeplace.places.converting.overlay import area_of_points
from wholeplace.places.lookups import write_postcode

__all__ = ["NewSet", "WrittenSet", "write_area_set"]

# Coordinates to about a tenth of a metre.
_DIGITS = 6


@dataclass(frozen=True)
class NewSet:
    """What a new set is called, when it holds and where it comes from."""

    id: str
    title: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str


@dataclass(frozen=True)
class WrittenSet:
    """What was written.

    Attributes:
        postcodes: in the lookup.
        outside: postcodes that lie in none of the areas.
    """

    postcodes: int
    outside: int


def write_area_set(place: Path, new: NewSet, outlines: Outlines, postcodes: Path) -> WrittenSet:
    """Write a set into a place folder's `areas/`.

    Args:
        place: the place folder.
        new: about the set.
        outlines: its areas.
        postcodes: CSV with `postcode` and either `lon` and `lat` or a column whose values are the
            set's codes.

    Raises:
        UnsafeActionError: if the place has a set of that name: nothing is overwritten.
        WholeplaceError: if the id is no id, or the postcodes cannot be placed.
    """
    folder = place / "areas"
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", new.id):
        raise WholeplaceError(
            "The set was not imported.",
            f"“{new.id}” is no id.",
            "Use small letters, digits and single hyphens, such as police-beats-2026.",
        )
    if (folder / f"{new.id}.yaml").exists():
        raise UnsafeActionError(
            "The set was not imported.",
            f"There is a set {new.id} already.",
            "Choose another id, and end the old set with `valid_to`.",
        )
    rows, outside = _place_postcodes(outlines, postcodes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{new.id}.geojson").write_text(_geojson(outlines), "utf-8")
    (folder / f"{new.id}.csv").write_text(_csv(rows), "utf-8")
    (folder / f"{new.id}.yaml").write_text(_yaml(new), "utf-8")
    return WrittenSet(len(rows), outside)


def _place_postcodes(outlines: Outlines, file: Path) -> tuple[list[tuple[str, str]], int]:
    import shapely

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            listed = list(csv.DictReader(stream))
        codes = set(outlines.codes)
        by_code = next(
            (name for name in listed[0] if all(row[name] in codes for row in listed)), None
        )
        keys = [write_postcode(row["postcode"]) for row in listed]
        if by_code is not None:
            found = [row[by_code] for row in listed]
        else:
            points = shapely.points([[float(row["lon"]), float(row["lat"])] for row in listed])
            found = area_of_points(points, outlines.codes, outlines.shapes)
    except (OSError, KeyError, IndexError, ValueError, csv.Error) as error:
        raise WholeplaceError(
            f"The postcodes in {file.name} cannot be placed.",
            "It needs the column postcode, and lon and lat or a column of the set's codes.",
            "Mend the file.",
        ) from error
    rows = sorted({(key, code) for key, code in zip(keys, found, strict=True) if code != OUTSIDE})
    return rows, sum(1 for code in found if code == OUTSIDE)


def _geojson(outlines: Outlines) -> str:
    import numpy as np
    import shapely

    rounded = shapely.transform(outlines.shapes, lambda at: np.round(at, _DIGITS))
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, shape in zip(outlines.codes, outlines.names, rounded, strict=True)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv(rows: list[tuple[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("postcode", "code"))
    writer.writerows(rows)
    return stream.getvalue()


def _yaml(new: NewSet) -> str:
    stream = io.StringIO()
    about = {"id": new.id, "title": new.title, "kind": new.kind, "valid_from": new.valid_from}
    if new.valid_to is not None:
        about["valid_to"] = new.valid_to
    about |= {
        "source": new.source,
        "boundaries": f"{new.id}.geojson",
        "lookup": f"{new.id}.csv",
    }
    YAML().dump(about, stream)
    return stream.getvalue()
