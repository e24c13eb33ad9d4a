"""What a case asks for, who is what to it, when something is late, who reads a note."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.partnership import load_framework
from wholeplace.teams.action import Action, action_actors, days_overdue, is_overdue
from wholeplace.teams.assessment import HeadlineView, check_assessment, movement, other_need
from wholeplace.teams.case import Standing, TeamMember, case_actors, next_tier, why_not_step
from wholeplace.teams.day import compose_day
from wholeplace.teams.figures import figures
from wholeplace.teams.meeting import meeting_actors
from wholeplace.teams.notes import READERS, is_reader
from wholeplace.teams.plan import Goal, check_goal, find_gaps, need_label
from wholeplace.teams.records import DayAction, DayCase, DayReferral
from wholeplace.teams.referral import (
    Parties,
    Waiting,
    lateness_of,
    referral_actors,
    triage_due_at,
)

AT = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
TODAY = AT.date()
LEAD = Viewer("1", "council", "lead-practitioner")
COORDINATOR = Viewer("2", "council", "coordinator")
NURSE = Viewer("3", "nhs", "practitioner")
STRANGER = Viewer("9", "police", "practitioner")
TEAM = [TeamMember("1", "council", "leads", True), TeamMember("3", "nhs", "visits")]
FRAMEWORK = load_framework("supporting-families", "2022")


@pytest.mark.parametrize(
    ("viewer", "closing_by", "expected"),
    [
        (LEAD, "", {"lead", "member", "holder"}),
        (NURSE, "", {"member"}),
        (COORDINATOR, "1", {"holder", "second-approver"}),
        (COORDINATOR, "2", {"holder"}),
        (LEAD, "1", {"lead", "member", "holder"}),
        (STRANGER, "1", set()),
        # Somebody who has moved to another partner is not of the team for that one.
        (Viewer("3", "council", "practitioner"), "", set()),
    ],
)
def test_who_is_what_to_a_case(viewer: Viewer, closing_by: str, expected: set[str]) -> None:
    assert case_actors(viewer, TEAM, "council", closing_by) == expected


def test_nobody_approves_the_closing_that_they_asked_for_or_lead() -> None:
    for viewer in (LEAD, COORDINATOR):
        actors = case_actors(viewer, TEAM, "council", viewer.user_id)
        assert "second-approver" not in actors


def test_who_has_left_is_nobody() -> None:
    gone = [TeamMember("3", "nhs", "visits", False, AT)]
    assert case_actors(NURSE, gone, "council") == frozenset()


FULL = Standing(True, True, 2, 3, 0, 0)


@pytest.mark.parametrize(
    ("event", "standing", "is_refused"),
    [
        ("close", FULL, False),
        ("begin-closing", FULL, False),
        ("close", Standing(True, True, 2, 3, 1, 0), True),
        ("begin-closing", Standing(True, True, 2, 3, 0, 1), True),
        ("begin-closing", Standing(False, True, 2, 3, 0, 0), True),
        ("plan", Standing(True, False, 0, 0, 0, 0), True),
        ("activate", Standing(True, True, 1, 0, 0, 1), True),
        ("activate", Standing(True, True, 1, 1, 1, 1), False),
        ("assess", Standing(False, False, 0, 0, 0, 0), True),
        ("triage", Standing(False, False, 0, 0, 0, 0), False),
        ("reopen", Standing(False, True, 2, 3, 0, 0), False),
    ],
)
def test_what_a_step_asks_of_a_case(event: str, standing: Standing, is_refused: bool) -> None:
    assert bool(why_not_step(event, standing)) is is_refused


def test_tiers_move_by_one_and_end() -> None:
    assert next_tier("early-help", "step-up") == "targeted"
    assert next_tier("targeted", "step-down") == "early-help"
    assert next_tier("statutory", "step-up") == next_tier("universal", "step-down") == ""


@pytest.mark.parametrize(
    ("viewer", "own", "expected"),
    [
        (Viewer("7", "school", "practitioner"), "", {"sender"}),
        (Viewer("8", "school", "practitioner"), "", set()),
        (Viewer("8", "school", "lead-practitioner"), "", {"sender"}),
        (COORDINATOR, "", {"triager"}),
        (Viewer("2", "council", "analyst"), "", set()),
        (STRANGER, "", set()),
        (Viewer("5", "", "resident"), "p1", {"person"}),
        (Viewer("5", "", "resident"), "p2", set()),
    ],
)
def test_who_is_what_to_a_referral(viewer: Viewer, own: str, expected: set[str]) -> None:
    parties = Parties("7", "school", "council", "p1")
    assert referral_actors(viewer, parties, own_person=own) == expected


def test_nobody_triages_what_they_sent() -> None:
    inside = Parties("2", "council", "council", "p1")
    assert "triager" not in referral_actors(COORDINATOR, inside)
    assert "triager" in referral_actors(LEAD, inside)


@given(st.sampled_from(sorted(figures().triage_hours)), st.integers(0, 400), st.integers(0, 100))
def test_late_comes_after_its_time_and_the_senders_time_does_not_count(
    urgency: str, hours: int, paused: int
) -> None:
    due = triage_due_at(urgency, AT)
    pause = dt.timedelta(hours=paused)
    now = due + pause + dt.timedelta(hours=hours)
    found = lateness_of(Waiting("acknowledged", due, pause), now)
    assert found == (
        "" if hours == 0 else "late" if hours <= figures().escalate_hours else "escalated"
    )
    assert lateness_of(Waiting("info-requested", due, pause), now) == ""
    assert lateness_of(Waiting("declined", due, pause), now) == ""


@given(
    st.sampled_from([*READERS, "nonsense"]), st.sampled_from("abc"), st.sampled_from("xy"),
    st.sampled_from("abc"), st.sampled_from("xy"), st.sets(st.sampled_from("abc")),
)  # fmt: skip
def test_who_reads_a_note(
    readers: str, viewer: str, of: str, author: str, authors: str, named: set[str]
) -> None:
    reads = is_reader(
        readers, viewer=viewer, viewers_organisation=of, author=author,
        authors_organisation=authors, named=named,
    )  # fmt: skip
    is_own = (viewer, of) == (author, authors)
    expected = {
        "team": True, "organisation": of == authors, "named": viewer in named,
    }.get(readers, False)  # fmt: skip
    assert reads is (is_own or expected)


def views(**scales: int) -> list[HeadlineView]:
    return [HeadlineView(each.id, scales.get(each.id, 1)) for each in FRAMEWORK.headlines]


def test_an_assessment_covers_every_headline_once() -> None:
    assert len(FRAMEWORK.headlines) == 10
    check_assessment(views(), FRAMEWORK)
    for wrong in (views()[1:], [*views(), views()[0]], [*views()[1:], HeadlineView("nonsense", 1)]):
        with pytest.raises(UnsafeActionError):
            check_assessment(wrong, FRAMEWORK)
    first = FRAMEWORK.headlines[0].id
    for scale, needs in ((0, ()), (6, ()), (2, ("no-such-need",))):
        broken = [HeadlineView(first, scale, needs=needs), *views()[1:]]
        with pytest.raises(UnsafeActionError):
            check_assessment(broken, FRAMEWORK)
    check_assessment([HeadlineView(first, 3, needs=(other_need(first),)), *views()[1:]], FRAMEWORK)


def test_movement_is_headline_by_headline() -> None:
    first = FRAMEWORK.headlines[0].id
    assert movement(views(**{first: 4}), views(**{first: 2}))[first] == -2


def test_a_goal_names_a_need_of_its_outcome() -> None:
    headline = FRAMEWORK.headlines[0]
    need = headline.needs[0].id
    words = "I want to be back in school"
    check_goal(Goal("1", need, headline.id, words, "He misses fewer sessions"), FRAMEWORK, 10)
    other = FRAMEWORK.headlines[1]
    for wrong in (
        Goal("1", need, other.id, words, "He misses fewer sessions"),
        Goal("1", "", headline.id, words, "He misses fewer sessions"),
        Goal("1", need, "", words, "He misses fewer sessions"),
        Goal("1", need, headline.id, "short", "He misses fewer sessions"),
        Goal("1", need, headline.id, words, ""),
    ):
        with pytest.raises(UnsafeActionError):
            check_goal(wrong, FRAMEWORK, 10)
    assert need_label(FRAMEWORK, need) == headline.needs[0].label


def action(**given: object) -> Action:
    facts = {"id": "a", "need": "n", "outcome": "o", "organisation": "nhs", "owner": "3", "proposed_by": "1", "due_on": TODAY, "state": "doing"} | given  # fmt: skip
    return Action(**facts)  # type: ignore[arg-type]


def test_a_plan_says_what_it_lacks() -> None:
    goals = [Goal(each, "n", "o", "words", "seen") for each in ("1", "2", "3")]
    goals.append(Goal("4", "n", "o", "words", "seen", "met"))
    gaps = find_gaps(goals, [("2", action()), ("3", action(state="done"))])
    assert [each.goal for each in gaps] == ["1", "3"]


def test_who_is_what_to_an_action() -> None:
    assert action_actors(NURSE, action(), leads=False, on_team=True) == {
        "owner",
        "owners-colleague",
    }
    assert action_actors(LEAD, action(), leads=True, on_team=True) == {"lead", "proposer"}
    assert action_actors(NURSE, action(), leads=False, on_team=False) == frozenset()


@given(st.integers(-30, 30), st.sampled_from(["proposed", "agreed", "doing", "blocked", "done", "not-done", "cancelled"]))  # fmt: skip
def test_overdue_is_worked_out(days: int, state: str) -> None:
    due = TODAY - dt.timedelta(days=days)
    is_open = state in ("proposed", "agreed", "doing", "blocked")
    assert is_overdue(state, due, TODAY) is (is_open and days > 0)
    assert days_overdue(state, due, TODAY) == (days if is_open and days > 0 else 0)


def test_whoever_wrote_the_minutes_does_not_agree_to_them() -> None:
    present = frozenset({"1", "2", "3"})
    wrote = meeting_actors(LEAD, chair="1", coordinator="2", present=present, minutes_by="1")
    assert "chair" not in wrote and "attendee" not in wrote
    other = meeting_actors(NURSE, chair="1", coordinator="2", present=present, minutes_by="1")
    assert other == {"attendee"}


@dataclass
class Kept:
    """Records as lists: what a day is worked out from."""

    actions: list[DayAction] = field(default_factory=list)
    cases: list[DayCase] = field(default_factory=list)
    referrals: list[DayReferral] = field(default_factory=list)

    def actions_of(self, viewer: Viewer) -> list[DayAction]:
        return self.actions

    def cases_of(self, viewer: Viewer) -> list[DayCase]:
        return self.cases

    def referrals_of(self, viewer: Viewer) -> list[DayReferral]:
        return self.referrals


def day_action(id: str, owner: str = "1", state: str = "agreed", days: int = 0, **given: str) -> DayAction:  # fmt: skip  # noqa: A002
    due = TODAY + dt.timedelta(days=days)
    facts = {"organisation": "council", "proposed_by": "1", "lead": "1"} | given
    return DayAction(id, "c", "p", facts["organisation"], owner, facts["proposed_by"], state, due, facts["lead"])  # fmt: skip


def test_a_day_puts_each_thing_into_one_heap() -> None:
    kept = Kept(
        actions=[
            day_action("late", days=-1), day_action("today"), day_action("week", days=7),
            day_action("far", days=8), day_action("asked", state="proposed"),
            day_action("theirs", owner="3", organisation="nhs"), day_action("ended", state="done"),
            day_action("anybody", owner="", state="proposed"),
            day_action("waits", owner="3", state="proposed", organisation="nhs"),
        ]
    )  # fmt: skip
    day = compose_day(kept, LEAD, TODAY, AT)
    assert [each.id for each in day.overdue] == ["late"]
    assert [each.id for each in day.soon] == ["today", "week"]
    assert [each.id for each in day.later] == ["far"]
    assert {each.id for each in day.to_agree} == {"asked", "anybody"}
    assert {each.id for each in day.waiting_on} == {"theirs", "waits"}
    assert day.pressing == 3


def test_who_gives_cases_out_sees_which_nobody_leads_and_which_wait_to_be_closed() -> None:
    kept = Kept(
        cases=[
            DayCase("a", "p", "council", "active", "", frozenset()),
            DayCase("b", "p", "council", "closing", "1", frozenset("1"), closing_by="1"),
            DayCase("c", "p", "nhs", "active", "", frozenset()),
            DayCase("d", "p", "council", "active", "1", frozenset("1"), TODAY, 2),
        ]
    )
    coordinator = compose_day(kept, COORDINATOR, TODAY, AT)
    assert [each.id for each in coordinator.no_lead] == ["a"]
    assert [each.id for each in coordinator.to_close] == ["b"]
    lead = compose_day(kept, LEAD, TODAY, AT)
    assert not lead.to_close, "nobody approves their own"
    assert [each.id for each in lead.reviews] == ["d"] == [each.id for each in lead.family]
    assert not compose_day(kept, STRANGER, TODAY, AT).no_lead


def test_referrals_wait_late_first_and_another_triagers_own_does_not() -> None:
    def one(id: str, hours: int, state: str = "sent", by: str = "") -> DayReferral:  # noqa: A002
        due = AT + dt.timedelta(hours=hours)
        return DayReferral(id, "7", "school", "council", state, "soon", due, dt.timedelta(), by)

    kept = Kept(
        referrals=[
            one("soon", 5), one("late", -5), one("theirs", 1, "acknowledged", "1"),
            one("mine", 2, "acknowledged", "2"),
            DayReferral("asked", "2", "council", "nhs", "info-requested", "soon", AT, dt.timedelta(), "3"),
        ]
    )  # fmt: skip
    day = compose_day(kept, COORDINATOR, TODAY, AT)
    assert [each.id for each in day.to_triage] == ["late", "mine", "soon"]
    assert [each.id for each in day.asked] == ["asked"]
