"""Contracts: written, offered, frozen by somebody else, paid by computation. Recorded first."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.money.contracts.life import CONTRACT_LIFE, PAYMENT_LIFE, contract_actors
from wholeplace.money.contracts.payments import OutcomeDue, outcome_due, split_payment
from wholeplace.money.contracts.terms import (
    Cohort,
    ContractTerms,
    find_faults,
    hash_members,
    hash_terms,
)
from wholeplace.partnership.definitions import Framework, Need
from wholeplace.web.chain.trail import record
from wholeplace.web.commissioning.cohorts import choose_cohort, count_with_need
from wholeplace.web.commissioning.models import CohortMember, Contract, ContractStep, Payment
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = [
    "actors_of",
    "compute_milestone",
    "compute_outcome",
    "decide_payment",
    "find_contract",
    "find_need",
    "payment_actors",
    "take_step",
    "terms_of",
    "write_contract",
]

_LEAST_CHARACTERS = 10
_LOCK_NUMBER = 0x636F6E74  # any number that nothing else in this database locks


def terms_of(contract: Contract) -> ContractTerms:
    """Return what a contract says.

    Raises:
        UnsafeActionError: if a frozen text is no longer the one that was frozen.
    """
    terms = ContractTerms.model_validate(contract.terms)
    if contract.terms_hash and hash_terms(terms) != contract.terms_hash:
        raise UnsafeActionError(
            "The contract cannot be used.",
            "Its text is not the one that was frozen.",
            "Tell whoever runs this system; nothing is paid on it.",
        )
    return terms


def find_need(place: OpenPlace, framework_id: str, need_id: str) -> tuple[Framework, Need]:
    """Return a need of an adopted framework as the place uses it.

    Raises:
        NotFoundError: if there is none.
    """
    framework = place.place.framework(framework_id)
    if framework is not None:
        for headline in framework.headlines:
            for need in headline.needs:
                if need.id == need_id:
                    return framework, need
    raise NotFoundError("There is no such need.", "The place uses it no longer.", "Choose another.")


def write_contract(viewer: Viewer, terms: ContractTerms, at: dt.datetime) -> Contract:
    """Keep a draft; faults are shown and do not keep it from being kept.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        last = Contract.objects.order_by("-id").values_list("id", flat=True).first()
        contract_id = f"K-{int(last.removeprefix('K-')) + 1 if last else 1:04d}"
        record("contract.written", **_facts(viewer), contract=contract_id)
        contract = Contract.objects.create(
            id=contract_id,
            organisation=viewer.organisation,
            state=CONTRACT_LIFE.first,
            terms=terms.model_dump(mode="json"),
            written_by=viewer.user_id,
            written_at=at,
        )
        ContractStep.objects.create(contract=contract, event="write", by=viewer.user_id, at=at)
    return contract


def take_step(
    place: OpenPlace,
    viewer: Viewer,
    contract_id: str,
    event: str,
    version: int,
    given: Mapping[str, Any],
    at: dt.datetime,
) -> Contract:
    """Take one step of a contract's life; freezing fixes cohort, metric and counterfactual.

    Raises:
        NotFoundError: if there is no such contract for this viewer.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, words are missing, or it has faults.
    """
    with transaction.atomic():
        contract = find_contract(viewer, contract_id, lock=True)
        actors = actors_of(contract, viewer)
        target = CONTRACT_LIFE.take(contract.state, event, actors)
        check_version(
            contract.version, version, [f"It is now “{CONTRACT_LIFE.states[contract.state]}”."]
        )
        step = next(
            each for each in CONTRACT_LIFE.steps_from(contract.state, actors) if each.event == event
        )
        words = " ".join(str(given.get("words", "")).split()) if "words" in step.asks else ""
        if "words" in step.asks and len(words) < _LEAST_CHARACTERS:
            raise UnsafeActionError(
                "Nothing was changed.",
                f"Say why, in at least {_LEAST_CHARACTERS} characters.",
                "Your colleague will read it.",
            )
        facts: dict[str, Any] = {}
        if event == "change":
            contract.terms = given["terms"].model_dump(mode="json")
        if event in ("offer", "freeze"):
            # Judged on the day of the step, so that nothing is frozen after work has begun.
            _check(terms_of(contract), at.date())
        if event == "freeze":
            facts = _freeze(place, viewer, contract, at)
        record(f"contract.{event}", **_facts(viewer), contract=contract.id, **facts)
        contract.state, contract.version = target, contract.version + 1
        contract.save()
        ContractStep.objects.create(
            contract=contract, event=event, by=viewer.user_id, at=at, words=words
        )
    return contract


