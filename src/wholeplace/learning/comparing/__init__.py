"""Comparisons of those reached with others alike: matched, weighted, regressed; with balance."""

from wholeplace.learning.comparing.balance import Balance, BalanceRow, measure_balance
from wholeplace.learning.comparing.estimate import Estimate
from wholeplace.learning.comparing.matching import Match, estimate_matched, match_nearest
from wholeplace.learning.comparing.propensity import Overlap, fit_propensity, measure_overlap
from wholeplace.learning.comparing.regression import estimate_difference, estimate_regressed
from wholeplace.learning.comparing.specifications import (
    SPECIFICATIONS,
    Specification,
    SpecificationRow,
    compare_across,
)
from wholeplace.learning.comparing.units import Units, gather_units
from wholeplace.learning.comparing.weighting import (
    estimate_entropy_balanced,
    estimate_odds_weighted,
    weigh_by_entropy,
)

__all__ = [
    "SPECIFICATIONS",
    "Balance",
    "BalanceRow",
    "Estimate",
    "Match",
    "Overlap",
    "Specification",
    "SpecificationRow",
    "Units",
    "compare_across",
    "estimate_difference",
    "estimate_entropy_balanced",
    "estimate_matched",
    "estimate_odds_weighted",
    "estimate_regressed",
    "fit_propensity",
    "gather_units",
    "match_nearest",
    "measure_balance",
    "measure_overlap",
    "weigh_by_entropy",
]
