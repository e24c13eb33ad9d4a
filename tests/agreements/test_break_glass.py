"""Laws and tables of broken glass: it lifts consent and relationship, and nothing else."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given

from wholeplace.agreements import Flag, Level, Reason, Request, Subject, decide, explain
from wholeplace.agreements.gateway import reveal
from wholeplace.agreements.reasons.opening import Relationship, break_the_glass
from wholeplace.agreements.standing.memory import MemoryAuditTrail
from wholeplace.agreements.subjects.request import SealedItem
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.sealed import Sealed

from .worlds import (
    ANA,
    FIELDS,
    NOON,
    PARTNERS,
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

WHY = "A child was seen at the window alone at night and nobody answers the door or the telephone."
EVERYTHING = [(source, field) for source in PARTNERS for field in FIELDS]


def broken(asked: Request, *, confirmed_by: str = "") -> Request:
    assert asked.subject is not None
    made = break_the_glass(
        "g1", asked.viewer, WHY, asked.subject.person_id, asked.purpose, asked.at,
        confirmed_by=confirmed_by,
    )  # fmt: skip
    return Request(asked.viewer, asked.purpose, made, asked.at, asked.subject)


def flagged(asked: Request, *flags: Flag) -> Request:
    assert asked.subject is not None
    return replace(asked, subject=replace(asked.subject, flags=flags))


# Laws


@given(worlds(), requests())
def test_it_gives_what_consent_and_a_reason_would_and_no_more(world: World, asked: Request) -> None:
    """The very same as a person who agreed, asked about with an ordinary reason."""
    rules = world.rules()
    assert asked.subject is not None
    kept = tuple(each for each in asked.subject.flags if each.flag != "consent")
    willing = replace(asked.subject, flags=(*kept, Flag("consent", "yes", asked.purpose)))
    duty = Request(asked.viewer, asked.purpose, reason(), asked.at, willing)
    for key in EVERYTHING:
        assert decide(rules, broken(asked), *key).level == decide(rules, duty, *key).level


@given(worlds(), requests())
def test_where_no_clause_is_in_force_it_shows_nothing_of_others(
    world: World, asked: Request
) -> None:
    nobody = World((), world.sign_offs, world.on).rules()
    for source, field in EVERYTHING:
        if source != asked.viewer.organisation:
            assert decide(nobody, broken(asked), source, field).level == Level.NOTHING


@given(worlds(), requests())
def test_a_second_person_lifts_the_seal_and_nothing_else(world: World, asked: Request) -> None:
    rules = world.rules()
    assert asked.subject is not None
    others = tuple(each for each in asked.subject.flags if each.flag != "sealed")
    sealed = flagged(asked, *others, Flag("sealed", "yes", partner="council"))
    unsealed = flagged(asked, *others)
    for key in EVERYTHING:
        assert decide(rules, broken(sealed), *key).level == Level.NOTHING
        confirmed = decide(rules, broken(sealed, confirmed_by="ben"), *key)
        assert confirmed.level == decide(rules, broken(unsealed), *key).level


# Tables

ASKING = clause(consent="required", level="detail")


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        ([], Level.DETAIL),
        ([Flag("consent", "no", "whole-family-support")], Level.DETAIL),
        ([Flag("consent", "unknown")], Level.DETAIL),
        ([Flag("restricted", "yes")], Level.EXISTENCE),
        ([Flag("restricted", "unknown")], Level.EXISTENCE),
        ([Flag("objection", "yes", "whole-family-support")], Level.NOTHING),
        ([Flag("sealed", "yes")], Level.NOTHING),
        ([Flag("sealed", "unknown")], Level.NOTHING),
    ],
)
def test_what_it_opens(flags: list[Flag], level: Level) -> None:
    asked = broken(request(subject=person(*flags)))
    assert (
        decide(rules_of(agreement("family", ASKING)), asked, "police", "crime.offence").level
        == level
    )


def test_two_hours_to_the_second() -> None:
    made = break_the_glass("g1", ANA, WHY, "p1", "safeguarding", NOON)
    end = NOON + dt.timedelta(hours=2)
    assert made.expires_at == end
    assert made.is_live(end - dt.timedelta(seconds=1))
    assert not made.is_live(end)
    assert made.needs_review and not made.lifts_seal


@pytest.mark.parametrize(
    ("text", "purpose", "whom", "second"),
    [
        ("", "safeguarding", "p1", ""),
        ("Emergency, must look now.", "safeguarding", "p1", ""),
        (" " * 200 + "urgent", "safeguarding", "p1", ""),
        (WHY, "", "p1", ""),
        (WHY, "safeguarding", "", ""),
        (WHY, "safeguarding", "p1", "ana"),
    ],
)
def test_what_is_refused(text: str, purpose: str, whom: str, second: str) -> None:
    with pytest.raises(WholeplaceError):
        break_the_glass("g1", ANA, text, whom, purpose, NOON, confirmed_by=second)


def test_the_explanation_says_that_consent_was_set_aside() -> None:
    rules = rules_of(agreement("family", ASKING))
    said = explain(rules, broken(request(subject=person())), "police", "crime.offence")
    assert "is set aside while your broken glass lasts" in " ".join(said.sentences)
    plain = rules_of(agreement("family", clause(level="detail")))
    said = explain(plain, broken(request(subject=person())), "police", "crime.offence")
    assert "set aside" not in " ".join(said.sentences)


def item(person_id: str) -> SealedItem:
    value = {"label": "Burglary", "start_on": "2026-03-04", "attributes": {}}
    return SealedItem(person_id, "police", "incidents", "crime.offence", person_id, Sealed(value))


def test_broken_glass_for_one_opens_nobody_elses_record() -> None:
    """A household page decides on each person by that person's own reason."""
    rules = rules_of(agreement("family", ASKING))
    one, two = person(), person(person_id="p2")
    glass = break_the_glass("g1", ANA, WHY, "p1", "whole-family-support", NOON)
    trail = MemoryAuditTrail()
    page = reveal(
        rules,
        request(why=replace(glass, person_ids=frozenset({"p1", "p2"}))),
        [one, two],
        [item("p1"), item("p2")],
        trail,
        page="person",
        reasons={"p1": glass, "p2": reason("p2")},
    )
    assert [each.person_id for each in page.items] == ["p1"]
    ((_, event, _),) = trail.entries()
    assert [each["reason"]["kind"] for each in event["subjects"]] == ["break-glass", "duty"]


