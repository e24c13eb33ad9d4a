"""What is asked of a choice of hubs, and what is answered.

Shape: demand rows stand for people who live in one area and need the same services together;
columns stand for candidate sites. Everything that must hold of a choice is stated here, so that
each solver reads the same problem.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wholeplace.foundation.errors import WholeplaceError

__all__ = [
    "DECILE_SHARE", "Choice", "HubProblem", "Matrix", "NoChoiceError", "Vector", "worst_off_mean",
]  # fmt: skip

Matrix = np.ndarray[tuple[int, int], np.dtype[Any]]
Vector = np.ndarray[tuple[int], np.dtype[Any]]

DECILE_SHARE = 0.1
"""The share of people who are the worst off: those who travel furthest."""


class NoChoiceError(WholeplaceError):
    """No set of sites does what is asked of it."""


@dataclass(frozen=True, eq=False)
class HubProblem:
    """Choose `k` of the candidate sites so that people travel least in all.

    Attributes:
        distance_m: demand rows by sites, metres one way.
        people: of each demand row; rows of nobody count for nothing.
        k: how many hubs there shall be, those that must stay among them.
        must_keep: sites that stay whatever is chosen.
        barred: sites that cannot be had: they fell through.
        allowed: which row may use which site, where bundles of services differ; None: any.
        capacity: people that each site can take; None: as many as come. The people of one row
            may then use different sites.
        worst_off_cap_m: how far the tenth who travel furthest may travel on average; None: any
            distance. Where a row uses several sites, its people count at their average.

    Raises:
        NoChoiceError: if it contradicts itself.
    """

    distance_m: Matrix
    people: Vector
    k: int
    must_keep: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    allowed: Matrix | None = None
    capacity: Vector | None = None
    worst_off_cap_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no choice could do."""
        rows, sites = self.distance_m.shape
        if len(self.people) != rows or not np.isfinite(self.distance_m).all():
            raise ValueError("each demand row needs its people and a distance to every site")
        if (self.people < 0).any() or (self.distance_m < 0).any():
            raise ValueError("people and distances are never below nothing")
        usable = sites - len(self.barred)
        if not 1 <= self.k <= usable:
            raise _impossible(f"There are {usable} sites to choose {self.k} from.")
        if len(self.must_keep) > self.k:
            raise _impossible(
                f"{len(self.must_keep)} sites must stay, and only {self.k} are wanted."
            )
        if self.must_keep & self.barred:
            raise _impossible("A site that must stay cannot be had.")

    @property
    def is_plain(self) -> bool:
        """Whether each row goes to its nearest site and nothing else is asked."""
        return self.capacity is None and self.worst_off_cap_m is None

    @property
    def free(self) -> list[int]:
        """Sites that may be chosen or left, in order."""
        fixed = self.must_keep | self.barred
        return [each for each in range(self.distance_m.shape[1]) if each not in fixed]

    def can_use(self) -> Matrix:
        """Return which row may use which site."""
        if self.allowed is None:
            return np.ones(self.distance_m.shape, dtype=bool)
        return self.allowed

    def without(self, *sites: int) -> "HubProblem":
        """Return the same problem where some sites cannot be had.

        Raises:
            NoChoiceError: if one of them must stay.
        """
        return HubProblem(
            self.distance_m, self.people, self.k, self.must_keep, self.barred | set(sites),
            self.allowed, self.capacity, self.worst_off_cap_m,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Choice:
    """Sites chosen, and how well that is known to be the best.

    Attributes:
        sites: columns, in order.
        shares: demand rows by chosen sites: the share of a row's people who use each.
        person_m: metres that all people travel one way, together.
        bound_m: no choice can do with fewer.
        seconds: how long it was searched.
        method: `branching`, `highs` or `interchange`.
    """

    sites: tuple[int, ...]
    shares: Matrix = field(repr=False)
    person_m: float = 0.0
    bound_m: float = 0.0
    seconds: float = 0.0
    method: str = ""

    @property
    def gap_share(self) -> float:
        """How much better the best choice can be at most, as a share of this one."""
        if self.person_m <= 0:
            return 0.0
        return max(0.0, (self.person_m - self.bound_m) / self.person_m)

    @property
    def is_proved(self) -> bool:
        """Whether no choice is better, to one part in a million."""
        return self.gap_share <= 1e-6


def worst_off_mean(travel_m: Sequence[float] | Vector, people: Sequence[float] | Vector) -> float:
    """Return how far the tenth who travel furthest travel on average, in metres.

    Where a row's people lie on the edge of the tenth, only as many of them count as complete it.
    """
    travel, count = np.asarray(travel_m, float), np.asarray(people, float)
    wanted = DECILE_SHARE * count.sum()
    if wanted <= 0:
        return 0.0
    order = np.argsort(-travel, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(count[order])[:-1]])
    taken = np.clip(wanted - before, 0, count[order])
    return float((taken * travel[order]).sum() / wanted)


def _impossible(why: str) -> NoChoiceError:
    return NoChoiceError("No hubs were chosen.", why, "Ask for fewer things at once.")
