"""A case: its list, its page, its steps."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.teams.case import CASE_LIFE, ENDED, HOLDER, LEAD, MEMBER, TIERS, why_not_step
from wholeplace.teams.figures import figures
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import PEOPLE_ROLES, Beginning, begin, framework_of, people_called
from wholeplace.web.teams.casework import gather_story
from wholeplace.web.teams.changes.opening import actors_of, find_case, look_in, people_of
from wholeplace.web.teams.changes.stepping import Given, standing_of, take_case_step
from wholeplace.web.teams.chronology import compose_chronology, gather_timeline
from wholeplace.web.teams.forms import StepForm
from wholeplace.web.teams.models import Case, CaseJoining, CaseMember
from wholeplace.web.teams.plan_page import compose_plan
from wholeplace.web.teams.sight import UNNAMED, Told, names_for, show

__all__ = ["COLOURS", "list_cases", "look", "show_case", "step", "tell_history", "tell_team"]

COLOURS = {
    "enquiry": "yellow", "triage": "yellow", "assessing": "blue", "planning": "blue",
    "active": "green", "review": "turquoise", "on-hold": "orange", "closing": "purple",
    "reopened": "yellow",
}  # fmt: skip
_NEWEST = 20
_APART = frozenset({"merge", "unmerge", "split"})


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def list_cases(request: HttpRequest) -> HttpResponse:
    """The cases of one's teams, and those that one gives out."""
    start = begin(request)
    mine = CaseMember.objects.filter(user_id=start.viewer.user_id, left_at=None)
    theirs = list(Case.objects.filter(pk__in=mine.values("case_id")))
    gives_out = start.viewer.role in figures().holder_roles
    held = (
        Case.objects.filter(holder=start.viewer.organisation) if gives_out else Case.objects.none()
    )
    others = list(held.exclude(pk__in=[each.pk for each in theirs])[:200])
    main = {each.pk: people_of(each)[:1] for each in [*theirs, *others]}
    wanted = [(main[each.pk][0], each.purpose) for each in theirs if main[each.pk]]
    names = names_for(request, start, "cases", wanted) if wanted else {}
    context = {
        "mine": [_line(each, main[each.pk], names, start) for each in theirs],
        "others": [
            _line(each, main[each.pk], {}, start) for each in others if each.state not in ENDED
        ],
        "ended": [_line(each, main[each.pk], {}, start) for each in others if each.state in ENDED],
        "gives_out": gives_out,
    }
    return render(request, "teams/cases.html", context)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def show_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case: family, team, plan, chronology, and what may be done."""
    start = begin(request)
    return _show(request, start, find_case(start.viewer, case_id))


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_POST
def step(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take one step of a case."""
    start, form = begin(request), StepForm(request.POST)
    if not form.is_valid() and "review_on" not in form.errors:
        raise Http404
    given = {**form.cleaned_data, "event": request.POST.get("event", "")}
    try:
        take_case_step(
            start.viewer, case_id, given["event"], given["version"],
            Given(given["words"], given.get("review_on")), start.at,
        )  # fmt: skip
    except UnsafeActionError as error:
        found = find_case(start.viewer, case_id)
        status = 409 if isinstance(error, ChangedMeanwhileError) else 422
        return _show(request, start, found, error=error, typed=given, status=status)
    messages.success(request, "Done. It stands in the record.")
    return redirect("teams:case", case_id=case_id)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_POST
def look(request: HttpRequest, case_id: str) -> HttpResponse:
    """Look into a case that one gives out, to decide on it."""
    start = begin(request)
    try:
        look_in(start.viewer, case_id, start.at)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why}")
    return redirect("teams:case", case_id=case_id)


