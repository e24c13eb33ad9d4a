"""Working days of England and Wales: no weekend, no bank holiday."""

import datetime as dt
from functools import cache
from importlib.resources import files

__all__ = ["add_working_days", "is_working_day"]

_SATURDAY = 5


def is_working_day(day: dt.date) -> bool:
    """Return whether offices work on a day.

    Beyond the years of `bank_holidays.yaml` weekends alone are left out, so that a time limit
    is then too short by a day and never too long.
    """
    return day.weekday() < _SATURDAY and day not in _bank_holidays()


def add_working_days(day: dt.date, number: int) -> dt.date:
    """Return the day that is a number of working days later; the first day itself counts nothing."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_working_day(day)
    return day


@cache
def _bank_holidays() -> frozenset[dt.date]:
    from ruamel.yaml import YAML

    text = files("wholeplace.agreements.reasons").joinpath("bank_holidays.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    return frozenset(each["on"] for each in read["days"])
