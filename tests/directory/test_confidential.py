"""A refuge's address stands nowhere, however the feed writes it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.directory.peer import service

from wholeplace.directory.confidential import WITHHELD, withhold
from wholeplace.directory.feeds import Harvest, Received, prepare_harvest, prepare_service

LINE, POSTCODE, HOUSE = "27 Quiet Mews", "LB5 7QM", "Haven House"


def at_secret_place(number: str = "r", **more: Any) -> dict[str, Any]:
    address = {
        "id": "x", "address_1": f"{LINE}, Dunlin Road", "city": "Town", "state_province": "Shire",
        "postal_code": POSTCODE, "country": "GB", "address_type": "physical",
    }  # fmt: skip
    location = {
        "id": "l", "location_type": "physical", "name": HOUSE, "latitude": 53.0512, "longitude": -2.0123,
        "addresses": [address],
    }  # fmt: skip
    links = [{"id": "s", "location": location}]
    return service(number, **{"name": "A safe place", "service_at_locations": links, **more})


def one(raw: dict[str, Any], named: tuple[str, ...] = ()) -> Any:
    return prepare_service("f", Received(str(raw["id"]), raw, "v3"), named)


def says(document: Any) -> list[str]:
    text = json.dumps(document, ensure_ascii=False).casefold()
    return [each for each in ("quiet mews", "lb5", "7qm", "dunlin", "53.05", "-2.01", "haven house") if each in text]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "named", "is_secret"),
    [
        ({}, (), False),
        ({}, ("r",), True),
        ({"confidential": True}, (), True),
        ({"name": "Women’s refuge"}, (), True),
        ({"attributes": [{"id": "a", "taxonomy_term": {"id": "t", "name": "Refuge"}}]}, (), True),
        ({"name": "Refugee welcome"}, (), False),
    ],
)
def test_who_is_confidential(more: dict[str, Any], named: tuple[str, ...], is_secret: bool) -> None:
    prepared = one(at_secret_place(**more), named)
    assert bool(prepared.why_confidential) is is_secret
    assert bool(says(prepared.document)) is not is_secret


def test_a_person_may_clear_words_but_no_mark() -> None:
    words, mark = at_secret_place(name="Cat refuge"), at_secret_place(confidential=True)
    found = [prepare_service("f", Received("r", raw, "v3"), (), ("r",)) for raw in (words, mark)]
    assert [bool(each and each.why_confidential) for each in found] == [False, True]


def test_a_mark_deep_in_the_feed_counts() -> None:
    raw = at_secret_place()
    raw["service_at_locations"][0]["location"]["addresses"][0]["is_confidential"] = "true"
    assert says(one(raw).document) == []


@pytest.mark.parametrize(
    "text",
    [
        f"Come to {LINE}, Dunlin Road.", "27, quiet mews", "27 QUIET  MEWS", "near Haven House",
        "postcode lb57qm", "LB5  7QM", "behind Dunlin Road",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["description", "alert", "fees", "eligibility_description"])
def test_words_do_not_tell_either(text: str, field: str) -> None:
    prepared = one(at_secret_place(confidential=True, **{field: f"Ring first. {text}!"}))
    assert says(prepared.document) == []
    assert WITHHELD in prepared.document[field] and "Ring first" in prepared.document[field]


@given(st.dictionaries(st.text(min_size=1, max_size=10), st.just(f"We are at {LINE} {POSTCODE}"), max_size=4))  # fmt: skip
def test_no_field_that_the_standard_does_not_know_is_let_through(unknown: dict[str, str]) -> None:
    known = {"id", "name", "status", "service_at_locations", "confidential"}
    more = {key: value for key, value in unknown.items() if key not in known}
    raw = at_secret_place(confidential=True, organization={"id": "o", "name": "Haven", **more})
    prepared = one({**raw, **more})
    assert says(prepared.document) == []


def test_withholding_twice_is_withholding_once() -> None:
    document = one(at_secret_place(confidential=True)).document
    assert withhold(document) == document


def test_another_service_at_the_same_address_is_withheld_too() -> None:
    harvest = Harvest()
    for raw in (at_secret_place(confidential=True), at_secret_place("k", name="Knitting circle")):
        harvest.services[raw["id"]] = Received(raw["id"], raw, "v3")
    prepared = prepare_harvest("f", harvest)
    assert [says(each.document) for each in prepared] == [[], []]
    assert harvest.faults.count("confidential-published") == 2


def test_faults_never_quote_an_address() -> None:
    raw = at_secret_place(confidential=True, email=f"{LINE} {POSTCODE}", url=f"see {LINE}")
    assert says([str(each) for each in one(raw).faults]) == []
