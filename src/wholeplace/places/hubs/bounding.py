"""How little people could travel at best: the Lagrangian bound of the p-median problem.

Each row may use several sites or none, at a price for each row that is raised where it uses none
and lowered where it uses several. Whatever the prices, the best choice under them costs no more
than the best real choice. Source: Narula, Ogbu and Samuelsson (1977); Beasley (1985) for steps and
for fixing sites by what choosing otherwise would cost at least.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wholeplace.places.hubs.problem import Vector

__all__ = ["Bounded", "Node", "bound_node"]

_PATIENCE = 18
_LEAST_STEP = 0.004


@dataclass(frozen=True, eq=False)
class Node:
    """A part of the search: some sites chosen, some left, the rest free.

    Attributes:
        kept: sites chosen in every choice of this part.
        free: sites that may be chosen.
        prices: where to begin, one for each row.
        bound: no choice of this part costs less.
    """

    kept: Vector
    free: Vector
    prices: Vector
    bound: float


@dataclass(frozen=True, eq=False)
class Bounded:
    """What is known of a part of the search afterwards.

    Attributes:
        node: the same part with the best prices, and sites fixed that had to be.
        tendency: of each free site, how often it was chosen lately (0 to 1).
        is_done: no choice of this part is better than the best one known.
    """

    node: Node
    tendency: Vector
    is_done: bool


class _Prices:
    """One walk over prices for one part of the search."""

    def __init__(self, costs: np.ndarray, node: Node, k: int) -> None:
        self.count = k - len(node.kept)
        self.active = np.concatenate([node.kept, node.free]).astype(int)
        self.costs = costs[self.active]
        self.kept = len(node.kept)
        self._room = np.empty_like(self.costs)

    def at(self, prices: Vector) -> tuple[float, Vector, Vector]:
        """Return the bound at some prices, the saving of each site, and the places chosen."""
        np.subtract(self.costs, prices, out=self._room)
        np.minimum(self._room, 0.0, out=self._room)
        saving = self._room.sum(axis=1)
        free = saving[self.kept :]
        best = (
            np.argpartition(free, self.count - 1)[: self.count] if self.count else np.array([], int)
        )
        bound = float(prices.sum() + saving[: self.kept].sum() + free[best].sum())
        return bound, saving, np.concatenate([np.arange(self.kept), best + self.kept]).astype(int)

    def used(self, places: Vector) -> Vector:
        """Return how many of the chosen sites each row uses."""
        found: Vector = np.count_nonzero(self._room[places] < 0, axis=0)
        return found


def bound_node(
    costs: np.ndarray,
    node: Node,
    k: int,
    beaten: Callable[[float], bool],
    best: float,
    *,
    rounds: int,
    step: float,
    on_choice: Callable[[list[int]], float] | None = None,
) -> Bounded:
    """Raise the bound of a part of the search as far as some rounds take it.

    Args:
        costs: sites by rows, times people.
        node: the part.
        k: sites in all.
        beaten: whether a bound shows that nothing better is there.
        best: the cost of the best choice known.
        rounds: at most.
        step: how boldly prices change at first (0 to 2).
        on_choice: told each choice under the prices; returns the best cost known since.
    """
    walk = _Prices(costs, node, k)
    prices, top, top_prices = node.prices.copy(), node.bound, node.prices
    tendency = np.zeros(len(node.free))
    direction, waited = np.zeros(costs.shape[1]), 0
    for _ in range(rounds):
        bound, _, places = walk.at(prices)
        tendency *= 0.92
        tendency[places[walk.kept :] - walk.kept] += 0.08
        waited += 1
        if bound > top + 1e-7 * abs(top):
            top, top_prices, waited = bound, prices.copy(), 0
        if on_choice:
            best = on_choice([int(each) for each in walk.active[places]])
        if beaten(top):
            return Bounded(Node(node.kept, node.free, top_prices, top), tendency, is_done=True)
        if waited >= _PATIENCE:
            step, waited, prices = step / 2, 0, top_prices.copy()
            direction[:] = 0.0
            if step < _LEAST_STEP:
                break
            bound, _, places = walk.at(prices)
        missing = 1.0 - walk.used(places)
        direction = missing + 0.3 * direction
        size = float(direction @ direction)
        if size == 0:
            break
        prices = prices + step * max(1.01 * best - bound, 1e-9) / size * direction
    return _fix(walk, Node(node.kept, node.free, top_prices, top), k, tendency, beaten)


def _fix(
    walk: _Prices, node: Node, k: int, tendency: Vector, beaten: Callable[[float], bool]
) -> Bounded:
    """Fix the sites that every better choice has, and drop those that none has."""
    bound, saving, _ = walk.at(node.prices)
    free, count = saving[walk.kept :], k - len(node.kept)
    if count == 0 or len(free) <= count:
        is_done = beaten(max(bound, node.bound))
        return Bounded(node, tendency, is_done)
    order = np.argsort(free, kind="stable")
    last_in, first_out = free[order[count - 1]], free[order[count]]
    is_in = np.zeros(len(free), dtype=bool)
    is_in[order[:count]] = True
    must = np.array([beaten(bound - each + first_out) for each in free], dtype=bool) & is_in
    never = np.array([beaten(bound - last_in + each) for each in free], dtype=bool) & ~is_in
    rest = ~(must | never)
    kept = np.concatenate([node.kept, node.free[must]]).astype(int)
    fixed = Node(kept, node.free[rest], node.prices, max(bound, node.bound))
    return Bounded(fixed, tendency[rest], is_done=False)
