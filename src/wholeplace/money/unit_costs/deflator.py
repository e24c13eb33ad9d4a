"""Taking a value from the prices of one financial year to those of another."""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.values import round_pence

__all__ = ["Deflator", "load_deflator"]


@dataclass(frozen=True)
class Deflator:
    """The GDP deflator, with its source.

    Attributes:
        index: calendar year → index.
        first: share of the calendar year in which a financial year begins.
        second: share of the next.
    """

    title: str
    publisher: str
    edition: str
    address: str
    licence: str
    reviewed_on: dt.date
    index: Mapping[int, Decimal]
    first: Decimal
    second: Decimal

    def of_year(self, financial_year: str) -> Decimal:
        """Return the index of a financial year such as `2013/14`.

        Raises:
            NotFoundError: if the series does not cover it.
        """
        begins = int(financial_year[:4])
        try:
            return self.first * self.index[begins] + self.second * self.index[begins + 1]
        except KeyError:
            raise NotFoundError(
                f"Prices of {financial_year} cannot be compared.",
                f"The deflator ({self.edition}) covers financial years from "
                f"{self.years[0]} to {self.years[-1]}.",
                "Use a price year that it covers, or bring the series up to date.",
            ) from None

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years that the series covers, first to last."""
        known = sorted(each for each in self.index if each + 1 in self.index)
        return tuple(f"{year}/{(year + 1) % 100:02}" for year in known)

    def factor(self, price_year: str, to_year: str) -> Decimal:
        """Return by what a value in one year's prices is multiplied for another's."""
        return self.of_year(to_year) / self.of_year(price_year)

    def restate(self, pence: int, price_year: str, to_year: str) -> int:
        """Return a value in another year's prices, in whole pence."""
        return round_pence(Decimal(pence) * self.factor(price_year, to_year))


@cache
def load_deflator() -> Deflator:
    """Return the deflator that this version ships."""
    here = files("wholeplace.money") / "unit_costs"
    facts = YAML(typ="safe").load((here / "gdp-deflator.yaml").read_text("utf-8"))
    rows = csv.DictReader((here / "gdp-deflator.csv").read_text("utf-8").splitlines())
    return Deflator(
        facts["title"],
        facts["publisher"],
        facts["edition"],
        facts["address"],
        facts["licence"],
        facts["reviewed_on"],
        {int(row["year"]): Decimal(row["index"]) for row in rows},
        Decimal(facts["financial_year"]["first"]),
        Decimal(facts["financial_year"]["second"]),
    )
