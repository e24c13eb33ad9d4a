"""One contract for tests."""

import datetime as dt

from wholeplace.money.contracts.terms import (
    Cohort,
    ContractTerms,
    Counterfactual,
    Metric,
    Milestone,
    OutcomePrice,
    Provider,
)

TODAY = dt.date(2026, 1, 5)
TERMS = ContractTerms(
    title="Back to school",
    form="contract",
    buyer="A council",
    need="One pupil in nine misses a tenth of school.",
    service="A worker for each child.",
    joint_working=("one-plan", "lead-practitioner", "information-sharing"),
    agreement="whole-family-support",
    social_value={"local-work": 60, "stays": 40},
    starts_on=dt.date(2026, 2, 1),
    ends_on=dt.date(2028, 1, 31),
    measured_on=dt.date(2027, 2, 1),
    cohort=Cohort(rule="People with the need.", size=100, members_hash="0" * 64),
    metric=Metric(
        framework="supporting-families", version="2022", need="persistent-absence", label="Misses school", rule="two terms"
    ),
    counterfactual=Counterfactual(rate_per_1000=780, method="Pupils of before", source="An analyst", grade=2),
    milestones=(
        Milestone(id="m1", label="Workers in place", evidence="A plan", due_on=dt.date(2026, 3, 1), pence=1_500_001),
    ),
    price=OutcomePrice(pence=120_000, least_fall_tenths=100, most_pence=6_000_000, central_points=2000),
    providers=(
        Provider(org_id="GB-CHC-1", name="One", share_points=5500),
        Provider(org_id="GB-CHC-2", name="Two", share_points=3000),
        Provider(org_id="GB-CHC-3", name="Three", share_points=1500),
    ),
)  # fmt: skip
