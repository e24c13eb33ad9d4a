"""Rounding a table so that it still adds up.

Every cell goes to the multiple just below or just above it, and totals are sums of rounded
cells, so the table is additive. Which way each cell goes is chosen so that cells and totals
together end as near to the truth as they can: a linear programme over a network, whose best
corner is whole (Cox 1987, controlled rounding). The same table always gives the same answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wholeplace.foundation.protected import Figure

__all__ = ["round_table"]

# A total is read more than a cell, so an error in it weighs more.
_TOTAL_WEIGHT = 2.0
_NEVER = 1e4


def round_table(
    counts: Mapping[Figure, int],
    sums: Mapping[Figure, tuple[Figure, ...]],
    *,
    base: int,
    threshold: int,
) -> dict[Figure, int]:
    """Return every cell and total rounded to a multiple of the base, adding up exactly.

    Args:
        counts: exact cells.
        sums: each total with its cells.
        base: the multiple.
        threshold: a count above it never rounds down to it or below.
    """
    cells = list(counts)
    floors = {cell: counts[cell] // base for cell in cells}
    free = [cell for cell in cells if _may_go_up(counts[cell], base, threshold)]
    forced = {cell for cell in cells if _must_go_up(counts[cell], base, threshold)}
    units = {cell: floors[cell] + (cell in forced) for cell in cells}
    free = [cell for cell in free if cell not in forced]
    for cell in _choose_ups(free, counts, units, sums, base, threshold):
        units[cell] += 1
    rounded = {cell: units[cell] * base for cell in cells}
    for total, parts in sums.items():
        rounded[total] = sum(rounded[part] for part in parts)
    return rounded


def _must_go_up(count: int, base: int, threshold: int) -> bool:
    return count > threshold and (count // base) * base <= threshold


def _may_go_up(count: int, base: int, threshold: int) -> bool:
    """A hidden count stays within the threshold when rounded, as far as it can."""
    if count % base == 0:
        return False
    up = (count // base + 1) * base
    return count > threshold or count < base or up <= threshold


def _choose_ups(
    free: Sequence[Figure],
    counts: Mapping[Figure, int],
    units: Mapping[Figure, int],
    sums: Mapping[Figure, tuple[Figure, ...]],
    base: int,
    threshold: int,
) -> list[Figure]:
    """Return the free cells that go up: the best corner of the network programme."""
    if not free:
        return []
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    place = {cell: index for index, cell in enumerate(free)}
    lines: list[tuple[list[int], int, float, float]] = []
    for index, parts in enumerate(sums.values()):
        inside = [place[part] for part in parts if part in place]
        exact = sum(counts[part] for part in parts)
        settled = sum(units[part] for part in parts)
        for slope, bound in _tangents(exact, settled, base, threshold):
            lines.append((inside, index, slope, bound))
    cost = [float(base - 2 * (counts[cell] % base)) for cell in free]
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for number, (inside, index, slope, _) in enumerate(lines):
        rows += [number] * (len(inside) + 1)
        columns += [*inside, len(free) + index]
        values += [*([slope] * len(inside)), -1.0]
    shape = (len(lines), len(free) + len(sums))
    matrix: Any = csr_array((values, (rows, columns)), shape=shape)
    answer = linprog(
        np.array([*cost, *([_TOTAL_WEIGHT] * len(sums))]),
        A_ub=matrix,
        b_ub=np.array([-bound for *_, bound in lines]),
        bounds=[*([(0, 1)] * len(free)), *([(0, None)] * len(sums))],
        method="highs-ds",
    )
    return [cell for cell, value in zip(free, answer.x, strict=False) if value > 0.5]


def _tangents(exact: int, settled: int, base: int, threshold: int) -> list[tuple[float, float]]:
    """Straight lines whose greatest is a total's error, at whole numbers of multiples.

    Each is (slope, value where no free cell goes up).
    """
    below = exact // base
    low, high = exact - below * base, (below + 1) * base - exact

    def line(slope: float, at: int, value: float) -> tuple[float, float]:
        return slope, value + slope * (settled - at)

    lines = [
        line(-float(base), below, float(low)),
        line(float(high - low), below, float(low)),
        line(float(base), below + 1, float(high)),
    ]
    if exact > threshold:
        least = threshold // base + 1
        lines.append(line(-_NEVER, least, 0.0))
    return lines
