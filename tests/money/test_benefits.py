"""Cost and benefit by agency: discounting, the sum by hand, and laws of the totals."""

import ast
import csv
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.money.larkbridge import intervention, settings

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.values import Effect, format_pence, format_rounded, round_pence
from wholeplace.money.benefits import (
    FiscalValue,
    PublicValue,
    appraise,
    flows_of,
    load_schedules,
    parameters_of,
    totals_of,
    with_values,
    workings_of,
)
from wholeplace.money.benefits.totals import band_of_ratio

BY_HAND = Path(__file__).parents[2] / "examples" / "larkbridge-together-by-hand.csv"


@pytest.mark.parametrize(
    ("year", "factor"),
    # HM Treasury, The Green Book: the standard schedule's published factors.
    [(0, "1.0000"), (1, "0.9662"), (10, "0.7089"), (30, "0.3563"), (31, "0.3459"),
     (75, "0.0942"), (76, "0.0919")],
)  # fmt: skip
def test_discount_factors_are_the_published_ones(year: int, factor: str) -> None:
    schedule = load_schedules()["green-book-2026"]
    assert schedule.factor(year).quantize(Decimal("0.0001")) == Decimal(factor)


@given(st.integers(0, 320))
def test_later_money_is_worth_less_and_each_year_has_its_own_rate(year: int) -> None:
    schedule = load_schedules()["green-book-2026"]
    assert 0 < schedule.factor(year + 1) < schedule.factor(year) <= 1
    step = schedule.factor(year) / schedule.factor(year + 1) - 1
    assert abs(step - schedule.rate(year + 1)) < Decimal("1e-20")


def test_the_schedule_is_dated_and_says_when_it_is_due() -> None:
    schedule = load_schedules()["green-book-2026"]
    assert not schedule.is_due(schedule.reviewed_on)
    assert schedule.is_due(schedule.review_by + dt.timedelta(days=1))


def read_sheet() -> dict[str, tuple[str, str, Fraction]]:
    """Work the sheet out by a reader of formulas of its own, which knows nothing of the room."""
    operators = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}
    values: dict[str, Fraction] = {}
    cells: dict[str, tuple[str, str, Fraction]] = {}

    def rounded(value: Fraction, places: int) -> Fraction:
        scaled = abs(value) * 10**places
        whole = scaled.numerator // scaled.denominator
        whole += (scaled - whole) >= Fraction(1, 2)
        return Fraction(whole if value >= 0 else -whole, 10**places)

    def work(node: ast.AST) -> Fraction:
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.BinOp):
            left, right = work(node.left), work(node.right)
            if isinstance(node.op, ast.Pow):
                return left ** int(right)
            return Fraction(operators[type(node.op)](left, right))
        assert isinstance(node, ast.Call) and ast.unparse(node.func) == "ROUND"
        return rounded(work(node.args[0]), int(work(node.args[1])))

    rows = csv.DictReader(BY_HAND.open(encoding="utf-8"))
    for number, row in enumerate(rows, start=2):
        if row["Formula"]:
            formula = row["Formula"].removeprefix("=").replace("^", "**")
            values[f"B{number}"] = work(ast.parse(formula, mode="eval").body)
            cells[row["What"]] = (row["Formula"], row["Value"], values[f"B{number}"])
    return cells


def test_the_same_case_by_hand_in_a_spreadsheet_agrees_to_the_penny() -> None:
    cells = read_sheet()
    appraisal = appraise(intervention(), settings())
    totals = totals_of(appraisal)
    assert cells["COSTS TOGETHER"][2] == totals.cost.pence
    assert cells["GAINS TOGETHER"][2] == totals.fiscal.pence
    assert cells["NET FOR PUBLIC BODIES"][2] == totals.fiscal_net.pence
    assert cells["GAINED FOR EACH POUND"][2] == Fraction(str(totals.fiscal_ratio))
    by_code = {each.code: each.id for each in _costs()}
    compared = 0
    for what, (_, _, value) in cells.items():
        code, _, rest = what.partition(" (")
        if code not in by_code or ", year " not in rest:
            continue
        year, is_discounted = int(rest.split(", year ")[1][0]), "today's value" in rest
        (cell,) = [
            each
            for each in appraisal.amounts
            if (each.unit_cost, each.year) == (by_code[code], year)
        ]
        assert value == (cell.discounted_pence if is_discounted else cell.pence), what
        compared += 1
    assert compared == 10 * 8 * 2, "ten parts of unit costs, eight years, real and discounted"


def test_the_sheet_says_what_its_formulas_come_to() -> None:
    for what, (_, said, value) in read_sheet().items():
        assert abs(Fraction(said) - value) <= Fraction(1, 10**6), what


def _costs() -> list[object]:
    from wholeplace.money.unit_costs import load_unit_costs

    return list(load_unit_costs().values())


