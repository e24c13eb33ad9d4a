"""Before and after, those reached and others: the difference of the two changes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.comparing.linear import fit_linear, with_constant
from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["TwoPeriod", "estimate_two_period"]


@dataclass(frozen=True)
class TwoPeriod:
    """What was found, and whether the groups moved together before.

    Attributes:
        estimate: the difference of the changes.
        earlier: the same between two times before anybody was reached; None if there were none.
        means: reached before and after, comparison before and after.
    """

    estimate: Estimate
    earlier: Estimate | None
    means: tuple[float, float, float, float]


def estimate_two_period(
    units: Units,
    before: Floats,
    after: Floats,
    *,
    earlier: Sequence[Floats] = (),
    weights: Floats | None = None,
    confidence_level: float = 0.95,
) -> TwoPeriod:
    """Return the difference in differences, at the same covariates where units have any.

    Each unit counts once, by its own change, so that its several times are not taken for several
    units (Bertrand, Duflo and Mullainathan 2004). `earlier` are values at times before `before`,
    the first of which is compared with it. Arrays are in the order of the units.
    """
    held = np.ones(len(before)) if weights is None else weights
    estimate = _difference(units, after - before, held, confidence_level)
    past = _difference(units, before - earlier[0], held, confidence_level) if earlier else None
    means = [
        float((values[group] * held[group]).sum() / held[group].sum())
        for group in (units.is_reached, ~units.is_reached)
        for values in (before, after)
    ]
    return TwoPeriod(estimate, past, (means[0], means[1], means[2], means[3]))


def _difference(units: Units, change: Floats, weights: Floats, level: float) -> Estimate:
    table = with_constant(np.column_stack([units.is_reached.astype(float), units.covariates]))
    fit = fit_linear(table, change, weights)
    counts = [int(((weights > 0) & group).sum()) for group in (units.is_reached, ~units.is_reached)]
    return estimate_from(
        float(fit.coefficients[1]), fit.error(1), fit.freedom, "difference in differences",
        "Student's, by unit, with errors robust to different spread (HC3)",
        (counts[0], counts[1]), level,
    )  # fmt: skip
