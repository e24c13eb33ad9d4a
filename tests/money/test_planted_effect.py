"""Larkbridge's planted effect: the true saving lies within what the case states."""

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.money.larkbridge import intervention, settings

from wholeplace.money.benefits import appraise, with_values
from wholeplace.money.unit_costs import find_unit_cost, load_deflator, parts_of

# What the truth of the demonstration's 20,000 residents says of its 84 families taken on.
LARGE = {"absence-share": "-0.050727", "rent-weeks-owed": "-1.571429"}
LINES = {"absence-share": "truancy", "rent-weeks-owed": "arrears"}


def saving(line: str, values: dict[str, Decimal]) -> int:
    appraisal = appraise(with_values(intervention(), values), settings())
    return sum(each.pence for each in appraisal.amounts if each.line == line)


def true_saving(line: str, effect: Decimal) -> Decimal:
    """The same saving from the truth alone, summed for each year's families by themselves."""
    case = intervention()
    benefit = next(each for each in case.benefits if each.id == line)
    reached = case.population.value * case.need_share.value * case.take_up.value
    grade = case.effect(benefit.effect).grade
    worth = sum(
        load_deflator().restate(each.value_pence, each.price_year, settings().price_year)
        for each in parts_of(find_unit_cost(benefit.unit_cost))
    )
    years = sum(benefit.retention.value**year for year in range(benefit.lasts_years))
    for_one = -effect * benefit.units_per_effect * benefit.people_per_reached.value
    kept = 1 - settings().correction(grade)
    return case.delivery_years * reached * for_one * worth * kept * years


def check(outcome: str, truth: Decimal) -> None:
    effect = intervention().effect(outcome)
    assert effect.holds(truth), f"{outcome}: the interval holds the truth"
    true, line = true_saving(LINES[outcome], truth), LINES[outcome]
    most = saving(line, {f"effect:{outcome}": effect.low})
    least = saving(line, {f"effect:{outcome}": effect.high})
    assert least <= true <= most, "the true saving lies between the ends of what is stated"
    stated = saving(line, {})
    assert abs(stated - true_saving(line, effect.estimate)) < 100, "the stated saving, summed alone"


@pytest.mark.parametrize("outcome", LARGE)
def test_the_true_saving_of_the_whole_town_is_recovered(outcome: str) -> None:
    check(outcome, Decimal(LARGE[outcome]))


def test_the_truth_of_a_town_built_now_lies_within_the_interval(town: Any) -> None:
    truth = json.loads((town.truth / "effect.json").read_text("utf-8"))
    absence = truth["outcomes"]["absence_share"]
    assert absence["measurements"], "a town of any size takes families on, or nothing is planted"
    check("absence-share", Decimal(str(absence["true_average_effect"])))


def test_the_graded_value_is_handed_over_whole() -> None:
    for outcome in LARGE:
        effect = intervention().effect(outcome)
        assert effect.grade == 3 and effect.is_invented and effect.is_certain
        assert effect.confidence_level == Decimal("0.95")
    assumed = intervention().effect("domestic-abuse-incidents")
    assert assumed.grade == 1 and not assumed.is_certain, "what was never compared says so"
