"""Figures that programmes published: what follows from each, and where two contradict each other."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

__all__ = ["Conflict", "PublishedFigure", "find_conflicts", "load_published", "reviewed_on"]

_MILLION = 1_000_000


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure.

    Attributes:
        given: what was published, by name.
        comes_to: what follows, as it is shown.
        beware: what somebody who quotes it should know.
        conflicts_with: id of another figure that says something else of the same thing.
        tolerance: how far apart the two may be, as a share, and still be called the same.
        threshold: the fall from which an outcome contract pays; with `pays`, whether it did.
        at_most: what it must not be more than.
    """

    id: str
    title: str
    source: str
    works_out: str
    given: Mapping[str, Fraction]
    comes_to: Decimal
    unit: str
    beware: str
    conflicts_with: str
    tolerance: Fraction
    threshold: Decimal | None
    pays: bool | None
    at_most: Decimal | None

    def work_out(self) -> Fraction:
        """Return what follows from what was published, exact."""
        return _WORK[self.works_out](self.given)

    def is_paid(self) -> bool | None:
        """Tell whether an outcome reached its threshold; None for a figure without one."""
        return None if self.threshold is None else self.work_out() >= Fraction(self.threshold)

    @property
    def worked_out(self) -> Decimal:
        """What follows, to as many places as are shown."""
        places = Decimal(1).scaleb(int(self.comes_to.as_tuple().exponent))
        exact = self.work_out()
        return (Decimal(exact.numerator) / exact.denominator).quantize(places, ROUND_HALF_UP)


@dataclass(frozen=True)
class Conflict:
    """Two published figures of one thing.

    Attributes:
        apart_share: how far apart, as a share of the larger.
        is_within_tolerance: True where rounding could explain it.
    """

    first: PublishedFigure
    second: PublishedFigure
    apart_share: Decimal
    is_within_tolerance: bool


def find_conflicts() -> tuple[Conflict, ...]:
    """Return every pair of published figures that say different things of one thing."""
    known = load_published()
    found = []
    for each in known.values():
        if not each.conflicts_with:
            continue
        other = known[each.conflicts_with]
        one, two = each.work_out(), other.work_out()
        apart = abs(one - two) / max(abs(one), abs(two))
        if apart:
            share = (Decimal(apart.numerator) / apart.denominator).quantize(Decimal("0.001"))
            found.append(Conflict(each, other, share, apart <= each.tolerance))
    return tuple(found)


@cache
def load_published() -> Mapping[str, PublishedFigure]:
    """Return the published figures, by id."""
    return {
        each["id"]: PublishedFigure(
            each["id"],
            each["title"],
            each["source"],
            each["works_out"],
            {name: Fraction(value) for name, value in each["given"].items()},
            Decimal(each["comes_to"]),
            each["unit"],
            each.get("beware", ""),
            each.get("conflicts_with", ""),
            Fraction(each.get("tolerance", "0")),
            Decimal(each["threshold"]) if "threshold" in each else None,
            each.get("pays"),
            Decimal(each["at_most"]) if "at_most" in each else None,
        )
        for each in _read()["figures"]
    }


def reviewed_on() -> dt.date:
    """Return the day on which the figures were last held against their sources."""
    day: dt.date = _read()["reviewed_on"]
    return day


@cache
def _read() -> Any:
    text = (files("wholeplace.money") / "benefits" / "published.yaml").read_text("utf-8")
    return YAML(typ="safe").load(text)


_WORK: Mapping[str, Callable[[Mapping[str, Fraction]], Fraction]] = {
    "ratio": lambda given: given["benefit"] / given["cost"],
    # net = benefit - cost and ratio = benefit / cost, so cost = net / (ratio - 1).
    "implied-cost": lambda given: given["net"] / (given["ratio"] - 1) / _MILLION,
    "yearly-sum": lambda given: sum(given.values(), Fraction(0)),
    "difference": lambda given: given["benefit"] - given["cost"],
    "value": lambda given: given["value"],
    "fall": lambda given: 100 * (1 - given["with"] / given["without"]),
    "product": lambda given: (
        given["families"] * given["funded_share"] * given["payment"] / _MILLION
    ),
    "local-share": lambda given: given["central"] / given["central_share"] - given["central"],
}
