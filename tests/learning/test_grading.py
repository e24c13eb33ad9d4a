"""The grade: where each design begins, what each failed check takes off, what money is handed."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.learning.studies import FROZEN_AT, LOOKED_AT, plan

from wholeplace.learning.comparing.estimate import Estimate, estimate_from
from wholeplace.learning.grading import Diagnostics, as_effect, grade_study, load_scale
from wholeplace.learning.planning import check_may_look, freeze_plan, record_departure

SCALE = load_scale()
PASSES = {
    name: check.most if check.most is not None else check.least
    for name, check in SCALE.checks.items()
}
FAILS = {
    name: check.most + 0.01 if check.most is not None else check.least - 0.01  # type: ignore[operator]
    for name, check in SCALE.checks.items()
}
GOOD: Estimate = estimate_from(-0.04, 0.01, 500, "entropy balancing", "normal", (200, 900))


def frozen_for(design: str):  # type: ignore[no-untyped-def]
    planned = plan(design=design)
    return check_may_look(freeze_plan(planned, "p-1", FROZEN_AT), planned, LOOKED_AT)


def owed(design: str) -> list[str]:
    return [name for name in SCALE.designs[design].checks if name != "frozen"]


def measured(design: str, **other: float) -> Diagnostics:
    return Diagnostics({name: PASSES[name] for name in owed(design)} | other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("design", "level"),
    [
        ("randomised", 5), ("discontinuity", 4), ("synthetic-control", 3),
        ("staggered-differences", 3), ("two-period-differences", 3), ("weighted-comparison", 2),
        ("matched-comparison", 2), ("bare-comparison", 1),
    ],
)  # fmt: skip
def test_a_sound_study_reaches_what_its_design_can(design: str, level: int) -> None:
    grade = grade_study(frozen_for(design), GOOD, measured(design))
    assert grade.maryland == level and not grade.lowered_by
    assert grade.nesta == (3 if level >= 3 else 2)


@pytest.mark.parametrize(
    ("design", "check"), [(design, name) for design in SCALE.designs for name in owed(design)]
)
def test_every_check_that_fails_or_was_not_made_lowers_the_grade(design: str, check: str) -> None:
    sound = grade_study(frozen_for(design), GOOD, measured(design)).maryland
    failed = grade_study(frozen_for(design), GOOD, measured(design, **{check: FAILS[check]}))
    missing = {name: value for name, value in measured(design).measured.items() if name != check}
    unmade = grade_study(frozen_for(design), GOOD, Diagnostics(missing))
    for grade, verdict in ((failed, "failed"), (unmade, "not made")):
        assert grade.maryland == max(1, sound - 1)
        assert grade.lowered_by == (check,)
        step = next(each for each in grade.steps if each.check == check)
        assert step.verdict == verdict and SCALE.checks[check].words in step.words


def test_a_placebo_that_finds_too_much_demotes() -> None:
    design = "synthetic-control"
    for share, level in ((0.05, 3), (0.07, 3), (0.071, 2), (0.4, 2)):
        assert (
            grade_study(frozen_for(design), GOOD, measured(design, placebo=share)).maryland == level
        )
    assert grade_study(
        frozen_for("randomised"), GOOD, measured("randomised", placebo=0.4)
    ).maryland == 4, "it counts even where it is not owed"  # fmt: skip


def test_changing_the_plan_after_looking_demotes_and_before_does_not() -> None:
    planned = plan(design="randomised")
    frozen = freeze_plan(planned, "p-1", FROZEN_AT)
    early = record_departure(frozen, "One school left out", "It closed", "p-1", FROZEN_AT)
    looked = check_may_look(early, planned, LOOKED_AT)
    late = record_departure(looked, "Odds instead", "Better", "p-1", LOOKED_AT)
    assert grade_study(looked, GOOD, measured("randomised")).maryland == 5
    assert grade_study(late, GOOD, measured("randomised")).maryland == 4
    early_look = dataclasses.replace(frozen, looked_at=FROZEN_AT)
    assert grade_study(early_look, GOOD, measured("randomised")).maryland == 4


def test_nesta_goes_step_by_step() -> None:
    def nesta(design: str, estimate: Estimate, **known: bool) -> int:
        held = dataclasses.replace(measured(design), **known)
        return grade_study(frozen_for(design), estimate, held).nesta

    wrong_way = estimate_from(0.04, 0.01, 500, "m", "i", (200, 900))
    unclear = estimate_from(-0.01, 0.01, 500, "m", "i", (200, 900))
    assert nesta("randomised", wrong_way) == nesta("randomised", unclear) == 1
    assert nesta("weighted-comparison", GOOD, is_replicated=True) == 2, "no step is skipped"
    assert nesta("randomised", GOOD, is_replicated=True) == 4
    assert nesta("randomised", GOOD, is_replicated=True, is_repeated_elsewhere=True) == 5


@given(
    st.sampled_from(sorted(SCALE.designs)),
    st.dictionaries(st.sampled_from(sorted(SCALE.checks)), st.floats(allow_nan=True)),
)
def test_every_grade_is_on_the_scale_and_every_step_explained(
    design: str, values: dict[str, float]
) -> None:
    grade = grade_study(frozen_for(design), GOOD, Diagnostics(values))
    assert 1 <= grade.maryland <= SCALE.designs[design].level and 0 <= grade.nesta <= 5
    levels = [step.level for step in grade.steps if step.scale == "Maryland"]
    assert levels == sorted(levels, reverse=True) and levels[-1] == grade.maryland
    assert all(step.words for step in grade.steps)


def test_a_check_that_no_scale_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no such check"):
        grade_study(frozen_for("randomised"), GOOD, Diagnostics({"luck": 1.0}))


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e3))
def test_the_value_handed_on_never_has_a_narrower_interval(value: float, error: float) -> None:
    estimate = estimate_from(value, error, 500, "entropy balancing", "normal", (200, 900))
    frozen = frozen_for("randomised")
    grade = grade_study(frozen, estimate, measured("randomised"))
    effect = as_effect(
        frozen.plan.primary, estimate, grade, "evaluation keyworkers", dt.date(2026, 9, 1)
    )
    assert effect.low <= Decimal(repr(estimate.low)) <= Decimal(repr(estimate.high)) <= effect.high
    assert (effect.grade, effect.confidence_level) == (grade.maryland, Decimal("0.95"))
    assert effect.outcome == "absence-share" and "entropy" in effect.method


def test_the_reference_page_is_the_scale() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/evidence-grades.md").read_text("utf-8")
    for name, design in SCALE.designs.items():
        assert f"| {name} | {design.level} | {', '.join(design.checks) or 'none'} |" in page
    for name, check in SCALE.checks.items():
        limit = f"at most {check.most:g}" if check.most is not None else f"at least {check.least:g}"
        assert f"| {name} | {check.words} | {limit} |" in page
    for level, words in [*SCALE.maryland.items(), *SCALE.nesta.items()]:
        assert f"| {level} | {words} |" in page
