"""The attack: how closely can a published table's hidden counts be worked out?

An attacker knows the table as published, its threshold and base, and that parts add up to
their totals. Whatever whole counts fit all of that are still possible. The smallest and
largest of them, for each hidden figure, are found by linear programming; a two-way table is a
network, so the bounds are exact. Disclosure control runs this attack before it publishes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from wholeplace.foundation.protected import Figure, ProtectedCount, ProtectedTable

__all__ = ["narrow_figures", "ranges_left", "recover_cells"]

_EVERY = 1_000_000_000


def ranges_left(
    published: ProtectedTable, slack: int | None = None
) -> dict[Figure, tuple[int, int | None]] | None:
    """Return the smallest and largest count still possible for each hidden figure.

    Args:
        published: the table.
        slack: how far the attacker takes a shown figure to be from the truth; the table's
            own `error_at_most` when left out.

    Returns:
        Figure → (smallest, largest; None where it has no bound); None where no counts fit,
        because the attacker took the slack too small.
    """
    attack = _Attack(published, published.error_at_most if slack is None else slack)
    if attack.any_solution() is None:
        return None
    found: dict[Figure, tuple[int, int | None]] = {}
    for figure in attack.hidden:
        low, high = attack.extreme(figure, 1), attack.extreme(figure, -1)
        found[figure] = (low, None if high >= _EVERY else high)
    return found


def recover_cells(published: ProtectedTable, slack: int | None = None) -> dict[Figure, int]:
    """Return the hidden figures that an attacker works out exactly; none is as it should be.

    Args:
        published: the table.
        slack: as for `ranges_left`.
    """
    ranges = ranges_left(published, slack) or {}
    return {figure: low for figure, (low, high) in ranges.items() if low == high}


def narrow_figures(published: ProtectedTable, slack: int, least: int) -> list[Figure]:
    """Return the hidden figures that keep fewer than `least` possible counts.

    As `ranges_left`, but stops at each figure as soon as enough counts are known possible.
    """
    attack = _Attack(published, slack)
    if attack.any_solution() is None:
        return []
    return [figure for figure in attack.hidden if attack.is_narrow(figure, least)]


@dataclass
class _Attack:
    """One published table as bounds on unknown cells and on their sums."""

    published: ProtectedTable
    slack: int

    def __post_init__(self) -> None:
        self.sums = self.published.parts()
        cells = [figure for figure in self.published.figures if figure not in self.sums]
        self.place = {cell: index for index, cell in enumerate(cells)}
        self.hidden = [
            figure for figure, count in self.published.figures.items() if not count.is_shown
        ]
        self.seen: dict[Figure, tuple[int, int]] = {}

    def _bounds(self, figure: Figure, count: ProtectedCount) -> tuple[int, int]:
        table = self.published
        if count.shown is not None:
            if count.shown == 0 and table.zeros_are_safe:
                return 0, 0
            return max(table.threshold + 1, count.shown - self.slack), count.shown + self.slack
        if count.hidden == "small":
            return (1 if table.zeros_are_safe else 0), table.threshold
        # `not shown` promises nothing: it may stand for a zero, a small or a large count.
        return 0, _EVERY

    @cached_property
    def _programme(self) -> dict[str, Any]:
        from scipy.sparse import csr_array

        figures = self.published.figures
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        limits: list[float] = []
        for total, parts in self.sums.items():
            low, high = self._bounds(total, figures[total])
            for sign, limit in ((1.0, high), (-1.0, -low)):
                if limit < _EVERY:
                    rows += [len(limits)] * len(parts)
                    columns += [self.place[part] for part in parts]
                    values += [sign] * len(parts)
                    limits.append(float(limit))
        bounds = [
            (low, None if high >= _EVERY else high)
            for low, high in (self._bounds(cell, figures[cell]) for cell in self.place)
        ]
        programme: dict[str, Any] = {"bounds": bounds, "method": "highs"}
        if limits:
            shape = (len(limits), len(self.place))
            programme["A_ub"] = csr_array((values, (rows, columns)), shape=shape)
            programme["b_ub"] = np.array(limits)
        return programme

    def _solve(self, cost: Any) -> Any:
        from scipy.optimize import linprog

        return linprog(cost, **self._programme)

    def any_solution(self) -> Any:
        """Return some counts that fit, or None."""
        answer = self._solve(np.zeros(len(self.place)))
        return None if answer.status == 2 else self._note(answer)

    def extreme(self, figure: Figure, sign: int) -> int:
        """Return the smallest (sign 1) or largest (sign -1) count possible for a figure."""
        cost = np.zeros(len(self.place))
        cost[list(self._inside(figure))] = sign
        answer = self._solve(cost)
        if answer.status == 3:
            return _EVERY
        self._note(answer)
        # Corners are whole; the solver's answer is within rounding of one.
        return round(sign * float(answer.fun))

    def is_narrow(self, figure: Figure, least: int) -> bool:
        """Tell whether fewer than `least` counts are possible for a figure."""
        needed = least
        if self.published.figures[figure].hidden == "small":
            low, high = self._bounds(figure, self.published.figures[figure])
            # Even with all else hidden, a line's unseen total rules one value out.
            needed = min(least, max(1, high - low))
        for sign in (1, -1):
            low, high = self.seen[figure]
            if high - low + 1 >= needed:
                return False
            found = self.extreme(figure, sign)
            low, high = self.seen[figure]
            self.seen[figure] = (min(low, found), max(high, found))
        low, high = self.seen[figure]
        return high - low + 1 < needed

    def _inside(self, figure: Figure) -> Iterable[int]:
        return (self.place[part] for part in self.sums.get(figure, (figure,)))

    def _note(self, answer: Any) -> Any:
        """Remember what a solution shows to be possible, so that fewer need solving."""
        whole = np.rint(answer.x)
        for figure in self.hidden:
            value = int(whole[list(self._inside(figure))].sum())
            low, high = self.seen.get(figure, (value, value))
            self.seen[figure] = (min(low, value), max(high, value))
        return answer
