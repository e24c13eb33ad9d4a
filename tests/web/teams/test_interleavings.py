"""Two people on one case at once: no write is lost, no rule is broken, whatever they do in which order.

Each remembers the case as they last saw it, and acts from that. A model keeps what each was told
was done; at every moment the database holds that and nothing else.
"""

import datetime as dt
import os
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.teams import ACTION_LIFE, CASE_LIFE
from wholeplace.teams.action import OPEN_ACTION
from wholeplace.web.teams.access import framework_of
from wholeplace.web.teams.changes.opening import actors_of
from wholeplace.web.teams.changes.planning import (  # fmt: skip
    NewAction,
    NewGoal,
    add_action,
    add_goal,
    set_outcome,
    take_action_step,
)
from wholeplace.web.teams.changes.stepping import Given, take_case_step
from wholeplace.web.teams.changes.writing import Written, write_note
from wholeplace.web.teams.models import Action, Case, CaseStep, Goal, Note

from .conftest import Work

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.heavy,
    pytest.mark.timeout(1_800),
]

WORDS = "Because it is so, and we both agreed"
PEOPLE = ("amira-khan", "tom-ellis", "joan-obi")
EVENTS = sorted({each.event for each in CASE_LIFE.steps} - {"merge", "unmerge", "split"})


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class TwoUsers(RuleBasedStateMachine):
    """Two, and a third, on the town's one case; the test says which town."""

    work: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.framework = framework_of(self.work.place, self.work.case)
        self.seen = dict.fromkeys(PEOPLE, self.work.fresh().version)
        self.state = self.work.case.state
        self.version = self.work.case.version
        self.notes = Note.objects.count()
        self.goals = Goal.objects.count()
        self.actions = dict(Action.objects.values_list("pk", "state"))
        self.steps = CaseStep.objects.count()

    def attempt(self, who: str, does: Any) -> Any:
        """Act; return what came of it, or None where it was refused and nothing changed."""
        before = list(Case.objects.values()), list(Action.objects.values()), CaseStep.objects.count()  # fmt: skip
        try:
            done = does()
        except WholeplaceError:
            after = list(Case.objects.values()), list(Action.objects.values()), CaseStep.objects.count()  # fmt: skip
            assert after == before, "a refusal changes nothing"
            return None
        self.version = self.work.fresh().version
        return done

    @rule(who=st.sampled_from(PEOPLE))
    def look(self, who: str) -> None:
        self.seen[who] = self.work.fresh().version

    @rule(who=st.sampled_from(PEOPLE), event=st.sampled_from(EVENTS), ahead=st.integers(1, 90))
    def step(self, who: str, event: str, ahead: int) -> None:
        viewer, is_stale = self.work.viewer(who), self.seen[who] != self.version
        allowed = event in {s.event for s in CASE_LIFE.steps_from(self.state, actors_of(self.work.fresh(), viewer))}  # fmt: skip
        given = Given(WORDS, self.work.place.today + dt.timedelta(days=ahead))
        done = self.attempt(who, lambda: take_case_step(viewer, self.work.case.pk, event, self.seen[who], given, now()))  # fmt: skip
        if done is not None:
            assert allowed and not is_stale, "from an older version, or by nobody"
            self.state = done.state
            self.steps += 1
            self.seen[who] = done.version

    @rule(who=st.sampled_from(PEOPLE))
    def write(self, who: str) -> None:
        written = Written(self.work.people[0], "contact", WORDS, self.work.place.today)
        if self.attempt(who, lambda: write_note(self.work.viewer(who), self.work.case.pk, written, now())):  # fmt: skip
            self.notes += 1

    @rule(who=st.sampled_from(PEOPLE))
    def aim(self, who: str) -> None:
        goal = NewGoal(
            self.work.people[0],
            self.framework.headlines[0].needs[0].id,
            self.framework.headlines[0].id,
            WORDS,
            WORDS,
        )
        is_stale = self.seen[who] != self.version
        made = self.attempt(who, lambda: add_goal(self.work.viewer(who), self.work.case.pk, self.seen[who], goal, self.framework, now()))  # fmt: skip
        if made is not None:
            assert not is_stale
            self.goals += 1
            self.steps += 1

    @rule(who=st.sampled_from(PEOPLE), owner=st.sampled_from(PEOPLE), data=st.data())
    def propose(self, who: str, owner: str, data: st.DataObject) -> None:
        goal = data.draw(st.sampled_from(list(Goal.objects.order_by("pk"))))
        user = self.work.user(owner)
        new = NewAction(goal.pk, WORDS, user.organisation, str(user.pk), self.work.place.today)
        made = self.attempt(
            who, lambda: add_action(self.work.viewer(who), self.work.case.pk, new, now())
        )
        if made is not None:
            self.actions[made.pk] = made.state
            self.steps += 1

    @rule(who=st.sampled_from(PEOPLE), data=st.data(), is_stale=st.booleans())
    def act(self, who: str, data: st.DataObject, is_stale: bool) -> None:
        action = data.draw(st.sampled_from(list(Action.objects.order_by("pk"))))
        event = data.draw(st.sampled_from(sorted({s.event for s in ACTION_LIFE.steps})))
        version = action.version - is_stale
        done = self.attempt(who, lambda: take_action_step(self.work.viewer(who), action.pk, event, version, WORDS, now(), kind="not-done"))  # fmt: skip
        if done is not None:
            assert not is_stale, "from an older version"
            self.actions[action.pk] = done.state
            self.steps += 1

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def end(self, who: str, data: st.DataObject) -> None:
        goal = data.draw(st.sampled_from(list(Goal.objects.order_by("pk"))))
        done = self.attempt(who, lambda: set_outcome(self.work.viewer(who), goal.pk, goal.version, "met", WORDS, now()))  # fmt: skip
        if done is not None:
            self.steps += 1
            assert not goal.actions.filter(state__in=OPEN_ACTION).exists()

    @invariant()
    def nothing_is_lost(self) -> None:
        case = self.work.fresh()
        assert (case.state, case.version) == (self.state, self.version)
        assert dict(Action.objects.values_list("pk", "state")) == self.actions
        assert (Note.objects.count(), Goal.objects.count()) == (self.notes, self.goals)
        assert CaseStep.objects.count() == self.steps

    @invariant()
    def no_rule_is_broken(self) -> None:
        case = self.work.fresh()
        if case.state in ("closing", "closed"):
            assert not any(each in OPEN_ACTION for each in self.actions.values())
            assert not Goal.objects.filter(outcome="").exists()
        if case.state == "closed":
            closer = CaseStep.objects.filter(event="close").latest("pk").by
            asker = CaseStep.objects.filter(event="begin-closing").latest("pk").by
            assert closer != asker, "nobody approves their own"
            assert not case.members.filter(left_at=None).exists()


