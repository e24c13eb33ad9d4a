"""Synthetic control: an area against a mixture of others that followed the same course before.

The mixture comes from predictors, each with an importance; the importances are those whose
mixture followed the area best before (Abadie, Diamond and Hainmueller 2010). The search for them
has several best points, so the answer depends on where it starts. Here three starts are fixed,
the best of them is the answer, and what every other start gives is shown beside it.

No random number, no product that threads divide, and donors in the order of their names: the
weights are the same bits in any order of rows and with any number of threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, nnls

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.designs.panel import Panel

__all__ = ["Predictor", "StartResult", "SyntheticControl", "fit_synthetic"]

_SUM_WEIGHT = 1e3
_PASSES = 2


@dataclass(frozen=True)
class Predictor:
    """Something known of each area before, in the order of the panel's units."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class StartResult:
    """What one start of the search led to.

    Attributes:
        start: its name.
        weights: donors that count, with their shares, greatest first.
        error_before: mean squared difference before.
        effect: mean difference after.
        is_core: whether the answer may come from it.
    """

    start: str
    weights: tuple[tuple[str, float], ...]
    error_before: float
    effect: float
    is_core: bool


@dataclass(frozen=True)
class SyntheticControl:
    """What was found.

    Attributes:
        unit: the area.
        began: first time that counts as after.
        weights: donors that count, with their shares, greatest first.
        importances: predictor to its share in the importance.
        times: of the path.
        actual: the area's course.
        synthetic: the mixture's course.
        error_before: mean squared difference before.
        error_after: the same after.
        effect: mean difference after.
        starts: what each start of the search gave.
    """

    unit: str
    began: int
    weights: tuple[tuple[str, float], ...]
    importances: tuple[tuple[str, float], ...]
    times: tuple[int, ...]
    actual: tuple[float, ...]
    synthetic: tuple[float, ...]
    error_before: float
    error_after: float
    effect: float
    starts: tuple[StartResult, ...]

    @property
    def error_ratio(self) -> float:
        """How many times worse the mixture fits after than before (root mean squares)."""
        return float(np.sqrt(self.error_after / max(self.error_before, 1e-12)))

    @property
    def effect_spread(self) -> tuple[float, float]:
        """The least and greatest effect over all starts."""
        effects = [each.effect for each in self.starts]
        return min(effects), max(effects)

    @property
    def is_lowest(self) -> bool:
        """Tell whether no start shown fits better before than the answer does."""
        return all(each.error_before >= self.error_before - 1e-6 for each in self.starts)


def fit_synthetic(
    panel: Panel,
    predictors: Sequence[Predictor],
    unit: str,
    began: int,
    *,
    is_spread_shown: bool = True,
) -> SyntheticControl:
    """Return the synthetic control of one unit, reached from the time `began` on.

    Raises:
        WholeplaceError: if there are fewer than two times before or two donors.
    """
    before = np.array([time < began for time in panel.times])
    if before.sum() < 2 or before.all() or len(panel.units) < 3 or not predictors:
        raise WholeplaceError(
            "The study was not made.",
            "It needs two times before, one after, two other areas and one predictor.",
            "Add what is missing.",
        )
    search = _Search(panel, predictors, unit, before)
    found = [(name, True, search.improve(start)) for name, start in search.core_starts()]
    if is_spread_shown:
        found += [(name, False, search.improve(start)) for name, start in search.other_starts()]
    results = tuple(search.describe(name, is_core, v) for name, is_core, v in found)
    _, _, best = min((each for each in found if each[1]), key=lambda each: search.error_of(each[2]))
    gaps = search.gaps(best)
    shares = sorted(zip((each.name for each in predictors), best.tolist(), strict=True))
    return SyntheticControl(
        unit, began, search.named(best), tuple(shares), panel.times,
        tuple(search.course.tolist()), tuple((search.course - gaps).tolist()),
        float((gaps[before] ** 2).mean()), float((gaps[~before] ** 2).mean()),
        float(gaps[~before].mean()), results,
    )  # fmt: skip


