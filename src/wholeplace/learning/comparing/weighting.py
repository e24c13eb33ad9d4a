"""Weights that make the comparison group look like those reached.

Odds weights come from the fitted chance of being reached. Entropy balancing (Hainmueller 2012)
asks for exact equality of means and stays as near to equal weights as it can; for the effect on
those reached it is the same thing as inverse probability tilting of a logistic chance (Zhao and
Percival 2017). Both intervals count the estimation of the weights in.
"""

import numpy as np
from numpy.typing import NDArray

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.comparing.linear import (
    cross,
    fit_linear,
    fit_logistic,
    times,
    with_constant,
)
from wholeplace.learning.comparing.propensity import standardised
from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["estimate_entropy_balanced", "estimate_odds_weighted", "weigh_by_entropy"]

_ITERATIONS = 200
_CLOSE = 1e-9
_INTERVAL = "normal, from influence functions that count the weights' estimation in"


def weigh_by_entropy(units: Units) -> Floats:
    """Return weights, 1 for those reached, that make every mean equal.

    Raises:
        WholeplaceError: if no weights can, because those reached lie outside of the others.
    """
    table = standardised(units)
    gaps = table[~units.is_reached] - table[units.is_reached].mean(axis=0)
    tilt = np.zeros(gaps.shape[1])
    weights, value = _tilted(gaps, tilt)
    for _ in range(_ITERATIONS):
        slope = cross(gaps, weights[:, None])[:, 0]
        if float(np.abs(slope).max(initial=0)) < _CLOSE:
            spread = np.ones(len(table))
            spread[~units.is_reached] = weights * int(units.is_reached.sum())
            return spread
        curve = cross(gaps * weights[:, None], gaps) - np.outer(slope, slope)
        step = np.linalg.lstsq(curve, slope, rcond=1e-12)[0]
        share = 1.0
        while share > 1e-10:
            tried, lower = _tilted(gaps, tilt - share * step)
            if lower <= value - 1e-4 * share * float((slope * step).sum()):
                break
            share /= 2
        else:
            break
        tilt, weights, value = tilt - share * step, tried, lower
        # Where weights exist, the best value is their entropy, which is never below 0.
        if value < -1e-9:
            break
    raise WholeplaceError(
        "The comparison was not made.",
        "No weights make the groups alike: those reached lie outside of the comparison.",
        "Compare with a wider group, or with fewer covariates, and say so in the plan.",
    )


def estimate_entropy_balanced(
    units: Units, outcome: Floats, weights: Floats, confidence_level: float = 0.95
) -> Estimate:
    """Return the difference from the balanced comparison."""
    reached = units.is_reached
    table = with_constant(standardised(units))
    fit = fit_linear(table, outcome, np.where(reached, 0.0, weights))
    left = outcome - times(table, fit.coefficients)
    value = float(outcome[reached].mean() - _weighted(outcome, weights, ~reached))
    influence = np.where(reached, left - value, -weights * left)
    return _estimate(units, value, influence, weights, "entropy balancing", confidence_level)


def estimate_odds_weighted(
    units: Units, outcome: Floats, confidence_level: float = 0.95
) -> tuple[Estimate, Floats]:
    """Return the difference from the comparison weighted by the odds, and the weights."""
    reached = units.is_reached
    table = with_constant(standardised(units))
    log_odds = np.clip(times(table, fit_logistic(table, reached.astype(float))), -35, 35)
    weights = np.where(reached, 1.0, np.exp(log_odds))
    chance = 1 / (1 + np.exp(-log_odds))
    others = _weighted(outcome, weights, ~reached)
    value = float(outcome[reached].mean() - others)
    scale = int(reached.sum()) / float(weights[~reached].sum())
    held = np.where(reached, 0.0, scale * weights * (outcome - others))
    curve = cross(table * (chance * (1 - chance))[:, None], table)
    slope = np.asarray(np.linalg.solve(curve, cross(table, held[:, None])[:, 0]))
    score = (reached.astype(float) - chance) * times(table, slope)
    influence = np.where(reached, outcome - outcome[reached].mean(), -held) - score
    found = _estimate(units, value, influence, weights, "odds weighting", confidence_level)
    return found, weights


def _tilted(gaps: Floats, tilt: Floats) -> tuple[Floats, float]:
    power = times(gaps, tilt)
    most = float(power.max())
    raw = np.exp(power - most)
    total = float(raw.sum())
    return raw / total, most + float(np.log(total))


def _weighted(outcome: Floats, weights: Floats, group: NDArray[np.bool_]) -> float:
    return float((outcome[group] * weights[group]).sum() / weights[group].sum())


def _estimate(
    units: Units, value: float, influence: Floats, weights: Floats, method: str, level: float
) -> Estimate:
    reached = int(units.is_reached.sum())
    worth = float(weights[~units.is_reached].sum() ** 2 / (weights[~units.is_reached] ** 2).sum())
    freedom = max(1.0, min(reached, worth) - 1)
    error = float(np.sqrt((influence**2).sum())) / reached * np.sqrt((freedom + 1) / freedom)
    counts = (reached, len(weights) - reached)
    return estimate_from(value, float(error), freedom, method, _INTERVAL, counts, level)
