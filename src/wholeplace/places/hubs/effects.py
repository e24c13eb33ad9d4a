"""What a choice of hubs costs whom: each area's way, today's ways, and the worst off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wholeplace.places.hubs.choosing import travel_of
from wholeplace.places.hubs.problem import Choice, HubProblem, Matrix, Vector, worst_off_mean

__all__ = ["Effects", "RowEffect", "measure_effects", "trips_today"]


@dataclass(frozen=True)
class RowEffect:
    """One demand row.

    Attributes:
        hub: column of the site that most of its people use.
        travel_m: one way to the hub, on average.
        trips_m: one way to each service's nearest office today.
        is_worst_off: whether some of its people are of the tenth who travel furthest.
    """

    hub: int
    travel_m: float
    trips_m: tuple[float, ...]
    is_worst_off: bool

    @property
    def today_m(self) -> float:
        """One way today, all trips together."""
        return sum(self.trips_m)


@dataclass(frozen=True)
class Effects:
    """A choice as people feel it. All in metres one way, per person.

    Attributes:
        mean_m: to the hub.
        worst_off_m: of the tenth who travel furthest.
        furthest_m: of whoever travels furthest of all.
        today_m: all of today's trips together; None where no offices are known.
        trips: how many trips that is.
        used_by: people by chosen site, in the choice's order.
    """

    rows: tuple[RowEffect, ...]
    mean_m: float
    worst_off_m: float
    furthest_m: float
    today_m: float | None
    trips: int
    used_by: tuple[float, ...]


def trips_today(to_offices: Sequence[Matrix]) -> Matrix:
    """Return one way to the nearest office of each service: demand rows by services.

    Args:
        to_offices: for each service, demand rows by its offices, metres.
    """
    return np.stack([each.min(axis=1) for each in to_offices], axis=1)


def measure_effects(problem: HubProblem, choice: Choice, today: Matrix | None = None) -> Effects:
    """Return what a choice costs whom.

    Args:
        problem: what was asked.
        choice: of sites.
        today: demand rows by services, metres one way; None where it is not known.
    """
    travel, people = travel_of(problem, choice), problem.people.astype(float)
    everybody = max(float(people.sum()), 1.0)
    worst = _worst_off(travel, people)
    hubs = choice.shares.argmax(axis=1)
    rows = tuple(
        RowEffect(
            choice.sites[int(hubs[row])],
            float(travel[row]),
            tuple(float(each) for each in today[row]) if today is not None else (),
            bool(worst[row]),
        )
        for row in range(len(people))
    )
    all_today = None if today is None else float((today.sum(axis=1) * people).sum() / everybody)
    return Effects(
        rows,
        float((travel * people).sum() / everybody),
        worst_off_mean(travel, people),
        float(travel[people > 0].max(initial=0.0)),
        all_today,
        0 if today is None else today.shape[1],
        tuple(float(each) for each in (choice.shares * people[:, None]).sum(axis=0)),
    )


def _worst_off(travel: Vector, people: Vector) -> Vector:
    order = np.argsort(-travel, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(people[order])[:-1]])
    found = np.zeros(len(people), dtype=bool)
    found[order] = (before < 0.1 * people.sum()) & (people[order] > 0)
    return found
