"""Choosing hubs: by the way that suits what is asked, in the time allowed, with the gap stated."""

import time
from dataclasses import dataclass

import numpy as np

from wholeplace.places.hubs.branching import choose_by_branching
from wholeplace.places.hubs.exact import choose_exactly, no_choice, person_m_of, share_out
from wholeplace.places.hubs.problem import Choice, HubProblem, worst_off_mean

__all__ = ["Replacement", "choose_hubs", "next_best", "travel_of"]

# Up to so many pairs of row and site HiGHS is asked to prove; beyond, exchange and a bound.
_PAIRS_FOR_HIGHS = 20_000
_BOUND_PART = 0.4


@dataclass(frozen=True, eq=False)
class Replacement:
    """What would be done if one chosen site fell through.

    Attributes:
        lost: the site that fell through.
        site: what takes its place; None where nothing can.
        choice: all sites then.
    """

    lost: int
    site: int | None
    choice: Choice | None


def choose_hubs(problem: HubProblem, seconds: float = 20.0) -> Choice:
    """Return the sites that let people travel least, with how much better others could be at most.

    Where nothing but distance counts, own branching proves it. With capacities or a cap, HiGHS
    does where the problem is small; otherwise sites are exchanged and the bound is that of the same
    problem without them, which no choice beats.

    Args:
        problem: what is asked.
        seconds: for which it may search; a start is always finished.

    Raises:
        NoChoiceError: if no choice was found that does what is asked.
    """
    if problem.is_plain:
        return choose_by_branching(problem, seconds)
    began = time.monotonic()
    if problem.distance_m.size <= _PAIRS_FOR_HIGHS:
        found = choose_exactly(problem, seconds)
        if found is not None:
            return found
    return _exchange(problem, began, seconds)


def next_best(problem: HubProblem, choice: Choice) -> tuple[Replacement, ...]:
    """Return, for each chosen site, the one site that would best take its place.

    The other sites stay: by then they may be let or built. A site that must stay cannot fall through.
    """
    found = []
    for lost in choice.sites:
        if lost in problem.must_keep:
            continue
        others = [each for each in choice.sites if each != lost]
        best: Choice | None = None
        for site in problem.free:
            if site in choice.sites:
                continue
            tried = _priced(problem, tuple(sorted([*others, site])))
            if tried is not None and (best is None or tried.person_m < best.person_m):
                best = tried
        site_now = next((each for each in best.sites if each not in others), None) if best else None
        found.append(Replacement(lost, site_now, best))
    return tuple(found)


def travel_of(problem: HubProblem, choice: Choice) -> np.ndarray:
    """Return how far the people of each row travel one way on average, in metres."""
    found: np.ndarray = (choice.shares * problem.distance_m[:, list(choice.sites)]).sum(axis=1)
    return found


def _priced(problem: HubProblem, sites: tuple[int, ...]) -> Choice | None:
    shares = share_out(problem, sites)
    if shares is None:
        return None
    return Choice(sites, shares, person_m_of(problem, sites, shares), method="given")


def _exchange(problem: HubProblem, began: float, seconds: float) -> Choice:
    """Exchange sites of a choice that fits, from the best one that would if nothing were asked."""
    plain = HubProblem(
        problem.distance_m, problem.people, problem.k, problem.must_keep, problem.barred,
        problem.allowed,
    )  # fmt: skip
    start = choose_by_branching(plain, seconds * _BOUND_PART)
    best = _priced(problem, start.sites) or _first_that_fits(problem, start.sites, began + seconds)
    if best is None:
        raise no_choice()
    is_better = True
    while is_better and time.monotonic() < began + seconds:
        is_better = False
        for lost, site in _pairs_by_promise(plain, best.sites):
            if time.monotonic() >= began + seconds:
                break
            tried = _priced(problem, tuple(sorted({*best.sites, site} - {lost})))
            if tried is not None and tried.person_m < best.person_m * (1 - 1e-9):
                best, is_better = tried, True
                break
    return Choice(
        best.sites,
        best.shares,
        best.person_m,
        start.bound_m,
        time.monotonic() - began,
        "interchange",
    )


def _first_that_fits(problem: HubProblem, sites: tuple[int, ...], ends_at: float) -> Choice | None:
    """Return a choice that does what is asked, walking from one that does not."""
    now = tuple(sites)
    seen = {now}
    while time.monotonic() < ends_at:
        near = []
        for lost, site in _pairs_by_promise(problem, now):
            tried = tuple(sorted({*now, site} - {lost}))
            if tried in seen:
                continue
            if (fits := _priced(problem, tried)) is not None:
                return fits
            seen.add(tried)
            near.append((_how_wrong(problem, tried), tried))
            if time.monotonic() >= ends_at:
                return None
        if not near:
            return None
        now = min(near)[1]
    return None


def _how_wrong(problem: HubProblem, sites: tuple[int, ...]) -> float:
    """Return how far a choice is from doing what is asked; less is nearer."""
    costs = np.where(problem.can_use(), problem.distance_m, np.inf)[:, list(sites)].min(axis=1)
    wrong = 0.0
    if problem.capacity is not None:
        people = float(problem.people.sum())
        wrong += max(0.0, people - float(problem.capacity[list(sites)].sum())) / max(people, 1.0)
    if problem.worst_off_cap_m is not None and np.isfinite(costs).all():
        mean = worst_off_mean(costs, problem.people)
        wrong += max(0.0, mean - problem.worst_off_cap_m) / max(problem.worst_off_cap_m, 1.0)
    return wrong if np.isfinite(costs).all() else wrong + 1e6


def _pairs_by_promise(problem: HubProblem, sites: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return exchanges in the order of what they would cost if distance alone counted."""
    costs = np.where(problem.can_use(), problem.distance_m, problem.distance_m.max() * 1e3 + 1)
    costs = costs * problem.people[:, None]
    pairs = []
    for lost in sites:
        if lost in problem.must_keep:
            continue
        rest = [each for each in sites if each != lost]
        nearest = costs[:, rest].min(axis=1) if rest else np.full(len(costs), np.inf)
        others = [each for each in problem.free if each not in sites]
        totals = np.minimum(costs[:, others], nearest[:, None]).sum(axis=0)
        pairs += [(float(t), lost, site) for t, site in zip(totals, others, strict=True)]
    return [(lost, site) for _, lost, site in sorted(pairs)]
