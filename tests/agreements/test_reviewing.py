"""The review of a reason: its moves, who may make them, and when it is late."""

import datetime as dt
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements.reasons.reviewing import (
    REVIEW_MOVES,
    Review,
    ReviewMove,
    ReviewState,
    escalation_of,
    move_review,
    needs_review,
    review_due_on,
)
from wholeplace.agreements.reasons.working_days import add_working_days, is_working_day
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError

STATES, MOVES = get_args(ReviewState), get_args(ReviewMove)
NOTE = "The text says what was feared, and the call is on record."
DAY = st.dates(dt.date(2025, 1, 1), dt.date(2031, 11, 30))


@pytest.mark.parametrize(("state", "move"), [*product(STATES, MOVES)])
def test_every_move_from_every_state(state: ReviewState, move: ReviewMove) -> None:
    review = Review(state, "ana", "ben")
    by = "ana" if move == "tell" else "cem"
    after = REVIEW_MOVES.get((state, move))
    if after is None:
        with pytest.raises(UnsafeActionError):
            move_review(review, move, by, NOTE, "They were spoken to.")
    else:
        assert move_review(review, move, by, NOTE, "They were spoken to.") == after


@pytest.mark.parametrize("move", ["ask", "justify", "find-fault"])
@pytest.mark.parametrize("by", ["ana", "ben"])
def test_nobody_reviews_their_own(move: ReviewMove, by: str) -> None:
    with pytest.raises(UnsafeActionError, match="Nobody reviews a reason of their own"):
        move_review(Review("waiting", "ana", "ben"), move, by, NOTE, "Spoken to.")


def test_only_whoever_gave_the_reason_answers_the_question() -> None:
    with pytest.raises(UnsafeActionError):
        move_review(Review("asked", "ana"), "tell", "cem", NOTE)


@pytest.mark.parametrize(
    ("move", "note", "done"),
    [("justify", "", ""), ("justify", "ok", ""), ("ask", "why?", ""), ("find-fault", NOTE, " ")],
)
def test_a_move_needs_words(move: ReviewMove, note: str, done: str) -> None:
    with pytest.raises(WholeplaceError):
        move_review(Review("waiting", "ana"), move, "cem", note, done)


def test_no_end_is_ever_left() -> None:
    ends = {"justified", "not-justified"}
    assert not {state for state, _ in REVIEW_MOVES} & ends
    reached = {"waiting"}
    for _ in STATES:
        reached |= {after for (state, _), after in REVIEW_MOVES.items() if state in reached}
    assert reached == set(STATES)


@given(DAY, st.integers(1, 12))
def test_working_days_count_no_other_day(day: dt.date, number: int) -> None:
    end = add_working_days(day, number)
    between = [day + dt.timedelta(days=each + 1) for each in range((end - day).days)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == number


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-11-23", "2026-11-30"),
        ("2026-11-25", "2026-12-02"),
        ("2026-11-28", "2026-12-04"),
        ("2026-12-23", "2027-01-04"),
        ("2027-03-25", "2027-04-05"),
        ("2027-12-24", "2028-01-05"),
    ],
)
def test_five_working_days(opened: str, due: str) -> None:
    assert review_due_on(dt.date.fromisoformat(opened)) == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    ("today", "whose"),
    [
        ("2026-12-02", ""),
        ("2026-12-03", "organisation"),
        ("2026-12-04", "organisation"),
        ("2026-12-05", "host"),
        ("2026-12-07", "host"),
    ],
)
def test_late_reviews_move_to_higher_officers(today: str, whose: str) -> None:
    assert escalation_of(dt.date(2026, 12, 2), dt.date.fromisoformat(today)) == whose


def test_broken_glass_is_always_reviewed_and_every_duty_reason_by_the_figures() -> None:
    ids = [f"{number:x}" for number in range(500)]
    assert all(needs_review("break-glass", each) for each in ids)
    assert all(needs_review("duty", each) for each in ids)
    assert not any(needs_review("case", each) for each in ids)


def test_a_sample_takes_about_the_share_that_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from wholeplace.agreements.figures import figures
    from wholeplace.agreements.reasons import reviewing

    fewer = replace(figures(), duty_review_percent=20)
    monkeypatch.setattr(reviewing, "figures", lambda: fewer)
    taken = sum(needs_review("duty", f"{number:x}") for number in range(2_000))
    assert 300 < taken < 500
    assert needs_review("break-glass", "0")
