"""The plan: its page and its print, goals, actions and their steps, answers to the family."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.teams.action import ACTION_LIFE, NOT_DONE_KINDS
from wholeplace.teams.case import MEMBER
from wholeplace.teams.plan import OUTCOMES, need_label
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import (
    PEOPLE_ROLES,
    Beginning,
    begin,
    framework_of,
    number_in,
    people_called,
)
from wholeplace.web.teams.casework import gather_plan
from wholeplace.web.teams.changes.opening import actors_of, find_case, people_of
from wholeplace.web.teams.changes.planning import (
    NewAction,
    NewGoal,
    action_actors_of,
    add_action,
    add_goal,
    answer_family,
    set_outcome,
    set_sustained,
    take_action_step,
)
from wholeplace.web.teams.forms import ActionForm, GoalForm, StepForm
from wholeplace.web.teams.models import Action, Case, FamilyWord, Goal
from wholeplace.web.teams.pages.cases import tell_team
from wholeplace.web.teams.plan_page import compose_plan, tell_action
from wholeplace.web.teams.sight import UNNAMED, Gathered, Told, show

__all__ = ["action", "action_step", "answer", "family_word", "goal", "new_action", "outcome", "plan", "printed", "sustained"]  # fmt: skip

_PLANNING = ("assessing", "planning", "active", "review")


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def plan(request: HttpRequest, case_id: str) -> HttpResponse:
    """The plan of a case, with what may be done."""
    start = begin(request)
    case = find_case(start.viewer, case_id)
    return render(request, "teams/plan.html", _plan_context(request, start, case, "plan"))


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def printed(request: HttpRequest, case_id: str) -> HttpResponse:
    """The plan on one page, for paper."""
    start = begin(request)
    case = find_case(start.viewer, case_id)
    return render(request, "teams/plan_print.html", _plan_context(request, start, case, "plan-print"))  # fmt: skip


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, case_id: str) -> HttpResponse:
    """Put a goal into the plan."""
    start = begin(request)
    case = _planned_by_team(start, case_id)
    framework, ids = framework_of(start.place, case), people_of(case)
    told = show(request, start, "goal", case.purpose, ids, Gathered())
    people = [(each, told.names.get(each, UNNAMED)) for each in ids]
    form = GoalForm(request.POST or None, people=people, framework=framework)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        headline, _, need = given["need"].partition("/")
        new = NewGoal(given["person_id"], need, headline, given["words"], given["seen_when"])
        version = number_in(request.POST.get("version", ""))
        try:
            add_goal(start.viewer, case_id, version, new, framework, start.at)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "The goal is in the plan. Now say who does what for it.")
            return redirect("teams:plan", case_id=case_id)
    context = {"case": case, "form": form}
    return render(request, "teams/goal.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_action(request: HttpRequest, case_id: str, goal_id: int) -> HttpResponse:
    """Propose an action for a goal."""
    start = begin(request)
    case = _planned_by_team(start, case_id)
    found = case.goals.filter(pk=goal_id).first()
    if found is None:
        raise Http404
    context = _plan_context(request, start, case, "action-new")
    line = next(each for each in context["plan"]["goals"] if each["goal"].pk == found.pk)
    team = tell_team(case, start)
    offered = [(e["user_id"], f"{e['name']}, {e['organisation']} ({e['job']})") for e in team]
    form = ActionForm(request.POST or None, team=offered)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        of = next(e["organisation_id"] for e in team if e["user_id"] == given["owner"])
        new = NewAction(found.pk, given["what"], of, given["owner"], given["due_on"])
        try:
            add_action(start.viewer, case_id, new, start.at)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "The action is in the plan. Whoever it is for was told.")
            return redirect("teams:plan", case_id=case_id)
    context = {"case": case, "form": form, "goal": line}
    return render(request, "teams/action_new.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def outcome(request: HttpRequest, case_id: str, goal_id: int) -> HttpResponse:
    """Say what came of a goal."""
    start, given = begin(request), request.POST
    _check_of(start, case_id, goal_id)
    try:
        set_outcome(
            start.viewer, goal_id, number_in(given.get("version", "")), given.get("outcome", ""),
            given.get("words", "")[:2000], start.at,
        )  # fmt: skip
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "What came of it was kept.")
    return redirect("teams:plan", case_id=case_id)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def sustained(request: HttpRequest, case_id: str, goal_id: int) -> HttpResponse:
    """Say whether what came of a goal lasts."""
    start, given = begin(request), request.POST
    _check_of(start, case_id, goal_id)
    try:
        set_sustained(
            start.viewer, goal_id, number_in(given.get("version", "")),
            lasts=given.get("lasts") == "yes", at=start.at,
        )  # fmt: skip
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "It was kept.")
    return redirect("teams:plan", case_id=case_id)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def action(request: HttpRequest, action_id: str) -> HttpResponse:
    """One action: what, for which goal, need and outcome; and its steps."""
    start = begin(request)
    return _show_action(request, start, _action_of(start, action_id))


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_POST
def action_step(request: HttpRequest, action_id: str) -> HttpResponse:
    """Take one step of an action."""
    start, form = begin(request), StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    _action_of(start, action_id)
    try:
        take_action_step(
            start.viewer, action_id, given["event"], given["version"], given["words"], start.at,
            kind=given["kind"], owner=given["owner"],
        )  # fmt: skip
    except UnsafeActionError as error:
        status = 409 if isinstance(error, ChangedMeanwhileError) else 422
        found = _action_of(start, action_id)
        return _show_action(request, start, found, error=error, typed=given, status=status)
    messages.success(request, "Done. It stands in the record.")
    return redirect("teams:action", action_id=action_id)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def family_word(request: HttpRequest, word: str) -> HttpResponse:
    """Lead from a notice to the plan that the family spoke of."""
    start = begin(request)
    case_id = word.rpartition("-")[0]
    find_case(start.viewer, case_id)
    return redirect("teams:plan", case_id=case_id)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@sensitive_post_parameters()
@require_POST
def answer(request: HttpRequest, case_id: str, word_id: int) -> HttpResponse:
    """Answer what somebody of the family said."""
    start = begin(request)
    found = FamilyWord.objects.filter(pk=word_id, case_id=case_id).first()
    if found is None:
        raise Http404
    find_case(start.viewer, case_id)
    try:
        answer_family(
            start.viewer, word_id, number_in(request.POST.get("version", "")),
            request.POST.get("words", "")[:2000], start.at,
        )  # fmt: skip
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "Your answer stands beside their words.")
    return redirect("teams:plan", case_id=case_id)


def _plan_context(request: HttpRequest, start: Beginning, case: Case, page: str) -> dict[str, Any]:
    ids, gathered = people_of(case), Gathered()
    gather_plan(gathered, case, start.viewer, ids)
    told = show(request, start, page, case.purpose, ids, gathered)
    framework = framework_of(start.place, case)
    team = tell_team(case, start)
    due = case.sustained_on
    return {
        "case": case,
        "plan": compose_plan(case, told, framework, start),
        "team": team,
        "lead": next((each for each in team if each["is_lead"]), None),
        "people": [told.names.get(each, UNNAMED) for each in ids],
        "may_plan": MEMBER in actors_of(case, start.viewer) and case.state in _PLANNING,
        "may_look_back": case.state == "closed" and due is not None and start.today >= due,
        "outcomes": OUTCOMES.items(),
        "today": start.today,
        "told": told,
    }


def _planned_by_team(start: Beginning, case_id: str) -> Case:
    """Return a case whose plan the viewer may change; to others there is no such page."""
    case = find_case(start.viewer, case_id)
    if MEMBER not in actors_of(case, start.viewer):
        raise Http404
    return case


def _action_of(start: Beginning, action_id: str) -> Action:
    found = Action.objects.filter(pk=action_id).select_related("goal__case").first()
    if found is None:
        raise NotFoundError("There is no such action.")
    find_case(start.viewer, found.goal.case_id)
    return found


def _show_action(
    request: HttpRequest, start: Beginning, found: Action, *, error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    case = found.goal.case
    context = _plan_context(request, start, case, "action")
    told: Told = context["told"]
    row = next((e for e in told.origins if isinstance(e, Action) and e.pk == found.pk), None)
    line = next(each for each in context["plan"]["goals"] if each["goal"].pk == found.goal_id)
    named = people_called([found.owner, *(each.by for each in found.steps.all())])
    actors = action_actors_of(found, case, start.viewer)
    colleagues = [each for each in context["team"] if each["organisation_id"] == found.organisation]
    context |= {
        "line": tell_action(found, row, told, named, start),
        "goal": line,
        "need": need_label(framework_of(start.place, case), found.goal.need),
        "steps": ACTION_LIFE.steps_from(found.state, actors),
        "not_done_kinds": NOT_DONE_KINDS.items(),
        "colleagues": colleagues,
        "history": [
            {"at": each.at, "by": named[each.by].name if each.by in named else "", "what": _happened(each.event)}
            for each in found.steps.all()
        ],
        "error": error,
        "typed": typed or {},
    }  # fmt: skip
    return render(request, "teams/action.html", context, status=status)


def _happened(event: str) -> str:
    labels = {each.event: each.label for each in ACTION_LIFE.steps}
    return "Proposed it" if event == "propose" else labels.get(event, event)


def _check_of(start: Beginning, case_id: str, goal_id: int) -> None:
    find_case(start.viewer, case_id)
    if not Goal.objects.filter(pk=goal_id, case_id=case_id).exists():
        raise Http404
