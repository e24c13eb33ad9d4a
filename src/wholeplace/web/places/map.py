"""The map: boundaries as SVG paths, shaded in bands that pattern tells apart, not colour alone.

Nothing here is written into a `style`, so the strict Content-Security-Policy holds.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["Band", "Shape", "bands_of", "draw_shapes"]

WIDTH = 600
_MARGIN = 4
_MOST_BANDS = 4
# Detail that cannot be seen at this width: half a unit of the drawing.
_TOLERANCE = 0.5


@dataclass(frozen=True)
class Shape:
    """One area ready to draw.

    Attributes:
        path: SVG path data.
        x: where its number stands.
        y: likewise.
    """

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Band:
    """One shade of the map.

    Attributes:
        number: 1 is the lowest.
        lowest: lowest rate in it.
        highest: highest rate in it.
    """

    number: int
    lowest: float
    highest: float

    @property
    def words(self) -> str:
        """The words of the key."""
        if self.lowest == self.highest:
            return f"{self.lowest:.1f} per 1,000"
        return f"{self.lowest:.1f} to {self.highest:.1f} per 1,000"


def draw_shapes(boundaries: Path) -> tuple[tuple[Shape, ...], int]:
    """Return the areas of a GeoJSON file as shapes, and the height of the drawing."""
    return _draw(boundaries, boundaries.stat().st_mtime_ns)


def bands_of(rates: Mapping[str, float]) -> tuple[Band, ...]:
    """Split published rates into bands of about equal numbers of areas.

    Equal rates always share a band, so a shade never tells apart what the table does not.
    """
    distinct = sorted(set(rates.values()))
    if not distinct:
        return ()
    count = min(_MOST_BANDS, len(distinct))
    edges = [distinct[i * len(distinct) // count] for i in range(count)] + [math.inf]
    return tuple(
        Band(i + 1, edges[i], max(rate for rate in distinct if rate < edges[i + 1]))
        for i in range(count)
    )


@lru_cache(maxsize=16)
def _draw(boundaries: Path, _changed: int) -> tuple[tuple[Shape, ...], int]:
    from shapely import affinity
    from shapely.geometry import shape

    features = json.loads(boundaries.read_text("utf-8"))["features"]
    areas = [(feature["properties"], shape(feature["geometry"])) for feature in features]
    west = min(area.bounds[0] for _, area in areas)
    south = min(area.bounds[1] for _, area in areas)
    east = max(area.bounds[2] for _, area in areas)
    north = max(area.bounds[3] for _, area in areas)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    # Coordinates beyond the range of degrees are metres on a grid, which are square already.
    squeeze = math.cos(math.radians((south + north) / 2)) if max(map(abs, (south, north))) <= 90 else 1.0
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)
    height = math.ceil((north - south) * scale) + 2 * _MARGIN
    matrix = [scale * squeeze, 0, 0, -scale, _MARGIN - west * scale * squeeze, _MARGIN + north * scale]
    shapes = []
    for properties, area in areas:
        drawn = affinity.affine_transform(area, matrix)
        inside = drawn.representative_point()
        shapes.append(
            Shape(
                str(properties["code"]),
                str(properties["name"]),
                _path(drawn.simplify(_TOLERANCE / 4)),
                round(inside.x, 1),
                round(inside.y, 1),
            )
        )
    return tuple(shapes), height


def _path(area: Any) -> str:
    polygons = getattr(area, "geoms", [area])
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(_ring(ring.coords) for ring in rings)


def _ring(points: Sequence[Sequence[float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_ in points) + "Z"
