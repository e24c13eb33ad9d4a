"""Whole studies: as planned or not at all, graded by what the checks found."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from tests.learning.studies import FROZEN_AT, LOOKED_AT, plan, simulate, smoking

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.learning.comparing import Units, gather_units
from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.designs import estimate_at_threshold, estimate_two_period, fit_synthetic
from wholeplace.learning.grading import Diagnostics, grade_study, load_scale
from wholeplace.learning.grading.judging import (
    attrition_gap,
    judge_areas,
    judge_threshold,
    judge_two_periods,
)
from wholeplace.learning.planning import (
    Covariate,
    FrozenPlan,
    OutcomeMeasure,
    check_may_look,
    freeze_plan,
)
from wholeplace.learning.studies import ComparisonStudy, run_comparison

DAY = dt.date(2026, 9, 1)
SPAN = (dt.date(2026, 3, 1), dt.date(2026, 7, 31))


def frozen_plan(**changes: object) -> FrozenPlan:
    said: dict[str, object] = {
        "outcomes": (
            OutcomeMeasure("gain", "points", "person", "more", *SPAN, True),
            OutcomeMeasure("nothing", "points", "person", "more", *SPAN),
        ),
        "covariates": (Covariate("a", dt.date(2026, 1, 31)), Covariate("b", dt.date(2026, 1, 31))),
        "also_shown": ("bare", "odds", "nearest"),
    }
    planned = plan(**(said | changes))
    return check_may_look(freeze_plan(planned, "p-1", FROZEN_AT), planned, LOOKED_AT)


def study_of(frozen: FrozenPlan, seed: int = 4, **given: float) -> ComparisonStudy:
    units, outcomes = data(seed)
    return run_comparison(
        frozen, units, outcomes, given.get("attrition", 0.0), DAY, placebo_draws=40
    )


def data(seed: int) -> tuple[Units, dict[str, Floats]]:
    units, outcome = simulate(seed)
    nothing = np.random.Generator(np.random.PCG64(seed)).normal(size=len(outcome))
    return units, {"gain": outcome, "nothing": nothing}


def test_a_study_answers_with_an_effect_and_its_grade() -> None:
    study = study_of(frozen_plan())
    answer = study.answer
    assert [row.specification.id for row in answer.rows] == ["entropy", "bare", "odds", "nearest"]
    assert answer.effect.holds(Decimal(1)) and answer.effect.is_certain
    assert answer.effect.grade == answer.grade.maryland <= 2
    assert study.frozen.hash[:12] in answer.effect.source
    assert answer.hidden_bias is not None and answer.hidden_bias.overturned_at > 1
    assert answer.corrected_p_value < 0.001 < study.findings[1].corrected_p_value
    assert not study.findings[1].effect.is_certain
    assert study_of(frozen_plan()) == study, "the same again"


def test_a_bare_method_leaves_imbalance_and_loses_its_grade() -> None:
    sound = study_of(frozen_plan(design="randomised")).answer.grade
    bare = study_of(frozen_plan(design="randomised", method="bare")).answer.grade
    assert bare.maryland < sound.maryland and "balance" in bare.lowered_by
    lost = study_of(frozen_plan(design="randomised"), attrition=0.2).answer.grade
    assert "attrition" in lost.lowered_by and lost.maryland < sound.maryland


def test_what_was_not_planned_is_not_made() -> None:
    units, outcomes = data(4)
    other = units.choose(["a"])
    unlooked = freeze_plan(frozen_plan().plan, "p-1", FROZEN_AT)
    for frozen, group, values, said in (
        (unlooked, units, outcomes, "not be looked at"),
        (frozen_plan(), other, outcomes, "covariates"),
        (frozen_plan(), units, {"gain": outcomes["gain"]}, "outcomes given"),
        (frozen_plan(method="magic"), units, outcomes, "does not exist"),
        (frozen_plan(design="discontinuity"), units, outcomes, "another design"),
    ):
        with pytest.raises(UnsafeActionError, match=said):
            run_comparison(frozen, group, values, 0.0, DAY, placebo_draws=5)


def test_results_speak_to_the_checks_that_their_design_owes() -> None:
    area = fit_synthetic(*smoking(), "California", 1989)
    measured = judge_areas(area, None)
    assert measured["fit_before"] < 0.25 and 0 < measured["starts"] < 0.25
    frozen = frozen_plan(design="synthetic-control")
    grade = grade_study(
        frozen, study_of(frozen_plan()).answer.rows[0].estimate, Diagnostics(measured)
    )  # type: ignore[arg-type]
    assert (grade.maryland, grade.lowered_by) == (2, ("placebo",))

    chance = np.random.Generator(np.random.PCG64(1))
    scores, same = chance.uniform(-1, 1, 900), chance.normal(size=900)
    found = estimate_at_threshold(scores, scores + same, 0.0, covariates={"same": same})
    assert judge_threshold(found).keys() == {"bunching", "covariate_jumps"}

    units = gather_units([f"{n:02}" for n in range(40)], [n % 2 for n in range(40)], {})
    before, after = chance.normal(size=(2, 40))
    assert judge_two_periods(estimate_two_period(units, before, after), 0.0).keys() == {"attrition"}
    owed = set(load_scale().designs["two-period-differences"].checks) - {"frozen"}
    earlier = estimate_two_period(units, before, after, earlier=(chance.normal(size=40),))
    assert judge_two_periods(earlier, 0.0).keys() == owed


def test_attrition_is_the_difference_of_the_shares_lost() -> None:
    assert attrition_gap((100, 200), (90, 190)) == pytest.approx(0.05)
    assert attrition_gap((100, 200), (100, 200)) == 0
