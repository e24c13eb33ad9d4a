"""A study that compares people alike, made exactly as its frozen plan says."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.foundation.values import Effect
from wholeplace.learning.comparing import (
    SPECIFICATIONS,
    Estimate,
    SpecificationRow,
    Units,
    compare_across,
    fit_propensity,
    match_nearest,
)
from wholeplace.learning.comparing.matching import pair_gaps
from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.doubt import (
    FalsePositives,
    HiddenBias,
    bound_hidden_bias,
    correct_benjamini_hochberg,
    correct_holm,
    find_e_value_of_difference,
    measure_false_positives,
)
from wholeplace.learning.grading import Diagnostics, Grade, as_effect, grade_study
from wholeplace.learning.grading.judging import judge_comparison
from wholeplace.learning.planning import FrozenPlan, OutcomeMeasure

__all__ = ["ComparisonStudy", "OutcomeFinding", "run_comparison"]

_KNOWN = {each.id: each for each in SPECIFICATIONS}
_DESIGNS = {"randomised", "weighted-comparison", "matched-comparison", "bare-comparison"}


@dataclass(frozen=True)
class OutcomeFinding:
    """What was found of one outcome.

    Attributes:
        outcome: the measure.
        rows: every specification that was planned; the first is the one that answers.
        corrected_p_value: corrected for the number of outcomes, as planned.
        hidden_bias: how strong something hidden would have to be; None if nobody could be paired.
        e_values: the same as risk ratios, of the estimate and of its nearer end.
        placebos: how often the method finds what is not there; None if none could be made.
        grade: of this finding.
        effect: as other rooms use it.
    """

    outcome: OutcomeMeasure
    rows: tuple[SpecificationRow, ...]
    corrected_p_value: float
    hidden_bias: HiddenBias | None
    e_values: tuple[float, float]
    placebos: FalsePositives | None
    grade: Grade
    effect: Effect


@dataclass(frozen=True)
class ComparisonStudy:
    """The whole study: the plan that it followed, and one finding for each outcome planned."""

    frozen: FrozenPlan
    findings: tuple[OutcomeFinding, ...]

    @property
    def answer(self) -> OutcomeFinding:
        """What answers the question: the primary outcome."""
        return next(each for each in self.findings if each.outcome.is_primary)


def run_comparison(
    frozen: FrozenPlan,
    units: Units,
    outcomes: Mapping[str, Floats],
    attrition: float,
    measured_on: dt.date,
    *,
    placebo_draws: int = 400,
    is_invented: bool = False,
) -> ComparisonStudy:
    """Return the study that the plan says, with every check that its grade asks for.

    Args:
        frozen: the plan, after `check_may_look`.
        units: the cohort, with exactly the covariates planned.
        outcomes: measure to values in the order of the units (`Units.arrange`).
        attrition: difference between the groups in the share not followed up, 0 to 1.
        measured_on: the day.
        placebo_draws: how many placebos are made for each outcome.
        is_invented: True in demonstrations.

    Raises:
        UnsafeActionError: if nobody may look yet, or what is given is not what was planned.
        WholeplaceError: if the planned method cannot be gone with these data.
    """
    _check_as_planned(frozen, units, outcomes)
    plan = frozen.plan
    level = plan.confidence_percent / 100
    chosen = [_KNOWN[name] for name in dict.fromkeys((plan.method, *plan.also_shown))]
    rows = {name: compare_across(units, values, chosen, level) for name, values in outcomes.items()}
    answers = {name: _answer(each[0]) for name, each in rows.items()}
    correct = correct_holm if plan.correction == "holm" else correct_benjamini_hochberg
    corrected = correct({name: each.p_value for name, each in answers.items()})
    findings = []
    for outcome in plan.outcomes:
        name = outcome.measure
        first, estimate = rows[name][0], answers[name]
        placebos = _placebos(first, units, outcomes[name], placebo_draws)
        measured = judge_comparison(first.balance, first.overlap, placebos, attrition)
        grade = grade_study(frozen, estimate, Diagnostics(measured))
        spread = float(outcomes[name][~units.is_reached].std(ddof=1)) or 1.0
        findings.append(
            OutcomeFinding(
                outcome, rows[name], corrected[name], _hidden_bias(units, outcomes[name]),
                find_e_value_of_difference(estimate, spread), placebos, grade,
                as_effect(
                    outcome, estimate, grade, f"evaluation {plan.id}, plan {frozen.hash[:12]}",
                    measured_on, is_invented=is_invented,
                ),
            )
        )  # fmt: skip
    return ComparisonStudy(frozen, tuple(findings))


def _check_as_planned(frozen: FrozenPlan, units: Units, outcomes: Mapping[str, Floats]) -> None:
    plan, wrong = frozen.plan, ""
    if frozen.looked_at is None or not frozen.is_whole:
        wrong = "Outcomes may not be looked at: the plan is not frozen, or is not whole."
    elif plan.design not in _DESIGNS:
        wrong = "The plan says another design than a comparison of people alike."
    elif {plan.method, *plan.also_shown} - _KNOWN.keys():
        wrong = "The plan names a specification that does not exist."
    elif set(units.names) != {each.name for each in plan.covariates}:
        wrong = "The covariates given are not those planned."
    elif outcomes.keys() != {each.measure for each in plan.outcomes}:
        wrong = "The outcomes given are not those planned."
    if wrong:
        raise UnsafeActionError(
            "The study was not made.", wrong, "Give what was planned, or plan a new study."
        )


def _answer(row: SpecificationRow) -> Estimate:
    if row.estimate is None:
        raise WholeplaceError(
            "The study was not made.",
            f"The method planned cannot be gone with these data. {row.fault}",
            "Record a departure and plan a study with another method.",
        )
    return row.estimate


def _placebos(
    row: SpecificationRow, units: Units, outcome: Floats, draws: int
) -> FalsePositives | None:
    def study(placebo: Units, values: Floats) -> Estimate:
        return _answer(compare_across(placebo, values, [row.specification])[0])

    try:
        return measure_false_positives(units, outcome, study, draws=draws)
    except WholeplaceError:
        return None


def _hidden_bias(units: Units, outcome: Floats) -> HiddenBias | None:
    try:
        gaps = pair_gaps(outcome, match_nearest(units, fit_propensity(units)))
    except WholeplaceError:
        return None
    return bound_hidden_bias(gaps)
