"""Designs in time: the published weights, planted effects found, none found where none is."""

import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.learning.studies import lalonde, smoking
from tests.web.town import clean_environment

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing import compare_across, gather_units
from wholeplace.learning.designs import (
    Panel,
    Predictor,
    SyntheticControl,
    estimate_at_threshold,
    estimate_staggered,
    estimate_two_period,
    fit_synthetic,
    gather_panel,
    run_placebos,
)

PUBLISHED = {"Utah": 0.334, "Nevada": 0.234, "Montana": 0.199, "Colorado": 0.164, "Connecticut": 0.069}  # fmt: skip
PROGRAM = """
from tests.learning.studies import lalonde, smoking
from wholeplace.learning.comparing import compare_across
from wholeplace.learning.designs import fit_synthetic
print(compare_across(*lalonde("lalonde_nsw_dw.csv", "lalonde_cps_controls.csv.gz")))
print(fit_synthetic(*smoking(backwards=True), "California", 1989))
"""


@cache
def california() -> SyntheticControl:
    return fit_synthetic(*smoking(), "California", 1989)


def test_the_published_weights_are_found() -> None:
    study = california()
    assert {name for name, _ in study.weights} == PUBLISHED.keys()
    for name, share in study.weights:
        assert share == pytest.approx(PUBLISHED[name], abs=0.006), name
    assert study.effect == pytest.approx(-19.0, abs=0.1)
    assert study.error_before < 3.1


def test_other_starts_give_other_weights_and_all_are_shown() -> None:
    study = california()
    assert len(study.starts) == 10 and study.is_lowest
    low, high = study.effect_spread
    assert low <= study.effect <= high and high - low > 0.5
    assert len({each.weights[0][0] for each in study.starts}) > 1


def test_no_order_of_rows_and_no_number_of_threads_changes_a_bit() -> None:
    environment = clean_environment() | {
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ".",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    people = compare_across(*lalonde("lalonde_nsw_dw.csv", "lalonde_cps_controls.csv.gz"))
    assert done.stdout == f"{people}\n{california()}\n"


@pytest.mark.heavy
def test_california_ranks_first_of_thirty_nine() -> None:
    panel, predictors = smoking()
    placebos = run_placebos(panel, predictors, california())
    assert (placebos.rank, placebos.units) == (1, 39)
    assert round(placebos.p_value, 3) == 0.026
    assert placebos.low < -19 < placebos.high < 0
    assert placebos.false_positive_share <= 0.07


def invented(seed: int, effect: float) -> tuple[Panel, list[Predictor]]:
    chance = np.random.Generator(np.random.PCG64(seed))
    factor = chance.normal(size=(2, 12)).cumsum(axis=1)
    values = 10 + chance.uniform(0.2, 1, size=(9, 2)) @ factor + chance.normal(0, 0.05, (9, 12))
    values[0] = values[1:4].mean(axis=0) + chance.normal(0, 0.05, 12)
    values[0, 8:] += effect
    panel = Panel(tuple(f"area-{row}" for row in range(9)), tuple(range(12)), values)
    return panel, [
        Predictor(f"at {time}", tuple(values[:, time].tolist())) for time in (0, 3, 5, 7)
    ]


def test_a_planted_change_of_an_area_is_found_by_placebos() -> None:
    panel, predictors = invented(1, 3.0)
    study = fit_synthetic(panel, predictors, "area-0", 8)
    assert study.effect == pytest.approx(3.0, abs=0.3)
    placebos = run_placebos(panel, predictors, study)
    assert (placebos.rank, placebos.units) == (1, 9)
    assert placebos.confidence_level < 0.95, "eight donors allow no more, and it is said"


def test_shares_are_shares() -> None:
    study = fit_synthetic(*invented(2, 0.0), "area-0", 8)
    assert sum(share for _, share in study.weights) == pytest.approx(1, abs=1e-3)
    assert all(share > 0 for _, share in study.weights)
    assert sum(share for _, share in study.importances) == pytest.approx(1)


def test_a_panel_with_a_hole_is_refused() -> None:
    with pytest.raises(WholeplaceError, match="no value"):
        gather_panel([("a", 1, 1.0), ("a", 2, 1.0), ("b", 1, 1.0)])
    with pytest.raises(WholeplaceError, match="twice"):
        gather_panel([("a", 1, 1.0), ("a", 1, 1.0)])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999), st.floats(-5, 5))
def test_two_periods_are_the_difference_of_four_means(seed: int, drift: float) -> None:
    chance = np.random.Generator(np.random.PCG64(seed))
    units = gather_units([f"{n:02}" for n in range(40)], [n % 2 for n in range(40)], {})
    before = chance.normal(size=40)
    after = before + drift + chance.normal(size=40)
    found = estimate_two_period(units, before, after, earlier=(before - drift,))
    a, b, c, d = found.means
    assert found.estimate.value == pytest.approx((b - a) - (d - c), abs=1e-9)
    assert found.earlier is not None and found.earlier.value == pytest.approx(0, abs=1e-9)


