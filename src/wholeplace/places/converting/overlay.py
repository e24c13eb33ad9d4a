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

    Areas that lie wholly inside another are found by a prepared test, and only those that a
    line cuts are cut.

    Args:
        source_set: id of the set.
        target_set: id of the set.
        sources: codes and shapely outlines (array), laid flat or in degrees alike.
        targets: likewise.
    """
    import shapely

    source_codes, source_outlines = sources
    target_codes, target_outlines = targets
    shapely.prepare(target_outlines)
    tree = shapely.STRtree(target_outlines)
    middle = shapely.point_on_surface(source_outlines)
    at, where = tree.query(middle, predicate="within")
    home = np.full(len(source_outlines), -1)
    home[at] = where
    whole = np.zeros(len(source_outlines), bool)
    has_home = home >= 0
    whole[has_home] = shapely.covers(target_outlines[home[has_home]], source_outlines[has_home])
    units = [
        Unit(source_codes[int(n)], target_codes[int(home[n])], 1.0, source_codes[int(n)])
        for n in np.flatnonzero(whole)
    ]
    cut = np.flatnonzero(~whole)
    left, right = tree.query(source_outlines[cut], predicate="intersects")
    pieces = shapely.intersection(source_outlines[cut[left]], target_outlines[right])
    sizes = shapely.area(pieces)
    own = shapely.area(source_outlines[cut])
    covered = np.bincount(left, sizes, len(cut))
    keep = sizes > _SLIVER * own[left]
    units += [
        Unit(source_codes[cut[n]], target_codes[t], size, source_codes[cut[n]])
        for n, t, size in zip(left[keep], right[keep], sizes[keep], strict=True)
    ]
    # What lies outside every target stays in sight instead of being shared out.
    outside = np.flatnonzero(own - covered > _SLIVER * own)
    units += [
        Unit(source_codes[cut[n]], OUTSIDE, own[n] - covered[n], source_codes[cut[n]])
        for n in outside
    ]
    return build_crosswalk(source_set, target_set, units, "area")


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
