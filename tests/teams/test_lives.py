"""Every state, event and actor of every life: what the table says happens, and nothing else does."""

from itertools import product

import pytest

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import Lifecycle
from wholeplace.teams import ACTION_LIFE, CASE_LIFE, LIVES, MEETING_LIFE, REFERRAL_LIFE
from wholeplace.teams.action import OPEN_ACTION
from wholeplace.teams.case import ENDED, STEPS_WITHOUT_LEAD, WORKING
from wholeplace.teams.referral import DECLINE_KINDS, LIVE_REFERRAL

# Written out by hand: what must hold whatever the table says.
NEVER = {
    # Nobody but the receiver decides on a referral, and nobody but the sender sends or withdraws it.
    ("referral", "accept", "sender"), ("referral", "decline", "sender"), ("referral", "start", "sender"),
    ("referral", "send", "triager"), ("referral", "withdraw", "triager"), ("referral", "accept", "person"),
    # Whoever leads a case never closes it; whoever approves never asks.
    ("case", "close", "lead"), ("case", "close", "member"), ("case", "begin-closing", "second-approver"),
    ("case", "plan", "member"), ("case", "activate", "holder"), ("case", "close", "holder"),
    # Nobody is given work by another organisation without its word.
    ("action", "agree", "lead"), ("action", "agree", "proposer"), ("action", "finish", "lead"),
    ("action", "finish", "proposer"), ("action", "begin", "lead"),
    # Minutes are not agreed by whoever only prepares the meeting.
    ("meeting", "agree-minutes", "coordinator"), ("meeting", "hold", "attendee"),
}  # fmt: skip


def actors_in(life: Lifecycle) -> list[str]:
    return sorted({actor for step in life.steps for actor in step.actors} | {"nobody"})


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_each_state_event_and_actor_is_as_the_table_says(life: Lifecycle) -> None:
    table = {
        (source, step.event, actor): step.target
        for step in life.steps
        for source in step.sources
        for actor in step.actors
    }
    events = sorted({step.event for step in life.steps})
    tried = refused = 0
    for state, event, actor in product(life.states, events, actors_in(life)):
        tried += 1
        expected = table.get((state, event, actor))
        if expected is not None:
            assert life.take(state, event, {actor}) == expected
            assert event in {step.event for step in life.steps_from(state, {actor})}
            continue
        refused += 1
        with pytest.raises(UnsafeActionError) as error:
            life.take(state, event, {actor})
        assert error.value.why and error.value.do_next, "a refusal says why and what next"
        assert event not in {step.event for step in life.steps_from(state, {actor})}
    assert tried == len(life.states) * len(events) * len(actors_in(life))
    assert refused == tried - len(table)


@pytest.mark.parametrize(("name", "event", "actor"), sorted(NEVER))
def test_what_must_never_be(name: str, event: str, actor: str) -> None:
    life = next(each for each in LIVES if each.name == name)
    assert event in {step.event for step in life.steps}, "the rule names a step that there is"
    assert not [step for step in life.steps if step.event == event and actor in step.actors]


def test_a_referral_ends_in_seven_ways_and_none_of_them_by_time() -> None:
    assert REFERRAL_LIFE.ends == {
        "completed", "ended-early", "declined", "redirected", "withdrawn", "consent-withdrawn",
    }  # fmt: skip
    assert all(step.actors <= {"sender", "triager", "person"} for step in REFERRAL_LIFE.steps)
    assert set(REFERRAL_LIFE.states) - REFERRAL_LIFE.ends - {"draft"} == LIVE_REFERRAL
    assert set(DECLINE_KINDS) == {
        "person", "provider-capacity", "ineligible", "not-reached", "unsafe",
    }  # fmt: skip


def test_agreement_can_be_withdrawn_at_every_live_point_by_everybody_it_concerns() -> None:
    for state in LIVE_REFERRAL:
        for actor in ("sender", "triager", "person"):
            assert REFERRAL_LIFE.take(state, "withdraw-consent", {actor}) == "consent-withdrawn"


def test_an_ended_case_can_only_come_back() -> None:
    for state in ENDED:
        assert {step.target for step in CASE_LIFE.steps if state in step.sources} <= {
            "reopened",
            "review",
        }


def test_every_working_case_steps_up_and_down_holds_and_splits_in_place() -> None:
    for state in WORKING:
        for event in ("step-up", "step-down", "split"):
            assert CASE_LIFE.take(state, event, {"lead"}) == state
        assert CASE_LIFE.take(state, "hold", {"lead"}) == "on-hold"
    assert CASE_LIFE.take("on-hold", "resume", {"lead"}) == "review"


def test_steps_without_a_lead_are_those_that_find_one_or_end_it() -> None:
    events = {step.event for step in CASE_LIFE.steps}
    assert events >= STEPS_WITHOUT_LEAD
    assert not STEPS_WITHOUT_LEAD & {"assess", "plan", "activate", "begin-closing", "close"}


def test_open_actions_are_all_but_the_ended() -> None:
    assert set(ACTION_LIFE.states) - OPEN_ACTION == {"done", "not-done", "cancelled"}
    asks = {step.event: step.asks for step in ACTION_LIFE.steps}
    assert "words" in asks["finish"] and asks["give-up"] == ("kind", "words")


def test_minutes_are_agreed_after_the_meeting_was_held() -> None:
    assert [s.sources for s in MEETING_LIFE.steps if s.event == "agree-minutes"] == [("held",)]


def test_the_page_of_lives_is_drawn_from_the_tables() -> None:
    import runpy
    from pathlib import Path

    project = Path(__file__).parents[2]
    drawn = runpy.run_path(str(project / "scripts" / "draw-lives"))["write_page"]()
    page = (project / "docs" / "reference" / "team-lives.md").read_text("utf-8")
    assert page == drawn, "run scripts/draw-lives"
    assert page.count("```mermaid") == len(LIVES)
