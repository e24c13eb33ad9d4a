"""The life of an ask: who may do what, and when it moves up."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.partnership.asks import (
    ASK_LIFE,
    ASKER,
    COUNTERPART,
    SECOND,
    AskFacts,
    ask_actors,
    escalation_of,
)

FACTS = AskFacts(asked_by="1", organisation="council", counterpart="9")
DUE = dt.date(2026, 3, 1)


def test_nobody_sends_what_they_wrote_and_nobody_answers_their_own() -> None:
    send = next(each for each in ASK_LIFE.steps if each.event == "send")
    answer = next(each for each in ASK_LIFE.steps if each.event == "answer")
    assert send.actors == {SECOND} and answer.actors == {COUNTERPART}
    assert ask_actors(FACTS, "1", "council", "programme-lead") == {ASKER}
    assert ask_actors(FACTS, "2", "council", "board-member") == {SECOND}
    assert ask_actors(FACTS, "9", "council", "central-sponsor") == {COUNTERPART}
    for user, organisation, role in (
        ("2", "police", "board-member"),
        ("2", "council", "practitioner"),
        ("8", "council", "central-sponsor"),
        ("9", "council", "practitioner"),
    ):
        assert not ask_actors(FACTS, user, organisation, role)


def test_an_answer_can_be_disputed_and_answered_again() -> None:
    state = "answered"
    for event, actor in (
        ("dispute", ASKER),
        ("look", COUNTERPART),
        ("answer", COUNTERPART),
        ("finish", SECOND),
    ):
        state = ASK_LIFE.take(state, event, {actor})
    assert state == "done"


@pytest.mark.parametrize(
    ("days", "rung"),
    [(0, ""), (1, "late"), (14, "late"), (15, "director"), (28, "director"), (29, "minister")],
)
def test_it_moves_up_every_two_weeks(days: int, rung: str) -> None:
    assert escalation_of("sent", DUE, DUE + dt.timedelta(days=days)) == rung


@given(st.sampled_from(sorted(ASK_LIFE.states)), st.integers(-100, 400), st.integers(0, 50))
def test_what_is_open_never_moves_down_and_what_is_over_is_never_late(
    state: str, days: int, more: int
) -> None:
    rungs = ["", "late", "director", "minister"]
    one = escalation_of(state, DUE, DUE + dt.timedelta(days=days))
    later = escalation_of(state, DUE, DUE + dt.timedelta(days=days + more))
    assert rungs.index(later) >= rungs.index(one)
    if state in ("written", "answered", "done", "withdrawn"):
        assert one == ""
