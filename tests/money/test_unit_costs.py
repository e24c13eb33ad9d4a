"""Unit costs: every value has a source, a year and a bearer; restating is a ratio of two indices."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from wholeplace.foundation.errors import NotFoundError
from wholeplace.money.unit_costs import (
    find_unit_cost,
    load_cost_source,
    load_deflator,
    load_unit_costs,
    parts_of,
)

WORKBOOK = Path(__file__).parents[3] / "shared" / "data" / "money" / "gmca_unit_costs_v1_4.csv"


@pytest.mark.parametrize("cost", load_unit_costs().values(), ids=lambda cost: str(cost.code))
def test_every_value_has_a_source_a_year_and_somebody_who_bears_it(cost: object) -> None:
    known = find_unit_cost(cost.id)  # type: ignore[attr-defined]
    assert known.value_pence > 0 and known.unit and known.description
    assert known.agency in load_cost_source().agencies
    assert load_deflator().of_year(known.price_year) > 0
    assert not known.part_of or known.part_of in load_unit_costs()


@pytest.mark.parametrize(
    ("cost_id", "pence", "year"),
    [
        # As the research of the workbook lists them, in their original prices.
        ("cr2-0", 247_000, "2008/09"), ("cr2-0-1", 117_100, "2008/09"),
        ("cr2-0-2", 58_100, "2008/09"), ("cr2-0-3", 41_500, "2008/09"),
        ("cr2-0-4", 19_300, "2008/09"), ("ss1-0", 5_108_000, "2013/14"),
        ("ho1-0", 668_000, "2010/11"), ("ho3-0", 250_100, "2010/11"),
        ("he4-0", 10_900, "2011/12"), ("cr3-0", 3_378_500, "2013/14"),
        ("ee1-0", 980_000, "2012/13"), ("es2-0", 921_900, "2005/06"), ("cr1-0", 50_000, "2002/03"),
    ],
)  # fmt: skip
def test_values_are_those_of_the_publication(cost_id: str, pence: int, year: str) -> None:
    cost = find_unit_cost(cost_id)
    assert (cost.value_pence, cost.price_year) == (pence, year)


@pytest.mark.skipif(not WORKBOOK.exists(), reason="the transcription is not beside the project")
def test_every_value_agrees_with_the_transcription_of_the_workbook() -> None:
    rows = {row["code"]: row for row in csv.DictReader(WORKBOOK.open(encoding="utf-8"))}
    for cost in load_unit_costs().values():
        row = rows[cost.code]
        assert cost.value_pence == round(Decimal(row["cost_gbp"]) * 100)
        assert cost.price_year == row["price_year"]


def test_parts_stand_for_the_whole_and_domestic_abuse_adds_up() -> None:
    whole = find_unit_cost("cr2-0")
    parts = parts_of(whole)
    assert sum(each.value_pence for each in parts) == whole.value_pence
    assert whole not in parts and "several" not in {each.agency for each in parts}
    assert parts_of(parts[0]) == (parts[0],)


def test_restating_is_a_ratio_of_financial_year_indices() -> None:
    deflator = load_deflator()
    before = Decimal("0.75") * Decimal("66.89") + Decimal("0.25") * Decimal("68.217")
    after = Decimal("0.75") * Decimal("96.2507") + Decimal("0.25") * Decimal(100)
    assert deflator.factor("2008/09", "2023/24") == after / before
    assert deflator.restate(247_000, "2008/09", "2008/09") == 247_000


def test_a_year_beyond_the_series_is_refused_and_not_guessed() -> None:
    with pytest.raises(NotFoundError, match="2024/25"):
        load_deflator().of_year("2024/25")


def test_old_values_say_that_they_are_old() -> None:
    source = load_cost_source()
    assert source.confidence("2022/23", "2023/24") == "Fair"
    assert "more than ten years" in source.confidence("2005/06", "2023/24")


def test_an_unknown_value_is_not_there() -> None:
    with pytest.raises(NotFoundError):
        find_unit_cost("no-such-cost")