def staggered(seed: int) -> tuple[Panel, dict[str, int | None]]:
    """Return units reached at 3, at 5 or never; the effect grows by 1 a period."""
    chance = np.random.Generator(np.random.PCG64(seed))
    starts: dict[str, int | None] = {f"u{n:03}": (3, 5, None)[n % 3] for n in range(150)}
    rows = []
    for unit, start in sorted(starts.items()):
        level = chance.normal(0, 2)
        for time in range(8):
            grown = 0 if start is None or time < start else time - start + 1
            rows.append((unit, time, level + 0.5 * time + grown + chance.normal(0, 0.3)))
    return gather_panel(rows), starts


def test_units_reached_at_different_times_give_the_planted_course() -> None:
    found = estimate_staggered(*staggered(1))
    for since, estimate in found.by_since.items():
        assert estimate.value == pytest.approx(max(0, since + 1), abs=0.25), since
    # Group 3 is seen at 3..7 (1..5), group 5 at 5..7 (1..3); groups of one size.
    assert found.overall.value == pytest.approx((15 + 6) / 8, abs=0.15)
    assert found.before_p_value is not None and found.before_p_value > 0.01


def test_a_drift_before_is_noticed() -> None:
    panel, starts = staggered(2)
    drifting = panel.values.copy()
    for row, unit in enumerate(panel.units):
        if starts[unit] is not None:
            drifting[row] += 0.4 * np.arange(8)
    found = estimate_staggered(Panel(panel.units, panel.times, drifting), starts)
    assert found.before_p_value is not None and found.before_p_value < 0.001


def test_one_group_at_two_times_is_the_two_period_design() -> None:
    panel, starts = staggered(3)
    held = [row for row, unit in enumerate(panel.units) if starts[unit] != 5]
    two = Panel(tuple(panel.units[row] for row in held), (2, 3), panel.values[held][:, 2:4])
    staged = estimate_staggered(two, starts).overall
    units = gather_units(two.units, [starts[unit] == 3 for unit in two.units], {})
    plain = estimate_two_period(units, two.values[:, 0], two.values[:, 1]).estimate
    assert staged.value == pytest.approx(plain.value)
    assert staged.error == pytest.approx(plain.error, rel=0.02)


def test_without_anybody_to_compare_with_there_is_no_effect() -> None:
    panel, _ = staggered(1)
    with pytest.raises(WholeplaceError, match="not reached yet"):
        estimate_staggered(panel, dict.fromkeys(panel.units, 3))


def threshold(seed: int, jump: float, number: int = 1500) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    chance = np.random.Generator(np.random.PCG64(seed))
    scores = chance.uniform(-1, 1, number)
    outcome = 0.8 * scores + 0.9 * scores**2 + jump * (scores >= 0) + chance.normal(0, 0.4, number)
    return scores, outcome


def test_a_jump_at_a_threshold_is_found_and_its_interval_holds() -> None:
    found = [estimate_at_threshold(*threshold(seed, 1.0), 0.0) for seed in range(60)]
    held = sum(each.estimate.low <= 1.0 <= each.estimate.high for each in found)
    assert held >= 53
    assert np.mean([each.estimate.value for each in found]) == pytest.approx(1.0, abs=0.08)
    assert all(each.at_half and each.at_double and each.bandwidth > 0 for each in found)


def test_bent_scores_and_jumping_covariates_are_noticed() -> None:
    scores, outcome = threshold(1, 0.0)
    bent = np.where((scores < 0) & (scores > -0.15), -scores, scores)
    same = np.random.Generator(np.random.PCG64(3)).normal(size=len(scores))
    found = estimate_at_threshold(
        bent, outcome, 0.0, bandwidth=0.5,
        covariates={"same": same, "jumps": same + 2.0 * (bent >= 0)},
    )  # fmt: skip
    assert found.bunching_p_value < 0.001
    assert found.covariate_p_values["jumps"] < 0.001 < found.covariate_p_values["same"]
    assert estimate_at_threshold(scores, outcome, 0.0).bunching_p_value > 0.01


def test_too_few_near_the_threshold_are_refused() -> None:
    scores, outcome = threshold(1, 0.0, 30)
    with pytest.raises(WholeplaceError, match="Fewer than"):
        estimate_at_threshold(scores, outcome, 0.9)


def test_one_unit_alone_is_not_taken_for_certain() -> None:
    panel, starts = staggered(1)
    first = next(unit for unit in panel.units if starts[unit] == 5)
    alone = {unit: (5 if unit == first else None) for unit in panel.units}
    with pytest.raises(WholeplaceError, match="No group of two"):
        estimate_staggered(panel, alone)
