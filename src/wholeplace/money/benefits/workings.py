"""Each number with what it was made of: every figure, its source, its year, how far to trust it."""

from dataclasses import dataclass
from decimal import Decimal

from wholeplace.money.benefits.appraising import Appraisal, reached_each_year
from wholeplace.money.benefits.definitions import Benefit
from wholeplace.money.unit_costs import (
    UnitCost,
    find_unit_cost,
    load_cost_source,
    load_deflator,
    parts_of,
)

__all__ = ["Step", "Working", "workings_of"]


@dataclass(frozen=True)
class Step:
    """One figure of a working.

    Attributes:
        value: as it stands in the sum.
        source: who says so, in words.
        unit_cost: id of the unit cost that it is, so that it can be opened.
    """

    label: str
    value: str
    source: str
    unit_cost: str = ""


@dataclass(frozen=True)
class Working:
    """How one line was worked out.

    Attributes:
        line: id of the cost or benefit.
        steps: what was multiplied, in order.
        sum_words: the sum in one sentence.
        total_pence: what the line comes to, discounted.
    """

    line: str
    title: str
    steps: tuple[Step, ...]
    sum_words: str
    total_pence: int


def workings_of(appraisal: Appraisal) -> tuple[Working, ...]:
    """Return how every line of a case was worked out, costs first."""
    return (*_costs(appraisal), *_benefits(appraisal))


def _total(appraisal: Appraisal, line: str) -> int:
    return sum(each.discounted_pence for each in appraisal.amounts if each.line == line)


def _costs(appraisal: Appraisal) -> tuple[Working, ...]:
    return tuple(
        Working(
            cost.id,
            cost.title,
            (
                Step("What it is budgeted at, each year", _list(cost.pence), cost.source),
                Step(
                    "How much more it may cost (optimism bias)",
                    percent(cost.overrun_share.value),
                    cost.overrun_share.source,
                ),
                Step("Discounting", appraisal.schedule.title, appraisal.schedule.publisher),
            ),
            "Each year’s budget, raised by the optimism bias, discounted to the first year.",
            _total(appraisal, cost.id),
        )
        for cost in appraisal.intervention.costs
    )


def _benefits(appraisal: Appraisal) -> tuple[Working, ...]:
    return tuple(_benefit(appraisal, each) for each in appraisal.intervention.benefits)


def _benefit(appraisal: Appraisal, benefit: Benefit) -> Working:
    intervention, settings = appraisal.intervention, appraisal.settings
    effect = intervention.effect(benefit.effect)
    correction = settings.correction(effect.grade)
    steps = [
        Step(intervention.reaches, number(intervention.population.value), intervention.population.source),
        Step("Share with the need", percent(intervention.need_share.value), intervention.need_share.source),
        Step("Share who take it up, each year", percent(intervention.take_up.value), intervention.take_up.source),
        Step("Newly reached each year", number(reached_each_year(intervention)), "The three above, multiplied"),
        Step("People in each whom it changes", number(benefit.people_per_reached.value), benefit.people_per_reached.source),
        Step(
            f"Change in {effect.unit}, for each {effect.per}",
            f"{number(effect.estimate)} ({percent(effect.confidence_level)} interval {number(effect.low)} to {number(effect.high)})",
            f"{effect.source} Grade {effect.grade} of 5: {effect.method}",
        ),
        Step("Units of the cost for each unit of that", number(benefit.units_per_effect), benefit.bridge),
        Step("Would have happened anyway (deadweight)", percent(benefit.deadweight.value), benefit.deadweight.source),
        Step(
            "Lasts", f"{benefit.lasts_years} years from year {benefit.lag_years + 1}, keeping {percent(benefit.retention.value)} each year",
            benefit.retention.source,
        ),
        Step(f"Taken off for evidence of grade {effect.grade}", percent(correction), settings.corrections_source),
    ]  # fmt: skip
    steps += [_unit_step(appraisal, part) for part in parts_of(find_unit_cost(benefit.unit_cost))]
    steps.append(Step("Discounting", appraisal.schedule.title, appraisal.schedule.publisher))
    words = (
        "Newly reached × people × change × units × (1 − deadweight) × what is kept × unit cost "
        "× (1 − what is taken off), each year and agency rounded to a penny, then discounted."
    )
    return Working(benefit.id, benefit.title, tuple(steps), words, _total(appraisal, benefit.id))


def _unit_step(appraisal: Appraisal, part: UnitCost) -> Step:
    source, deflator = load_cost_source(), load_deflator()
    to_year = appraisal.settings.price_year
    now = deflator.restate(part.value_pence, part.price_year, to_year)
    return Step(
        f"{source.agencies.get(part.agency, part.agency)}: {part.description}",
        f"£{part.value_pence / 100:,.2f} in {part.price_year} prices, £{now / 100:,.2f} in {to_year}",
        f"{source.title}, {part.code}; {source.confidence(part.price_year, to_year)}. "
        f"Restated with {deflator.title}, {deflator.edition}.",
        part.id,
    )


def number(value: Decimal) -> str:
    """Return a figure for people: no more than four places, no empty ones."""
    shown = f"{value.quantize(Decimal('0.0001')):,f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")


def percent(value: Decimal) -> str:
    """Return a share as a percentage."""
    return f"{number((value * 100).quantize(Decimal('0.01')))}%"


def _list(pence: tuple[int, ...]) -> str:
    return ", ".join(f"£{each / 100:,.0f}" for each in pence)