def test_two_hundred_interleavings_lose_no_write_and_break_no_rule(work: Work) -> None:
    from django.db import transaction

    town = work

    class Undone(TwoUsers):
        """Each example in a transaction that is rolled back, so that all begin alike."""

        work = town

        def __init__(self) -> None:
            self._held = transaction.atomic()
            self._held.__enter__()
            super().__init__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self._held.__exit__(None, None, None)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=int(os.environ.get("WHOLEPLACE_INTERLEAVINGS", "200")), stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_at_the_same_moment_one_of_two_wins_and_the_other_is_told(work: Work) -> None:
    """Two real connections at once: the lock lets one through, the version refuses the other."""
    from threading import Barrier, Thread

    from django.db import connections

    version, told, barrier = work.fresh().version, [], Barrier(2)
    viewers = [work.viewer("amira-khan"), work.viewer("tom-ellis")]

    def act(viewer: Any, event: str) -> None:
        try:
            barrier.wait(10)
            given = Given(WORDS, work.place.today + dt.timedelta(days=9))
            take_case_step(viewer, work.case.pk, event, version, given, now())
            told.append("done")
        except ChangedMeanwhileError:
            told.append("changed")
        except UnsafeActionError:
            told.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=act, args=each) for each in zip(viewers, ("review", "hold"), strict=True)]  # fmt: skip
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(told) == ["changed", "done"], told
    assert work.fresh().version == version + 1
