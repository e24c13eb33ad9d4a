"""Boundaries prepared for drawing: simplified, laid flat, written as SVG path data.

Worked out once at each run, so that a page draws a map by printing text. Neighbours keep
their shared border: a whole set is simplified as one coverage.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["DRAWING_WIDTH", "draw_areas", "place_points"]

DRAWING_WIDTH = 600
"""Width of every drawing in its own units."""

_MARGIN = 4
# Detail finer than this cannot be seen at the drawing's width.
_TOLERANCE = 0.3


def draw_areas(features: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row for each feature: area_code, name, path, view_box, label_x, label_y.

    Shape: `path` is SVG path data in the units of `view_box`; the label's point lies inside
    the area. Longitude is squeezed by the cosine of the middle latitude, which is true to
    shape for a place some tens of kilometres wide.
    """
    import shapely
    from shapely.geometry import shape

    if not features:
        return []
    areas = [shapely.make_valid(shape(feature["geometry"])) for feature in features]
    lay_flat, height = _flattening(shapely.total_bounds(areas))
    flat = [shapely.transform(area, lay_flat) for area in areas]
    if shapely.coverage_is_valid(flat):
        flat = list(shapely.coverage_simplify(flat, _TOLERANCE))
    rows = []
    for feature, area in zip(features, flat, strict=True):
        point = area.representative_point()
        rows.append(
            {
                "area_code": str(feature["properties"]["code"]),
                "name": str(feature["properties"]["name"]),
                "path": _path(area),
                "view_box": f"0 0 {DRAWING_WIDTH} {height}",
                "label_x": round(point.x, 1),
                "label_y": round(point.y, 1),
            }
        )
    return rows


def place_points(
    features: Sequence[Mapping[str, Any]], points: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return where points lie on the drawing of some areas, in its units.

    Args:
        features: the same as for `draw_areas`.
        points: in the coordinates of the features.
    """
    import numpy as np
    import shapely
    from shapely.geometry import shape

    if not features or not points:
        return []
    areas = [shapely.make_valid(shape(feature["geometry"])) for feature in features]
    lay_flat, _ = _flattening(shapely.total_bounds(areas))
    return [(round(x, 1), round(y, 1)) for x, y in lay_flat(np.array(points, float))]


def _flattening(bounds: Any) -> tuple[Callable[[Any], Any], int]:
    """Return how coordinates are laid flat on a drawing, and its height."""
    west, south, east, north = bounds
    # Coordinates beyond the range of degrees are metres on a grid, which are square already.
    is_degrees = max(abs(south), abs(north)) <= 90
    squeeze = math.cos(math.radians((south + north) / 2)) if is_degrees else 1.0
    scale = (DRAWING_WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)
    height = math.ceil((north - south) * scale) + 2 * _MARGIN

    def lay_flat(points: Any) -> Any:
        flat = points.copy()
        flat[:, 0] = _MARGIN + (points[:, 0] - west) * squeeze * scale
        flat[:, 1] = _MARGIN + (north - points[:, 1]) * scale
        return flat

    return lay_flat, height


def _path(area: Any) -> str:
    parts = [part for part in getattr(area, "geoms", [area]) if part.geom_type == "Polygon"]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in list(ring.coords)[:-1]) + "Z"
        for ring in rings
    )
