"""Choices under capacities and a cap on the worst off: exactly with HiGHS where they are small.

The model: choose k sites; every row's people go to chosen sites that they may use; no site takes
more than it can; the mean travel of the tenth who travel furthest, written as Rockafellar and
Uryasev (2000) write an expected shortfall, stays under the cap.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from wholeplace.places.hubs.problem import (
    DECILE_SHARE,
    Choice,
    HubProblem,
    Matrix,
    NoChoiceError,
    Vector,
)

__all__ = ["choose_exactly", "share_out"]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """The rows that have people, and the pairs of row and site that may be used."""

    rows: Vector
    row: Vector
    site: Vector
    cost: Vector
    distance: Vector
    people: Vector

    @classmethod
    def of(cls, problem: HubProblem, sites: Vector) -> "_Pairs":
        rows = np.flatnonzero(problem.people > 0)
        row, site = np.nonzero(problem.can_use()[np.ix_(rows, sites)])
        distance = problem.distance_m[rows[row], sites[site]]
        people = problem.people[rows].astype(float)
        return cls(rows, row, site, distance * people[row], distance.astype(float), people)


def choose_exactly(problem: HubProblem, seconds: float) -> Choice | None:
    """Return the best choice that HiGHS finds, with its bound; None where time was too short.

    Raises:
        NoChoiceError: if no choice does what is asked.
    """
    from scipy.optimize import Bounds, milp

    began = time.monotonic()
    sites = np.array(
        [each for each in range(problem.distance_m.shape[1]) if each not in problem.barred]
    )
    pairs = _Pairs.of(problem, sites)
    model = _Model(pairs, len(sites), has_cap=problem.worst_off_cap_m is not None)
    model.choose(problem, sites)
    found = milp(
        model.objective(), integrality=model.whole(),
        bounds=Bounds(model.lowest(problem, sites), model.highest()),
        constraints=model.constraints(),
        options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 1e-9},
    )  # fmt: skip
    if found.status == 2:
        raise no_choice()
    if found.x is None:
        return None
    is_open = found.x[model.first_site : model.first_site + len(sites)] > 0.5
    chosen = tuple(int(each) for each in sites[is_open])
    shares = share_out(problem, chosen)
    if shares is None:
        return None
    return Choice(
        chosen, shares, person_m_of(problem, chosen, shares), max(float(found.mip_dual_bound), 0.0),
        time.monotonic() - began, "highs",
    )  # fmt: skip


def share_out(problem: HubProblem, chosen: tuple[int, ...]) -> Matrix | None:
    """Return who uses which of the chosen sites, so that all travel least; None where some cannot.

    Shape: demand rows by chosen sites, shares of each row's people.
    """
    from scipy.optimize import linprog

    sites = np.array(chosen)
    pairs = _Pairs.of(problem, sites)
    if len(np.unique(pairs.row)) < len(pairs.rows):
        return None
    shares = np.zeros((len(problem.people), len(sites)))
    if problem.is_plain:
        shares[pairs.rows, _nearest(pairs, len(sites))] = 1.0
        return shares
    model = _Model(pairs, 0, has_cap=problem.worst_off_cap_m is not None)
    model.share(problem, sites)
    rows_up, up, rows_equal, equal = model.inequalities()
    found = linprog(
        model.objective(), A_ub=rows_up, b_ub=up, A_eq=rows_equal, b_eq=equal,
        bounds=list(zip(model.lowest(problem, sites), model.highest(), strict=True)),
    )  # fmt: skip
    if not found.success:
        return None
    shares[pairs.rows[pairs.row], pairs.site] = np.clip(found.x[: len(pairs.row)], 0, 1)
    return shares


def person_m_of(problem: HubProblem, chosen: tuple[int, ...], shares: Matrix) -> float:
    """Return the metres that all people travel one way, together."""
    return float((shares * problem.distance_m[:, list(chosen)] * problem.people[:, None]).sum())


def no_choice() -> NoChoiceError:
    """Return what is said where nothing does what is asked."""
    return NoChoiceError(
        "No hubs were chosen.",
        "No set of sites has room for everybody and keeps within what you asked for.",
        "Ask for more hubs or more room, raise the cap, or let a site go.",
    )


def _nearest(pairs: _Pairs, sites: int) -> Vector:
    dear = np.full((len(pairs.rows), sites), np.inf)
    dear[pairs.row, pairs.site] = pairs.distance
    found: Vector = dear.argmin(axis=1)
    return found


class _Model:
    """Columns: the share of each pair, each site open or not, then the edge and excess of the tenth."""

    def __init__(self, pairs: _Pairs, sites: int, *, has_cap: bool) -> None:
        self.pairs, self.sites, self.has_cap = pairs, sites, has_cap
        self.first_site = len(pairs.row)
        self.edge = self.first_site + sites
        self.columns = self.edge + (1 + len(pairs.rows) if has_cap else 0)
        self._parts: list[tuple[Any, Vector, Vector]] = []

    def choose(self, problem: HubProblem, sites: Vector) -> None:
        """Ask for k open sites, and that only open ones are used."""
        pairs, count = self.pairs, len(self.pairs.row)
        every = np.arange(count)
        self._add(
            [(np.zeros(self.sites, int), self.first_site + np.arange(self.sites), 1.0)],
            problem.k,
            problem.k,
        )
        self._add(
            [(every, every, 1.0), (every, self.first_site + pairs.site, -1.0)],
            np.full(count, -np.inf), np.zeros(count),
        )  # fmt: skip
        self.share(problem, sites)

    def share(self, problem: HubProblem, sites: Vector) -> None:
        """Ask that everybody has a site, none is too full, and the tenth is within the cap."""
        pairs = self.pairs
        every, rows = np.arange(len(pairs.row)), len(pairs.rows)
        self._add([(pairs.row, every, 1.0)], np.ones(rows), np.ones(rows))
        if problem.capacity is not None:
            self._fill(problem.capacity[sites].astype(float))
        if problem.worst_off_cap_m is not None:
            excess = self.edge + 1 + np.arange(rows)
            numbers = np.arange(rows)
            self._add(
                [
                    (pairs.row, every, pairs.distance),
                    (numbers, np.full(rows, self.edge), -1.0),
                    (numbers, excess, -1.0),
                ],
                np.full(rows, -np.inf), np.zeros(rows),
            )  # fmt: skip
            tenth = DECILE_SHARE * float(pairs.people.sum())
            zero = np.zeros(rows, int)
            self._add(
                [(np.zeros(1, int), np.array([self.edge]), tenth), (zero, excess, pairs.people)],
                -np.inf, tenth * problem.worst_off_cap_m,
            )  # fmt: skip

    def _fill(self, room: Vector) -> None:
        pairs, every = self.pairs, np.arange(len(self.pairs.row))
        parts: list[tuple[Any, Any, Any]] = [(pairs.site, every, pairs.people[pairs.row])]
        limit = room
        if self.sites:
            numbers = np.arange(self.sites)
            parts.append((numbers, self.first_site + numbers, -room))
            limit = np.zeros(self.sites)
        self._add(parts, np.full(len(room), -np.inf), limit)

    def _add(self, parts: list[tuple[Any, Any, Any]], low: Any, high: Any) -> None:
        from scipy.sparse import coo_array

        low, high = np.atleast_1d(np.asarray(low, float)), np.atleast_1d(np.asarray(high, float))
        rows = np.concatenate([row for row, _, _ in parts])
        columns = np.concatenate([column for _, column, _ in parts])
        values = np.concatenate([np.broadcast_to(value, len(row)) for row, _, value in parts])
        matrix = coo_array((values, (rows, columns)), shape=(len(low), self.columns)).tocsr()
        self._parts.append((matrix, low, high))

    def objective(self) -> Vector:
        found = np.zeros(self.columns)
        found[: len(self.pairs.cost)] = self.pairs.cost
        return found

    def whole(self) -> Vector:
        found = np.zeros(self.columns)
        found[self.first_site : self.edge] = 1
        return found

    def lowest(self, problem: HubProblem, sites: Vector) -> Vector:
        found = np.zeros(self.columns)
        if self.sites:
            kept = [place for place, site in enumerate(sites) if int(site) in problem.must_keep]
            found[self.first_site + np.array(kept, int)] = 1
        return found

    def highest(self) -> Vector:
        found = np.full(self.columns, np.inf)
        found[: self.edge] = 1
        return found

    def constraints(self) -> list[Any]:
        from scipy.optimize import LinearConstraint

        return [LinearConstraint(matrix, low, high) for matrix, low, high in self._parts]

    def inequalities(self) -> tuple[Any, Any, Any, Any]:
        """Return the same as upper limits and equalities, as `linprog` reads them."""
        from scipy.sparse import vstack

        up = [(matrix, high) for matrix, low, high in self._parts if np.isinf(low).all()]
        equal = [(matrix, high) for matrix, low, high in self._parts if not np.isinf(low).all()]
        return (
            vstack([each for each, _ in up]) if up else None,
            np.concatenate([high for _, high in up]) if up else None,
            vstack([each for each, _ in equal]),
            np.concatenate([high for _, high in equal]),
        )
