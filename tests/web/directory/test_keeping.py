"""Capacity by its own organisation, doubles by a person, and the practitioner's choice."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from wholeplace.web.chain.models import Entry
from wholeplace.web.directory.models import CapacityChange, DuplicatePair, ServiceCapacity
from wholeplace.web.directory.shelf import open_catalogue

pytestmark = pytest.mark.django_db(transaction=True)


def test_ones_own_service_and_the_trail(
    stocked: Any, sign_in: Callable[[str], Any], listed: Any
) -> None:
    client, service = sign_in("jo-adeyemi"), listed("Food bank at Market Square")
    address = f"/directory/service/{service.id}/capacity/"
    answer = client.post(address, {"state": "waiting", "note": "  Ring   first ", "version": 0})
    assert answer.status_code == 302
    held = ServiceCapacity.objects.get(pk=service.id)
    assert (held.state, held.note, held.version) == ("waiting", "Ring first", 1)
    event = Entry.objects.order_by("-position")[0].event
    assert event["kind"] == "directory.capacity" and event["service"] == service.id
    assert "Ring first" not in str(event)
    client.logout()
    said = client.get(f"/help/service/{service.id}/").content.decode()
    assert "Waiting list" in said and "Ring first" in said


def test_anothers_service_is_as_if_it_were_not_there(
    stocked: Any, sign_in: Callable[[str], Any], listed: Any
) -> None:
    client, service = sign_in("jo-adeyemi"), listed("Health visiting")
    address = f"/directory/service/{service.id}/capacity/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"state": "closed", "version": 1}).status_code == 404
    assert ServiceCapacity.objects.get(pk=service.id).state == "open"
    assert "Health visiting" not in client.get("/directory/").content.decode()


def test_the_second_colleague_is_told_what_was_said(
    stocked: Any, sign_in: Callable[[str], Any], listed: Any
) -> None:
    client, service = sign_in("jo-adeyemi"), listed("Debt advice")
    address = f"/directory/service/{service.id}/capacity/"
    assert client.post(address, {"state": "closed", "version": 1}).status_code == 302
    late = client.post(address, {"state": "open", "version": 1})
    assert late.status_code == 409
    said = late.content.decode()
    assert "not taking anybody now" in said and "Look again, then decide" in said
    assert ServiceCapacity.objects.get(pk=service.id).state == "closed"
    version = re.search(r'name="version" value="(\d+)"', said)
    assert (
        version
        and client.post(address, {"state": "open", "version": version[1]}).status_code == 302
    )
    assert CapacityChange.objects.filter(service_id=service.id).count() == 3


def test_nothing_is_said_where_the_trail_cannot_be_written(
    stocked: Any, sign_in: Callable[[str], Any], listed: Any, unwritable_trail: Any
) -> None:
    client, service = sign_in("jo-adeyemi"), listed("Debt advice")
    with unwritable_trail():
        answer = client.post(f"/directory/service/{service.id}/capacity/", {"state": "closed", "version": 1})  # fmt: skip
    assert answer.status_code == 503
    assert ServiceCapacity.objects.get(pk=service.id).state == "limited"


def test_doubles_are_decided_by_a_person_and_can_be_undone(
    stocked: Any, sign_in: Callable[[str], Any]
) -> None:
    client, pair = sign_in("sam-okoro"), DuplicatePair.objects.order_by("-score")[0]
    address, before = f"/directory/doubles/{pair.pk}/", len(open_catalogue().listings)
    assert client.post(address, {"answer": "", "version": 1}).status_code == 422
    assert client.post(address, {"answer": "same-second", "note": "I rang them", "version": 1}).status_code == 302  # fmt: skip
    assert len(open_catalogue().listings) == before - 1
    found = open_catalogue().get(pair.first)
    assert found is not None and found.id == pair.second and len(found.sources) == 2
    assert "Larkbridge Council’s list and Lark Valley" in client.get(f"/help/service/{pair.second}/").content.decode() or (
        "Lark Valley voluntary sector list and Larkbridge" in client.get(f"/help/service/{pair.second}/").content.decode()
    )  # fmt: skip
    assert client.post(address, {"answer": "different", "version": 1}).status_code == 409
    assert client.post(address, {"answer": "waiting", "version": 2}).status_code == 302
    assert len(open_catalogue().listings) == before
    kinds = [entry.event["answer"] for entry in Entry.objects.filter(event__kind="directory.pair-decided").order_by("position")]  # fmt: skip
    assert kinds == ["same-second", "waiting"]


def test_what_an_import_found_wrong_stands_on_the_page(
    stocked: Any, sign_in: Callable[[str], Any]
) -> None:
    said = sign_in("sam-okoro").get("/directory/feeds/").content.decode()
    for words in ("Read whole", "26 services listed, 1 with the address withheld", "stands on more than one page", "must stay confidential", "4 pairs"):  # fmt: skip
        assert words in said, words


def test_a_practitioner_chooses_for_a_need(stocked: Any, sign_in: Callable[[str], Any]) -> None:
    client = sign_in("amira-khan")
    page = client.get("/directory/choose/?person=p123&need=secure-housing").content.decode()
    assert 'value="secure-housing" selected' in page and "/people/p123/" in page
    said = client.post("/directory/choose/", {"person": "p123", "need": "secure-housing", "age": "17"}).content.decode()  # fmt: skip
    assert "Homelessness prevention" in said and "Night shelter" not in said
    odd = client.get("/directory/choose/", {"person": "../a b"})
    assert odd.status_code == 200 and "a b" not in odd.content.decode()


def test_a_referral_carries_service_person_and_need(
    stocked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wholeplace.web.directory import choosing

    monkeypatch.setattr(choosing, "REFERRAL_ROUTES", ("no:such", "directory:choose"))
    address = choosing.referral_address("abc", "p1", "health")
    assert address == "/directory/choose/?service=abc&person=p1&need=health"
    monkeypatch.setattr(choosing, "REFERRAL_ROUTES", ("no:such",))
    assert choosing.referral_address("abc") == ""


def test_need_stands_beside_supply_through_disclosure(
    stocked: Any, sign_in: Callable[[str], Any]
) -> None:
    said = sign_in("wen-li").get("/directory/supply/").content.decode()
    assert "Services that stand there" in said and "are not shown, and others are rounded" in said
    assert sign_in("jo-adeyemi").get("/directory/supply/").status_code == 403
