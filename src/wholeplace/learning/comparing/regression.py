"""The bare difference, and the difference at the same covariates."""

import numpy as np

from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.comparing.linear import fit_linear, with_constant
from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["estimate_difference", "estimate_regressed"]


def estimate_difference(units: Units, outcome: Floats, confidence_level: float = 0.95) -> Estimate:
    """Return the difference of the two means, with Welch's interval."""
    groups = (outcome[units.is_reached], outcome[~units.is_reached])
    spreads = [float(each.var(ddof=1)) / len(each) for each in groups]
    error = float(np.sqrt(sum(spreads)))
    below = sum(spread**2 / (len(each) - 1) for spread, each in zip(spreads, groups, strict=True))
    freedom = error**4 / below if below > 0 else 1.0
    return estimate_from(
        float(groups[0].mean() - groups[1].mean()), error, freedom, "difference of means",
        "Welch's, for two groups of different spread", (len(groups[0]), len(groups[1])),
        confidence_level,
    )  # fmt: skip


def estimate_regressed(units: Units, outcome: Floats, confidence_level: float = 0.95) -> Estimate:
    """Return the difference at the same covariates by least squares, with an HC3 interval."""
    table = with_constant(np.column_stack([units.is_reached.astype(float), units.covariates]))
    fit = fit_linear(table, outcome)
    reached = int(units.is_reached.sum())
    return estimate_from(
        float(fit.coefficients[1]), fit.error(1), fit.freedom, "least squares with covariates",
        "Student's, with errors robust to different spread (HC3)",
        (reached, len(outcome) - reached), confidence_level,
    )  # fmt: skip
