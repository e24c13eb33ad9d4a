"""The plan: goals and what came of them, actions and their steps, the family's own words."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.partnership.definitions import Framework
from wholeplace.teams.action import ACTION_LIFE, NOT_DONE_KINDS, OPEN_ACTION, action_actors
from wholeplace.teams.action import Action as ActionNoun
from wholeplace.teams.case import LEAD, MEMBER
from wholeplace.teams.figures import figures
from wholeplace.teams.plan import FAMILY_WORDS, OUTCOMES, check_goal
from wholeplace.teams.plan import Goal as GoalNoun
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.notices import tell
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.teams.changes.opening import (
    actors_of,
    check_unchanged,
    count_up,
    find_case,
    keep_case_step,
    lock_case,
    people_of,
)
from wholeplace.web.teams.changes.taking import (
    check_words,
    last_change,
    new_id,
    note_change,
    refuse,
    said,
)
from wholeplace.web.teams.models import Action, ActionStep, Case, FamilyWord, Goal

__all__ = [
    "NewAction",
    "NewGoal",
    "action_actors_of",
    "action_noun",
    "add_action",
    "add_goal",
    "answer_family",
    "say_as_family",
    "set_outcome",
    "set_sustained",
    "take_action_step",
]

_PLANNING = ("assessing", "planning", "active", "review")


@dataclass(frozen=True, repr=False)
class NewGoal:
    """A goal as it is written.

    Attributes:
        person_id: whose it is.
        need, headline: of the case's framework.
        words: what is to be different, as the family says it.
        seen_when: how everybody will see it.
    """

    person_id: str
    need: str
    headline: str
    words: str
    seen_when: str


@dataclass(frozen=True, repr=False)
class NewAction:
    """An action as it is written.

    Attributes:
        goal: number of the goal that it is for; by it the action names a need and an outcome.
        organisation, owner: whose it is; the owner is a user id of the team.
        meeting: id of the meeting in which it is born.
    """

    goal: int
    what: str
    organisation: str
    owner: str
    due_on: dt.date
    meeting: str = ""


def add_goal(
    viewer: Viewer,
    case_id: str,
    version: int,
    given: NewGoal,
    framework: Framework,
    at: dt.datetime,
) -> Goal:
    """Put a goal into a plan.

    Raises:
        NotFoundError, ChangedMeanwhileError: as every change of a case.
        UnsafeActionError: if the viewer is not of the team, or it names no need and outcome.
        AuditUnavailableError: if it cannot be recorded; nothing was kept then.
    """
    with transaction.atomic():
        case = _planning(viewer, case_id, version)
        if (framework.id, framework.version) != (case.framework, case.framework_version):
            raise refuse("The case keeps the framework that it began with.")
        noun = GoalNoun("", given.need, given.headline, said(given.words), said(given.seen_when))
        check_goal(noun, framework, figures().least_characters)
        if given.person_id not in people_of(case):
            raise refuse("The case is not about that person.", "Choose somebody of the case.")
        note_change("case.goal-added", viewer, [given.person_id], case=case.pk)
        made = Goal.objects.create(
            case=case, person_id=given.person_id, need=given.need, headline=given.headline,
            words=noun.words, seen_when=noun.seen_when, made_by=viewer.user_id, made_at=at,
        )  # fmt: skip
        count_up(case)
        keep_case_step(case, viewer, "add-goal", at, about=str(made.pk))
    return made


def set_outcome(
    viewer: Viewer, goal_id: int, version: int, outcome: str, words: str, at: dt.datetime
) -> Goal:
    """Say what came of a goal.

    Shape:
        version: of the goal.

    Raises:
        As `add_goal`; also UnsafeActionError, if an action for it is still open.
    """
    with transaction.atomic():
        goal = _goal(viewer, goal_id)
        case = goal.case
        check_version(goal.version, version, ["Somebody else said what came of it."])
        if MEMBER not in actors_of(case, viewer) or case.state not in _PLANNING:
            raise refuse("Only the team says what came of a goal, while the case goes on.")
        if outcome not in OUTCOMES:
            raise refuse("Say what came of it.", "Choose one of the words.")
        if goal.actions.filter(state__in=OPEN_ACTION).exists():
            raise refuse("An action for it is still open.", "End it first.")
        told = check_words(words, figures().least_characters, "how you see it")
        note_change("case.goal-ended", viewer, [goal.person_id], case=case.pk, outcome=outcome)
        goal.outcome, goal.outcome_words, goal.outcome_by, goal.outcome_at = (
            outcome, told, viewer.user_id, at,
        )  # fmt: skip
        goal.version += 1
        goal.save()
        count_up(case)
        keep_case_step(case, viewer, "goal-ended", at, about=str(goal.pk))
    return goal


def set_sustained(
    viewer: Viewer, goal_id: int, version: int, *, lasts: bool, at: dt.datetime
) -> Goal:
    """Say, after a case was closed and its time has come, whether what came of a goal lasts.

    Raises:
        As `set_outcome`; also UnsafeActionError, before that day.
    """
    with transaction.atomic():
        goal = _goal(viewer, goal_id)
        case = goal.case
        check_version(goal.version, version, ["Somebody else looked at it."])
        due = case.sustained_on
        if case.state != "closed" or due is None or current_place().today < due:
            when = f" from {due:%-d %B %Y}" if due else ""
            raise refuse(f"Whether it lasts is looked at after the case was closed{when}.")
        note_change("case.goal-looked-at", viewer, [goal.person_id], case=case.pk, lasts=lasts)
        goal.sustained, goal.sustained_at = ("yes" if lasts else "no"), at
        goal.version += 1
        goal.save()
        keep_case_step(case, viewer, "sustained", at, about=str(goal.pk))
    return goal


def add_action(viewer: Viewer, case_id: str, given: NewAction, at: dt.datetime) -> Action:
    """Propose an action for a goal; it waits for the word of the organisation that it is for.

    Proposed to oneself it is agreed at once. Two people may propose at the same time.

    Raises:
        NotFoundError: if the case or its goal is not the viewer's.
        UnsafeActionError: if they are not of the team, or the owner is not.
        AuditUnavailableError: if it cannot be recorded; nothing was kept then.
    """
    with transaction.atomic():
        case = _planning(viewer, case_id, None)
        goal = case.goals.filter(pk=given.goal, outcome="").first()
        if goal is None:
            raise refuse("The plan has no such goal that is worked on.", "Choose one of its goals.")
        _check_new(case, given)
        made = Action(
            id=new_id(), goal=goal, person_id=goal.person_id, what=said(given.what),
            organisation=given.organisation, owner=given.owner, due_on=given.due_on,
            state="agreed" if given.owner == viewer.user_id else ACTION_LIFE.first,
            proposed_by=viewer.user_id, proposed_at=at, meeting=given.meeting,
        )  # fmt: skip
        note_change(
            "action.proposed", viewer, [goal.person_id], case=case.pk, action=made.pk,
            of=given.organisation, need=goal.need, outcome=goal.headline,
        )  # fmt: skip
        made.save(force_insert=True)
        ActionStep.objects.create(action=made, event="propose", by=viewer.user_id, at=at)
        count_up(case)
        keep_case_step(case, viewer, "propose-action", at, about=made.pk)
        if given.owner != viewer.user_id:
            tell([given.owner], "action", made.pk, at)
    return made


def take_action_step(
    viewer: Viewer, action_id: str, event: str, version: int, words: str, at: dt.datetime,
    *, kind: str = "", owner: str = "",
) -> Action:  # fmt: skip
    """Take one step of an action.

    Shape:
        version: of the action.
        kind: of what was not done, one of `NOT_DONE_KINDS`.
        owner: user id of a colleague who does it, where the organisation agrees for them.

    Raises:
        NotFoundError: if it is not the viewer's.
        ChangedMeanwhileError: if it changed since they saw it.
        UnsafeActionError: if it is not theirs to take, or something asked for is missing.
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    with transaction.atomic():
        found = Action.objects.filter(pk=action_id).select_related("goal").first()
        if found is None:
            raise NotFoundError("There is no such action.")
        find_case(viewer, found.goal.case_id)
        case = lock_case(found.goal.case_id)
        found = Action.objects.select_for_update().get(pk=action_id)
        actors = action_actors_of(found, case, viewer)
        check_version(found.version, version, [_last_of(found)])
        target = ACTION_LIFE.take(found.state, event, actors)
        step = next(s for s in ACTION_LIFE.steps_from(found.state, actors) if s.event == event)
        told = check_words(words, figures().least_characters) if "words" in step.asks else ""
        if "kind" in step.asks and kind not in NOT_DONE_KINDS:
            raise refuse("Say whether circumstances changed, or it was not done.", "Choose one.")
        note_change(f"action.{event}", viewer, [found.person_id], case=case.pk, action=found.pk)
        if event == "agree":
            found.owner = _owner_after(found, case, viewer, owner)
        if event in ("finish", "give-up"):
            found.evidence, found.not_done_kind = told, kind if event == "give-up" else ""
        found.state, found.version = target, found.version + 1
        found.ended_at = None if target in OPEN_ACTION else at
        found.save()
        ActionStep.objects.create(action=found, event=event, by=viewer.user_id, at=at, words=told)
        count_up(case)
        keep_case_step(case, viewer, f"action-{event}", at, about=found.pk)
        others = {found.owner, found.proposed_by} - {viewer.user_id}
        if event in ("decline", "block", "give-up"):
            tell(others, f"action-{event}", found.pk, at)
    return found


