"""Requests for information: every move from every state, what may be asked, what answers mean."""

import datetime as dt
from itertools import product
from typing import get_args

import pytest
from hypothesis import given

from wholeplace.agreements import Flag, Level, Request, decide
from wholeplace.agreements.reasons.information_request import (
    FINAL_STATES,
    REQUEST_MOVES,
    FieldAnswer,
    RequestMove,
    RequestState,
    answer_value,
    askable_fields,
    due_at,
    is_late,
    move_request,
    outcome_of,
)
from wholeplace.foundation.errors import UnsafeActionError

from .worlds import (
    NOON,
    PARTNERS,
    TERMS,
    World,
    agreement,
    clause,
    person,
    request,
    requests,
    rules_of,
    worlds,
)

STATES, MOVES = get_args(RequestState), get_args(RequestMove)


@pytest.mark.parametrize(("state", "move"), [*product(STATES, MOVES)])
def test_every_move_from_every_state(state: RequestState, move: RequestMove) -> None:
    after = REQUEST_MOVES.get((state, move))
    if after is None:
        with pytest.raises(UnsafeActionError):
            move_request(state, move)
    else:
        assert move_request(state, move) == after


def test_every_state_is_reached_and_no_end_is_left() -> None:
    reached = {"sent"}
    for _ in STATES:
        reached |= {after for (state, _), after in REQUEST_MOVES.items() if state in reached}
    assert reached == set(STATES)
    assert not {state for state, _ in REQUEST_MOVES} & FINAL_STATES
    assert all(("sent", move) not in REQUEST_MOVES for move in ("answer", "refuse")), (
        "nobody answers what they have not opened"
    )


@pytest.mark.parametrize(
    ("outcomes", "move"),
    [
        (["given"], "answer"),
        (["given", "given"], "answer"),
        (["given", "not-held"], "answer-part"),
        (["given", "refused"], "answer-part"),
        (["refused", "not-held"], "refuse"),
        (["not-held", "not-held"], "say-not-held"),
    ],
)
def test_what_answers_come_to(outcomes: list[str], move: RequestMove) -> None:
    assert outcome_of(FieldAnswer("f", each) for each in outcomes) == move  # type: ignore[arg-type]


def test_no_answer_is_no_outcome() -> None:
    with pytest.raises(UnsafeActionError):
        outcome_of([])


@given(worlds(), requests())
def test_nothing_is_asked_that_could_not_be_shown(world: World, asked: Request) -> None:
    rules = world.rules()
    for partner in PARTNERS:
        for each in askable_fields(rules, asked, partner):
            decision = decide(rules, asked, partner, each.field)
            assert each.level == decision.level > Level.EXISTENCE
            assert partner != asked.viewer.organisation
            assert set(each.clauses) <= set(rules.clauses)


def test_nothing_may_be_asked_without_a_reason_or_about_somebody_restricted() -> None:
    rules = rules_of(agreement("family", clause(level="detail")))
    assert askable_fields(rules, request(subject=person()), "police")
    assert not askable_fields(rules, request(subject=person(), has_reason=False), "police")
    restricted = person(Flag("restricted", "yes"))
    assert not askable_fields(rules, request(subject=restricted), "police")


def test_an_answer_prints_as_nothing_and_has_the_shape_that_is_cut_down() -> None:
    said = FieldAnswer("crime.offence", "given", text="Burglary at night", on=dt.date(2026, 3, 4))
    assert "Burglary" not in repr(said) + str(said)
    assert answer_value(TERMS.fields["crime.offence"], said) == {
        "label": "Offence recorded",
        "start_on": "2026-03-04",
        "end_on": None,
        "attributes": {"answer": "Burglary at night"},
    }
    named = FieldAnswer("identity.birth-date", "given", text="1992-03-14")
    assert answer_value(TERMS.fields["identity.birth-date"], named) == {"birth_date": "1992-03-14"}


def test_late_is_after_the_due_instant_and_only_while_it_is_live() -> None:
    due = due_at("urgent", NOON)
    assert due == NOON + dt.timedelta(hours=24)
    assert not is_late("sent", due, due)
    assert is_late("opened", due, due + dt.timedelta(seconds=1))
    assert not is_late("answered", due, due + dt.timedelta(days=9))
