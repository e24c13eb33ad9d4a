"""Example contracts: one that runs and was frozen last year, one that waits, a grant.

Made through the real functions. The one that runs was frozen and begun on days gone by, which only
a demonstration may say; everything else is as it is for people.
"""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.money.contracts.joint import requirements, social_questions
from wholeplace.money.contracts.terms import (
    Cohort,
    ContractTerms,
    Counterfactual,
    Metric,
    Milestone,
    OutcomePrice,
    Provider,
)
from wholeplace.partnership import describe_rule
from wholeplace.web.accounts.models import User
from wholeplace.web.commissioning.contracting import (
    compute_milestone,
    decide_payment,
    find_need,
    take_step,
    write_contract,
)
from wholeplace.web.commissioning.models import Contract
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

_NEED = ("supporting-families", "persistent-absence")
_PROVIDERS = (
    Provider(org_id="GB-CHC-9900001", name="Larkbridge Family Link", share_points=5500),
    Provider(org_id="GB-COH-99000002", name="Swan Tutors", share_points=3000),
    Provider(org_id="GB-CHC-9900003", name="Canal Side Youth", share_points=1500),
)


def make_examples(place: OpenPlace) -> None:
    """Write three contracts, freeze two, and pay a milestone."""
    buyer, second = _viewer("commissioner"), _viewer("finance-lead")
    if buyer is None or second is None or Contract.objects.exists():
        return
    now = dt.datetime.now(dt.UTC)
    then = now - dt.timedelta(days=330)
    try:
        running = _make(place, buyer, second, _school(place, then.date()), then, begin=True)
        if running is not None:
            paid = compute_milestone(
                buyer, running.id, "m1", "Signed mobilisation plan of all three providers", now
            )
            decide_payment(second, running.id, paid.pk, "approve", paid.version, now)
        _make(place, buyer, second, _grant(place, now.date()), now)
        draft = write_contract(
            buyer, _school(place, now.date(), "Back to school, second round"), now
        )
        take_step(place, buyer, draft.id, "offer", draft.version, {}, now)
    except WholeplaceError:
        # A town in which nobody may be counted has no cohort to show.
        return


def _make(
    place: OpenPlace,
    buyer: Viewer,
    second: Viewer,
    terms: ContractTerms,
    at: dt.datetime,
    *,
    begin: bool = False,
) -> Contract | None:
    contract = write_contract(buyer, terms, at)
    contract = take_step(place, buyer, contract.id, "offer", contract.version, {}, at)
    # Freezing asks which clauses are in force, and the rules are those of today.
    contract = take_step(place, second, contract.id, "freeze", contract.version, {}, at)
    if begin:
        contract = take_step(place, buyer, contract.id, "begin", contract.version, {}, at)
    return contract


def _school(place: OpenPlace, on: dt.date, title: str = "Back to school") -> ContractTerms:
    starts_on = on + dt.timedelta(days=14)
    return _terms(
        place,
        title=title,
        form="contract",
        starts_on=starts_on,
        service="A worker for each child, at home and at school, for as long as it takes, under the "
        "family's lead practitioner and in the family's one plan.",
        price=OutcomePrice(
            pence=120_000, least_fall_tenths=100, most_pence=6_000_000, central_points=2000
        ),
    )


def _grant(place: OpenPlace, on: dt.date) -> ContractTerms:
    return _terms(
        place,
        title="Breakfast and homework club",
        form="grant",
        starts_on=on + dt.timedelta(days=30),
        service="A club before and after school on five days a week in the hub.",
        price=OutcomePrice(pence=0, least_fall_tenths=0, most_pence=0),
    )


def _terms(
    place: OpenPlace,
    *,
    title: str,
    form: str,
    starts_on: dt.date,
    service: str,
    price: OutcomePrice,
) -> ContractTerms:
    framework, need = find_need(place, *_NEED)
    return ContractTerms.model_validate(
        {
            "title": title,
            "form": form,
            "buyer": place.terms.words("partner", place.place.place.host),
            "need": "One pupil in nine misses a tenth or more of school. See Needs by area.",
            "service": service,
            "joint_working": [each.id for each in requirements()[:5]],
            "agreement": "whole-family-support",
            "social_value": {each.id: 25 for each in social_questions()},
            "starts_on": starts_on,
            "ends_on": starts_on + dt.timedelta(days=730),
            "measured_on": starts_on + dt.timedelta(days=300),
            "cohort": Cohort(rule=f"People in whose records partners' data shows: {need.label}."),
            "metric": Metric(
                framework=framework.id,
                version=framework.version,
                need=need.id,
                label=need.label,
                rule=describe_rule(need.rule),
            ),
            "counterfactual": Counterfactual(
                rate_per_1000=780,
                method="Pupils of the two years before who had the need and got no such help",
                source="Larkbridge partnership analyst, invented for the demonstration",
                grade=2,
            ),
            "milestones": [
                Milestone(
                    id="m1",
                    label="Workers in place",
                    evidence="Mobilisation plan signed by all providers",
                    due_on=starts_on + dt.timedelta(days=30),
                    pence=1_500_000,
                ),
                Milestone(
                    id="m2",
                    label="First joint review",
                    evidence="Dated note of the review with two families",
                    due_on=starts_on + dt.timedelta(days=120),
                    pence=500_000,
                ),
            ],
            "price": price,
            "providers": list(_PROVIDERS),
        }
    )


def _viewer(role: str) -> Viewer | None:
    users = User.objects.filter(is_active=True).exclude(persona="").order_by("id")
    found = next((each for each in users if role in each.roles), None)
    return Viewer(str(found.pk), found.organisation, role) if found else None