def _check(terms: ContractTerms, today: dt.date) -> None:
    faults = find_faults(terms, today)
    if faults:
        raise UnsafeActionError("Nothing was changed.", " ".join(faults), "")


def _freeze(
    place: OpenPlace, viewer: Viewer, contract: Contract, at: dt.datetime
) -> dict[str, Any]:
    terms = terms_of(contract)
    framework, need = find_need(place, terms.metric.framework, terms.metric.need)
    people = choose_cohort(place, viewer, framework, need, at.date(), at)
    if not people:
        raise UnsafeActionError(
            "It was not frozen.",
            "Nobody who may be counted has this need, so there is no cohort.",
            "Send it back, and choose another need.",
        )
    cohort = Cohort(rule=terms.cohort.rule, size=len(people), members_hash=hash_members(people))
    frozen = terms.model_copy(update={"cohort": cohort})
    contract.terms, contract.terms_hash = frozen.model_dump(mode="json"), hash_terms(frozen)
    contract.frozen_by, contract.frozen_at = viewer.user_id, at
    CohortMember.objects.bulk_create(
        [CohortMember(contract=contract, person_id=each) for each in people], batch_size=2_000
    )
    return {"hash": contract.terms_hash, "cohort_hash": cohort.members_hash}


def compute_milestone(
    viewer: Viewer, contract_id: str, milestone_id: str, evidence: str, at: dt.datetime
) -> Payment:
    """Compute the payment for a milestone that was reached; the amount is the contract's own.

    Raises:
        UnsafeActionError: if the contract does not run, it was computed already, or no evidence is
            named.
        NotFoundError: if there is no such contract or milestone.
    """
    with transaction.atomic():
        contract = find_contract(viewer, contract_id, lock=True)
        terms = _running(contract)
        milestone = next((each for each in terms.milestones if each.id == milestone_id), None)
        if milestone is None:
            raise NotFoundError("There is no such milestone.")
        said = " ".join(evidence.split())
        if len(said) < _LEAST_CHARACTERS:
            raise UnsafeActionError(
                "Nothing was computed.", "Say what shows that it was reached.", milestone.evidence
            )
        return _keep(viewer, contract, terms, "milestone", milestone.pence, at, milestone.id, said)


def compute_outcome(
    place: OpenPlace, viewer: Viewer, contract_id: str, at: dt.datetime
) -> tuple[Payment | None, OutcomeDue]:
    """Measure the frozen cohort and compute the outcome payment; None where it is held or nothing is due.

    Raises:
        UnsafeActionError: if the day of measuring has not come, or it was computed already.
        NotFoundError: if there is no such contract.
    """
    with transaction.atomic():
        contract = find_contract(viewer, contract_id, lock=True)
        terms = _running(contract)
        if at.date() < terms.measured_on:
            raise UnsafeActionError(
                "Nothing was computed.",
                f"Outcomes are measured on {terms.measured_on:%-d %B %Y}.",
                "Come back on that day.",
            )
        due = outcome_due(terms, *_observe(place, viewer, contract, terms, at))
        record(
            "contract.measured", **_facts(viewer), contract=contract.id, hash=contract.terms_hash
        )
        if due.is_held or not due.pence:
            return None, due
        basis = {
            "observed": due.observed,
            "measured": due.size,
            "expected_thousandths": int(due.expected * 1000),
            "people": due.people,
            "hash": contract.terms_hash,
        }
        payment = _keep(
            viewer,
            contract,
            terms,
            "outcome",
            due.pence,
            at,
            basis=basis,
            central=due.central_pence,
        )
    return payment, due


