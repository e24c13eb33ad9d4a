"""Contracts on screen: frozen by another, paid by computation, and nobody's id on any page."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_frozen_text_that_was_changed_is_paid_no_longer(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.commissioning.models import Contract

    contract = Contract.objects.get(pk="K-0001")
    assert contract.state == "running" and len(contract.terms_hash) == 64
    changed = {**contract.terms, "price": {**contract.terms["price"], "pence": 990_000}}
    Contract.objects.filter(pk=contract.pk).update(terms=changed)
    refused = as_persona("daniel-reyes").post(f"/commissioning/{contract.pk}/outcome/")
    assert refused.status_code != 302
    assert contract.payments.filter(kind="outcome").count() == 0


def test_a_payment_is_computed_once_and_approved_by_another(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.commissioning.models import Contract

    buyer, finance = as_persona("daniel-reyes"), as_persona("grace-holt")
    contract = Contract.objects.get(pk="K-0001")
    address = f"/commissioning/{contract.pk}/"
    given = {"milestone": "m2", "evidence": "Note of the review of 14 May", "pence": "99999999"}
    assert buyer.post(f"{address}milestone/", given).status_code == 302
    assert buyer.post(f"{address}milestone/", given).status_code == 409, "once"
    payment = contract.payments.get(milestone="m2")
    assert payment.pence == 500_000 == sum(payment.parts.values()), "whatever was typed"
    decide = {"payment": payment.pk, "event": "approve", "version": 1}
    assert buyer.post(f"{address}payment/", decide).status_code == 409
    assert finance.post(f"{address}payment/", decide).status_code == 302
    assert buyer.get("/commissioning/open-contracting.json").json()["releases"]


def test_no_page_and_no_export_holds_anybody_of_a_cohort(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.commissioning.models import CohortMember

    members = set(CohortMember.objects.values_list("person_id", flat=True))
    assert members
    buyer = as_persona("daniel-reyes")
    for address in ("", "K-0001/", "K-0002/", "open-contracting.json", "grants.json"):
        said = buyer.get(f"/commissioning/{address}").content.decode()
        assert not [each for each in members if each in said]


def test_others_buy_nothing(as_persona: Callable[[str], Any]) -> None:
    for persona in ("amira-khan", "fiona-clark", "wen-li", "kit-lowe"):
        assert as_persona(persona).get("/commissioning/").status_code == 403
