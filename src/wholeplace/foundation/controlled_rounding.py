"""Rounding figures so that they still add up.

Every cell goes to the multiple just below or just above it, and totals are sums of rounded
cells, so whatever is published adds up, at every level and in every set of areas at once. Which
way each cell goes is chosen so that cells and totals together end as near to the truth as they
can: a linear programme. Where the totals form two nests (areas inside areas, for each category;
and categories inside each area) it is a network, whose best corner is whole (Cox 1987,
controlled rounding), so that a table of thousands of areas takes seconds; where they form more
nests, the few cells that end between two multiples are settled by whole programming. The same
counts always give the same answer.

A total is kept within 3 of the truth (for a base of 5) wherever that can be done: an error
beyond costs fifty times as much as one within. What nobody sees, a hidden cell or a piece that
is never published, gives way first.

Totals that were rounded before, for another table, can be kept: the cells are then rounded so
that they add up to those. Figures of an earlier month can be aimed at, so that a figure changes
only when the people do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.protected import Figure

__all__ = ["round_table"]

# A total is read more than a cell, so an error in it weighs more.
_TOTAL_WEIGHT = 2.0
_FAR_WEIGHT = 50.0
_NEVER = 1e4
_WHOLE = 1e-6


def round_table(
    counts: Mapping[Figure, int],
    sums: Mapping[Figure, tuple[Figure, ...]],
    *,
    base: int,
    threshold: int,
    kept: Mapping[Figure, int] | None = None,
    targets: Mapping[Figure, int] | None = None,
    unseen: frozenset[Figure] = frozenset(),
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
        targets: figures as published for an earlier day, to be repeated where they are still
            less than a base from the truth.
        unseen: cells that are never published by themselves.

    Raises:
        WholeplaceError: if nothing adds up to the totals kept.
    """
    work = _Rounding(counts, sums, base, threshold, kept or {}, targets or {}, unseen)
    units = work.solve()
    rounded = {cell: units[cell] * base for cell in counts}
    return rounded | {total: sum(rounded[part] for part in parts) for total, parts in sums.items()}


