"""Placebos: the same study on every donor, and what the test says of donors where nothing was done."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.designs.panel import Panel
from wholeplace.learning.designs.synthetic import Predictor, SyntheticControl, fit_synthetic

__all__ = ["PlaceboResult", "run_placebos"]


@dataclass(frozen=True)
class PlaceboResult:
    """Where the area stands among the donors.

    Attributes:
        rank: 1 if its fit worsens most of all.
        units: how many areas were ranked, itself included.
        p_value: rank divided by units.
        low: lower end of the interval.
        high: upper end.
        confidence_level: reached by the interval; few donors allow only low levels.
        interval_method: how the interval was made.
        false_positive_share: share of donors whom the interval, made from the other donors,
            would have given an effect.
        ratios: unit to how many times its fit worsens.
    """

    rank: int
    units: int
    p_value: float
    low: float
    high: float
    confidence_level: float
    interval_method: str
    false_positive_share: float
    ratios: tuple[tuple[str, float], ...]


def run_placebos(
    panel: Panel,
    predictors: Sequence[Predictor],
    study: SyntheticControl,
    confidence_level: float = 0.95,
) -> PlaceboResult:
    """Return the placebo test: every donor as if it had been reached, never with the real one.

    The interval holds every constant effect that the ranking would not reject: the effect, less
    and plus the donors' effects, each scaled by how well its course was followed before.
    """
    own = panel.units.index(study.unit)
    pool = panel.without(study.unit)
    thinned = [
        Predictor(each.name, tuple(v for row, v in enumerate(each.values) if row != own))
        for each in predictors
    ]
    donors = [
        fit_synthetic(pool, thinned, unit, study.began, is_spread_shown=False)
        for unit in pool.units
    ]
    ratios = sorted(
        [(each.unit, each.error_ratio) for each in (study, *donors)],
        key=lambda each: (-each[1], each[0]),
    )
    rank = sum(ratio >= study.error_ratio for _, ratio in ratios)
    scaled = np.array([_scaled(each) for each in donors])
    reach, reached_level = _reach(scaled, confidence_level)
    half = reach * _root(study)
    wrong = [
        abs(scaled[row]) > _reach(np.delete(scaled, row), confidence_level)[0]
        for row in range(len(scaled))
    ]
    return PlaceboResult(
        rank, len(ratios), rank / len(ratios), study.effect - half, study.effect + half,
        reached_level, "placebo effects of the donors, scaled by their fit before",
        float(np.mean(wrong)), tuple(ratios),
    )  # fmt: skip


def _root(study: SyntheticControl) -> float:
    return float(np.sqrt(max(study.error_before, 1e-12)))


def _scaled(study: SyntheticControl) -> float:
    return study.effect / _root(study)


def _reach(scaled: Floats, level: float) -> tuple[float, float]:
    """Return the donors' effect that an interval of this level takes in, and the level reached."""
    ordered = np.sort(np.abs(scaled))
    taken = min(len(ordered), int(np.ceil(level * (len(ordered) + 1))))
    return float(ordered[taken - 1]), taken / (len(ordered) + 1)