class _Search:
    """The search for the importances of one unit."""

    def __init__(
        self, panel: Panel, predictors: Sequence[Predictor], unit: str, before: NDArray[np.bool_]
    ) -> None:
        table = np.array([each.values for each in predictors], dtype=np.float64)
        spread = table.std(axis=1)
        table = table / np.where(spread > 0, spread, 1)[:, None]
        held = [row for row, each in enumerate(panel.units) if each != unit]
        self.before = before
        self.donors = tuple(panel.units[row] for row in held)
        self.course = panel.row(unit)
        self.others = np.ascontiguousarray(panel.values[held].T)
        self.own = table[:, panel.units.index(unit)]
        self.theirs = np.ascontiguousarray(table[:, held])
        self._course_before = self.course[before]
        self._others_before = np.ascontiguousarray(self.others[before])

    def mix(self, importances: Floats) -> Floats:
        """Return the donors' shares, none below 0, together 1, for these importances."""
        roots = np.sqrt(importances)
        rows = np.vstack(
            [self.theirs * roots[:, None], np.full((1, len(self.donors)), _SUM_WEIGHT)]
        )
        weights, _ = nnls(rows, np.append(self.own * roots, _SUM_WEIGHT), maxiter=3000)
        return np.asarray(weights / weights.sum())

    def error_of(self, importances: Floats) -> float:
        """Return the mean squared difference before."""
        shares = np.abs(importances)
        if not shares.sum() > 0:
            return float("inf")
        mixed = np.einsum("ij,j->i", self._others_before, self.mix(shares / shares.sum()))
        return float(((self._course_before - mixed) ** 2).mean())

    def improve(self, start: Floats) -> Floats:
        """Return the importances that a search from a start ends at (Powell, then a simplex)."""
        found = start
        for _ in range(_PASSES):
            for method, most in (("Powell", 1500), ("Nelder-Mead", 800)):
                ended = minimize(self.error_of, found, method=method, options={"maxfev": most})
                if np.abs(ended.x).sum() > 0 and ended.fun <= self.error_of(found):
                    found = np.abs(ended.x) / np.abs(ended.x).sum()
        return np.asarray(found)

    def core_starts(self) -> list[tuple[str, Floats]]:
        """Return the three starts that the answer may come from."""
        number = len(self.own)
        near = 1 / np.maximum(((self.theirs - self.own[:, None]) ** 2).mean(axis=1), 1e-6)
        return [
            ("equal", np.full(number, 1 / number)),
            ("regression", self._by_regression()),
            ("nearness", near / near.sum()),
        ]

    def other_starts(self) -> list[tuple[str, Floats]]:
        """Return one start for each predictor, with half of the importance on it."""
        number = len(self.own)
        starts = []
        for row in range(number):
            start = np.full(number, 0.5 / max(1, number - 1))
            start[row] = 0.5
            starts.append((f"half on predictor {row + 1}", start / start.sum()))
        return starts

    def gaps(self, importances: Floats) -> Floats:
        """Return the area less its mixture at every time."""
        mixed = np.einsum("ij,j->i", self.others, self.mix(importances))
        return np.asarray(self.course - mixed)

    def named(self, importances: Floats) -> tuple[tuple[str, float], ...]:
        """Return donors that count with their shares, greatest first."""
        shares = zip(self.donors, self.mix(importances).tolist(), strict=True)
        return tuple(
            sorted(
                (each for each in shares if each[1] > 1e-4), key=lambda each: (-each[1], each[0])
            )
        )

    def describe(self, name: str, is_core: bool, importances: Floats) -> StartResult:
        """Return what one start led to."""
        gaps = self.gaps(importances)
        return StartResult(
            name, self.named(importances), float((gaps[self.before] ** 2).mean()),
            float(gaps[~self.before].mean()), is_core,
        )  # fmt: skip

    def _by_regression(self) -> Floats:
        everybody = np.column_stack([self.own, self.theirs]).T
        table = np.column_stack([np.ones(len(everybody)), everybody])
        courses = np.vstack([self._course_before, self._others_before.T])
        slopes = np.linalg.lstsq(table, courses, rcond=None)[0][1:]
        strength = (slopes**2).sum(axis=1)
        return np.asarray(strength / strength.sum())