def say_as_family(
    user: User, person_id: str, case_id: str, kind: str, text: str, at: dt.datetime,
    *, goal: int = 0,
) -> FamilyWord:  # fmt: skip
    """Keep what somebody of the family says of its plan; whoever leads the case is told.

    Shape:
        user: the resident's account.
        person_id: who they are.
        goal: number of the goal that it is about; 0 for the whole plan.

    Raises:
        NotFoundError: if the case is not about them.
        UnsafeActionError: if it is none of the three kinds, or nothing is said.
    """
    with transaction.atomic():
        case = Case.objects.filter(
            pk=case_id, people__person_id=person_id, people__removed_at=None
        ).first()
        if case is None:
            raise NotFoundError("There is no such plan.")
        lock_case(case.pk)
        told = said(text)
        if kind not in FAMILY_WORDS or (kind != "agree" and not told):
            raise refuse("Nothing was said.", "Say what you think, in your own words.")
        about = case.goals.filter(pk=goal).first() if goal else None
        viewer = Viewer(str(user.pk), "", "resident")
        note_change("plan.family-said", viewer, [person_id], case=case.pk, said=kind)
        made = FamilyWord.objects.create(
            case=case, goal=about, person_id=person_id, user_id=str(user.pk), kind=kind, text=told,
            at=at,
        )  # fmt: skip
        leads = case.members.filter(left_at=None, is_lead=True).values_list("user_id", flat=True)
        tell(leads, "family-said", f"{case.pk}-{made.pk}", at)
    return made


