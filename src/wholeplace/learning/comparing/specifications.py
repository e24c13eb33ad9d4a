"""The same question asked in several ways, all of them shown: no picking afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.balance import Balance, even_weights, measure_balance
from wholeplace.learning.comparing.estimate import Estimate
from wholeplace.learning.comparing.matching import estimate_matched, match_nearest
from wholeplace.learning.comparing.propensity import Overlap, fit_propensity, measure_overlap
from wholeplace.learning.comparing.regression import estimate_difference, estimate_regressed
from wholeplace.learning.comparing.units import Floats, Units
from wholeplace.learning.comparing.weighting import (
    estimate_entropy_balanced,
    estimate_odds_weighted,
    weigh_by_entropy,
)

__all__ = ["SPECIFICATIONS", "Specification", "SpecificationRow", "compare_across"]

Kind = Literal["bare", "regressed", "matched", "corrected", "odds", "entropy"]


@dataclass(frozen=True)
class Specification:
    """One way to ask.

    Attributes:
        id: short name, as plans name it.
        words: for people.
        kind: what is done.
        neighbours: for matching, how many.
        caliper: for matching, the widest difference in standard deviations of the log odds.
    """

    id: str
    words: str
    kind: Kind
    neighbours: int = 1
    caliper: float | None = None


SPECIFICATIONS: tuple[Specification, ...] = (
    Specification("bare", "Nothing done", "bare"),
    Specification("regressed", "Least squares with covariates", "regressed"),
    Specification("nearest", "Nearest neighbour", "matched"),
    Specification("near-five", "Five neighbours within a caliper, corrected", "corrected", 5, 0.2),
    Specification("odds", "Weighted by the odds of being reached", "odds"),
    Specification("entropy", "Weighted until every mean is equal", "entropy"),
)


@dataclass(frozen=True)
class SpecificationRow:
    """What one way found, or why it could not be gone."""

    specification: Specification
    estimate: Estimate | None
    balance: Balance | None
    overlap: Overlap | None
    fault: str = ""


def compare_across(
    units: Units,
    outcome: Floats,
    specifications: Sequence[Specification] = SPECIFICATIONS,
    confidence_level: float = 0.95,
) -> tuple[SpecificationRow, ...]:
    """Return what every specification finds, in their order; `outcome` is in the units' order.

    A way that cannot be gone stands there with the reason.
    """
    log_odds = _log_odds(units)
    rows = []
    for each in specifications:
        try:
            estimate, weights = _ask(each, units, outcome, log_odds, confidence_level)
        except WholeplaceError as fault:
            rows.append(SpecificationRow(each, None, None, None, f"{fault.why} {fault.do_next}"))
            continue
        overlap = None if log_odds is None else measure_overlap(units, log_odds, weights)
        rows.append(SpecificationRow(each, estimate, measure_balance(units, weights), overlap))
    return tuple(rows)


def _log_odds(units: Units) -> Floats | None:
    try:
        return fit_propensity(units)
    except WholeplaceError:
        return None


def _ask(
    each: Specification, units: Units, outcome: Floats, log_odds: Floats | None, level: float
) -> tuple[Estimate, Floats]:
    if each.kind == "bare":
        return estimate_difference(units, outcome, level), even_weights(units)
    if each.kind == "regressed":
        return estimate_regressed(units, outcome, level), even_weights(units)
    if each.kind == "odds":
        return estimate_odds_weighted(units, outcome, level)
    if each.kind == "entropy":
        weights = weigh_by_entropy(units)
        return estimate_entropy_balanced(units, outcome, weights, level), weights
    odds = fit_propensity(units) if log_odds is None else log_odds
    match = match_nearest(units, odds, neighbours=each.neighbours, caliper=each.caliper)
    is_corrected = each.kind == "corrected"
    found = estimate_matched(
        units, outcome, odds, match, is_corrected=is_corrected, confidence_level=level
    )
    return found, np.asarray(match.weights)