def _show(
    request: HttpRequest, start: Beginning, case: Case, *, error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actors = actors_of(case, start.viewer)
    people = list(case.people.filter(removed_at=None))
    ids = [each.person_id for each in people]
    gathered = gather_story(case, start.viewer, ids)
    gather_timeline(gathered, start.place.snapshot_reader, ids)
    told = show(request, start, "case", case.purpose, ids, gathered)
    framework = framework_of(start.place, case)
    standing = standing_of(case)
    context = {
        "case": case,
        "line": _line(case, ids, told.names, start),
        "people": [
            {
                "row": each,
                "name": told.names.get(each.person_id, UNNAMED),
                "born": told.born.get(each.person_id, ""),
                "may_open": each.person_id in told.reasons,
            }
            for each in people
        ],
        "team": tell_team(case, start),
        "lead": next((each for each in tell_team(case, start) if each["is_lead"]), None),
        "actors": actors,
        "is_member": MEMBER in actors,
        "is_leading": bool({LEAD, HOLDER} & actors) and case.state not in ENDED,
        "may_look_in": HOLDER in actors and not told.reasons and case.state not in ENDED,
        "has_reason": bool(told.reasons),
        "steps": [
            {"step": each, "why_not": why_not_step(each.event, standing)}
            for each in CASE_LIFE.steps_from(case.state, actors)
            if each.event not in _APART
        ],
        "standing": standing,
        "plan": compose_plan(case, told, framework, start),
        "assessment": _assessment(case, told, framework),
        **_chronology(case, told, gathered, start, request.GET.get("kind", "")),
        "history": tell_history(case, told, start),
        "joinings": _joinings(case, actors),
        "may_join": case.state not in ENDED
        and bool({LEAD, HOLDER} & actors)
        and case.state != "closing",
        "has_ended": case.state in ENDED,
        "error": error,
        "typed": typed or {},
    }
    return render(request, "teams/case.html", context, status=status)


def _chronology(
    case: Case, told: Told, gathered: Any, start: Beginning, chosen: str
) -> dict[str, Any]:
    """Return the newest lines, or all of the kind that is asked for."""
    kind = chosen if chosen in ("note", "record", "assessment") else ""
    lines = compose_chronology(case, told, gathered, start, kind)
    shown = lines if chosen else lines[:_NEWEST]
    return {"chronology": shown, "chosen": chosen, "lines_in_all": len(lines)}


def tell_team(case: Case, start: Beginning) -> list[dict[str, Any]]:
    """Return who is of the team, the lead first. Workers' names are no resident's."""
    members = list(case.members.filter(left_at=None))
    named = people_called(each.user_id for each in members)
    return [
        {
            "user_id": each.user_id,
            "name": named[each.user_id].name if each.user_id in named else "Somebody who has left",
            "email": named[each.user_id].email if each.user_id in named else "",
            "organisation_id": each.organisation,
            "organisation": start.partner(each.organisation),
            "job": each.job,
            "is_lead": each.is_lead,
            "since": each.joined_at,
            "is_me": each.user_id == start.viewer.user_id,
        }
        for each in members
    ]


def tell_history(case: Case, told: Told, start: Beginning) -> list[dict[str, Any]]:
    """Return what happened to a case, newest first; its words as far as they may be seen."""
    steps = list(case.steps.order_by("-at", "-id")[:100])
    named = people_called([*(each.by for each in steps), *(each.about for each in steps)])
    labels = {each.event: each.label for each in CASE_LIFE.steps} | _HAPPENED
    return [
        {
            "at": each.at,
            "by": named[each.by].name if each.by in named else "",
            "what": labels.get(each.event, each.event.replace("-", " ").capitalize()),
            "whom": named[each.about].name
            if each.event in _ABOUT_SOMEBODY and each.about in named
            else "",
            "words": told.words(each, "words"),
            "is_kept_back": bool(each.words) and not told.words(each, "words"),
        }
        for each in steps
    ]


_ABOUT_SOMEBODY = frozenset({"add-member", "name-lead", "leave", "lose-lead"})
_HAPPENED = {
    "open": "Opened the case", "add-member": "Took into the team", "name-lead": "Named as lead",
    "leave": "Left the team", "lose-lead": "The lead left the team", "add-people": "Added people of the household",
    "remove-person": "Took somebody out of the case", "assessment": "Assessed the family",
    "add-goal": "Added a goal", "goal-ended": "Said what came of a goal", "look-in": "Looked in to decide",
    "propose-action": "Proposed an action", "merged-in": "Another case became part of this one",
    "plan-readers": "Said who of the family reads the plan", "sustained": "Looked whether an outcome lasts",
    "undo-merge": "Undid a merge", "undo-split": "Undid a split", "merge": "Became part of another case",
    "action-agree": "Agreed to an action", "action-decline": "Declined an action",
    "action-begin": "Began an action", "action-block": "Said that an action is blocked",
    "action-unblock": "Unblocked an action", "action-finish": "Finished an action",
    "action-give-up": "Said that an action was not done", "action-cancel": "Cancelled an action",
    "action-reopen": "Reopened an action",
}  # fmt: skip


def _assessment(case: Case, told: Told, framework: Any) -> dict[str, Any] | None:
    rows = [each for each in case.assessments.all() if told.of(each)]
    if not rows:
        return {"is_kept_back": True} if case.assessments.exists() else None
    views = told.words(rows[0], "views")
    before = told.words(rows[1], "views") if len(rows) > 1 else ""
    was = {each["headline"]: each["scale"] for each in json.loads(before or "[]")}
    labels = {each.id: each for each in framework.headlines}
    needs = {need.id: need.label for each in framework.headlines for need in each.needs}
    lines = [
        {
            **each,
            "label": labels[each["headline"]].label
            if each["headline"] in labels
            else each["headline"],
            "was": was.get(each["headline"]),
            "needs": [needs.get(need, "Something else") for need in each["needs"]],
        }
        for each in json.loads(views or "[]")
    ]
    return {
        "on": rows[0].on,
        "by": rows[0].by,
        "lines": lines,
        "wishes": told.words(rows[0], "wishes"),
        "is_kept_back": not lines,
        "count": len(rows),
        "overlapping": case.assessments.filter(on=rows[0].on).count() > 1,
    }


def _joinings(case: Case, actors: frozenset[str]) -> list[dict[str, Any]]:
    found = CaseJoining.objects.filter(case=case, undone_at=None)
    may = bool({LEAD, HOLDER} & actors) and case.state not in ENDED
    return [{"row": each, "may_undo": may} for each in found]


def _line(case: Case, people: Sequence[str], names: Any, start: Beginning) -> dict[str, Any]:
    lead = case.members.filter(left_at=None, is_lead=True).first()
    named = people_called([lead.user_id]) if lead else {}
    days = (start.today - case.review_on).days if case.review_on else 0
    return {
        "case": case,
        "name": names.get(people[0], "") if people else "",
        "people": len(people),
        "state": CASE_LIFE.states[case.state],
        "colour": COLOURS.get(case.state, "grey"),
        "holder": start.partner(case.holder),
        "tier": TIERS.get(case.tier, case.tier),
        "lead": named[lead.user_id].name if lead and lead.user_id in named else "",
        "purpose": start.rules.terms.words("purpose", case.purpose),
        "is_review_late": days > 0,
    }
