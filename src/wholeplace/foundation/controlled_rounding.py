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
        kept: totals already rounded, which agree with each other; the cells add up to them. A
            cell may then end a whole base or more from its count: such a one is not to be shown.

    Raises:
        WholeplaceError: if nothing adds up to the totals kept.
    """
    cells = list(counts)
    if kept:
        units = _fit_totals(counts, sums, base, threshold, kept)
        return _add_up({cell: units[cell] * base for cell in cells}, sums)
    floors = {cell: counts[cell] // base for cell in cells}
    free = [cell for cell in cells if _may_go_up(counts[cell], base, threshold)]
    forced = {cell for cell in cells if _must_go_up(counts[cell], base, threshold)}
    units = {cell: floors[cell] + (cell in forced) for cell in cells}
    free = [cell for cell in free if cell not in forced]
    for cell in _choose_ups(free, counts, units, sums, base, threshold):
        units[cell] += 1
    return _add_up({cell: units[cell] * base for cell in cells}, sums)


def _add_up(
    rounded: dict[Figure, int], sums: Mapping[Figure, tuple[Figure, ...]]
) -> dict[Figure, int]:
    return rounded | {total: sum(rounded[part] for part in parts) for total, parts in sums.items()}


def _fit_totals(
    counts: Mapping[Figure, int],
    sums: Mapping[Figure, tuple[Figure, ...]],
    base: int,
    threshold: int,
    kept: Mapping[Figure, int],
) -> dict[Figure, int]:
    """Return multiples of the base for every cell that add up to the totals kept.

    A cell starts from a multiple beside it and moves by steps, each at a cost. The step to the
    other multiple beside it costs what it adds to the error. A step beyond costs little for a
    small cell, whose rounded value nobody sees, and very much for another, which is then to be
    hidden. Steps of one cell stand in the same totals, so the programme is still a network.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    start, steps = dict[Figure, int](), list[tuple[Figure, int, float, int | None]]()
    for cell, count in counts.items():
        start[cell], rest = divmod(count, base)
        beyond = float(base) if count <= threshold else _NEVER
        if _must_go_up(count, base, threshold):
            start[cell] += 1
        elif rest:
            steps.append((cell, 1, float(base - 2 * rest), 1))
        steps += [(cell, 1, beyond + base, None), (cell, -1, beyond + base, start[cell])]
    of = {total: set(sums[total]) for total in kept}
    rows = [[sign if cell in of[total] else 0 for cell, sign, _, _ in steps] for total in kept]
    wanted = [
        value // base - sum(start[part] for part in sums[total]) for total, value in kept.items()
    ]
    answer = linprog(
        np.array([cost for _, _, cost, _ in steps]),
        A_eq=csr_array(np.array(rows, dtype=float)),
        b_eq=np.array(wanted, dtype=float),
        bounds=[(0, most) for *_, most in steps],
        method="highs-ds",
    )
    if answer.x is None:
        raise WholeplaceError(
            "The table cannot be protected.",
            "Its cells do not add up to totals published before.",
            "Give the totals of the same people, rounded to the same base.",
        )
    for (cell, sign, _, _), taken in zip(steps, answer.x, strict=True):
        start[cell] += sign * round(float(taken))
    return start


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
