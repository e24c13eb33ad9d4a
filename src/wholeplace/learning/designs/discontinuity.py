"""A threshold decides: those just over it against those just under it.

A line on each side within a bandwidth; the interval comes from a curve (second degree) at the
same bandwidth, which is the robust bias-corrected interval of Calonico, Cattaneo and Titiunik
2014 where both bandwidths are equal. The bandwidth is Imbens and Kalyanaraman's (2012) rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.comparing.linear import LinearFit, fit_linear
from wholeplace.learning.comparing.units import Floats

__all__ = ["Discontinuity", "choose_bandwidth", "estimate_at_threshold"]

_FEWEST = 10
_KERNEL = 3.4375


@dataclass(frozen=True)
class Discontinuity:
    """What was found at the threshold.

    Attributes:
        estimate: the jump, with the robust interval around the corrected value.
        line_value: the jump by straight lines alone.
        bandwidth: how far from the threshold units count.
        bunching_p_value: of as many units just over as just under it; small if scores were bent.
        covariate_p_values: covariate to the chance of such a jump where there is none.
        at_half: the same jump at half of the bandwidth.
        at_double: the same jump at twice the bandwidth.
    """

    estimate: Estimate
    line_value: float
    bandwidth: float
    bunching_p_value: float
    covariate_p_values: Mapping[str, float]
    at_half: Estimate | None
    at_double: Estimate | None


def estimate_at_threshold(
    scores: Floats,
    outcome: Floats,
    threshold: float,
    *,
    covariates: Mapping[str, Floats] | None = None,
    bandwidth: float | None = None,
    confidence_level: float = 0.95,
) -> Discontinuity:
    """Return the jump of the outcome for units at or over the threshold.

    Raises:
        WholeplaceError: if too few units lie near it on either side.
    """
    order = np.lexsort([outcome, scores])
    away, values = scores[order] - threshold, outcome[order]
    _check_enough(away, np.inf)
    width = choose_bandwidth(away, values) if bandwidth is None else bandwidth
    _check_enough(away, width)
    line = _fit(away, values, width, 1)
    jumps = {
        name: _jump(scores - threshold, column, width, confidence_level).p_value
        for name, column in sorted((covariates or {}).items())
    }
    others = [_jump_or_none(away, values, width * times, confidence_level) for times in (0.5, 2)]
    return Discontinuity(
        _jump(away, values, width, confidence_level), float(line.coefficients[1]), width,
        _bunching(away, width), jumps, others[0], others[1],
    )  # fmt: skip


def choose_bandwidth(away: Floats, values: Floats) -> float:
    """Return Imbens and Kalyanaraman's bandwidth for distances from the threshold."""
    number, over = len(away), away >= 0
    pilot = 1.84 * float(away.std(ddof=1)) * number ** (-1 / 5)
    near = [(~over) & (away >= -pilot), over & (away <= pilot)]
    if min(int(each.sum()) for each in near) < _FEWEST:
        pilot = float(np.sort(np.abs(away))[min(number - 1, 4 * _FEWEST)])
        near = [(~over) & (away >= -pilot), over & (away <= pilot)]
    density = sum(int(each.sum()) for each in near) / (2 * number * pilot)
    spread = float(np.mean([values[each].var(ddof=1) for each in near if each.sum() > 1]))
    cubic = np.column_stack([np.ones(number), over.astype(float), away, away**2, away**3])
    third = 6 * float(fit_linear(cubic, values).coefficients[4])
    curves, penalty = [], 0.0
    for side in (~over, over):
        held = int(side.sum())
        wide = 3.56 * (spread / (density * max(third**2, 1e-12))) ** (1 / 7) * held ** (-1 / 7)
        wide = min(wide, float(np.abs(away[side]).max()))
        part = side & (np.abs(away) <= wide)
        if part.sum() < _FEWEST:
            part, wide = side, float(np.abs(away[side]).max())
        table = np.column_stack([np.ones(int(part.sum())), away[part], away[part] ** 2])
        curves.append(2 * float(fit_linear(table, values[part]).coefficients[2]))
        penalty += 2160 * spread / (int(part.sum()) * wide**4)
    bend = (curves[1] - curves[0]) ** 2 + penalty
    width = _KERNEL * (2 * spread / (density * bend)) ** (1 / 5) * number ** (-1 / 5)
    return float(min(width, np.abs(away).max()))


def _fit(away: Floats, values: Floats, width: float, degree: int) -> LinearFit:
    weights = np.maximum(0, 1 - np.abs(away) / width)
    over = (away >= 0).astype(float)
    scaled = away / width
    powers = [scaled**power for power in range(1, degree + 1)]
    columns = [np.ones(len(away)), over, *powers, *[over * each for each in powers]]
    return fit_linear(np.column_stack(columns), values, weights)


def _jump(away: Floats, values: Floats, width: float, level: float) -> Estimate:
    fit = _fit(away, values, width, 2)
    inside = np.abs(away) < width
    counts = int((inside & (away >= 0)).sum()), int((inside & (away < 0)).sum())
    return estimate_from(
        float(fit.coefficients[1]), fit.error(1), fit.freedom, "discontinuity at a threshold",
        "robust bias-corrected, with errors robust to different spread (HC3)", counts, level,
    )  # fmt: skip


def _jump_or_none(away: Floats, values: Floats, width: float, level: float) -> Estimate | None:
    try:
        _check_enough(away, width)
        return _jump(away, values, width, level)
    except WholeplaceError:
        return None


def _bunching(away: Floats, width: float) -> float:
    """Return the exact chance of such a split of the units nearest to the threshold."""
    inside = np.sort(np.abs(away[np.abs(away) <= width]))
    reach = float(inside[min(len(inside), max(20, len(inside) // 4)) - 1])
    over = int(((away >= 0) & (away <= reach)).sum())
    under = int(((away < 0) & (away >= -reach)).sum())
    return float(stats.binomtest(over, over + under, 0.5).pvalue)


def _check_enough(away: Floats, width: float) -> None:
    inside = np.abs(away) < width
    sides = int((inside & (away >= 0)).sum()), int((inside & (away < 0)).sum())
    if min(sides) < _FEWEST:
        raise WholeplaceError(
            "The study was not made.",
            f"Fewer than {_FEWEST} units lie near the threshold on one side.",
            "Take a wider bandwidth, or wait for more units.",
        )
