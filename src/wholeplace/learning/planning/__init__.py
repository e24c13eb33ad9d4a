"""The plan of an evaluation, frozen before outcomes are looked at, and who is eligible when."""

from wholeplace.learning.planning.eligibility import Candidate, Cohort, Fact, choose_cohort
from wholeplace.learning.planning.freezing import (
    Departure,
    FrozenPlan,
    check_may_look,
    freeze_plan,
    record_departure,
)
from wholeplace.learning.planning.plan import Covariate, EvaluationPlan, OutcomeMeasure

__all__ = [
    "Candidate",
    "Cohort",
    "Covariate",
    "Departure",
    "EvaluationPlan",
    "Fact",
    "FrozenPlan",
    "OutcomeMeasure",
    "check_may_look",
    "choose_cohort",
    "freeze_plan",
    "record_departure",
]
