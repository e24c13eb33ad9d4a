"""The forms of the data sharing code: every missing item is named, and a refusal is a decision."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements.drafting.sharing_request import (
    DECISION_ITEMS,
    REQUEST_ITEMS,
    SharingDecision,
    SharingRequest,
    check_sharing_decision,
    check_sharing_request,
    decision_rows,
    request_of_clause,
    request_rows,
)

from .worlds import TERMS, agreement, clause

FULL = SharingRequest(
    id="r1",
    receiver="police",
    requester="council",
    requester_name="Ana Obi",
    requester_position="Social worker",
    received_on=dt.date(2026, 3, 1),
    data_described="Whether an offence is recorded",
    fields=("identity.name",),
    controllers="separate",
    purpose="safeguarding",
    lawful_basis="6(1)(e)",
    necessity="A child may be at risk and nobody else holds this",
    legal_power="Children Act 2004 s16H",
    is_dpia_considered=False,
    dpia_outcome="One person, once: not needed",
    officer_views="Agrees",
    retention="For the length of the enquiry",
    security="By the council's secure mail",
    rights="The parents are told unless that puts the child at risk",
    sharing_dates="Once, today",
)
DECIDED = SharingDecision(
    request_id="r1",
    outcome="share",
    reasons="Needed and proportionate",
    shared="Whether an offence is recorded",
    decided_by="Ben Lowe",
    position="Information officer",
    decided_on=dt.date(2026, 3, 2),
    signature="B. Lowe",
)
NEEDED = [each.key for each in REQUEST_ITEMS if each.is_needed]


def test_an_empty_request_names_every_item_it_needs_in_the_order_of_the_form() -> None:
    assert [each.key for each in check_sharing_request(SharingRequest(), TERMS)] == NEEDED


def test_a_full_request_and_decision_lack_nothing() -> None:
    assert check_sharing_request(FULL, TERMS) == ()
    assert check_sharing_decision(DECIDED, FULL) == ()


@given(st.sets(st.sampled_from(NEEDED)))
def test_exactly_what_is_taken_out_is_missing(taken: set[str]) -> None:
    empty = SharingRequest()
    request = FULL.model_copy(update={key: getattr(empty, key) for key in taken})
    assert {each.key for each in check_sharing_request(request, TERMS)} == taken


def test_spaces_are_not_an_answer() -> None:
    found = check_sharing_request(FULL.model_copy(update={"necessity": "  "}), TERMS)
    assert [each.what for each in found] == ["“Why it is necessary” is blank"]


REQUEST_CASES = [
    ({"fields": ("crime",)}, "special_condition", "no condition is named"),
    ({"fields": ("crimes",)}, "data_described", "there is no field or field group “crimes”"),
    ({"requester": "police"}, "requester", "cannot ask itself"),
]


@pytest.mark.parametrize(("changes", "key", "words"), REQUEST_CASES)
def test_what_does_not_fit_is_named(changes: dict[str, object], key: str, words: str) -> None:
    (found,) = check_sharing_request(FULL.model_copy(update=changes), TERMS)
    assert found.key == key
    assert words in found.what
    assert found.mend


DECISION_CASES = [
    ({"outcome": ""}, "outcome", "is blank"),
    ({"reasons": ""}, "reasons", "is blank"),
    ({"request_id": "r2"}, "request_id", "another request"),
    ({"shared": ""}, "shared", "does not say what"),
    ({"outcome": "refuse"}, "shared", "lists something to share"),
    ({"decided_on": dt.date(2026, 2, 1)}, "decided_on", "before it was received"),
]


@pytest.mark.parametrize(("changes", "key", "words"), DECISION_CASES)
def test_a_decision_must_fit(changes: dict[str, object], key: str, words: str) -> None:
    found = check_sharing_decision(DECIDED.model_copy(update=changes), FULL)
    assert any(each.key == key and words in each.what for each in found)


def test_a_refusal_with_its_reasons_is_a_whole_decision() -> None:
    refusal = DECIDED.model_copy(update={"outcome": "refuse", "shared": ""})
    assert check_sharing_decision(refusal, FULL) == ()


def test_a_clause_fills_in_its_request_and_leaves_people_and_days_to_be_written() -> None:
    special = clause("c1", fields=("identity", "crime.offence"))
    request = request_of_clause(agreement("family", special), special, TERMS)
    left = {each.key for each in check_sharing_request(request, TERMS)}
    assert left == {"requester_name", "requester_position", "received_on", "officer_views"}
    rows = {each.key: each.value for each in request_rows(request, TERMS)}
    assert rows["receiver"] == "Larkbridge Police"
    assert rows["purpose"] == "Whole-family support"
    assert rows["controllers"] == "Separate controllers"
    assert rows["received_on"] == ""


def test_a_decision_prints_in_the_order_of_the_form() -> None:
    rows = decision_rows(DECIDED)
    assert [each.label for each in rows] == [each.label for each in DECISION_ITEMS]
    assert rows[1].value == "Share what was asked for"
