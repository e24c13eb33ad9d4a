"""How alike the two groups are, before and after: the balance table and its love plot."""

from dataclasses import dataclass

import numpy as np

from wholeplace.learning.comparing.units import Floats, Units

__all__ = ["Balance", "BalanceRow", "measure_balance"]


@dataclass(frozen=True)
class BalanceRow:
    """One covariate.

    Attributes:
        name: of the covariate.
        reached_mean: mean of those reached that count.
        before_mean: mean of the comparison as it is.
        after_mean: mean of the comparison as it is used.
        before: standardised mean difference before, in standard deviations of those reached.
        after: the same afterwards.
    """

    name: str
    reached_mean: float
    before_mean: float
    after_mean: float
    before: float
    after: float


@dataclass(frozen=True)
class Balance:
    """All covariates, the one that differed most before first: the rows of a love plot."""

    rows: tuple[BalanceRow, ...]

    @property
    def worst(self) -> float:
        """The greatest standardised difference left, without its sign."""
        return max((abs(row.after) for row in self.rows), default=0.0)

    @property
    def worst_before(self) -> float:
        """The greatest standardised difference there was, without its sign."""
        return max((abs(row.before) for row in self.rows), default=0.0)


def measure_balance(units: Units, weights: Floats) -> Balance:
    """Return the balance that weights give; a reached unit of weight 0 was left out."""
    reached = units.is_reached
    rows = []
    for name, column in zip(units.names, units.covariates.T, strict=True):
        spread = float(column[reached].std(ddof=1)) or float(column.std(ddof=1)) or 1.0
        at_first = float(column[reached].mean()), float(column[~reached].mean())
        used = [
            float((column[group] * weights[group]).sum() / weights[group].sum())
            for group in (reached, ~reached)
        ]
        rows.append(
            BalanceRow(
                name, used[0], at_first[1], used[1],
                (at_first[0] - at_first[1]) / spread, (used[0] - used[1]) / spread,
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (-abs(row.before), row.name))
    return Balance(tuple(rows))


def even_weights(units: Units) -> Floats:
    """Return weight 1 for every unit."""
    return np.ones(len(units.ids))
