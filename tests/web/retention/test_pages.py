"""The pages on retention: what they say, who may open them, and what a second editor is told."""

import datetime as dt
from typing import Any

import pytest

from wholeplace.foundation.deletions import Deletions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


def asked(place: Any) -> Any:
    from wholeplace.web.retention.requests import ask_person

    rows = place.snapshot_reader.rows(
        "SELECT person_id FROM person_records WHERE person_id NOT IN (SELECT person_id FROM "
        "subject_flags WHERE value <> 'no') GROUP BY person_id "
        "ORDER BY count(DISTINCT partner) DESC, person_id LIMIT 1"
    )
    return ask_person(place, str(rows[0]["person_id"]), "request", "", "1", "council-children")


def test_the_overview_names_days_and_clauses(sign_in: Any) -> None:
    body = sign_in("priya-nair").get("/retention/").content.decode()
    assert "2,555 days" in body
    assert "safeguarding/own-children" in body
    assert "Quarantine is kept for 90 days" in body


def test_receipts_verify_and_a_changed_ledger_is_said(sign_in: Any, signed_town: Any) -> None:
    client = sign_in("priya-nair")
    assert "hold, and nothing kept here" in client.post("/retention/receipts/").content.decode()
    path = Deletions(signed_town.data).path
    kept = path.read_bytes()
    try:
        path.write_bytes(kept.replace(b'"kind":"opened"', b'"kind":"edited"'))
        answer = client.get("/retention/receipts/")
        assert answer.status_code == 200
        assert "does not hold" in answer.content.decode()
    finally:
        path.write_bytes(kept)


def test_a_request_goes_from_asking_to_approval_and_a_second_editor_is_told(
    sign_in: Any, signed_town: Any
) -> None:
    from wholeplace.web.retention.models import ErasureRequest

    made = asked(signed_town)
    client = sign_in("priya-nair")
    address = f"/retention/erasure/{made.pk}/"
    body = client.get(address).content.decode()
    assert "Not answered" in body
    partner = made.anchors[0][0]
    given = {"what": "answer", "partner": partner, "answer": "keep", "version": "1"}
    refused = client.post(f"{address}decide/", given).content.decode()
    assert "Select the ground on which they are kept" in refused
    given["exemption"] = "legal-obligation"
    client.post(f"{address}decide/", given)
    assert "A legal obligation to keep it" in client.get(address).content.decode()
    told = client.post(f"{address}decide/", given, follow=True).content.decode()
    assert "Somebody else has changed this request" in told
    assert ErasureRequest.objects.get(pk=made.pk).version == 2
    client.post(f"{address}decide/", {"what": "withdrawn", "version": "2"})
    closed = ErasureRequest.objects.get(pk=made.pk)
    assert (closed.state, closed.person_id, closed.anchors) == ("withdrawn", "", [])


def test_practitioners_may_not_open_them(sign_in: Any) -> None:
    client = sign_in("amira-khan")
    for address in ("/retention/", "/retention/receipts/", "/retention/erasure/"):
        assert client.get(address).status_code in (403, 404)


def test_letting_back_asks_for_somebody_who_was_erased(sign_in: Any, signed_town: Any) -> None:
    client = sign_in("priya-nair")
    given = {"dataset": "tenancies", "source_id": "nobody", "why": "new-referral"}
    body = client.post("/retention/erasure/let-back/", given).content.decode()
    assert "Nobody was erased under this dataset and number" in body
    assert not [e for e in Deletions(signed_town.data).entries() if e.kind == "readmitted"]


def test_a_receipt_tells_the_trail_once(signed_town: Any) -> None:
    from wholeplace.web.chain.models import Entry
    from wholeplace.web.retention.receipts import tell_trail

    count = len(Deletions(signed_town.data).entries())
    assert count
    assert tell_trail(signed_town) == count
    assert tell_trail(signed_town) == 0
    told = Entry.objects.filter(event__contains={"kind": "deletion.receipt"}).first()
    assert told is not None
    assert dt.datetime.fromisoformat(str(told.event["at"]))
    assert "ledger_hash" in told.event
