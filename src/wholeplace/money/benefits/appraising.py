"""Every amount of a case: by line, agency and year, real and discounted, in whole pence.

Each cell is rounded once, to a penny, and everything else is a sum of cells: so totals by year,
by agency and by line are the same total, and a spreadsheet that rounds its cells agrees.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from wholeplace.foundation.values import Effect, round_pence
from wholeplace.money.benefits.definitions import Benefit, Cost, Intervention, Settings
from wholeplace.money.benefits.discounting import DiscountSchedule, load_schedules
from wholeplace.money.unit_costs import UnitCost, find_unit_cost, load_deflator, parts_of

__all__ = ["Amount", "Appraisal", "appraise", "reached_each_year", "units_in_year"]


@dataclass(frozen=True)
class Amount:
    """One cell: what one line means to one agency in one year.

    Attributes:
        side: cost or benefit.
        unit_cost: id of the value that it was worked out with; empty for a cost.
        kind: fiscal, economic or social.
        year: 0 is the first.
        pence: in prices of the case's price year.
        discounted_pence: what that is worth in year 0.
        cashable_pence: the part that can be taken out of a budget, not discounted.
    """

    line: str
    title: str
    side: Literal["cost", "benefit"]
    unit_cost: str
    agency: str
    kind: str
    is_transfer: bool
    year: int
    pence: int
    discounted_pence: int
    cashable_pence: int


@dataclass(frozen=True)
class Appraisal:
    """A case worked out.

    Attributes:
        amounts: every cell, costs before benefits, in the order of lines, agencies and years.
    """

    intervention: Intervention
    settings: Settings
    schedule: DiscountSchedule
    amounts: tuple[Amount, ...]

    @property
    def years(self) -> range:
        """Every year of the case."""
        return range(self.intervention.horizon_years)

    def year_words(self, year: int) -> str:
        """Return a year of the case as a financial year: `2026/27`."""
        begins = self.intervention.starts_on
        first = begins.year if begins.month >= 4 else begins.year - 1
        return f"{first + year}/{(first + year + 1) % 100:02}"

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every agency with an amount, those that pay most first."""
        net: dict[str, int] = {}
        for each in self.amounts:
            sign = -1 if each.side == "cost" else 1
            net[each.agency] = net.get(each.agency, 0) + sign * each.discounted_pence
        return tuple(sorted(net, key=lambda agency: (net[agency], agency)))


def appraise(intervention: Intervention, settings: Settings) -> Appraisal:
    """Return every amount of an intervention.

    Raises:
        NotFoundError: if a unit cost or a price year is not known.
        KeyError: if the discount schedule is not known.
    """
    schedule = load_schedules()[settings.schedule]
    amounts: list[Amount] = []
    for cost in intervention.costs:
        amounts += _cost_amounts(cost, schedule)
    for benefit in intervention.benefits:
        effect = intervention.effect(benefit.effect)
        for part in parts_of(find_unit_cost(benefit.unit_cost)):
            amounts += _benefit_amounts(intervention, settings, schedule, benefit, effect, part)
    return Appraisal(intervention, settings, schedule, tuple(amounts))


def reached_each_year(intervention: Intervention) -> Decimal:
    """Return how many are newly reached in each year of delivery."""
    return (
        intervention.population.value * intervention.need_share.value * intervention.take_up.value
    )


def units_in_year(
    intervention: Intervention, benefit: Benefit, effect: Effect, year: int
) -> Decimal:
    """Return by how many units a benefit's unit cost is fewer (or more) in a year.

    Each year's newly reached gain from `lag_years` after they began, for `lasts_years`, keeping
    `retention` of the gain from one year to the next.
    """
    sign = -1 if benefit.direction == "less" else 1
    each_one = (
        sign
        * effect.estimate
        * benefit.units_per_effect
        * benefit.people_per_reached.value
        * (1 - benefit.deadweight.value)
    )
    kept = Decimal(0)
    for began in range(intervention.delivery_years):
        since = year - began - benefit.lag_years
        if 0 <= since < benefit.lasts_years:
            kept += benefit.retention.value**since if since else Decimal(1)
    return reached_each_year(intervention) * each_one * kept


def _cost_amounts(cost: Cost, schedule: DiscountSchedule) -> list[Amount]:
    found = []
    for year, pence in enumerate(cost.pence):
        corrected = round_pence(Decimal(pence) * (1 + cost.overrun_share.value))
        found.append(
            Amount(
                cost.id, cost.title, "cost", "", cost.payer, "fiscal", year=year, pence=corrected,
                is_transfer=False, cashable_pence=corrected,
                discounted_pence=round_pence(corrected * schedule.factor(year)),
            )
        )  # fmt: skip
    return found


def _benefit_amounts(
    intervention: Intervention,
    settings: Settings,
    schedule: DiscountSchedule,
    benefit: Benefit,
    effect: Effect,
    part: UnitCost,
) -> list[Amount]:
    value = load_deflator().restate(part.value_pence, part.price_year, settings.price_year)
    kept = 1 - settings.correction(effect.grade)
    found = []
    for year in range(intervention.horizon_years):
        units = units_in_year(intervention, benefit, effect, year)
        pence = round_pence(units * value * kept)
        found.append(
            Amount(
                benefit.id, benefit.title, "benefit", part.id, part.agency, part.kind,
                part.is_transfer, year, pence, round_pence(pence * schedule.factor(year)),
                round_pence(pence * benefit.cashable.value) if part.kind == "fiscal" else 0,
            )
        )  # fmt: skip
    return found
