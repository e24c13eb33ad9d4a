"""The best choice, and the proof that it is: exchange for a choice, bounds for a proof.

Where bound and choice do not meet, the search is cut in two by one site, chosen or left, until in
every part the bound shows that nothing better is there. Stopped early, it states the least that any
choice could cost, so that the gap is known.
"""

import time

import numpy as np

from wholeplace.places.hubs.bounding import Bounded, Node, bound_node
from wholeplace.places.hubs.interchange import cost_of, exchange_sites, start_greedily
from wholeplace.places.hubs.problem import Choice, HubProblem, Matrix, NoChoiceError

__all__ = ["choose_by_branching"]

_ROOT_ROUNDS, _NODE_ROUNDS = 700, 70
_ROOT_STEP, _NODE_STEP = 1.5, 0.4
# A choice under the prices is worth exchanging from when it is this near to the best one.
_NEAR_AT_ROOT, _NEAR_LATER = 1.02, 1.002
_CLOSE_ENOUGH = 1e-9


class _Search:
    """One search: the best choice known, and what shows that nothing beats it."""

    def __init__(self, problem: HubProblem, costs: Matrix, ends_at: float) -> None:
        self.problem, self.costs, self.ends_at = problem, costs, ends_at
        self.keep, self.free = problem.must_keep, problem.free
        # Where every cost is whole, so is every choice's: a bound above the next lower one is proof.
        self.is_whole = bool(np.equal(np.mod(costs, 1), 0).all())
        self.tried: set[frozenset[int]] = set()
        self.near = _NEAR_AT_ROOT
        self.sites: list[int] = []
        self.cost = np.inf
        first = start_greedily(costs, problem.k, sorted(self.keep), self.free)
        self.improve(first)

    def beaten(self, bound: float) -> bool:
        """Whether a bound shows that nothing better than the best choice is there."""
        if self.is_whole:
            return bound > self.cost - 1 + 1e-6
        return bound >= self.cost * (1 - _CLOSE_ENOUGH)

    def improve(self, start: list[int]) -> None:
        """Exchange from a choice, and remember it where it is the best."""
        found = exchange_sites(self.costs, start, self.keep, self.free)
        cost = cost_of(self.costs, found)
        if cost < self.cost - 1e-9 * max(1.0, cost):
            self.cost, self.sites = cost, found

    def hear(self, sites: list[int]) -> float:
        """Take a choice under some prices as a start, where it is near the best and new."""
        key = frozenset(sites)
        if key not in self.tried:
            self.tried.add(key)
            if cost_of(self.costs, sites) < self.cost * self.near:
                self.improve(sites)
        return self.cost

    def root(self) -> Bounded:
        """Return the whole problem, bounded."""
        # A row is worth about what it would pay to keep its site: between its two nearest ones.
        near = np.sort(self.costs[self.sites], axis=0)[:2]
        node = Node(
            np.array(sorted(self.keep), int), np.array(self.free, int), near.mean(axis=0), 0.0
        )
        return bound_node(
            self.costs, node, self.problem.k, self.beaten, self.cost,
            rounds=_ROOT_ROUNDS, step=_ROOT_STEP, on_choice=self.hear,
        )  # fmt: skip

    def prove(self) -> float:
        """Return the least that any choice can cost, as far as time allowed to find out."""
        waiting = [self.root()]
        self.near = _NEAR_LATER
        while waiting:
            found = waiting.pop()
            if found.is_done or self.beaten(found.node.bound) or self._is_leaf(found.node):
                continue
            if time.monotonic() > self.ends_at:
                left = [found.node.bound, *(each.node.bound for each in waiting)]
                return float(min(min(left), self.cost))
            waiting += self._split(found)
        return float(self.cost)

    def _is_leaf(self, node: Node) -> bool:
        """Take the only choice of a part, where one is left; whether there was no more."""
        count = self.problem.k - len(node.kept)
        if 0 < count < len(node.free):
            return False
        taken = node.free[:count] if count else node.free[:0]
        if count == len(node.free) or count == 0:
            self.improve([int(each) for each in (*node.kept, *taken)])
        return True

    def _split(self, found: Bounded) -> list[Bounded]:
        node, k = found.node, self.problem.k
        place = int(np.abs(found.tendency - 0.5).argmin())
        site, others = node.free[place], np.delete(node.free, place)
        parts = (
            Node(node.kept, others, node.prices, node.bound),
            Node(np.append(node.kept, site), others, node.prices, node.bound),
        )
        return [
            bound_node(
                self.costs, part, k, self.beaten, self.cost, rounds=_NODE_ROUNDS, step=_NODE_STEP,
                on_choice=self.hear,
            )
            for part in parts
        ]  # fmt: skip


def choose_by_branching(problem: HubProblem, seconds: float) -> Choice:
    """Return the best choice where each row uses its nearest site that it may use.

    Args:
        problem: one without capacities and without a cap.
        seconds: for which it may search for a proof.

    Raises:
        NoChoiceError: if some people could use none of the sites.
    """
    began = time.monotonic()
    costs, is_dear = _costs(problem)
    search = _Search(problem, costs, began + seconds)
    bound = search.prove()
    sites = sorted(search.sites)
    nearest = costs[sites].argmin(axis=0)
    if is_dear is not None and is_dear[np.array(sites)[nearest], np.arange(costs.shape[1])].any():
        raise NoChoiceError(
            "No hubs were chosen.",
            "Whatever is chosen, some people find no hub that has all the services they need.",
            "Let more sites host those services, or ask for more hubs.",
        )
    shares = np.zeros((len(problem.people), len(sites)))
    has_people = np.flatnonzero(problem.people > 0)
    shares[has_people, nearest] = 1.0
    return Choice(tuple(sites), shares, search.cost, bound, time.monotonic() - began, "branching")


def _costs(problem: HubProblem) -> tuple[Matrix, Matrix | None]:
    """Return sites by rows of people, times people; a pair that is not allowed is very dear."""
    has_people = problem.people > 0
    people = problem.people[has_people]
    costs = np.ascontiguousarray((problem.distance_m[has_people] * people[:, None]).T, dtype=float)
    if problem.allowed is None or not costs.size:
        return costs, None
    is_dear = ~problem.allowed[has_people].T
    dear = float(costs.max(axis=0).sum()) + 1.0
    return np.where(is_dear, dear, costs), is_dear
