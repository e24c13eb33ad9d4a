"""The plan as a page draws it: goals with need and outcome, actions, what the family says."""

from typing import Any

from wholeplace.partnership.definitions import Framework
from wholeplace.teams.action import ACTION_LIFE, NOT_DONE_KINDS, OPEN_ACTION, days_overdue
from wholeplace.teams.plan import FAMILY_WORDS, OUTCOMES, find_gaps, need_label
from wholeplace.teams.plan import Goal as GoalNoun
from wholeplace.web.teams.access import Beginning, people_called
from wholeplace.web.teams.changes.planning import action_noun
from wholeplace.web.teams.models import Action, Case, Goal
from wholeplace.web.teams.sight import UNNAMED, Told

__all__ = ["ACTION_COLOURS", "compose_plan", "tell_action"]

ACTION_COLOURS = {
    "proposed": "yellow", "agreed": "blue", "doing": "turquoise", "blocked": "orange",
    "done": "green", "not-done": "red", "cancelled": "grey",
}  # fmt: skip


def compose_plan(case: Case, told: Told, framework: Framework, start: Beginning) -> dict[str, Any]:
    """Return the plan, as far as each line of it may be seen."""
    goals = list(case.goals.prefetch_related("actions", "family_words"))
    actions = [action for goal in goals for action in goal.actions.all()]
    named = people_called(each.owner for each in actions)
    shown = {goal.pk: goal for goal in _seen_goals(told)}
    nouns = [
        GoalNoun(str(each.pk), each.need, each.headline, "", "", each.outcome) for each in goals
    ]
    gaps = find_gaps(nouns, [(str(each.goal_id), action_noun(each)) for each in actions])
    lines = [_goal(goal, shown.get(goal.pk), told, framework, named, start, gaps) for goal in goals]
    return {
        "goals": lines,
        "is_empty": not lines,
        "open": sum(each.state in OPEN_ACTION for each in actions),
        "done": sum(each.state == "done" for each in actions),
        "overdue": sum(
            bool(days_overdue(each.state, each.due_on, start.today)) for each in actions
        ),
        "words": _family(case, told, goal_id=None),
        "framework": framework.title,
    }


def tell_action(action: Action, row: Any, told: Told, named: Any, start: Beginning) -> dict[str, Any]:  # fmt: skip
    """Return an action in words, as far as it may be seen.

    Shape:
        row: the very object that was gathered.
    """
    owner = named.get(action.owner)
    return {
        "action": action,
        "what": told.words(row, "words") if row is not None else "",
        "evidence": told.words(row, "came_of_it") if row is not None else "",
        "owner": owner.name if owner else "Not yet said who",
        "organisation": start.partner(action.organisation),
        "state": ACTION_LIFE.states[action.state],
        "colour": ACTION_COLOURS.get(action.state, "grey"),
        "days_overdue": days_overdue(action.state, action.due_on, start.today),
        "not_done": NOT_DONE_KINDS.get(action.not_done_kind, ""),
        "is_mine": action.owner == start.viewer.user_id,
    }


def _seen_goals(told: Told) -> list[Goal]:
    return [each for each in _origins(told) if isinstance(each, Goal)]


def _origins(told: Told) -> list[Any]:
    return list(told.origins)


def _goal(
    goal: Goal, row: Goal | None, told: Told, framework: Framework, named: Any, start: Beginning,
    gaps: Any,
) -> dict[str, Any]:  # fmt: skip
    headline = next((e.label for e in framework.headlines if e.id == goal.headline), goal.headline)
    rows = {each.pk: each for each in _origins(told) if isinstance(each, Action)}
    return {
        "goal": goal,
        "whose": told.names.get(goal.person_id, UNNAMED),
        "need": need_label(framework, goal.need),
        "outcome_label": headline,
        "words": told.words(row, "words") if row is not None else "",
        "seen_when": told.words(row, "seen_when") if row is not None else "",
        "outcome": OUTCOMES.get(goal.outcome, ""),
        "outcome_words": told.words(row, "came_of_it") if row is not None else "",
        "is_kept_back": row is None or not told.words(row, "words"),
        "actions": [
            tell_action(each, rows.get(each.pk), told, named, start) for each in goal.actions.all()
        ],
        "gap": next((each.what for each in gaps if each.goal == str(goal.pk)), ""),
        "family": _family(goal.case, told, goal_id=goal.pk),
    }


def _family(case: Case, told: Told, goal_id: int | None) -> list[dict[str, Any]]:
    from wholeplace.web.teams.models import FamilyWord

    return [
        {
            "word": each,
            "who": told.names.get(each.person_id, UNNAMED),
            "kind": FAMILY_WORDS[each.kind],
            "text": told.words(each, "words"),
            "answer": told.words(each, "came_of_it"),
        }
        for each in _origins(told)
        if isinstance(each, FamilyWord) and each.goal_id == goal_id and each.case_id == case.pk
    ]
