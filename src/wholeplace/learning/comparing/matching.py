"""Nearest neighbours on the chance of being reached, with replacement; ties share the place.

All comparison units that are equally near count equally, so that no result depends on which row
came first. The interval is that of Abadie and Imbens 2006, which holds where the bootstrap does
not; the correction for differences left within pairs is that of Abadie and Imbens 2011.
"""

from dataclasses import dataclass

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.comparing.linear import fit_linear, times, with_constant
from wholeplace.learning.comparing.propensity import standardised
from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["Match", "estimate_matched", "match_nearest"]

_TIE = 1e-9


@dataclass(frozen=True)
class Match:
    """Whom each reached unit is compared with.

    Attributes:
        reached: rows of the reached units that found a neighbour.
        neighbours: for each of them, the rows of its neighbours; each counts equally.
        weights: 1 for a reached unit that counts; for the others how often they stand in.
        squares: sum of the squares of the shares that a comparison unit stands in with.
        left_out: number of reached units without a neighbour near enough.
    """

    reached: tuple[int, ...]
    neighbours: tuple[tuple[int, ...], ...]
    weights: Floats
    squares: Floats
    left_out: int


def match_nearest(
    units: Units, log_odds: Floats, *, neighbours: int = 1, caliper: float | None = None
) -> Match:
    """Return matches on the log odds; `caliper` is in standard deviations of these.

    Raises:
        WholeplaceError: if fewer than two reached units find anybody near enough.
    """
    others = np.flatnonzero(~units.is_reached)
    others = others[np.argsort(log_odds[others], kind="stable")]
    held = log_odds[others]
    widest = np.inf if caliper is None else caliper * float(log_odds.std(ddof=1))
    weights, squares = np.zeros(len(log_odds)), np.zeros(len(log_odds))
    rows, found = [], []
    for row in np.flatnonzero(units.is_reached):
        middle = int(np.searchsorted(held, log_odds[row]))
        near = np.sort(
            np.abs(held[max(0, middle - neighbours) : middle + neighbours] - log_odds[row])
        )
        reach = min(float(near[min(neighbours, len(near)) - 1]) + _TIE, widest)
        low = int(np.searchsorted(held, log_odds[row] - reach, "left"))
        high = int(np.searchsorted(held, log_odds[row] + reach, "right"))
        if low == high:
            continue
        chosen = others[low:high]
        weights[row] = 1
        weights[chosen] += 1 / len(chosen)
        squares[chosen] += 1 / len(chosen) ** 2
        rows.append(int(row))
        found.append(tuple(int(each) for each in chosen))
    if len(rows) < 2:
        raise WholeplaceError(
            "The comparison was not made.",
            "Nobody was near enough to those reached.",
            "Widen the caliper, or compare with a wider group.",
        )
    left_out = int(units.is_reached.sum()) - len(rows)
    return Match(tuple(rows), tuple(found), weights, squares, left_out)


def estimate_matched(
    units: Units,
    outcome: Floats,
    log_odds: Floats,
    match: Match,
    *,
    is_corrected: bool = False,
    confidence_level: float = 0.95,
) -> Estimate:
    """Return the mean difference within matches, corrected for what they differ in if asked."""
    judged = outcome
    if is_corrected:
        table = with_constant(standardised(units))
        counts = np.where(units.is_reached, 0.0, match.weights)
        judged = outcome - times(table, fit_linear(table, outcome, counts).coefficients)
    gaps = pair_gaps(judged, match)
    value, number = float(gaps.mean()), len(gaps)
    repeated = np.where(units.is_reached, 0.0, match.weights**2 - match.squares)
    spread = float(((gaps - value) ** 2).sum())
    spread += float((repeated * _spread_alike(units, judged, log_odds)).sum())
    used = int(((match.weights > 0) & ~units.is_reached).sum())
    return estimate_from(
        value, float(np.sqrt(spread)) / number, number - 1,
        "nearest neighbours" + (", corrected for differences left" if is_corrected else ""),
        "Abadie and Imbens, for matching with replacement", (number, used), confidence_level,
    )  # fmt: skip


def pair_gaps(outcome: Floats, match: Match) -> Floats:
    """Return, for each matched unit, its outcome less the mean of its neighbours'."""
    return np.array(
        [
            outcome[row] - float(outcome[list(near)].mean())
            for row, near in zip(match.reached, match.neighbours, strict=True)
        ]
    )


def _spread_alike(units: Units, outcome: Floats, log_odds: Floats) -> Floats:
    """Return the variance of the outcome at given odds, from the nearest unit of the same group."""
    found = np.zeros(len(outcome))
    for group in (units.is_reached, ~units.is_reached):
        rows = np.flatnonzero(group)
        rows = rows[np.argsort(log_odds[rows], kind="stable")]
        steps = np.diff(log_odds[rows])
        is_next = np.append(steps, np.inf) <= np.insert(steps, 0, np.inf)
        partner = np.where(is_next, np.arange(len(rows)) + 1, np.arange(len(rows)) - 1)
        found[rows] = (outcome[rows] - outcome[rows[partner]]) ** 2 / 2
    return found
