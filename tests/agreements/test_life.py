"""The table of an agreement's life, every state × act × person, against the prose."""

from itertools import product
from typing import get_args

import pytest

from wholeplace.agreements import LIFE, LifeFacts, check_step, life_state, offers
from wholeplace.agreements.standing.life import Act, LifeState, Person
from wholeplace.agreements.standing.standings import StandingState
from wholeplace.foundation.errors import UnsafeActionError

from .worlds import TODAY, agreement, signed

STATES, ACTS = get_args(LifeState), get_args(Act)
ROLES = ("data-protection-officer", "programme-lead", "signatory", "practitioner", "administrator")
ORGANISATIONS = ("council", "clinic", "stranger")
# Council drafts; council and clinic are parties; nothing stands in anybody's way.
READY = LifeFacts(
    owner="council",
    parties=frozenset({"council", "clinic"}),
    ready=frozenset({"council", "clinic"}),
)
DPO, LEAD, SIGN = ROLES[:3]
OWNER = {("council", DPO), ("council", LEAD)}
REVIEWERS = {(who, role) for who in ("council", "clinic") for role in (DPO, SIGN)}
SIGNERS = {("council", SIGN), ("clinic", SIGN)}
RENEWERS = {(who, role) for who in ("council", "clinic") for role in (DPO, LEAD)}
ENDING = ("agreed", "active", "suspended")
# From the prose of the explanation page, not from the table.
WHO: dict[tuple[str, str], set[tuple[str, str]]] = {
    ("draft", "edit"): OWNER,
    ("draft", "send"): OWNER,
    ("draft", "comment"): OWNER,
    ("draft", "withdraw"): OWNER,
    ("review", "comment"): OWNER | REVIEWERS,
    ("review", "changes"): OWNER | REVIEWERS,
    ("review", "withdraw"): OWNER,
    ("review", "freeze"): OWNER,
    ("withdrawn", "restore"): OWNER,
    ("signing", "sign"): SIGNERS,
    ("signing", "decline"): SIGNERS,
    ("signing", "reopen"): OWNER,
    **{(state, "suspend"): REVIEWERS for state in ENDING},
    **{(state, "terminate"): SIGNERS for state in ENDING},
    **{(state, "renew"): RENEWERS for state in (*ENDING, "expired", "terminated")},
}
UNMET = {"ready", "lift", "keep"}  # what stands in their way is tried below


def may(state: LifeState, act: str, person: Person, facts: LifeFacts) -> bool:
    try:
        check_step(state, act, person, facts)
    except UnsafeActionError:
        return False
    return True


@pytest.mark.parametrize(("state", "act"), list(product(STATES, ACTS)))
def test_every_state_act_and_person(state: LifeState, act: str) -> None:
    for organisation, role in product(ORGANISATIONS, ROLES):
        person = Person("u", organisation, role)
        expected = (organisation, role) in WHO.get((state, act), set())
        assert may(state, act, person, READY) is expected, f"{organisation}/{role}"


def test_what_is_offered_is_what_may_be_done() -> None:
    for state, organisation, role in product(STATES, ORGANISATIONS, ROLES):
        person = Person("u", organisation, role)
        shown = {each.step.act for each in offers(state, person, READY) if not each.missing}
        assert shown == {act for act in ACTS if may(state, act, person, READY)}


NEEDS = [
    ("draft", "send", DPO, "council", {"faults": 1}),
    ("review", "freeze", DPO, "council", {"faults": 2}),
    ("review", "freeze", DPO, "council", {"open_comments": 1}),
    ("review", "freeze", DPO, "council", {"ready": frozenset({"council"})}),
    ("signing", "sign", SIGN, "clinic", {"signed": frozenset({"clinic"})}),
    ("signing", "decline", SIGN, "clinic", {"signed": frozenset({"clinic"})}),
    ("active", "suspend", SIGN, "clinic", {"suspended_by": frozenset({"clinic"})}),
    ("active", "terminate", SIGN, "clinic", {"notice_by": frozenset({"clinic"})}),
]


@pytest.mark.parametrize(("state", "act", "role", "organisation", "changes"), NEEDS)
def test_each_need_stops_its_step_and_says_why(
    state: LifeState, act: str, role: str, organisation: str, changes: dict[str, object]
) -> None:
    from dataclasses import replace

    person, facts = Person("u", organisation, role), replace(READY, **changes)  # type: ignore[arg-type]
    assert may(state, act, person, READY)
    with pytest.raises(UnsafeActionError) as refused:
        check_step(state, act, person, facts)
    (offer,) = [each for each in offers(state, person, facts) if each.step.act == act]
    assert offer.missing and refused.value.why == " ".join(offer.missing)


def test_steps_that_undo_need_what_they_undo() -> None:
    clinic = Person("u", "clinic", SIGN)
    ours, theirs = frozenset({"clinic"}), frozenset({"council"})
    parties = READY.parties
    for act, fact in (("lift", "suspended_by"), ("keep", "notice_by")):
        for held, expected in ((ours, True), (theirs, False)):
            facts = LifeFacts(parties=parties, **{fact: held})  # type: ignore[arg-type]
            assert may("suspended", act, clinic, facts) is expected
    waiting = LifeFacts(owner="council", parties=parties, writers=frozenset({"u"}))
    assert may("review", "ready", Person("v", "clinic", SIGN), waiting)
    assert not may("review", "ready", clinic, waiting), "nobody says it of their own words"
    said = LifeFacts(owner="council", parties=parties, ready=ours)
    assert not may("review", "ready", Person("v", "clinic", DPO), said)


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    reached = {step.to for step in LIFE if step.to} | {"draft"}
    derived = {"agreed", "active", "suspended", "expired", "terminated", "superseded"}
    assert reached | derived == set(STATES)
    assert {step.act for step in LIFE} == set(ACTS)
    assert {state for state in STATES if not any(state in step.at for step in LIFE)} == {
        "superseded"
    }
    assert not any(step.to for step in LIFE for state in step.at if state in derived and step.to in ("draft", "review", "signing"))  # fmt: skip


def test_every_standing_is_a_state_of_life() -> None:
    from dataclasses import replace

    from wholeplace.agreements import in_force

    standing = in_force(agreement(), signed(agreement()), TODAY)
    found = {life_state(replace(standing, state=each)) for each in get_args(StandingState)}
    assert found == set(STATES) - {"draft", "review", "withdrawn"}


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(UnsafeActionError, match="no such step"):
        check_step("active", "burn", Person("u", "council", DPO), READY)
