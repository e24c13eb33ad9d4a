"""Plain values that rooms hand to each other: money in pence, and a measured effect.

An effect is measured in one room and used in another, and neither imports the other: what
travels is this value, with its interval and its grade, so that nobody can use the middle of it
and leave the doubt behind.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["Effect", "format_pence", "format_rounded", "round_pence"]

_WEAKEST, _STRONGEST = 1, 5


@dataclass(frozen=True)
class Effect:
    """What an intervention changed for each of those it reached, and how sure that is.

    Attributes:
        outcome: id of what was changed, for example `absence-share`.
        unit: what one unit is, in words: “share of school sessions missed”.
        per: whom it is counted for: “pupil, in a year”.
        estimate: the change; negative where there is less of it.
        low: lower end of the interval.
        high: upper end.
        confidence_level: how often such intervals hold the true value, 0 to 1.
        grade: evidence grade on the Maryland Scientific Methods Scale, 1 (weakest) to 5.
        method: how it was measured, in words.
        source: where it comes from: a publication, or the evaluation's address.
        measured_on: day on which it was worked out.
        is_invented: True in demonstrations.

    Raises:
        ValueError: if the interval does not hold the estimate, or the grade is not 1 to 5.
    """

    outcome: str
    unit: str
    per: str
    estimate: Decimal
    low: Decimal
    high: Decimal
    confidence_level: Decimal
    grade: int
    method: str
    source: str
    measured_on: dt.date
    is_invented: bool = False

    def __post_init__(self) -> None:
        """Check that the interval holds the estimate and the grade is of the scale."""
        if not self.low <= self.estimate <= self.high:
            raise ValueError(f"the interval of {self.outcome} does not hold its estimate")
        if not _WEAKEST <= self.grade <= _STRONGEST:
            raise ValueError(f"the grade of {self.outcome} is not 1 to 5")
        if not 0 < self.confidence_level < 1:
            raise ValueError(f"the confidence level of {self.outcome} is not between 0 and 1")

    @property
    def is_certain(self) -> bool:
        """Tell whether the interval leaves out that nothing changed at all."""
        return not self.low <= 0 <= self.high

    def holds(self, value: Decimal) -> bool:
        """Tell whether the interval holds a value."""
        return self.low <= value <= self.high


def round_pence(pence: Decimal) -> int:
    """Return whole pence, a half penny away from nought, as spreadsheets round."""
    return int(pence.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def format_pence(pence: int) -> str:
    """Return money as people write it: `£1,234.50`, `−£3.00`; whole pounds without pence."""
    sign = "−" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}.{rest:02}" if rest else f"{sign}£{pounds:,}"


def format_rounded(pence: int) -> str:
    """Return money for a sentence, to three figures: `£1.2m`, `£214,000`, `£940`."""
    sign, pounds = ("−" if pence < 0 else ""), Decimal(abs(pence)) / 100
    if pounds >= 1_000_000:
        millions = (pounds / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{sign}£{f'{millions:,}'.rstrip('0').rstrip('.')}m"
    if pounds >= 10_000:
        return f"{sign}£{int((pounds / 1000).quantize(Decimal(1), ROUND_HALF_UP)):,},000"
    return f"{sign}£{int(pounds.quantize(Decimal(1), ROUND_HALF_UP)):,}"
