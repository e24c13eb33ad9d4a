"""An estimate with its interval, and how the interval was made."""

from dataclasses import dataclass

from scipy import stats

__all__ = ["Estimate", "estimate_from"]


@dataclass(frozen=True)
class Estimate:
    """What was found.

    Attributes:
        value: the change for those reached.
        error: its standard error.
        low: lower end of the interval.
        high: upper end.
        confidence_level: of the interval, 0 to 1.
        p_value: of no change at all.
        method: how it was estimated.
        interval_method: how the interval was made.
        reached: number of reached units that count.
        compared: number of comparison units that count.
    """

    value: float
    error: float
    low: float
    high: float
    confidence_level: float
    p_value: float
    method: str
    interval_method: str
    reached: int
    compared: int


def estimate_from(
    value: float,
    error: float,
    freedom: float,
    method: str,
    interval_method: str,
    counts: tuple[int, int],
    confidence_level: float = 0.95,
) -> Estimate:
    """Return an estimate whose interval is Student's with these degrees of freedom."""
    half = float(stats.t.ppf(0.5 + confidence_level / 2, freedom)) * error
    p_value = 2 * float(stats.t.sf(abs(value) / error, freedom)) if error > 0 else float(value == 0)
    return Estimate(
        value, error, value - half, value + half, confidence_level, p_value, method,
        interval_method, *counts,
    )  # fmt: skip