@dataclass
class _Rounding:
    """The programme: cells move by steps from a multiple beside them, each step at a cost."""

    counts: Mapping[Figure, int]
    sums: Mapping[Figure, tuple[Figure, ...]]
    base: int
    threshold: int
    kept: Mapping[Figure, int]
    targets: Mapping[Figure, int]
    unseen: frozenset[Figure]
    start: dict[Figure, int] = field(default_factory=dict)
    steps: list[tuple[Figure, int, float, float]] = field(default_factory=list)

    def solve(self) -> dict[Figure, int]:
        for cell, count in self.counts.items():
            self._place(cell, count)
        if not self.steps:
            return self.start
        taken = self._best_steps()
        for (cell, sign, _, _), times in zip(self.steps, taken, strict=False):
            self.start[cell] += sign * round(float(times))
        return self.start

    def _place(self, cell: Figure, count: int) -> None:
        """Set where a cell starts, and the steps that it may take."""
        base, below = self.base, count // self.base
        aim = self._aim(cell, count)
        if cell in self.kept:
            self.start[cell] = self.kept[cell] // base
            return
        if base == 1:
            self.start[cell] = count
        elif self._is_hidden(cell, count):
            # Nobody sees it: any multiple up to the threshold will do.
            self._step_between(cell, count, 0, self.threshold // base)
        elif cell not in self.unseen and count > self.threshold >= below * base:
            self.start[cell] = below + 1
        elif aim is not None:
            self.start[cell] = aim // base
            other = below if aim > count else below + 1
            if count % base and (other * base > self.threshold or cell in self.unseen):
                sign = 1 if other > self.start[cell] else -1
                self.steps.append((cell, sign, float(base), 1.0))
        elif count % base:
            self._step_between(cell, count, below, below + 1)
        else:
            self.start[cell] = below
        if self.kept:
            # A small cell hides what it takes; another that goes so far is not to be shown.
            cost = base + (float(base) if count <= self.threshold else _NEVER)
            self.steps.append((cell, 1, cost, np.inf))
            self.steps.append((cell, -1, cost, float(self.start[cell])))

    def _step_between(self, cell: Figure, count: int, least: int, most: int) -> None:
        base = self.base
        near = min(max(count // base, least), most)
        self.start[cell] = near
        for sign, room in ((1, most - near), (-1, near - least)):
            if room:
                before = abs(near * base - count)
                cost = abs((near + sign) * base - count) - before
                self.steps.append((cell, sign, float(cost), 1.0))
            if room > 1:
                self.steps.append((cell, sign, float(base), float(room - 1)))

    def _is_hidden(self, cell: Figure, count: int) -> bool:
        return count <= self.threshold and cell not in self.unseen and count > 0

    def _aim(self, figure: Figure, exact: int) -> int | None:
        aim = self.targets.get(figure)
        is_near = aim is not None and aim % self.base == 0 and abs(aim - exact) < self.base
        return aim if is_near else None

    def _best_steps(self) -> Any:
        from scipy.optimize import linprog

        count = len(self.steps)
        programme = self._programme()
        answer = linprog(**programme, method="highs-ds")
        if answer.x is not None and not _is_whole(answer.x[:count]):
            whole = np.zeros(len(programme["c"]))
            whole[:count] = 1
            answer = linprog(
                **programme, method="highs", integrality=whole, options={"mip_rel_gap": 0.01}
            )
        if answer.x is None:
            raise WholeplaceError(
                "The table cannot be protected.",
                "Its cells do not add up to totals published before.",
                "Give the totals of the same people, rounded to the same base.",
            )
        return answer.x

    def _programme(self) -> dict[str, Any]:
        """Return costs, bounds and rows: a variable for each step, then one for each error."""
        from scipy.sparse import csr_array, diags_array, hstack

        where = self._steps_in_totals()
        place = {total: index for index, total in enumerate(self.sums)}
        totals = [total for total in self.sums if total not in self.kept]
        lines = [
            (place[total], index, slope, bound)
            for index, total in enumerate(totals)
            for slope, bound in self._tangents(total)
        ]
        programme: dict[str, Any] = {
            "c": np.array(
                [*(cost for _, _, cost, _ in self.steps), *[_TOTAL_WEIGHT] * len(totals)]
            ),
            "bounds": [*((0, most) for *_, most in self.steps), *[(0, None)] * len(totals)],
        }
        if lines:
            picked, errors, slopes, bounds = zip(*lines, strict=True)
            spread = (np.full(len(lines), -1.0), (np.arange(len(lines)), np.array(errors)))
            above = diags_array(np.array(slopes)) @ where[list(picked)]
            error = csr_array(spread, shape=(len(lines), len(totals)))
            programme["A_ub"] = hstack([above, error], format="csr")
            programme["b_ub"] = -np.array(bounds)
        fixed = [total for total in self.sums if total in self.kept]
        if fixed:
            kept = where[[place[total] for total in fixed]]
            empty = csr_array((len(fixed), len(totals)))
            programme["A_eq"] = hstack([kept, empty], format="csr")
            programme["b_eq"] = np.array([self._missing(total) for total in fixed], dtype=float)
        return programme

    def _steps_in_totals(self) -> Any:
        """Return a matrix of totals by steps: what one step adds to each total."""
        from scipy.sparse import csr_array

        of_cell: dict[Figure, list[tuple[int, int]]] = {}
        for index, (cell, sign, _, _) in enumerate(self.steps):
            of_cell.setdefault(cell, []).append((index, sign))
        rows, columns, values = list[int](), list[int](), list[float]()
        for number, parts in enumerate(self.sums.values()):
            for part in parts:
                for index, sign in of_cell.get(part, ()):
                    rows.append(number)
                    columns.append(index)
                    values.append(float(sign))
        return csr_array((values, (rows, columns)), shape=(len(self.sums), len(self.steps)))

    def _missing(self, total: Figure) -> int:
        return self.kept[total] // self.base - self._settled(total)

    def _settled(self, total: Figure) -> int:
        return sum(self.start[part] for part in self.sums[total])

    def _tangents(self, total: Figure) -> list[tuple[float, float]]:
        """Straight lines whose greatest is a total's error, at whole numbers of multiples.

        Each is (slope, value where no cell takes a step).
        """
        exact = sum(self.counts[part] for part in self.sums[total])
        settled, base = self._settled(total), self.base
        aim = self._aim(total, exact)
        middle = exact if aim is None else aim
        far = base // 2 + 1

        def cost(units: int) -> float:
            error = abs(units * base - middle)
            return error + _FAR_WEIGHT * max(0, abs(units * base - exact) - far)

        def line(at: int) -> tuple[float, float]:
            slope = cost(at + 1) - cost(at)
            return slope, cost(at) + slope * (settled - at)

        below = exact // base
        lines = [line(below - 1), line(below), line(below + 1)]
        # Both kinks lie on whole numbers, so that the best corner does too.
        if exact > self.threshold:
            least = self.threshold // base + 1
            lines.append((-_NEVER, cost(least) - _NEVER * (settled - least)))
        else:
            # Said to be small, it stays so when rounded.
            most = self.threshold // base
            lines.append((_NEVER, cost(most) + _NEVER * (settled - most)))
        return lines


def _is_whole(values: Any) -> bool:
    return bool(np.abs(values - np.rint(values)).max() <= _WHOLE)
