"""Funds on a line of years, cliffs, and the renewal case."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.money.larkbridge import INTERVENTION, intervention, larkbridge_money, settings

from wholeplace.money.benefits import appraise, with_values
from wholeplace.money.funds import Fund, cliffs_of, draft_renewal, draw_timeline
from wholeplace.money.funds.cliffs import gains_after

TODAY = dt.date(2026, 11, 25)
NAMES = {"nhs": "NHS", "justice": "courts", "council": "council"}


def cliffs(today: dt.date = TODAY, families: str = "about 214") -> tuple[object, ...]:
    return cliffs_of(
        larkbridge_money().funds.values(),
        today,
        appraisals={INTERVENTION: appraise(intervention(), settings())},
        count_families=lambda _: families,
    )


def test_an_eighteen_month_grant_on_a_longer_plan_shows_what_ends_and_who_gains_later() -> None:
    first = cliffs()[0]
    said = first.sentence(NAMES)  # type: ignore[attr-defined]
    assert said.startswith(
        "March 2027: £143,000 a year ends, about 214 families open, 3 keyworkers"
    )
    assert "gains of £1.22m after that date fall to others too, most to courts and NHS" in said
    assert first.payback_words == "2029/30"  # type: ignore[attr-defined]
    assert first.days_left == 126  # type: ignore[attr-defined]
    assert first.decide_by == dt.date(2026, 12, 1)  # type: ignore[attr-defined]


def test_funds_that_end_in_one_month_are_one_cliff_and_the_larger_stands_first() -> None:
    march = cliffs()[1]
    assert [each.id for each in march.funds] == ["early-help-contract", "recovery-grant"]  # type: ignore[attr-defined]
    assert march.total_pence == 216_000_000  # type: ignore[attr-defined]


def test_what_may_not_be_counted_is_not_in_the_sentence() -> None:
    assert "open" not in cliffs(families="")[0].sentence(NAMES)  # type: ignore[attr-defined]


def test_what_is_over_is_no_cliff() -> None:
    months = [each.month_words for each in cliffs(dt.date(2028, 4, 1))]  # type: ignore[attr-defined]
    assert months == ["March 2029", "March 2030"]


def test_gains_after_a_day_are_those_of_later_financial_years() -> None:
    appraisal = appraise(intervention(), settings())
    everything = sum(
        each.pence for each in appraisal.amounts if each.side == "benefit" and each.year >= 1
    )
    assert sum(each.pence for each in gains_after(appraisal, dt.date(2027, 3, 31))) == everything
    assert gains_after(appraisal, dt.date(2040, 1, 1)) == ()


@given(st.dates(dt.date(2024, 1, 1), dt.date(2032, 1, 1)))
def test_every_fund_has_a_bar_within_the_picture_on_any_day(today: dt.date) -> None:
    line = draw_timeline(tuple(larkbridge_money().funds.values()), today)
    assert len(line.spans) == len(larkbridge_money().funds)
    for span in line.spans:
        assert span.x >= 0 and span.x + span.width <= line.width + 3
        assert span.y < line.height and span.width >= 3
    assert [span.fund.ends_on for span in line.spans] == sorted(
        span.fund.ends_on for span in line.spans
    )


def test_no_funds_draw_an_empty_line() -> None:
    assert draw_timeline((), TODAY).spans == ()


def test_the_renewal_case_is_made_of_live_figures() -> None:
    fund = larkbridge_money().funds["keyworker-grant"]
    appraisal = appraise(intervention(), settings())
    first = cliffs()[0]
    drafted = draft_renewal(fund, first, appraisal, NAMES, TODAY)  # type: ignore[arg-type]
    text = " ".join(each for section in drafted.sections for each in section.sentences)
    assert "about 214 families" in text and "£1.90 for each £1" in text and "2029/30" in text
    assert "grade 3 of 5" in text and "grade 1 of 5" in text
    assert not drafted.missing
    poorer = appraise(with_values(intervention(), {"take_up": Decimal("0.02")}), settings())
    again = draft_renewal(fund, first, poorer, NAMES, TODAY)  # type: ignore[arg-type]
    assert any("does not pay back" in each for s in again.sections for each in s.sentences)


def test_the_renewal_case_says_what_is_missing() -> None:
    fund = larkbridge_money().funds["tenancy-support"]
    drafted = draft_renewal(fund, None, None, NAMES, TODAY)
    assert len(drafted.missing) == 2


def test_a_fund_that_ends_before_it_begins_is_refused() -> None:
    facts = larkbridge_money().funds["tenancy-support"].model_dump()
    with pytest.raises(ValidationError, match="ends_on"):
        Fund.model_validate({**facts, "ends_on": facts["starts_on"]})