def test_the_guardians_are_alerted_though_the_seal_was_lifted() -> None:
    rules = rules_of(agreement("family", ASKING))
    sealed = person(Flag("sealed", "yes", partner="police"))
    asked = broken(request(subject=sealed), confirmed_by="ben")
    trail = MemoryAuditTrail()
    page = reveal(rules, asked, [sealed], [item("p1")], trail, page="person")
    assert page.is_known
    ((_, event, _),) = trail.entries()
    assert event["alerts"] == [
        {"kind": "sealed", "subject": "pseudonym-p1", "partners": ["police"]}
    ]


def test_a_relationship_is_a_reason_until_the_first_of_its_ends() -> None:
    later, last = NOON + dt.timedelta(hours=1), NOON + dt.timedelta(hours=2)
    kept = Relationship("ana", "p1", "referral", "r9", "A referral that you took on", NOON)
    assert kept.is_live(NOON + dt.timedelta(days=900))
    assert replace(kept, expires_at=last, closed_at=later).reason().expires_at == later
    ended = replace(kept, closed_at=later)
    assert ended.is_live(later - dt.timedelta(seconds=1)) and not ended.is_live(later)
    given_by = ended.reason()
    assert isinstance(given_by, Reason)
    assert (given_by.id, given_by.kind, given_by.opened_by) == ("referral-r9", "referral", "ana")
    subject = Subject("p1", "x")
    rules = rules_of(agreement("family", clause(level="detail")))
    asked = Request(ANA, "whole-family-support", given_by, NOON, subject)
    assert decide(rules, asked, "police", "crime.offence").level == Level.DETAIL
    over = replace(asked, at=later)
    assert decide(rules, over, "police", "crime.offence").level == Level.EXISTENCE
