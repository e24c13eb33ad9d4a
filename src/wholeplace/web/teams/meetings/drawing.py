"""One item of a meeting as a page draws it: only what was let through, and nothing added."""

import datetime as dt
from typing import Any

from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.texts.agreement import Level
from wholeplace.teams.action import ACTION_LIFE, is_overdue
from wholeplace.teams.agenda import CAUSES
from wholeplace.teams.plan import OUTCOMES
from wholeplace.web.teams.meetings.planning import people_on
from wholeplace.web.teams.meetings.sight import HIDDEN, Shown
from wholeplace.web.teams.meetings.start import GONE, Start, names_of
from wholeplace.web.teams.models import Action, AgendaItem, Case, Decision, Meeting, Referral

__all__ = ["draw_item"]


def draw_item(
    start: Start, found: Meeting, item: AgendaItem, seen: Shown, unnamed: str = HIDDEN
) -> dict[str, Any]:
    """Return everything that a page says of one item; nothing of people who may not be known."""
    people = [
        {"name": seen.names.get(each, ""), "born": _when(seen.born.get(each, ""))}
        for each in people_on(found, [item])
        if each in seen.known
    ]
    is_known = item.person_id in seen.known
    return {
        "item": item,
        "name": seen.names.get(item.person_id, unnamed),
        "people": people,
        "is_known": is_known,
        "causes": [CAUSES[each] for each in item.causes if each in CAUSES],
        "discussion": seen.words(item),
        "family_voice": seen.words(item, "views"),
        "is_summary": _is_summary(seen.of(item)),
        "decisions": [_decision(start, each, seen) for each in item.decisions.all()
                      if seen.of(each)],
        "goals": _goals(start, item, seen, found),
        "referral": _referral(start, item, seen),
        "history": [_line(start, each) for each in seen.history.get(item.pk, ())],
    }  # fmt: skip


def _when(text: str) -> str:
    """Return a day or a month in words; whatever is less stays as it is."""
    try:
        on = dt.date.fromisoformat(text if len(text) > len("2026-11") else f"{text}-01")
    except ValueError:
        return text
    return f"{on.day} {on:%B %Y}" if len(text) > len("2026-11") else f"{on:%B %Y}"


def _is_summary(item: SeenItem | None) -> bool:
    return item is not None and item.level < Level.DETAIL


def _decision(start: Start, row: Decision, seen: Shown) -> dict[str, Any]:
    dissents = [each for each in row.dissents.all() if seen.of(each)]
    users = names_of([row.by, *(each.by for each in dissents), *(each.owner for each in dissents)])

    def name(user_id: str) -> str:
        return users[user_id].name if user_id in users else GONE

    return {
        "row": row,
        "words": seen.words(row),
        "by": name(row.by),
        "partner": start.partner(row.organisation),
        "dissents": [
            {
                "row": each,
                "words": seen.words(each),
                "by": name(each.by),
                "partner": start.partner(each.organisation),
                "owner": name(each.owner),
                "settled": seen.words(each, "views"),
                "is_late": not each.settled_at and each.escalate_on < start.today,
                "is_mine": start.viewer.user_id in (each.owner, each.by) and not each.settled_at,
            }
            for each in dissents
        ],
    }


def _goals(start: Start, item: AgendaItem, seen: Shown, found: Meeting) -> list[dict[str, Any]]:
    case = Case.objects.filter(pk=item.case_id).first() if item.case_id else None
    if case is None:
        return []
    goals = [each for each in case.goals.all() if seen.of(each)]
    actions = [each for each in Action.objects.filter(goal__in=goals) if seen.of(each)]
    users = names_of(each.owner for each in actions)
    return [
        {
            "row": goal,
            "words": seen.words(goal),
            "outcome": OUTCOMES.get(goal.outcome, ""),
            "actions": [
                {
                    "row": each,
                    "words": seen.words(each),
                    "owner": users[each.owner].name if each.owner in users else "",
                    "partner": start.partner(each.organisation),
                    "state": ACTION_LIFE.states[each.state],
                    "is_overdue": is_overdue(each.state, each.due_on, start.today),
                    "is_from_here": each.meeting == found.pk,
                }
                for each in actions
                if each.goal_id == goal.pk
            ],
        }
        for goal in goals
    ]


def _referral(start: Start, item: AgendaItem, seen: Shown) -> dict[str, Any] | None:
    row = Referral.objects.filter(pk=item.referral_id).first() if item.referral_id else None
    if row is None or seen.of(row) is None:
        return None
    return {
        "sender": start.partner(row.sender) if row.sender else "The resident",
        "why": seen.words(row, "why"),
        "wanted": seen.words(row, "wanted"),
        "family_says": seen.words(row, "family_says"),
    }


def _line(start: Start, item: SeenItem) -> dict[str, Any]:
    term = start.terms.fields[item.field]
    return {
        "label": item.label or term.label,
        "text": item.text,
        "partner": start.partner(item.partner),
        "when": _when(item.start_on),
        "is_summary": item.level < Level.DETAIL,
    }
