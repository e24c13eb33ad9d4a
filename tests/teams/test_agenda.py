"""Agendas: each case once, the most pressing first, nothing dropped; and the door of the room."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.teams.agenda import CADENCES, CAUSES, Candidate, compose_agenda, next_start
from wholeplace.teams.figures import figures
from wholeplace.teams.room import check_drawn, company_mark, level_together

DAY = dt.date(2026, 11, 25)
candidates = st.builds(
    Candidate,
    person_id=st.just("p"),
    cause=st.sampled_from(sorted(CAUSES)),
    since=st.dates(DAY - dt.timedelta(days=90), DAY),
    case=st.sampled_from(["c1", "c2", "c3", "c4", ""]),
    referral=st.just(""),
).map(lambda each: each if each.case else Candidate("p", each.cause, each.since, "", "r1"))


def test_every_cause_has_its_minutes() -> None:
    assert set(figures().agenda_minutes) == set(CAUSES)


@given(st.lists(candidates, max_size=12), st.integers(0, 120))
def test_each_case_stands_once_with_all_its_causes_and_nothing_is_dropped(
    waiting: list[Candidate], minutes: int
) -> None:
    agenda = compose_agenda(waiting, minutes)
    lines = [*agenda.lines, *agenda.left_over]
    keys = [(each.case, each.referral) for each in lines]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(each.case, each.referral) for each in waiting}
    assert agenda.minutes <= minutes
    for line in lines:
        mine = [e for e in waiting if (e.case, e.referral) == (line.case, line.referral)]
        assert set(line.causes) == {each.cause for each in mine}
        assert line.since == min(each.since for each in mine)


@given(st.lists(candidates, max_size=12), st.randoms())
def test_the_order_in_which_things_are_found_changes_nothing(
    waiting: list[Candidate], random: object
) -> None:
    shuffled = list(waiting)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert compose_agenda(shuffled, 60) == compose_agenda(waiting, 60)


@given(st.lists(candidates, max_size=12))
def test_the_most_pressing_comes_first(waiting: list[Candidate]) -> None:
    lines = compose_agenda(waiting, 10_000).lines
    order = [list(CAUSES).index(each.causes[0]) for each in lines]
    assert order == sorted(order)


@given(st.sampled_from(sorted(CADENCES)), st.dates(DAY, DAY + dt.timedelta(days=400)))
def test_the_next_meeting_keeps_the_day_and_is_never_past(cadence: str, today: dt.date) -> None:
    found = next_start(DAY, cadence, today)
    assert found > DAY and found >= today
    assert (found - DAY).days % CADENCES[cadence] == 0
    assert (found - max(today, DAY)).days <= CADENCES[cadence]


@given(st.sets(st.sampled_from("abcdef")), st.sampled_from("ghi"))
def test_nobody_is_let_in_by_the_mark_of_another_company(here: set[str], joiner: str) -> None:
    mark = company_mark("key", "m1", [*here, joiner])
    check_drawn("key", "m1", here, joiner, mark)
    for others in ([*here, joiner, "z"], list(here), [*here, "j"]):
        with pytest.raises(UnsafeActionError):
            check_drawn("key", "m1", here, joiner, company_mark("key", "m1", others))
    with pytest.raises(UnsafeActionError):
        check_drawn("key", "m1", here, joiner, company_mark("other", "m1", [*here, joiner]))


@given(st.lists(st.integers(0, 3)), st.integers(0, 3))
def test_a_person_more_never_raises_what_is_seen_together(levels: list[int], joiner: int) -> None:
    assert level_together([*levels, joiner]) <= (level_together(levels) if levels else 3)
