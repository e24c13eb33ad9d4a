"""The chance of being reached, given what was known, and how far the groups overlap in it."""

from dataclasses import dataclass

import numpy as np

from wholeplace.learning.comparing.linear import fit_logistic, times, with_constant
from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["Overlap", "fit_propensity", "measure_overlap", "standardised"]


@dataclass(frozen=True)
class Overlap:
    """How far the two groups overlap.

    Attributes:
        low: the least chance that occurs in both groups, 0 to 1.
        high: the greatest.
        reached_inside_share: share of those reached whose chance lies between them.
        effective_compared: how many equally weighted comparison units the weights are worth.
    """

    low: float
    high: float
    reached_inside_share: float
    effective_compared: float


def standardised(units: Units) -> Floats:
    """Return covariates with mean 0 and spread 1; one that never differs stays at 0."""
    spread = units.covariates.std(axis=0)
    middle = units.covariates.mean(axis=0)
    return np.asarray((units.covariates - middle) / np.where(spread > 0, spread, 1))


def fit_propensity(units: Units) -> Floats:
    """Return each unit's log odds of being reached, by logistic regression."""
    table = with_constant(standardised(units))
    return times(table, fit_logistic(table, units.is_reached.astype(float)))


def measure_overlap(units: Units, log_odds: Floats, weights: Floats) -> Overlap:
    """Return the overlap of the groups, given the comparison's weights."""
    chance = 1 / (1 + np.exp(-np.clip(log_odds, -35, 35)))
    reached, others = chance[units.is_reached], chance[~units.is_reached]
    low, high = max(reached.min(), others.min()), min(reached.max(), others.max())
    held = weights[~units.is_reached]
    return Overlap(
        float(low),
        float(high),
        float(((reached >= low) & (reached <= high)).mean()),
        float(held.sum() ** 2 / (held**2).sum()),
    )
