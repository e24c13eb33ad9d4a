"""The effect as other rooms use it: one value with its interval and its grade."""

import datetime as dt
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from wholeplace.foundation.values import Effect
from wholeplace.learning.comparing.estimate import Estimate
from wholeplace.learning.grading.grade import Grade
from wholeplace.learning.planning.plan import OutcomeMeasure

__all__ = ["as_effect"]


def as_effect(
    outcome: OutcomeMeasure,
    estimate: Estimate,
    grade: Grade,
    source: str,
    measured_on: dt.date,
    *,
    places: int = 6,
    is_invented: bool = False,
) -> Effect:
    """Return what was found as a value; the interval is rounded outwards, never inwards."""
    step = Decimal(1).scaleb(-places)
    return Effect(
        outcome=outcome.measure,
        unit=outcome.unit,
        per=outcome.per,
        estimate=Decimal(repr(estimate.value)).quantize(step, ROUND_HALF_EVEN),
        low=Decimal(repr(estimate.low)).quantize(step, ROUND_FLOOR),
        high=Decimal(repr(estimate.high)).quantize(step, ROUND_CEILING),
        confidence_level=Decimal(repr(round(estimate.confidence_level, 6))),
        grade=grade.maryland,
        method=f"{estimate.method}; interval: {estimate.interval_method}",
        source=source,
        measured_on=measured_on,
        is_invented=is_invented,
    )
