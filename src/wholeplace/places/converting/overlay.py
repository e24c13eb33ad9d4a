"""Units of ground from outlines: where two sets overlap, and which area a point lies in."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wholeplace.places.converting.crosswalk import (
    OUTSIDE,
    Crosswalk,
    Unit,
    build_crosswalk,
)

__all__ = ["area_of_points", "overlay_crosswalk", "spread_over_points"]

# Slivers below this share of a source are differences of drawing, not of boundary.
_SLIVER = 1e-3


def overlay_crosswalk(
    source_set: str,
    target_set: str,
    sources: tuple[Sequence[str], Any],
    targets: tuple[Sequence[str], Any],
) -> Crosswalk:
    """Return the crosswalk by shares of area: the coarsest, where nothing finer is known.

    The areas of the target set must not overlap each other, as boundaries of one set do not.

    Args:
        source_set: id of the set.
        target_set: id of the set.
        sources: codes and shapely outlines (array), laid flat or in degrees alike.
        targets: likewise.
    """
    source_codes, source_outlines = sources
    target_codes, target_outlines = targets
    left, right, size = _overlaps(source_outlines, target_outlines)
    units = [
        Unit(
            source_codes[int(n)],
            target_codes[int(t)] if t >= 0 else OUTSIDE,
            float(part),
            source_codes[int(n)],
        )
        for n, t, part in zip(left, right, size, strict=True)
    ]
    return build_crosswalk(source_set, target_set, units, "area")


def _overlaps(sources: Any, targets: Any) -> tuple[Any, Any, Any]:
    """Return which source overlaps which target (-1 for none of them), and by what area.

    Cutting is what costs, so what lies in the target that holds a source's middle is never cut:
    it is what the others and the outside leave.
    """
    import shapely

    shapely.prepare(targets)
    tree = shapely.STRtree(targets)
    home = np.full(len(sources), -1)
    at, where = tree.query(shapely.point_on_surface(sources), predicate="within")
    home[at] = where
    own = shapely.area(sources)
    left, right = tree.query(sources, predicate="intersects")
    others = (right != home[left]) & ~_can_only_be_slivers(sources, targets, left, right, own)
    left, right = left[others], right[others]
    sizes = shapely.area(shapely.intersection(sources[left], targets[right]))
    everywhere = shapely.union_all(targets)
    shapely.prepare(everywhere)
    outside = np.zeros(len(sources))
    edge = np.flatnonzero(~shapely.covers(everywhere, sources))
    outside[edge] = own[edge] - shapely.area(shapely.intersection(sources[edge], everywhere))
    kept = sizes > _SLIVER * own[left]
    left, right, sizes = left[kept], right[kept], sizes[kept]
    outside = np.where(outside > _SLIVER * own, outside, 0.0)
    at_home = own - np.bincount(left, sizes, len(sources)) - outside
    housed = np.flatnonzero((home >= 0) & (at_home > _SLIVER * own))
    gone = np.flatnonzero(outside)
    return (
        np.concatenate([housed, left, gone]),
        np.concatenate([home[housed], right, np.full(len(gone), -1)]),
        np.concatenate([at_home[housed], sizes, outside[gone]]),
    )


def _can_only_be_slivers(sources: Any, targets: Any, left: Any, right: Any, own: Any) -> Any:
    """Tell of which pairs even the boxes around them overlap by less than a sliver."""
    import shapely

    one, two = shapely.bounds(sources)[left], shapely.bounds(targets)[right]
    width = np.minimum(one[:, 2], two[:, 2]) - np.maximum(one[:, 0], two[:, 0])
    height = np.minimum(one[:, 3], two[:, 3]) - np.maximum(one[:, 1], two[:, 1])
    return np.maximum(width, 0) * np.maximum(height, 0) <= _SLIVER * own[left]


def area_of_points(points: Any, codes: Sequence[str], outlines: Any) -> list[str]:
    """Return for each point the code of the area that it lies in; `OUTSIDE` where in none."""
    import shapely

    found = [OUTSIDE] * len(points)
    at, where = shapely.STRtree(outlines).query(points, predicate="intersects")
    for point, area in zip(at[::-1], where[::-1], strict=True):
        found[point] = codes[area]
    return found


def spread_over_points(
    groups: Sequence[str],
    people: dict[str, float],
    lone_points: dict[str, int],
    source_of: Sequence[str],
    target_of: Sequence[str],
) -> list[Unit]:
    """Return units that share each group's people evenly among its points.

    Args:
        groups: for each point, the group that it lies in.
        people: for each group, how many live there.
        lone_points: group → index of a point that stands for a group without points.
        source_of: for each point, its area of the source set.
        target_of: for each point, its area of the target set.
    """
    count: dict[str, int] = {}
    for group in groups:
        count[group] = count.get(group, 0) + 1
    units = [
        Unit(source_of[n], target_of[n], people[group] / count[group], group)
        for n, group in enumerate(groups)
        if group in people
    ]
    return units + [
        Unit(source_of[n], target_of[n], people[group], group)
        for group, n in lone_points.items()
        if group not in count
    ]
