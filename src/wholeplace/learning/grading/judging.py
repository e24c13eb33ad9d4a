"""What each design's results say to the checks of the grade, so that nobody types them in."""

import numpy as np

from wholeplace.learning.comparing.balance import Balance
from wholeplace.learning.comparing.propensity import Overlap
from wholeplace.learning.designs.discontinuity import Discontinuity
from wholeplace.learning.designs.placebos import PlaceboResult
from wholeplace.learning.designs.staggered import Staggered
from wholeplace.learning.designs.synthetic import SyntheticControl
from wholeplace.learning.designs.two_period import TwoPeriod
from wholeplace.learning.doubt.own_donors import FalsePositives
from wholeplace.learning.doubt.several import correct_holm

__all__ = [
    "attrition_gap",
    "judge_areas",
    "judge_comparison",
    "judge_staggered",
    "judge_threshold",
    "judge_two_periods",
]


def attrition_gap(eligible: tuple[int, int], followed: tuple[int, int]) -> float:
    """Return the difference between the groups in the share not followed up, 0 to 1.

    Both pairs are numbers of reached and of comparison units.
    """
    lost = [1 - kept / asked for asked, kept in zip(eligible, followed, strict=True)]
    return abs(lost[0] - lost[1])


def judge_comparison(
    balance: Balance | None,
    overlap: Overlap | None,
    placebos: FalsePositives | None,
    attrition: float,
) -> dict[str, float]:
    """Return the checks of a matched, weighted or randomised comparison."""
    measured = {"attrition": attrition}
    if balance is not None:
        measured["balance"] = balance.worst
    if overlap is not None:
        measured["overlap"] = overlap.reached_inside_share
    if placebos is not None:
        measured["placebo"] = placebos.share
    return measured


def judge_two_periods(found: TwoPeriod, attrition: float) -> dict[str, float]:
    """Return the checks of a two-period design; without an earlier time one is missing."""
    measured = {"attrition": attrition}
    if found.earlier is not None:
        measured["trend_before"] = found.earlier.p_value
    return measured


def judge_staggered(found: Staggered, attrition: float) -> dict[str, float]:
    """Return the checks of a staggered design; without earlier times one is missing."""
    measured = {"attrition": attrition}
    if found.before_p_value is not None:
        measured["trend_before"] = found.before_p_value
    return measured


def judge_areas(found: SyntheticControl, placebos: PlaceboResult | None) -> dict[str, float]:
    """Return the checks of a synthetic control."""
    before = [
        value for value, at in zip(found.actual, found.times, strict=True) if at < found.began
    ]
    varied = float(np.std(before))
    low, high = found.effect_spread
    measured = {
        "fit_before": float(np.sqrt(found.error_before)) / varied if varied > 0 else np.inf,
        "starts": (high - low) / abs(found.effect) if found.effect else np.inf,
    }
    if placebos is not None:
        measured["placebo"] = placebos.false_positive_share
    return measured


def judge_threshold(found: Discontinuity) -> dict[str, float]:
    """Return the checks of a threshold design; without covariates one is missing."""
    measured = {"bunching": found.bunching_p_value}
    if found.covariate_p_values:
        measured["covariate_jumps"] = min(correct_holm(found.covariate_p_values).values())
    return measured
