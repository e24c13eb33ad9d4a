"""Discounting: what money of a later year is worth in the first.

Factors are cumulative: each year's own rate applies to that year alone, so the lower rates of
later decades never reach back (HM Treasury, The Green Book).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ruamel.yaml import YAML

__all__ = ["DiscountSchedule", "load_schedules"]

_DIGITS = 40


@dataclass(frozen=True)
class DiscountSchedule:
    """One dated schedule.

    Attributes:
        starts_on: from when it stands.
        review_by: when somebody must look whether it still does.
        rates: last year of a rate (None: for ever) and the rate, in order.
    """

    id: str
    title: str
    publisher: str
    address: str
    starts_on: dt.date
    reviewed_on: dt.date
    review_by: dt.date
    note: str
    rates: tuple[tuple[int | None, Decimal], ...]

    def rate(self, year: int) -> Decimal:
        """Return the rate at which the money of a year is discounted to the year before."""
        return next(rate for most, rate in self.rates if most is None or year <= most)

    def factor(self, year: int) -> Decimal:
        """Return what one pound of a year is worth in year 0."""
        return _factor(self.rates, year)

    def is_due(self, on: dt.date) -> bool:
        """Tell whether the schedule should have been looked at again by a day."""
        return on > self.review_by


@cache
def _factor(rates: tuple[tuple[int | None, Decimal], ...], year: int) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        factor = Decimal(1)
        for each in range(1, year + 1):
            factor /= 1 + next(rate for most, rate in rates if most is None or each <= most)
        return factor


@cache
def load_schedules() -> Mapping[str, DiscountSchedule]:
    """Return every schedule that this version ships, by id."""
    text = (files("wholeplace.money") / "benefits" / "discount-schedules.yaml").read_text("utf-8")
    return MappingProxyType(
        {
            each["id"]: DiscountSchedule(
                each["id"],
                each["title"],
                each["publisher"],
                each["address"],
                each["from"],
                each["reviewed_on"],
                each["review_by"],
                each["note"],
                tuple((rate["years_to"], Decimal(rate["rate"])) for rate in each["rates"]),
            )
            for each in YAML(typ="safe").load(text)["schedules"]
        }
    )
