"""Units reached at different times, compared only with units not reached yet.

Two-way fixed effects compare late units with early ones that are already changed, and can give an
effect of the wrong sign. Callaway and Sant'Anna 2021 take each group of units first reached at
the same time, at each time, against those never or not yet reached, and only then average.
Intervals come from influence functions by unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.designs.panel import Panel

__all__ = ["GroupTime", "Staggered", "estimate_staggered"]

_INTERVAL = "normal, from influence functions by unit"
_METHOD = "group-time averages against units not reached yet"


@dataclass(frozen=True)
class GroupTime:
    """The effect on units first reached at one time, at one time.

    Attributes:
        first_reached: when these units were first reached.
        time: when the effect is looked at; before `first_reached` it should be nothing.
        estimate: the effect.
    """

    first_reached: int
    time: int
    estimate: Estimate

    @property
    def since(self) -> int:
        """Periods since they were first reached; below 0 before."""
        return self.time - self.first_reached


@dataclass(frozen=True)
class Staggered:
    """What was found.

    Attributes:
        overall: mean over all reached units and the times since, each group by its size.
        by_since: periods since first reached, to the effect then.
        cells: every group at every time.
        before_p_value: of all effects before anybody was reached being nothing; None if there
            is no such time.
    """

    overall: Estimate
    by_since: Mapping[int, Estimate]
    cells: tuple[GroupTime, ...]
    before_p_value: float | None


def estimate_staggered(
    panel: Panel, first_reached: Mapping[str, int | None], confidence_level: float = 0.95
) -> Staggered:
    """Return the effects of an intervention that reached units at different times.

    Args:
        panel: the outcome.
        first_reached: unit to the time from which it was reached; None if never.
        confidence_level: of the intervals.

    Raises:
        WholeplaceError: if no group has both a time before and units to compare with.
    """
    starts = np.array([_as_start(first_reached.get(unit)) for unit in panel.units])
    found: list[tuple[int, int, float, Floats, tuple[int, int]]] = []
    for start in sorted({each for each in starts if np.isfinite(each)}):
        for column, time in enumerate(panel.times):
            cell = _cell(panel, starts, int(start), column)
            if cell is not None:
                found.append((int(start), time, *cell))
    after = [each for each in found if each[1] >= each[0]]
    if not after:
        raise WholeplaceError(
            "The study was not made.",
            "No group of two units has both a time before it was reached and units not reached yet.",
            "Add earlier times, or units that were never reached.",
        )
    total = len(panel.units)
    cells = tuple(
        GroupTime(start, time, _as_estimate(value, influence, counts, confidence_level))
        for start, time, value, influence, counts in found
    )
    sinces = sorted({time - start for start, time, *_ in found})
    by_since = {
        since: _average([each for each in found if each[1] - each[0] == since], starts, total,
                        confidence_level)
        for since in sinces
    }  # fmt: skip
    return Staggered(
        _average(after, starts, total, confidence_level), by_since, cells, _joint_test(found)
    )


def _as_start(start: int | None) -> float:
    return np.inf if start is None else float(start)


def _cell(
    panel: Panel, starts: Floats, start: int, column: int
) -> tuple[float, Floats, tuple[int, int]] | None:
    """Return the effect on one group at one time, and how each unit bears on it.

    After it began, against the last time before; before it began, each time against the one
    before that, so that a slow drift shows.
    """
    time = panel.times[column]
    earlier = [at for at, each in enumerate(panel.times) if each < min(start, time)]
    group = starts == start
    others = (starts > max(time, start)) & ~group
    # One unit alone has no spread, so that its interval would claim to be certain.
    if not earlier or group.sum() < 2 or others.sum() < 2:
        return None
    change = panel.values[:, column] - panel.values[:, earlier[-1]]
    means = float(change[group].mean()), float(change[others].mean())
    influence = np.zeros(len(starts))
    influence[group] = _spread(change[group] - means[0], int(group.sum()))
    influence[others] = -_spread(change[others] - means[1], int(others.sum()))
    return means[0] - means[1], influence, (int(group.sum()), int(others.sum()))


def _spread(gaps: Floats, number: int) -> Floats:
    return np.asarray(gaps / number * np.sqrt(number / max(1, number - 1)))


def _as_estimate(
    value: float, influence: Floats, counts: tuple[int, int], level: float
) -> Estimate:
    error = float(np.sqrt((influence**2).sum()))
    freedom = max(1, sum(counts) - 2)
    return estimate_from(value, error, freedom, _METHOD, _INTERVAL, counts, level)


def _average(
    cells: list[tuple[int, int, float, Floats, tuple[int, int]]],
    starts: Floats,
    total: int,
    level: float,
) -> Estimate:
    """Return the mean of cells, each by its group's size, sizes counted as estimated too."""
    sizes = np.array([float((starts == each[0]).sum()) for each in cells])
    shares = sizes / sizes.sum()
    values = np.array([each[2] for each in cells])
    value = float((shares * values).sum())
    influence = np.zeros(total)
    for share, size, each in zip(shares, sizes, cells, strict=True):
        influence += share * each[3]
        influence[starts == each[0]] += share * (each[2] - value) / size
    reached = int(np.isin(starts, [each[0] for each in cells]).sum())
    return _as_estimate(value, influence, (reached, total - reached), level)


def _joint_test(found: list[tuple[int, int, float, Floats, tuple[int, int]]]) -> float | None:
    before = [each for each in found if each[1] < each[0]]
    if not before:
        return None
    values = np.array([each[2] for each in before])
    spread = np.column_stack([each[3] for each in before])
    covariance = np.asarray(np.einsum("ij,ik->jk", spread, spread))
    inverse = np.linalg.pinv(covariance, rcond=1e-10, hermitian=True)
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True, rtol=1e-10))
    wald = float(np.einsum("i,ij,j->", values, inverse, values))
    # Few units make the covariance too small; Hotelling's F allows for that.
    units = int((np.abs(spread).sum(axis=1) > 0).sum())
    if rank == 0 or units <= rank + 1:
        return None
    scaled = wald * (units - 1 - rank) / (rank * (units - 2)) if units > 2 else wald / rank
    return float(stats.f.sf(scaled, rank, units - 1 - rank))
