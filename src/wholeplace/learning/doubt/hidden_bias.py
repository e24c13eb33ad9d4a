"""How strong something nobody measured would have to be to explain the finding away."""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from scipy import stats

from wholeplace.learning.comparing.estimate import Estimate
from wholeplace.learning.comparing.units import Floats

__all__ = ["HiddenBias", "bound_hidden_bias", "find_e_value", "find_e_value_of_difference"]

_MOST = 20.0
_STEP = 1e-4


@dataclass(frozen=True)
class HiddenBias:
    """Rosenbaum's bounds on a finding from pairs.

    Attributes:
        p_value: of no effect, if nothing is hidden.
        overturned_at: the least factor in the odds of being reached, between two units that look
            alike, that could explain the finding away; 1 if it is not certain to begin with, 20 if
            more than 20 would be needed.
    """

    p_value: float
    overturned_at: float

    @property
    def is_fragile(self) -> bool:
        """Tell whether a hidden factor of 1.25 in the odds would already be enough."""
        return self.overturned_at < 1.25

    @property
    def words(self) -> str:
        """What it means, in one sentence."""
        if self.overturned_at <= 1:
            return "The finding is not certain even if nothing is hidden."
        if self.overturned_at >= _MOST:
            return "Only something that changes the odds of being reached more than twentyfold could explain it away."
        return (
            "Something that nobody measured, that goes with the outcome and makes one of two people "
            f"who look alike {self.overturned_at:.2f} times as likely to be reached, in odds, could "
            "explain it away."
        )


def bound_hidden_bias(gaps: Floats, threshold: float = 0.05) -> HiddenBias:
    """Return the bounds from differences within pairs, by Wilcoxon's signed ranks.

    Source: Rosenbaum 2002 (Observational Studies); two-sided, normal approximation, ties at middle ranks.
    """
    held = gaps[np.abs(gaps) > 1e-12]
    if not len(held):
        return HiddenBias(1.0, 1.0)
    ranks = stats.rankdata(np.abs(held))
    above = float(ranks[held > 0].sum())
    total, squares = float(ranks.sum()), float((ranks**2).sum())
    statistic = max(above, total - above)

    def p_value(factor: float) -> float:
        share = factor / (1 + factor)
        z = (statistic - share * total) / sqrt(share * (1 - share) * squares)
        return min(1.0, 2 * float(stats.norm.sf(z)))

    if p_value(1) > threshold:
        return HiddenBias(p_value(1), 1.0)
    low, high = 1.0, _MOST
    if p_value(high) <= threshold:
        return HiddenBias(p_value(1), _MOST)
    while high - low > _STEP:
        middle = (low + high) / 2
        low, high = (middle, high) if p_value(middle) <= threshold else (low, middle)
    return HiddenBias(p_value(1), low)


def find_e_value(risk_ratio: float) -> float:
    """Return how strongly something hidden must go with both being reached and the outcome.

    As a risk ratio with each of the two. Source: VanderWeele and Ding 2017.
    """
    ratio = max(risk_ratio, 1 / risk_ratio)
    return ratio + sqrt(ratio * (ratio - 1))


def find_e_value_of_difference(estimate: Estimate, spread: float) -> tuple[float, float]:
    """Return the E-value of a difference of means, and of the nearer end of its interval.

    A difference in standard deviations becomes a risk ratio as exp(0.91 d). Source: VanderWeele
    and Ding 2017. The second is 1 where the interval holds nought.
    """
    middle = find_e_value(exp(0.91 * estimate.value / spread))
    if estimate.low <= 0 <= estimate.high:
        return middle, 1.0
    nearer = min(estimate.low, estimate.high, key=abs)
    return middle, find_e_value(exp(0.91 * nearer / spread))
