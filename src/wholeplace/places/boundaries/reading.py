"""Boundaries from files as they are published: GeoJSON, shapefile, GeoPackage.

Whatever grid a file is drawn on, outlines are given in longitude and latitude (WGS 84).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["Outlines", "read_outlines"]

# How publishers name the column of codes and that of names, the likeliest first.
_CODES = (
    r"code",
    r"area_code",
    r"[a-z]+\d\dcd",
    r"[a-z]+\d\d_code",
    r"gss_?code",
    r".*_?code",
    r".*cd",
)
_NAMES = (r"name", r"area_name", r"[a-z]+\d\dnm", r"[a-z]+\d\d_name", r".*_?name", r".*nm")


@dataclass(frozen=True)
class Outlines:
    """The areas of one set.

    Attributes:
        codes: each once.
        names: the code where the file names none.
        shapes: numpy array of shapely outlines, valid, in degrees of WGS 84.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: Any

    def only(self, codes: Sequence[str]) -> "Outlines":
        """Return the areas of some codes alone, in the order that they have here."""
        wanted = set(codes)
        kept = [number for number, code in enumerate(self.codes) if code in wanted]
        return Outlines(
            tuple(self.codes[n] for n in kept),
            tuple(self.names[n] for n in kept),
            self.shapes[kept],
        )


def read_outlines(
    path: Path, code: str | None = None, name: str | None = None, layer: str | None = None
) -> Outlines:
    """Return the areas of a boundary file.

    Args:
        path: a GeoJSON (`.geojson`, `.json`), a shapefile (`.shp`, or a `.zip` that holds one) or
            a GeoPackage (`.gpkg`).
        code: column of the codes; found by its name when not given.
        name: column of the names; likewise.
        layer: of a file with several.

    Raises:
        WholeplaceError: if the file cannot be read, has no such column or no areas, or one code
            stands on two areas.
    """
    import pyogrio
    import shapely

    try:
        meta, _, shapes, columns = pyogrio.raw.read(Path(path), layer=layer, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise WholeplaceError(
            f"The boundaries in {Path(path).name} cannot be read.",
            "It is no GeoJSON, shapefile or GeoPackage, or has no such layer.",
            "Export the boundaries again; a shapefile needs its .shx and .dbf beside it.",
        ) from error
    fields = dict(zip((str(each) for each in meta["fields"]), columns, strict=True))
    code = _column(path, fields, code, _CODES, "codes")
    outlines = shapely.make_valid(shapely.from_wkb(shapes))
    codes = tuple(str(each).strip() for each in fields[code])
    if not codes or len(set(codes)) < len(codes) or shapely.is_missing(outlines).any():
        raise WholeplaceError(
            f"The boundaries in {Path(path).name} cannot be used.",
            f"The column {code} does not give each area a code of its own, or an area is missing.",
            "Name the column of codes with --code, and give each area one outline.",
        )
    try:
        names = fields[_column(path, fields, name, _NAMES, "names")]
    except WholeplaceError:
        if name is not None:
            raise
        names = codes
    return Outlines(codes, tuple(str(each) for each in names), _in_degrees(outlines, meta["crs"]))


def _column(
    path: Path, fields: dict[str, Any], asked: str | None, patterns: Sequence[str], what: str
) -> str:
    if asked in fields:
        return str(asked)
    for pattern in patterns if asked is None else ():
        for each in fields:
            if re.fullmatch(pattern, each, re.IGNORECASE):
                return each
    raise WholeplaceError(
        f"The boundaries in {Path(path).name} cannot be used.",
        f"There is no column of {what} in it. It has: {', '.join(fields) or 'none'}.",
        "Name the column that holds them.",
    )


def _in_degrees(outlines: Any, crs: str | None) -> Any:
    """Return outlines in WGS 84. A file that names no grid is taken to be in degrees already."""
    import shapely

    if crs is None or crs.upper() in ("EPSG:4326", "OGC:CRS84"):
        return outlines
    from pyproj import Transformer

    turn = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def move(points: Any) -> Any:
        moved = points.copy()
        moved[:, 0], moved[:, 1] = turn.transform(points[:, 0], points[:, 1])
        return moved

    return shapely.transform(outlines, move)
