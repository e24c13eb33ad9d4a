"""Good choices fast: build one up greedily, then exchange sites while that helps.

Source: Teitz and Bart (1968), with the bookkeeping of Whitaker (1983): the gain of every exchange
is worked out at once from each row's nearest and second nearest open site.
"""

import numpy as np

from wholeplace.places.hubs.problem import Matrix, Vector

__all__ = ["cost_of", "exchange_sites", "start_greedily"]

_LEAST_GAIN = 1e-9


def cost_of(costs: Matrix, sites: list[int]) -> float:
    """Return what people travel in all where each row uses its cheapest site.

    Shape: costs is sites by rows, already times the people of each row.
    """
    return float(costs[sites].min(axis=0).sum())


def start_greedily(costs: Matrix, k: int, keep: list[int], free: list[int]) -> list[int]:
    """Return `k` sites, each the one that helped most when it was added."""
    chosen, left = list(keep), list(free)
    nearest = costs[chosen].min(axis=0) if chosen else np.full(costs.shape[1], np.inf)
    while len(chosen) < k:
        totals = np.minimum(costs[left], nearest).sum(axis=1)
        best = left.pop(int(totals.argmin()))
        chosen.append(best)
        nearest = np.minimum(nearest, costs[best])
    return chosen


def exchange_sites(
    costs: Matrix, start: list[int], keep: frozenset[int], free: list[int]
) -> list[int]:
    """Return a choice that no exchange of one site for another makes better.

    Args:
        costs: sites by rows.
        start: a choice.
        keep: sites that are never given up.
        free: sites that may be taken in.
    """
    chosen = list(start)
    while True:
        found = _best_exchange(costs, chosen, keep, free)
        if found is None:
            return sorted(chosen)
        place, site = found
        chosen[place] = site


def _best_exchange(
    costs: Matrix, chosen: list[int], keep: frozenset[int], free: list[int]
) -> tuple[int, int] | None:
    open_now = set(chosen)
    others = np.array([each for each in free if each not in open_now], dtype=int)
    if not len(others):
        return None
    first, second, owner = _two_nearest(costs[chosen])
    into = costs[others]
    with_first = np.minimum(into, first)
    gains = (first - with_first).sum(axis=1)
    # What the rows of each open site lose when it closes, given what is taken in instead.
    loss = np.minimum(into, second) - with_first
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(chosen)))
    sums = np.zeros((len(others), len(chosen) + 1))
    np.cumsum(loss[:, order], axis=1, out=loss)
    ends = np.append(starts[1:], len(owner))
    padded = np.concatenate([np.zeros((len(others), 1)), loss], axis=1)
    sums[:, :-1] = padded[:, ends] - padded[:, starts]
    change = sums[:, :-1] - gains[:, None]
    fixed = [place for place, site in enumerate(chosen) if site in keep]
    change[:, fixed] = np.inf
    taken, given = np.unravel_index(int(change.argmin()), change.shape)
    if change[taken, given] >= -_LEAST_GAIN * max(1.0, float(first.sum())):
        return None
    return int(given), int(others[taken])


def _two_nearest(costs: Matrix) -> tuple[Vector, Vector, Vector]:
    owner = costs.argmin(axis=0)
    first = costs.min(axis=0)
    if len(costs) == 1:
        # Closing the only site leaves what is taken in, whatever it costs.
        return first, np.full(len(first), costs.max() * 1e6 + 1e6), owner
    second = np.partition(costs, 1, axis=0)[1]
    return first, second, owner
