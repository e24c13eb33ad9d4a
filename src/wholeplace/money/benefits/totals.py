"""What a case comes to: net present value, ratios and the year in which it has paid back."""

from dataclasses import dataclass
from decimal import Decimal

from wholeplace.money.benefits.appraising import Amount, Appraisal
from wholeplace.money.benefits.values import FiscalValue, PublicValue, ratio_of

__all__ = ["Totals", "YearTotals", "band_of_ratio", "is_public_value", "totals_of"]


@dataclass(frozen=True)
class YearTotals:
    """One year: cash, in prices of the price year, and the sum so far, discounted.

    Attributes:
        so_far_pence: discounted fiscal benefits less discounted costs, up to this year.
    """

    year: int
    words: str
    cost_pence: int
    fiscal_pence: int
    cashable_pence: int
    so_far_pence: int


@dataclass(frozen=True)
class Totals:
    """A case in a few numbers; all discounted but the cashable saving.

    Attributes:
        cost: what it costs public bodies.
        fiscal: what public bodies no longer spend.
        public: what is better for everybody; it holds the fiscal part without transfers.
        cashable_pence: the fiscal saving that can be taken out of budgets, not discounted.
        payback_year: the first year, from 0, in which fiscal savings so far cover costs so far
            and go on covering them; None where that does not happen within the case.
    """

    cost: FiscalValue
    fiscal: FiscalValue
    public: PublicValue
    cashable_pence: int
    payback_year: int | None
    payback_words: str
    years: tuple[YearTotals, ...]

    @property
    def fiscal_net(self) -> FiscalValue:
        """Net present budget impact: fiscal savings less costs."""
        net: FiscalValue = self.fiscal - self.cost
        return net

    @property
    def public_net(self) -> PublicValue:
        """Net present public value: public value less costs."""
        return PublicValue(self.public.pence - self.cost.pence)

    @property
    def fiscal_ratio(self) -> Decimal | None:
        """Fiscal savings for each pound spent."""
        return ratio_of(self.fiscal.pence, self.cost.pence)

    @property
    def public_ratio(self) -> Decimal | None:
        """Public value for each pound spent: the benefit-cost ratio."""
        return ratio_of(self.public.pence, self.cost.pence)


def is_public_value(amount: Amount) -> bool:
    """Tell whether a benefit counts as public value: money that only changes hands does not."""
    return amount.side == "benefit" and not amount.is_transfer


def totals_of(appraisal: Appraisal) -> Totals:
    """Return what a case comes to."""
    amounts = appraisal.amounts
    costs = [each for each in amounts if each.side == "cost"]
    fiscal = [each for each in amounts if each.side == "benefit" and each.kind == "fiscal"]
    public = [each for each in amounts if is_public_value(each)]
    years = _years(appraisal, costs, fiscal)
    payback = _payback(years)
    return Totals(
        FiscalValue(sum(each.discounted_pence for each in costs)),
        FiscalValue(sum(each.discounted_pence for each in fiscal)),
        PublicValue(sum(each.discounted_pence for each in public)),
        sum(each.cashable_pence for each in fiscal),
        payback,
        years[payback].words if payback is not None else "",
        years,
    )


def _years(
    appraisal: Appraisal, costs: list[Amount], fiscal: list[Amount]
) -> tuple[YearTotals, ...]:
    found, so_far = [], 0
    for year in appraisal.years:
        paid = [each for each in costs if each.year == year]
        saved = [each for each in fiscal if each.year == year]
        so_far += sum(each.discounted_pence for each in saved)
        so_far -= sum(each.discounted_pence for each in paid)
        found.append(
            YearTotals(
                year,
                appraisal.year_words(year),
                sum(each.pence for each in paid),
                sum(each.pence for each in saved),
                sum(each.cashable_pence for each in saved),
                so_far,
            )
        )
    return tuple(found)


def _payback(years: tuple[YearTotals, ...]) -> int | None:
    behind = [each.year for each in years if each.so_far_pence < 0]
    first = behind[-1] + 1 if behind else 0
    return first if first < len(years) else None


def band_of_ratio(ratio: Decimal | None) -> str:
    """Return the Department for Transport's word for a benefit-cost ratio.

    A ratio on a boundary is of the higher band (Value for Money Framework, supplementary
    guidance on categories, November 2024).
    """
    if ratio is None:
        return ""
    bands = ((4, "very high"), (2, "high"), (Decimal("1.5"), "medium"), (1, "low"), (0, "poor"))
    return next((words for least, words in bands if ratio >= least), "very poor")
