"""The gateway: recorded first, cut to the level, and nothing to be told from silence."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements import (
    AuditUnavailableError,
    Flag,
    Level,
    MemoryAuditTrail,
    Request,
    Revealed,
    SealedItem,
    Viewer,
    decide,
    reveal,
)
from wholeplace.foundation.chain import verify_chain
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.sealed import Sealed

from .worlds import (
    FIELDS,
    NOON,
    PARTNERS,
    TERMS,
    World,
    agreement,
    clause,
    person,
    reason,
    request,
    requests,
    rules_of,
    worlds,
)

NAME = {"given_name": "Leanne", "middle_names": "Zoë Ann", "family_name": "o'Harlow"}
OFFENCE = {
    "label": "Burglary at a house",
    "start_on": "2026-03-17",
    "end_on": "2026-03-19",
    "attributes": {"offence": "burglary", "outcome": "charged"},
}


def item(
    field: str,
    value: Any,
    partner: str = "police",
    key: str = "k1",
    person_id: str = "p1",
    also_about: tuple[str, ...] = (),
    also_from: tuple[str, ...] = (),
) -> SealedItem:
    sealed = Sealed(value)
    return SealedItem(
        key, partner, f"{partner}-data", field, person_id, sealed, also_about, also_from
    )


def see(
    level: str, field: str, value: Any, *flags: Flag, trail: MemoryAuditTrail | None = None
) -> Revealed:
    rules = rules_of(agreement("family", clause(fields=(field,), level=level)))
    return reveal(
        rules,
        request(),
        [person(*flags)],
        [item(field, value)],
        trail or MemoryAuditTrail(),
        page="p",
    )


# Laws


@given(
    worlds(),
    requests(),
    st.lists(st.tuples(st.sampled_from(PARTNERS), st.sampled_from(FIELDS)), max_size=8),
)
@settings(max_examples=60)
def test_nothing_above_the_level_decided_leaves_and_all_that_leaves_is_on_record(
    world: World, asked: Request, wanted: list[tuple[str, str]]
) -> None:
    rules, trail = world.rules(), MemoryAuditTrail()
    subject = asked.subject
    assert subject is not None
    items = []
    for number, (partner, field) in enumerate(wanted):
        token = f"canary{number}x"
        value: dict[str, Any] = (
            {"label": token, "start_on": "2026-03-17", "end_on": None, "attributes": {"a": token}}
            if TERMS.fields[field].kind == "event"
            else dict.fromkeys(TERMS.fields[field].columns, token)
        )
        items.append(item(field, value, partner, f"k{number}"))
    revealed = reveal(rules, replace(asked, subject=None), [subject], items, trail, page="p")
    for number, (partner, field) in enumerate(wanted):
        level = decide(rules, asked, partner, field).level
        assert (f"canary{number}x" in repr(revealed)) == (level == Level.DETAIL)
        seen = [each for each in revealed.items if each.key == f"k{number}"]
        assert bool(seen) == (level >= Level.SUMMARY)
        known = revealed.person("p1")
        if level >= Level.EXISTENCE:
            assert known is not None
            assert partner in known.known_to
    ((_, event, _),) = trail.entries()
    assert "canary" not in json.dumps(event)
    recorded = {
        (partner, field, level)
        for partner, by_field in event["subjects"][0]["seen"].items()
        for field, levels in by_field.items()
        for level in levels
    }
    shown = {(each.partner, each.field, each.level.name.lower()) for each in revealed.items}
    assert shown <= recorded
    assert {partner for partner, _, _ in recorded} == {
        partner for each in revealed.people for partner in each.known_to
    }


@given(worlds(), requests(), st.booleans())
@settings(max_examples=40)
def test_refusals_are_the_same_whatever_the_partner_holds(
    world: World, asked: Request, is_rich: bool
) -> None:
    """Beside a partner known to know the person, hidden things leave no trace."""
    rules = world.rules()
    subject = asked.subject
    assert subject is not None
    everything = [
        item(field, {"label": "x", "start_on": "2026-03-17"}, partner, f"{partner}-{field}")
        for partner in PARTNERS
        for field in FIELDS
    ]
    shown = [
        each for each in everything if decide(rules, asked, each.partner, each.field).level > 0
    ]
    one, other = (
        reveal(rules, asked, [subject], items, MemoryAuditTrail(), page="p")
        for items in (everything, shown)
    )
    assert one == other


# Sealed, unknown and absent people


def test_a_sealed_person_cannot_be_told_from_nobody() -> None:
    trail = MemoryAuditTrail()
    rules = rules_of(agreement("family", clause(fields=("crime", "identity"), level="detail")))
    sealed = person(Flag("sealed", "yes", partner="police"))
    items = [item("crime.offence", OFFENCE), item("identity.name", NAME, key="k2")]
    hidden = reveal(rules, request(), [sealed], items, trail, page="people:show")
    nobody = reveal(rules, request(), [], [], trail, page="people:show")
    unshared = reveal(rules_of(), request(), [person()], items, trail, page="people:show")
    assert hidden == nobody == unshared == Revealed()
    assert repr(hidden) == repr(nobody)
    assert not hidden.is_known


def test_a_sight_of_a_sealed_person_alerts_its_guardian_silently() -> None:
    trail = MemoryAuditTrail()
    sealed = person(Flag("sealed", "yes", partner="police"))
    reveal(
        rules_of(agreement()),
        request(),
        [sealed],
        [item("crime.offence", OFFENCE)],
        trail,
        page="p",
    )
    ((_, event, _),) = trail.entries()
    assert event["alerts"] == [
        {"kind": "sealed", "subject": "pseudonym-p1", "partners": ["police"]}
    ]
    assert event["subjects"][0]["seen"] == {}
    assert event["subjects"][0]["refused"] == {
        "police": {"crime.offence": {"items": 1, "blocks": ["sealed"]}}
    }


def test_a_sealed_child_is_missing_from_the_household_without_a_trace() -> None:
    rules = rules_of(agreement("family", clause(fields=("identity",), level="detail")))
    people = [person(person_id="p1"), person(Flag("sealed", "yes"), person_id="p2")]
    why = reason("p1", "p2")
    items = [
        item("identity.name", NAME, key="k1"),
        item("identity.name", {"given_name": "Mia"}, key="k2", person_id="p2"),
    ]
    seen = reveal(rules, request(why=why), people, items, MemoryAuditTrail(), page="p")
    alone = reveal(rules, request(why=why), people[:1], items[:1], MemoryAuditTrail(), page="p")
    assert seen == alone


def test_what_is_about_several_people_is_shown_at_the_least_of_them() -> None:
    rules = rules_of(agreement("family", clause(fields=("identity", "contact"), level="detail")))
    why = reason("p1", "p2")
    address = {"address": "1 Mill Lane", "postcode": "LB1 4QT", "uprn": 100}

    def text(*flags: Flag, asked_of: int = 2) -> list[str]:
        people = [person(), person(*flags, person_id="p2")][:asked_of]
        shared = item("contact.address", address, also_about=("p2",))
        seen = reveal(rules, request(why=why), people, [shared], MemoryAuditTrail(), page="p")
        return [each.text for each in seen.items]

    assert text() == ["1 Mill Lane, LB1 4QT"]
    assert text(Flag("restricted", "yes")) == []
    assert text(Flag("sealed", "yes")) == []
    assert text(asked_of=1) == []


def test_what_is_from_several_partners_is_shown_at_the_least_of_theirs() -> None:
    address = {"address": "1 Mill Lane", "postcode": "LB1 4QT", "uprn": 100}
    shared = item("contact.address", address, also_from=("clinic",))

    def text(*clinic: str) -> list[str]:
        given = [clause(fields=("contact",), level="detail")]
        given += [clause("c2", source="clinic", fields=("contact",), level=each) for each in clinic]
        rules = rules_of(agreement("family", *given))
        seen = reveal(rules, request(), [person()], [shared], MemoryAuditTrail(), page="p")
        return [each.text for each in seen.items]

    assert text() == []
    assert text("existence") == []
    assert text("summary") == ["LB1 4"]
    assert text("detail") == ["1 Mill Lane, LB1 4QT"]


# The audit comes first


def test_when_the_trail_cannot_be_written_nothing_is_opened() -> None:
    opened: list[str] = []

    class Watched(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            opened.append(key)
            return super().get(key, default)

    trail = MemoryAuditTrail()
    trail.is_writable = False
    with pytest.raises(AuditUnavailableError):
        see("detail", "crime.offence", Watched(OFFENCE), trail=trail)
    assert opened == []
    see("detail", "crime.offence", Watched(OFFENCE))
    assert opened


def test_the_event_says_who_why_and_what_at_which_level_and_no_value() -> None:
    trail = MemoryAuditTrail()
    rules = rules_of(
        agreement(
            "family",
            clause("c1", fields=("crime.offence",), level="summary"),
            clause("c2", fields=("identity",), level="detail"),
        )
    )
    items = [
        item("crime.offence", OFFENCE, key="k1"),
        item("crime.offence", OFFENCE, key="k2"),
        item("identity.name", NAME, key="k3"),
        item("health.missed-appointment", OFFENCE, "clinic", key="k4"),
    ]
    reveal(rules, request(), [person()], items, trail, page="people:show")
    ((_, event, _),) = trail.entries()
    assert verify_chain(trail.entries()) is None
    assert event == {
        "kind": "sight",
        "at": "2026-06-15T12:00:00.000000+00:00",
        "page": "people:show",
        "actor": "ana",
        "organisation": "council",
        "role": "practitioner",
        "purpose": "whole-family-support",
        "reason": {"id": "r1", "kind": "duty"},
        "ruleset": rules.hash,
        "subjects": [
            {
                "subject": "pseudonym-p1",
                "seen": {
                    "police": {
                        "crime.offence": {"summary": {"items": 2, "clauses": ["family/c1"]}},
                        "identity.name": {"detail": {"items": 1, "clauses": ["family/c2"]}},
                    }
                },
                "refused": {"clinic": {"health.missed-appointment": {"items": 1, "blocks": []}}},
            }
        ],
        "alerts": [],
    }
    text = json.dumps(event)
    for secret in ("Leanne", "Burglary", "2026-03", '"p1"', "seen alone"):
        assert secret not in text


# What each level shows

CUTS = [
    ("existence", "crime.offence", OFFENCE, []),
    (
        "summary",
        "crime.offence",
        OFFENCE,
        [("Offence recorded", "Offence recorded", "2026-03", "", {})],
    ),
    (
        "detail",
        "crime.offence",
        OFFENCE,
        [
            (
                "Burglary at a house",
                "Burglary at a house",
                "2026-03-17",
                "2026-03-19",
                OFFENCE["attributes"],
            )
        ],
    ),
    (
        "summary",
        "crime.offence",
        {"start_on": "on the 17th"},
        [("Offence recorded", "Offence recorded", "", "", {})],
    ),
    (
        "summary",
        "crime.offence",
        "17 March, burglary",
        [("Offence recorded", "Offence recorded", "", "", {})],
    ),
    ("summary", "identity.name", NAME, [("Name", "L. Z. A. O.", "", "", {})]),
    ("detail", "identity.name", NAME, [("Name", "Leanne Zoë Ann o'Harlow", "", "", NAME)]),
    ("existence", "identity.name", NAME, []),
    ("summary", "identity.name", {"given_name": None}, [("Name", "held", "", "", {})]),
    (
        "summary",
        "identity.birth-date",
        {"birth_date": "1992-05-04"},
        [("Date of birth", "1992", "", "", {})],
    ),
    (
        "summary",
        "identity.birth-date",
        {"birth_date": "4 May 1992"},
        [("Date of birth", "held", "", "", {})],
    ),
    (
        "summary",
        "contact.address",
        {"address": "1 Mill Lane", "postcode": "lb1 4qt"},
        [("Address", "LB1 4", "", "", {})],
    ),
    (
        "summary",
        "contact.address",
        {"address": "1 Mill Lane", "postcode": "LB14QT"},
        [("Address", "LB1 4", "", "", {})],
    ),
    ("summary", "contact.address", {"address": "1 Mill Lane"}, [("Address", "held", "", "", {})]),
    (
        "summary",
        "contact.address",
        {"postcode": "1 Mill Lane, LB1 4QT"},
        [("Address", "held", "", "", {})],
    ),
]


@pytest.mark.parametrize(("level", "field", "value", "expected"), CUTS)
def test_each_level_shows_so_much(
    level: str, field: str, value: Any, expected: list[tuple[Any, ...]]
) -> None:
    revealed = see(level, field, value)
    assert revealed.is_known
    assert revealed.people[0].known_to == ("police",)
    shown = [
        (each.label, each.text, each.start_on, each.end_on, each.values) for each in revealed.items
    ]
    assert shown == expected


def test_the_order_of_summaries_does_not_tell_their_days() -> None:
    rules = rules_of(agreement())
    days = ["2026-03-30", "2026-03-01", "2026-04-02", "2026-03-15"]
    keys = ["d", "a", "c", "b"]
    items = [
        item("crime.offence", {**OFFENCE, "start_on": day}, key=key)
        for day, key in zip(days, keys, strict=True)
    ]
    seen = reveal(rules, request(), [person()], items, MemoryAuditTrail(), page="p")
    assert [(each.start_on, each.key) for each in seen.items] == [
        ("2026-04", "c"),
        ("2026-03", "a"),
        ("2026-03", "b"),
        ("2026-03", "d"),
    ]


def test_refusals_are_grouped_and_explained_beside_partners_that_may_be_known() -> None:
    rules = rules_of(
        agreement(
            "family",
            clause("c1", fields=("identity",), level="detail"),
            clause("c2", fields=("crime",), level="detail", roles=("coordinator",)),
            clause(
                "c3", source="clinic", fields=("health",), level="detail", roles=("coordinator",)
            ),
        )
    )
    items = [
        item("identity.name", NAME),
        item("health.missed-appointment", OFFENCE, "clinic", "k2"),
    ]
    (found,) = reveal(rules, request(), [person()], items, MemoryAuditTrail(), page="p").people
    assert found.known_to == ("police",)
    (refusal,) = found.refusals
    assert refusal.partner == "police"
    assert refusal.level == Level.NOTHING
    assert refusal.fields == ("crime.antisocial-behaviour", "crime.offence")
    assert refusal.sentences == (
        "With the role of coordinator you would have “detail”, by clause c2 of “The family agreement”.",
    )
    assert "police.example" in refusal.ask


# Misuse


def test_rules_of_another_day_are_refused() -> None:
    rules = rules_of(agreement())
    late = request(at=NOON + dt.timedelta(days=1))
    with pytest.raises(WholeplaceError, match="not those of today"):
        reveal(rules, late, [person()], [], MemoryAuditTrail(), page="p")


def test_the_day_is_the_places_own() -> None:
    """23:30 UTC on 14 June is already 15 June in British Summer Time."""
    rules = rules_of(agreement())
    at = dt.datetime(2026, 6, 14, 23, 30, tzinfo=dt.UTC)
    assert not reveal(rules, request(at=at), [], [], MemoryAuditTrail(), page="p").is_known


def test_an_item_about_somebody_else_is_refused() -> None:
    stray = item("crime.offence", OFFENCE, person_id="p9")
    trail = MemoryAuditTrail()
    with pytest.raises(WholeplaceError, match="did not ask about"):
        reveal(rules_of(agreement()), request(), [person()], [stray], trail, page="p")
    assert trail.entries() == []


def test_a_viewer_of_an_organisation_outside_sees_nothing() -> None:
    viewer = Viewer("eve", "elsewhere", "practitioner")
    seen = reveal(
        rules_of(agreement()),
        request(viewer),
        [person()],
        [item("crime.offence", OFFENCE)],
        MemoryAuditTrail(),
        page="p",
    )
    assert not seen.is_known
