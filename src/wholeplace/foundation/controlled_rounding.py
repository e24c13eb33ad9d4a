"""Rounding a table so that it still adds up.

Every cell goes to the multiple just below or just above it, and totals are sums of rounded
cells, so the table is additive. Which way each cell goes is chosen so that cells and totals
together end as near to the truth as they can: a linear programme over a network, whose best
corner is whole (Cox 1987, controlled rounding). The same table always gives the same answer.

Totals that were rounded before, for another table, can be kept: the cells are then rounded so
that they add up to those.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
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
    kept: Mapping[Figure, int] | None = None,
) -> dict[Figure, int]:
    """Return every cell and total rounded to a multiple of the base, adding up exactly.

    Args:
        counts: exact cells.
        sums: each total with its cells.
        base: the multiple.
        threshold: a count above it never rounds down to it or below, unless totals that are
            kept leave no other way.
        kept: totals already rounded to the multiple just below or above, which agree with each
            other; the cells add up to them.

    Raises:
        WholeplaceError: if nothing adds up to the totals kept.
    """
    cells = list(counts)
    floors = {cell: counts[cell] // base for cell in cells}
    if kept:
        # A hidden cell's rounded value is never seen, so it may go either way; by Cox's theorem
        # something then adds up, save where a small count that is shown must go up.
        free = [cell for cell in cells if counts[cell] % base]
    else:
        free = [cell for cell in cells if _may_go_up(counts[cell], base, threshold)]
    forced = {cell for cell in cells if _must_go_up(counts[cell], base, threshold)}
    units = {cell: floors[cell] + (cell in forced) for cell in cells}
    still_free = [cell for cell in free if cell not in forced]
    ups = _choose_ups(still_free, counts, units, sums, base, threshold, kept or {})
    if ups is None:
        units = floors
        ups = _choose_ups(free, counts, units, sums, base, threshold, kept or {})
    if ups is None:
        raise WholeplaceError(
            "The table cannot be protected.",
            "Its cells do not add up to totals published before.",
            "Give the totals of the same people, rounded to the same base.",
        )
    for cell in ups:
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
    kept: Mapping[Figure, int],
) -> list[Figure] | None:
    """Return the free cells that go up: the best corner of the network programme; None if none."""
    if not free:
        adds_up = all(
            sum(units[part] for part in sums[total]) * base == value
            for total, value in kept.items()
        )
        return [] if adds_up else None
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    place = {cell: index for index, cell in enumerate(free)}
    lines: list[tuple[list[int], int, float, float]] = []
    equal: list[tuple[list[int], int]] = []
    for index, (total, parts) in enumerate(sums.items()):
        inside = [place[part] for part in parts if part in place]
        exact = sum(counts[part] for part in parts)
        settled = sum(units[part] for part in parts)
        if total in kept:
            equal.append((inside, kept[total] // base - settled))
            continue
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
    width = len(free) + len(sums)
    programme: dict[str, Any] = {}
    if lines:
        programme["A_ub"] = csr_array((values, (rows, columns)), shape=(len(lines), width))
        programme["b_ub"] = np.array([-bound for *_, bound in lines])
    if equal:
        of = [number for number, (inside, _) in enumerate(equal) for _ in inside]
        at = [column for inside, _ in equal for column in inside]
        programme["A_eq"] = csr_array(([1.0] * len(of), (of, at)), shape=(len(equal), width))
        programme["b_eq"] = np.array([float(wanted) for _, wanted in equal])
    answer = linprog(
        np.array([*cost, *([_TOTAL_WEIGHT] * len(sums))]),
        **programme,
        bounds=[*([(0, 1)] * len(free)), *([(0, None)] * len(sums))],
        method="highs-ds",
    )
    if answer.x is None:
        return None
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
