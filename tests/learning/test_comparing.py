"""Comparisons: published figures to the dollar, laws of matching and weighting, no row order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.learning.studies import COVARIATES, lalonde, simulate

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing import (
    SPECIFICATIONS,
    compare_across,
    estimate_regressed,
    fit_propensity,
    gather_units,
    match_nearest,
    measure_balance,
    weigh_by_entropy,
)
from wholeplace.learning.comparing.linear import fit_linear, with_constant

TRIAL, PSID, CPS = "lalonde_nsw_dw.csv", "lalonde_psid_controls.csv", "lalonde_cps_controls.csv.gz"
FULL = tuple(name for name in COVARIATES if name != "re74")


def found(*names: str, covariates: tuple[str, ...] = COVARIATES) -> dict[str, float]:
    rows = compare_across(*lalonde(*names, covariates=covariates))
    return {row.specification.id: row.estimate.value for row in rows if row.estimate}


def test_the_trial_gives_the_published_effects_exactly() -> None:
    trial = found(TRIAL)
    assert (round(trial["bare"]), round(trial["regressed"])) == (1794, 1676)
    assert round(found("lalonde_nsw.csv", covariates=FULL)["bare"]) == 886


@pytest.mark.parametrize(("group", "bare"), [(PSID, -15205), (CPS, -8498)])
def test_comparison_groups_are_shown_across_specifications(group: str, bare: int) -> None:
    rows = compare_across(*lalonde(TRIAL, group))
    assert [row.specification for row in rows] == list(SPECIFICATIONS) and len(rows) >= 4
    held = {row.specification.id: row for row in rows}
    assert all(row.estimate and row.balance and row.overlap for row in rows)
    values = {name: row.estimate.value for name, row in held.items() if row.estimate}
    assert round(values["bare"]) == bare
    for name in ("nearest", "near-five", "odds", "entropy"):
        assert 900 < values[name] < 2700, "each comes near to the trial's 1,794"
        assert held[name].balance.worst < 0.5 < held["bare"].balance.worst  # type: ignore[union-attr]
    assert held["entropy"].balance.worst < 1e-6  # type: ignore[union-attr]
    assert held["entropy"].overlap.effective_compared < 500  # type: ignore[union-attr]


def test_least_squares_are_those_of_statsmodels() -> None:
    api = pytest.importorskip("statsmodels.api")
    units, outcome = lalonde(TRIAL)
    table = with_constant(np.column_stack([units.is_reached.astype(float), units.covariates]))
    theirs = api.OLS(outcome, table).fit(cov_type="HC3")
    ours = fit_linear(table, outcome)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-8)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse, rel=1e-8)
    logit = api.Logit(units.is_reached.astype(float), with_constant(units.covariates)).fit(disp=0)
    assert fit_propensity(units) == pytest.approx(logit.fittedvalues, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_bit(seed: int, chance) -> None:  # type: ignore[no-untyped-def]
    units, outcome = simulate(seed, number=120)
    rows = list(range(120))
    chance.shuffle(rows)
    other = gather_units(
        [units.ids[row] for row in rows],
        units.is_reached[rows],
        {name: units.covariates[rows, column] for column, name in enumerate(units.names)},
    )
    again = compare_across(other, other.arrange(outcome[rows]))
    for one, two in zip(compare_across(units, outcome), again, strict=True):
        assert (
            one.estimate == two.estimate and one.balance == two.balance and one.fault == two.fault
        )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-5, 5), st.floats(0.1, 10))
def test_every_way_moves_with_the_outcome(seed: int, shift: float, scale: float) -> None:
    units, outcome = simulate(seed, number=150)
    moved = compare_across(units, scale * (outcome + shift * units.is_reached) + 3)
    for one, two in zip(compare_across(units, outcome), moved, strict=True):
        if one.estimate and two.estimate:
            assert two.estimate.value == pytest.approx(
                scale * (one.estimate.value + shift), abs=1e-5 * scale
            )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_the_neighbours_are_the_nearest_there_are(seed: int, number: int) -> None:
    units, _ = simulate(seed, number=80)
    odds = fit_propensity(units)
    match = match_nearest(units, odds, neighbours=number)
    others = np.flatnonzero(~units.is_reached)
    for row, near in zip(match.reached, match.neighbours, strict=True):
        away = np.sort(np.abs(odds[others] - odds[row]))
        assert max(abs(odds[each] - odds[row]) for each in near) <= away[number - 1] + 1e-8
        assert len(near) >= number
    assert match.weights[~units.is_reached].sum() == pytest.approx(len(match.reached))


def test_ties_share_the_place_and_a_caliper_leaves_out() -> None:
    units = gather_units(list("abcdefg"), [1, 1, 1, 0, 0, 0, 0], {"x": [0, 0, 9, 0, 0, 1, 2]})
    wide = match_nearest(units, units.covariates[:, 0])
    assert wide.neighbours == ((3, 4), (3, 4), (6,))
    match = match_nearest(units, units.covariates[:, 0], caliper=0.1)
    assert (match.reached, match.neighbours, match.left_out) == ((0, 1), ((3, 4), (3, 4)), 1)
    with pytest.raises(WholeplaceError, match="near enough"):
        match_nearest(units, units.covariates[:, 0] + 20 * units.is_reached, caliper=0.1)


def test_weights_that_cannot_exist_are_said_not_to() -> None:
    units = gather_units(list("abcdef"), [1, 1, 0, 0, 0, 0], {"x": [8, 9, 0, 0, 1, 2]})
    with pytest.raises(WholeplaceError, match="lie outside"):
        weigh_by_entropy(units)
    row = compare_across(units, np.arange(6.0))[-1]
    assert row.estimate is None and "outside" in row.fault


def test_balance_rows_are_those_of_a_love_plot() -> None:
    units, _ = simulate(3)
    weights = weigh_by_entropy(units)
    balance = measure_balance(units, weights)
    assert [abs(row.before) for row in balance.rows] == sorted(
        (abs(row.before) for row in balance.rows), reverse=True
    )
    assert balance.worst < 1e-6 < balance.worst_before


@pytest.mark.parametrize(
    ("ids", "reached", "values", "said"),
    [
        (["a", "a", "b", "c"], [1, 1, 0, 0], [1, 2, 3, 4], "twice"),
        (["a", "b", "c", "d"], [1, 0, 0, 0], [1, 2, 3, 4], "two units"),
        (["a", "b", "c", "d"], [1, 1, 0, 0], [1, 2, 3, float("nan")], "missing"),
    ],
)
def test_faulty_units_are_refused(
    ids: list[str], reached: list[bool], values: list[float], said: str
) -> None:
    with pytest.raises(WholeplaceError, match=said):
        gather_units(ids, reached, {"x": values})


def test_a_covariate_that_is_the_same_for_everybody_is_refused() -> None:
    units = gather_units(list("abcdef"), [1, 1, 0, 0, 0, 0], {"x": [1] * 6})
    with pytest.raises(WholeplaceError, match="same"):
        estimate_regressed(units, np.arange(6.0))


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_intervals_hold_the_truth_as_often_as_they_say(effect: float) -> None:
    """400 studies; `benchmarks/learning_intervals.py` makes 2,000 and states the figures."""
    held = dict.fromkeys((each.id for each in SPECIFICATIONS), 0)
    for seed in range(20_000, 20_400):
        for row in compare_across(*simulate(seed, effect=effect)):
            assert row.estimate is not None
            held[row.specification.id] += row.estimate.low <= effect <= row.estimate.high
    assert held.pop("bare") < 280
    for name, count in held.items():
        # Within about three standard errors of 95 per cent; matching errs on the safe side.
        assert 0.917 <= count / 400 <= (0.993 if name == "nearest" else 0.983), name