def answer_family(
    viewer: Viewer, word_id: int, version: int, answer: str, at: dt.datetime
) -> FamilyWord:
    """Answer what somebody of the family said; they read it beside their own words.

    Raises:
        NotFoundError: if the case is not the viewer's.
        ChangedMeanwhileError: if somebody answered meanwhile.
        UnsafeActionError: if the viewer is not of the team, or says too little.
    """
    with transaction.atomic():
        found = FamilyWord.objects.select_for_update(of=("self",)).filter(pk=word_id).first()
        if found is None:
            raise NotFoundError("There is nothing to answer.")
        case = find_case(viewer, found.case_id)
        if MEMBER not in actors_of(case, viewer):
            raise refuse("Only the team answers the family.")
        check_version(found.version, version, ["A colleague answered it."])
        told = check_words(answer, figures().least_characters, "what you do about it")
        note_change("plan.family-answered", viewer, [found.person_id], case=case.pk)
        found.answer, found.answered_by, found.answered_at = told, viewer.user_id, at
        found.version += 1
        found.save()
    return found


def action_noun(found: Action) -> ActionNoun:
    """Return an action as the room knows it."""
    return ActionNoun(
        found.pk, found.goal.need, found.goal.headline, found.organisation, found.owner,
        found.proposed_by, found.due_on, found.state,
    )  # fmt: skip


def action_actors_of(found: Action, case: Case, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to an action of a case."""
    actors = actors_of(case, viewer)
    return action_actors(viewer, action_noun(found), leads=LEAD in actors, on_team=MEMBER in actors)


def _owner_after(found: Action, case: Case, viewer: Viewer, owner: str) -> str:
    chosen = owner or found.owner or viewer.user_id
    member = case.members.filter(user_id=chosen, left_at=None).first()
    if member is None or member.organisation != found.organisation:
        raise refuse(
            "Whoever does it is of that organisation, and of the team.", "Choose somebody."
        )
    return chosen


def _check_new(case: Case, given: NewAction) -> None:
    check_words(given.what, figures().least_characters, "what is to be done")
    owner = case.members.filter(user_id=given.owner, left_at=None).first()
    if owner is None or owner.organisation != given.organisation:
        raise refuse(
            "An action is one person’s, of one organisation, and of the team.",
            "Choose who does it.",
        )
    if given.due_on < current_place().today:
        raise refuse("It would be late already.", "Choose a day from today on.")


def _planning(viewer: Viewer, case_id: str, version: int | None) -> Case:
    find_case(viewer, case_id)
    case = lock_case(case_id)
    if MEMBER not in actors_of(case, viewer) or case.state not in _PLANNING:
        raise refuse(
            "Only the team changes a plan, while the case is assessed, planned or worked on."
        )
    if version is not None:
        check_unchanged(case, version)
    return case


def _goal(viewer: Viewer, goal_id: int) -> Goal:
    found = Goal.objects.filter(pk=goal_id).first()
    if found is None:
        raise NotFoundError("There is no such goal.")
    find_case(viewer, found.case_id)
    lock_case(found.case_id)
    return Goal.objects.select_related("case").get(pk=goal_id)


def _last_of(found: Action) -> str:
    last = found.steps.last()
    return last_change(
        ACTION_LIFE, found.state, last.at if last else None, last.event if last else ""
    )
