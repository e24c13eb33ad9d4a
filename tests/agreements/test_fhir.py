"""FHIR resources hold to R4, by a library that others keep, and by the codes that R4 requires."""

import datetime as dt
import json
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.consent import Consent
from hypothesis import given
from hypothesis import strategies as st
from tests.agreements.worlds import PARTNERS, PURPOSES, TERMS

from wholeplace.agreements.account.fhir import audit_event, bundle, consents
from wholeplace.agreements.account.sightings import SeenField, Sighting
from wholeplace.agreements.subjects.request import Flag

# Required bindings of FHIR R4 (4.0.1). The library does not check codes.
ACTIONS = set("CRUDE")
OUTCOMES = {"0", "4", "8", "12"}
CONSENT_STATES = {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}
PROVISIONS = {"deny", "permit"}
NAME = "c" * 64

sightings = st.builds(
    Sighting,
    position=st.integers(1, 10**9),
    at=st.integers(0, 10**9).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)),
    kind=st.just("sight"),
    page=st.sampled_from(["person", "search", "reason", "caseload"]),
    organisation=st.sampled_from(["", *PARTNERS]),
    role=st.sampled_from(["", "practitioner"]),
    purpose=st.sampled_from(["", *PURPOSES]),
    reason_kind=st.sampled_from(["", "duty", "case"]),
    seen=st.lists(
        st.builds(
            SeenField, st.sampled_from(PARTNERS), st.sampled_from(sorted(TERMS.fields)),
            st.sampled_from(["existence", "summary", "detail"]),
            st.sampled_from([(), ("a/1",), ("a/1", "b/2")]),
        ),
        max_size=3,
    ).map(tuple),
    is_mixed=st.booleans(),
    seal=st.text("0123456789abcdef", min_size=64, max_size=64),
)  # fmt: skip


def every_text(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in every_text(each)]
    if isinstance(value, list):
        return [text for each in value for text in every_text(each)]
    return [value] if isinstance(value, str) else []


@given(sightings)
def test_every_sight_makes_a_valid_audit_event(sighting: Sighting) -> None:
    made = audit_event(sighting, NAME, "council", TERMS)
    AuditEvent.model_validate_json(json.dumps(made))
    assert made["action"] in ACTIONS and made["outcome"] in OUTCOMES
    assert made["source"]["observer"]["identifier"]["value"] == "council"
    assert [each["requestor"] for each in made["agent"]] == [True]
    assert dt.datetime.fromisoformat(made["recorded"]).tzinfo
    assert all(text for text in every_text(made)), "FHIR allows no empty text"
    assert made["entity"][0]["what"]["identifier"]["value"] == NAME
    assert str(sighting.position) != made["id"], "places in the trail would tell of gaps"


def test_a_level_of_existence_tells_no_field() -> None:
    sighting = Sighting(
        1, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "sight", "search", "police", "practitioner",
        "safeguarding", "", (SeenField("clinic", "health.missed-appointment", "existence", ("a/1",)),),
    )  # fmt: skip
    text = json.dumps(audit_event(sighting, NAME, "council", TERMS))
    assert "clinic existence" in text and "missed" not in text


def test_only_sights_are_audit_events() -> None:
    other = Sighting(
        1, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "reason.opened", "", "police", "", "", ""
    )
    with pytest.raises(ValueError, match="only a sight"):
        audit_event(other, NAME, "council", TERMS)


flags = st.builds(
    Flag,
    st.sampled_from(["sealed", "restricted", "objection", "national-opt-out", "consent"]),
    st.sampled_from(["yes", "no", "unknown"]),
    st.sampled_from(["", *PURPOSES]),
    st.sampled_from(["", *PARTNERS]),
)


@given(st.lists(flags, max_size=6, unique=True))
def test_statements_make_valid_consents_and_nothing_else_does(stated: list[Flag]) -> None:
    made = consents(stated, NAME, TERMS)
    for each in made:
        Consent.model_validate_json(json.dumps(each))
        assert each["status"] in CONSENT_STATES
        assert each["provision"]["type"] in PROVISIONS
        assert each.get("policy") or each.get("policyRule"), "ppc-1"
        assert all(text for text in every_text(each))
    expected = [
        each
        for each in stated
        if (each.flag == "consent" and each.value != "unknown")
        or (each.flag in ("objection", "national-opt-out") and each.value == "yes")
    ]
    assert len(made) == len(expected)
    permits = sum(each["provision"]["type"] == "permit" for each in made)
    assert permits == sum(each.flag == "consent" and each.value == "yes" for each in expected)
    assert len({each["id"] for each in made}) == len(
        {(e.flag, e.purpose, e.partner) for e in expected}
    )
    text = json.dumps(made)
    assert "sealed" not in text and "restricted" not in text


@given(st.lists(sightings, max_size=3, unique_by=lambda each: each.seal))
def test_a_bundle_is_valid_and_holds_each_once(found: list[Sighting]) -> None:
    resources = [audit_event(each, NAME, "council", TERMS) for each in found]
    made = bundle(resources, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    Bundle.model_validate_json(json.dumps(made))
    assert len({each["fullUrl"] for each in made["entry"]}) == len(found)