def _observe(
    place: OpenPlace, viewer: Viewer, contract: Contract, terms: ContractTerms, at: dt.datetime
) -> tuple[int, int]:
    people = list(contract.members.values_list("person_id", flat=True))
    framework, need = find_need(place, terms.metric.framework, terms.metric.need)
    return count_with_need(place, viewer, framework, need, people, terms.starts_on, at)


def _running(contract: Contract) -> ContractTerms:
    if contract.state != "running":
        raise UnsafeActionError(
            "Nothing was computed.",
            f"The contract is “{CONTRACT_LIFE.states[contract.state].lower()}”.",
            "Only one that runs is paid.",
        )
    return terms_of(contract)


def _keep(
    viewer: Viewer,
    contract: Contract,
    terms: ContractTerms,
    kind: str,
    pence: int,
    at: dt.datetime,
    milestone: str = "",
    evidence: str = "",
    *,
    basis: Mapping[str, Any] | None = None,
    central: int = 0,
) -> Payment:
    live = contract.payments.filter(kind=kind, milestone=milestone).exclude(state="refused")
    if live.exists():
        raise UnsafeActionError(
            "Nothing was computed.", "It was computed already.", "See the payments below."
        )
    record("payment.computed", **_facts(viewer), contract=contract.id, about=kind, pence=pence)
    return Payment.objects.create(
        contract=contract,
        kind=kind,
        milestone=milestone,
        evidence=evidence,
        basis=dict(basis or {}),
        pence=pence,
        central_pence=central,
        parts=dict(split_payment(terms, pence)),
        state=PAYMENT_LIFE.first,
        computed_by=viewer.user_id,
        computed_at=at,
    )


def decide_payment(
    viewer: Viewer, contract_id: str, payment_id: int, event: str, version: int, at: dt.datetime
) -> Payment:
    """Approve or refuse a payment; whoever computed it does neither.

    Raises:
        NotFoundError: if there is no such payment for this viewer.
        UnsafeActionError: if it is not theirs to decide.
    """
    with transaction.atomic():
        contract = find_contract(viewer, contract_id)
        payment = contract.payments.select_for_update().filter(pk=payment_id).first()
        if payment is None:
            raise NotFoundError("There is no such payment.")
        target = PAYMENT_LIFE.take(payment.state, event, payment_actors(payment, viewer))
        check_version(payment.version, version)
        record(f"payment.{event}", **_facts(viewer), contract=contract.id, payment=payment.pk)
        payment.state, payment.version = target, payment.version + 1
        payment.decided_by, payment.decided_at = viewer.user_id, at
        payment.save()
    return payment


def find_contract(viewer: Viewer, contract_id: str, *, lock: bool = False) -> Contract:
    """Return a contract of the viewer's organisation.

    Raises:
        NotFoundError: if there is none; the same for another organisation's.
    """
    rows = Contract.objects.select_for_update() if lock else Contract.objects
    found = rows.filter(id=contract_id, organisation=viewer.organisation).first()
    if found is None:
        raise NotFoundError("There is no such contract.")
    return found


def actors_of(contract: Contract, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to a contract."""
    return contract_actors(
        viewer.user_id,
        viewer.organisation,
        viewer.role,
        written_by=contract.written_by,
        of=contract.organisation,
    )


def payment_actors(payment: Payment, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to a payment."""
    return contract_actors(
        viewer.user_id,
        viewer.organisation,
        viewer.role,
        written_by=payment.computed_by,
        of=payment.contract.organisation,
    )


def _facts(viewer: Viewer) -> dict[str, str]:
    return {"actor": viewer.user_id, "organisation": viewer.organisation, "role": viewer.role}