def test_totals_by_agency_year_and_line_are_one_total() -> None:
    appraisal = appraise(intervention(), settings())
    totals, flows = totals_of(appraisal), flows_of(appraisal)
    assert sum(each.gains_pence for each in flows) == totals.fiscal.pence
    assert sum(each.pays_pence for each in flows) == totals.cost.pence
    assert totals.years[-1].so_far_pence == totals.fiscal_net.pence
    lines = {each.line: each.total_pence for each in workings_of(appraisal)}
    costs = {each.id for each in intervention().costs}
    assert sum(pence for line, pence in lines.items() if line not in costs) == totals.fiscal.pence
    assert sum(pence for line, pence in lines.items() if line in costs) == totals.cost.pence


def test_every_line_opens_its_sources() -> None:
    for working in workings_of(appraise(intervention(), settings())):
        assert working.steps
        for step in working.steps:
            assert step.label and step.value and step.source, (working.title, step)


def test_the_correction_comes_from_the_grade() -> None:
    graded = intervention().model_dump()
    for effect in graded["effects"]:
        effect["grade"] = 5
    better = type(intervention()).model_validate(graded)
    before, after = (
        totals_of(appraise(each, settings())).fiscal.pence for each in (intervention(), better)
    )
    assert after > before, "better evidence is cut less"


def test_payback_is_the_year_from_which_savings_cover_costs_for_good() -> None:
    totals = totals_of(appraise(intervention(), settings()))
    assert totals.payback_year is not None
    assert all(each.so_far_pence >= 0 for each in totals.years[totals.payback_year :])
    assert totals.years[totals.payback_year - 1].so_far_pence < 0
    never = with_values(intervention(), {"take_up": Decimal("0.01")})
    assert totals_of(appraise(never, settings())).payback_year is None


def test_fiscal_and_public_value_are_never_added() -> None:
    fiscal, public = FiscalValue(100), PublicValue(150)
    attempts: list[Callable[[], object]] = [
        lambda: fiscal + public, lambda: public + fiscal, lambda: fiscal - public,
        lambda: sum([fiscal, public], FiscalValue(0)),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(TypeError, match="never"):
            attempt()
    assert fiscal + FiscalValue(1) == FiscalValue(101)


def test_money_that_only_changes_hands_is_a_saving_and_no_public_value() -> None:
    changed = intervention().model_dump()
    changed["benefits"][0]["unit_cost"] = "ee1-0"  # a benefit payment and better health
    totals = totals_of(appraise(type(intervention()).model_validate(changed), settings()))
    plain = appraise(type(intervention()).model_validate(changed), settings())
    transfers = sum(each.discounted_pence for each in plain.amounts if each.is_transfer)
    assert transfers > 0
    assert totals.public.pence == totals.fiscal.pence - transfers


@given(
    st.sampled_from([each.id for each in parameters_of(intervention()) if each.kind == "share"]),
    st.decimals(min_value=0, max_value=1, places=3),
)
def test_a_changed_figure_is_the_figure_used_and_nothing_else_moves(
    name: str, value: Decimal
) -> None:
    changed = with_values(intervention(), {name: value})
    before = {each.id: each.value for each in parameters_of(intervention())}
    after = {each.id: each.value for each in parameters_of(changed)}
    assert after == {**before, name: value}


@given(st.decimals(min_value=0, max_value=1, places=3))
def test_more_that_would_have_happened_anyway_never_saves_more(share: Decimal) -> None:
    name = "deadweight:domestic-abuse"
    none, some = (
        totals_of(appraise(with_values(intervention(), {name: each}), settings())).fiscal.pence
        for each in (Decimal(0), share)
    )
    assert some <= none


def test_impossible_and_unknown_figures_are_refused() -> None:
    with pytest.raises(UnsafeActionError):
        with_values(intervention(), {"take_up": Decimal("1.2")})
    with pytest.raises(NotFoundError):
        with_values(intervention(), {"no-such": Decimal(1)})


@pytest.mark.parametrize(
    ("ratio", "words"),
    # Department for Transport, value for money categories (November 2024): a boundary is higher.
    [("-0.1", "very poor"), ("0.99", "poor"), ("1.0", "low"), ("1.49", "low"), ("1.5", "medium"),
     ("2.0", "high"), ("3.99", "high"), ("4.0", "very high")],
)  # fmt: skip
def test_bands_of_ratios_are_the_published_ones(ratio: str, words: str) -> None:
    assert band_of_ratio(Decimal(ratio)) == words


@given(st.integers(-(10**12), 10**12))
def test_money_in_words_never_loses_a_penny(pence: int) -> None:
    text = format_pence(pence).replace("£", "").replace(",", "").replace("−", "-")
    assert round_pence(Decimal(text) * 100) == pence
    assert format_rounded(pence).startswith("−" if pence < 0 else "£")


def test_an_effect_is_refused_without_its_doubt() -> None:
    known = intervention().effect("absence-share")
    facts = vars(known)
    with pytest.raises(ValueError, match="interval"):
        Effect(**{**facts, "low": Decimal("0.1"), "high": Decimal("0.2")})
    with pytest.raises(ValueError, match="grade"):
        Effect(**{**facts, "grade": 6})
    assert known.is_certain and known.holds(Decimal("-0.05"))
