"""The attack's engine: unknown counts, what is known of them, and how far they can move.

The smallest and largest value of whatever is asked is found by linear programming, and by whole
programming where a programme's best corner is not whole.

A table of thousands of areas is attacked piece by piece. One set of counts that fits everything
is the **witness**; around a hidden figure only the counts near it may move, while all others
stay where the witness has them. What is found possible so is truly possible, whatever the rest
allows, so a figure that keeps its range in a small piece keeps it in the whole. Only where it
does not is a larger piece taken, and at last the whole, where the bounds are exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wholeplace.foundation.protected import Figure

__all__ = ["EVERY", "Asked", "Attack", "Known", "Range"]

EVERY = 1_000_000_000
"""Stands for a count without a bound."""

_WHOLE = 1e-6
_FAR = 40
_SMALL_PIECE = 60
_GROWTH = 4
_TURNS = 6

Range = tuple[int, int | None]


@dataclass(frozen=True)
class Known:
    """One thing that an attacker knows: a sum of counts, less another, lies within bounds."""

    parts: tuple[Figure, ...]
    low: int
    high: int | None
    less: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What the attacker wants to know: a sum of counts, less another."""

    parts: tuple[Figure, ...]
    less: tuple[Figure, ...] = ()


class Attack:
    """Everything that was published about some unknown counts, to be worked out from.

    Args:
        cells: the unknown counts, each 0 or more.
        knowns: what is known of them.
        nests: sums that pieces of a large attack are cut along, each with its cells.
        witness: counts that fit, if some are known; found when needed otherwise.
    """

    def __init__(
        self,
        cells: Sequence[Figure],
        knowns: Iterable[Known],
        nests: Iterable[tuple[Figure, ...]] = (),
        witness: Mapping[Figure, int] | None = None,
    ) -> None:
        self.place = {cell: index for index, cell in enumerate(cells)}
        self.low = np.zeros(len(cells))
        self.high = np.full(len(cells), np.inf)
        self._read(knowns)
        self._nests = sorted({tuple(nest) for nest in nests}, key=lambda nest: (len(nest), nest))
        self._given = witness
        self._sets: dict[int, frozenset[Figure]] = {}
        self._near: dict[Figure, list[int]] = {}
        for number, nest in enumerate(self._nests):
            if len(nest) > 1:
                for cell in nest:
                    self._near.setdefault(cell, []).append(number)
        self._witness: Any = None
        self._whole: _Piece | None = None
        self._is_possible: bool | None = None

    def _read(self, knowns: Iterable[Known]) -> None:
        from scipy.sparse import csr_array

        rows, columns, values = list[int](), list[int](), list[float]()
        lows, highs = list[float](), list[float]()
        for known in knowns:
            high = np.inf if known.high is None else float(known.high)
            if len(known.parts) == 1 and not known.less:
                index = self.place[known.parts[0]]
                self.low[index] = max(self.low[index], known.low)
                self.high[index] = min(self.high[index], high)
                continue
            for sign, parts in ((1.0, known.parts), (-1.0, known.less)):
                rows += [len(lows)] * len(parts)
                columns += [self.place[part] for part in parts]
                values += [sign] * len(parts)
            lows.append(-np.inf if known.less and known.low <= -EVERY else float(known.low))
            highs.append(high)
        shape = (len(lows), len(self.place))
        self.matrix = csr_array((values, (rows, columns)), shape=shape)
        self.row_low, self.row_high = np.array(lows), np.array(highs)

    def is_possible(self) -> bool:
        """Tell whether any counts fit what is known; else the attacker took something wrongly."""
        if self._is_possible is None:
            self._is_possible = self._find_witness()
        return self._is_possible

    def _find_witness(self) -> bool:
        if self._given is not None:
            found = np.array([float(self._given[cell]) for cell in self.place])
            if self._fits(found):
                self._witness = found
                return True
        self._witness = self._everything().solve(np.zeros(len(self.place)))
        return self._witness is not None

    def _fits(self, counts: Any) -> bool:
        sums = self.matrix @ counts
        return bool(
            (counts >= self.low).all()
            and (counts <= self.high).all()
            and (sums >= self.row_low).all()
            and (sums <= self.row_high).all()
        )

    def range_of(self, asked: Asked) -> Range:
        """Return the smallest and largest value still possible; None where it has no bound."""
        low, high = self._extreme(asked, 1), self._extreme(asked, -1)
        return low, None if high >= EVERY else high

    def find_narrow(self, asked: Mapping[Figure, tuple[Asked, int]]) -> list[Figure]:
        """Return the names of those for which fewer values are possible than they must keep.

        Args:
            asked: name → what is asked, and how many values it must keep.
        """
        if not asked or not self.is_possible():
            return []
        pieces = {name: self._pieces_around(each) for name, (each, _) in asked.items()}
        narrow = []
        pending = dict.fromkeys(asked, 0)
        while pending:
            together: dict[tuple[int, ...], list[Figure]] = {}
            for name, level in pending.items():
                together.setdefault(pieces[name][level], []).append(name)
            pending = {}
            for piece, names in together.items():
                where = np.array(piece) if piece else np.arange(len(self.place))
                for name in self._narrow_in(where, {name: asked[name] for name in names}):
                    if not piece:
                        narrow.append(name)
                    else:
                        pending[name] = pieces[name].index(piece) + 1
        return sorted(narrow)

    def _narrow_in(self, piece: Any, asked: Mapping[Figure, tuple[Asked, int]]) -> list[Figure]:
        """Return what stays narrow while only the cells of a piece may move.

        One programme pushes many counts at once, some up and some down; whatever it finds is
        possible. Only what is still narrow then is asked for by itself.
        """
        seen = {name: [self._value(each, self._witness)] * 2 for name, (each, _) in asked.items()}
        left, cut = list(asked), self._cut(piece, _FAR)

        def push(signs: Mapping[Figure, int]) -> None:
            cost = np.zeros(len(self.place))
            for name, sign in signs.items():
                cost += sign * self._cost(asked[name][0])
            moved = cut.solve(cost)
            if moved is None:
                return
            counts = self._witness.copy()
            counts[piece] = moved
            for name in left:
                value = self._value(asked[name][0], counts)
                seen[name] = [min(seen[name][0], value), max(seen[name][1], value)]

        for turn in range(_TURNS if len(left) > 1 else 0):
            if left:
                push({name: 1 - 2 * ((n >> turn // 2) + turn & 1) for n, name in enumerate(left)})
                left = [each for each in left if _is_narrow(seen[each], asked[each][1])]
        for name in tuple(left):
            for sign in (1, -1):
                if name in left:
                    push({name: sign})
                    left = [each for each in left if _is_narrow(seen[each], asked[each][1])]
        return left

    def _cost(self, asked: Asked) -> Any:
        cost = np.zeros(len(self.place))
        for side, parts in ((1, asked.parts), (-1, asked.less)):
            for part in parts:
                cost[self.place[part]] += side
        return cost

    def _pieces_around(self, asked: Asked) -> list[tuple[int, ...]]:
        """Return cells that may move: those nearest, then ever more; at last all, as ()."""
        pieces: list[tuple[int, ...]] = []
        inside = {*asked.parts, *asked.less}
        if len(self.place) > _SMALL_PIECE * _GROWTH:
            size = _SMALL_PIECE // _GROWTH
            for number in self._near.get(next(iter(inside)), []):
                nest = self._nests[number]
                if size <= len(nest) < len(self.place) and inside <= self._members(number):
                    size = len(nest) * _GROWTH
                    pieces.append(tuple(sorted(self.place[cell] for cell in nest)))
        return [*pieces, ()]

    def _members(self, number: int) -> frozenset[Figure]:
        if number not in self._sets:
            self._sets[number] = frozenset(self._nests[number])
        return self._sets[number]

    def _value(self, asked: Asked, counts: Any) -> int:
        total = sum(counts[self.place[part]] for part in asked.parts)
        return round(float(total - sum(counts[self.place[part]] for part in asked.less)))

    def _extreme(self, asked: Asked, sign: int) -> int:
        """Return the smallest (sign 1) or largest (sign -1) value possible."""
        cost = sign * self._cost(asked)
        counts = self._everything().solve(cost)
        return sign * -EVERY if counts is None else self._value(asked, counts)

    def _everything(self) -> "_Piece":
        if self._whole is None:
            self._whole = self._cut(np.arange(len(self.place)), np.inf)
        return self._whole

    def _cut(self, piece: Any, reach: float) -> "_Piece":
        """Return the attack in which only a piece may move, while the rest stays at the witness."""
        matrix, low, high = self.matrix, self.row_low, self.row_high
        if len(piece) < len(self.place):
            matrix = matrix[:, piece]
            touched = np.flatnonzero(np.diff(matrix.indptr))
            standing = self.matrix[touched] @ self._witness
            matrix = matrix[touched]
            standing = standing - matrix @ self._witness[piece]
            low, high = low[touched] - standing, high[touched] - standing
        least, most = self.low[piece], self.high[piece]
        if reach < np.inf:
            least = np.maximum(least, self._witness[piece] - reach)
            most = np.minimum(most, self._witness[piece] + reach)
        return _Piece(piece, matrix, low, high, least, most)


@dataclass(frozen=True)
class _Piece:
    """Some unknown counts with what is known of them, ready to be solved many times."""

    cells: Any
    matrix: Any
    row_low: Any
    row_high: Any
    low: Any
    high: Any

    def solve(self, cost: Any) -> Any:
        """Return the counts of least cost, whole; None where none fit or there is no bound."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows = [LinearConstraint(self.matrix, self.row_low, self.row_high)]
        given: dict[str, Any] = {
            "constraints": rows if self.matrix.shape[0] else [],
            "bounds": Bounds(self.low, self.high),
        }
        answer = milp(cost[self.cells], **given)
        if answer.x is not None and np.abs(answer.x - np.rint(answer.x)).max(initial=0) > _WHOLE:
            answer = milp(cost[self.cells], integrality=np.ones(len(self.cells)), **given)
        return None if answer.x is None else np.rint(answer.x)


def _is_narrow(seen: Sequence[int], least: int) -> bool:
    return seen[1] - seen[0] + 1 < least
