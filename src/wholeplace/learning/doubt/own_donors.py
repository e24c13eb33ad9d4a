"""How often the study would find an effect among people to whom nothing was done.

Some of the comparison group are marked as if they had been reached, with the chances that were
fitted for those who really were, and the whole study is made on them again and again. A method
that finds something more often than it says is not fit for these data, whatever the books say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.estimate import Estimate
from wholeplace.learning.comparing.propensity import fit_propensity
from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["PLACEBO_SEED", "FalsePositives", "measure_false_positives"]

PLACEBO_SEED = 20151103


@dataclass(frozen=True)
class FalsePositives:
    """What the placebos found.

    Attributes:
        draws: placebos that could be made.
        found: how many of them found an effect.
        nominal: how often they should, at most.
        failed: placebos that could not be made.
        low: lower end of the 95 per cent interval of the share (Clopper and Pearson).
        high: upper end.
    """

    draws: int
    found: int
    nominal: float
    failed: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of placebos that found an effect."""
        return self.found / self.draws


def measure_false_positives(
    units: Units,
    outcome: Floats,
    study: Callable[[Units, Floats], Estimate],
    *,
    draws: int = 400,
    nominal: float = 0.05,
    seed: int = PLACEBO_SEED,
) -> FalsePositives:
    """Return how often the study finds an effect where there is none; same seed, same answer.

    Raises:
        WholeplaceError: if the comparison group is too small, or no placebo could be made.
    """
    others = ~units.is_reached
    pool = units.covariates[others]
    held = outcome[others]
    number = min(int(units.is_reached.sum()), int(others.sum()) // 2)
    if number < 2:
        raise _impossible("The comparison group is too small.")
    log_odds = np.clip(fit_propensity(units)[others], -35, 35)
    generator = np.random.Generator(np.random.PCG64(seed))
    ids = tuple(each for each, is_other in zip(units.ids, others, strict=True) if is_other)
    found = failed = 0
    for _ in range(draws):
        # The largest of log odds plus Gumbel noise are a draw without replacement by the odds.
        keys = log_odds + generator.gumbel(size=len(held))
        is_reached = np.zeros(len(held), dtype=np.bool_)
        is_reached[np.argsort(-keys, kind="stable")[:number]] = True
        placebo = Units(ids, is_reached, units.names, pool, np.arange(len(held)))
        try:
            found += study(placebo, held).p_value < nominal
        except WholeplaceError:
            failed += 1
    made = draws - failed
    if not made:
        raise _impossible("No placebo could be made.")
    interval = stats.binomtest(found, made).proportion_ci()
    return FalsePositives(made, found, nominal, failed, float(interval.low), float(interval.high))


def _impossible(why: str) -> WholeplaceError:
    return WholeplaceError(
        "The placebos were not made.", why, "Compare with a wider group or with fewer covariates."
    )
