"""Who is of a team and whom a case is about; joining and parting cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.read import read_person
from wholeplace.teams.case import ENDED
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import PEOPLE_ROLES, Beginning, begin, number_in
from wholeplace.web.teams.changes.joining import merge_cases, split_case, undo_joining
from wholeplace.web.teams.changes.opening import (
    add_person,
    find_case,
    let_read_plan,
    people_of,
    remove_person,
)
from wholeplace.web.teams.changes.team import add_member, leave_team, name_lead, remove_member
from wholeplace.web.teams.forms import MemberForm
from wholeplace.web.teams.models import Case
from wholeplace.web.teams.pages.cases import tell_team
from wholeplace.web.teams.sight import UNNAMED, Gathered, names_for, show

__all__ = ["change_people", "change_team", "join", "people", "team", "undo"]


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take somebody into the team, of any partner."""
    start = begin(request)
    case = find_case(start.viewer, case_id)
    form = MemberForm(request.POST or None, workers=_workers(case, start))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            add_member(
                start.viewer, case_id, number_in(request.POST.get("version", "")),
                given["user_id"], given["job"], start.at, leads=given["leads"],
            )  # fmt: skip
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "They are of the team, and were told.")
            return redirect("teams:team", case_id=case_id)
    case.refresh_from_db()
    context = {"case": case, "form": form, "team": tell_team(case, start), "has_ended": case.state in ENDED}  # fmt: skip
    return render(request, "teams/team.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def change_team(request: HttpRequest, case_id: str) -> HttpResponse:
    """Name somebody as lead, take somebody out, or leave."""
    start = begin(request)
    version, whom = number_in(request.POST.get("version", "")), request.POST.get("user_id", "")[:20]
    does = request.POST.get("do", "")
    try:
        if does == "lead":
            name_lead(start.viewer, case_id, version, whom, start.at)
        elif does == "remove":
            remove_member(start.viewer, case_id, version, whom, start.at)
        else:
            leave_team(start.viewer, case_id, version, start.at)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "Done. It stands in the record.")
        if does == "leave":
            return redirect("teams:cases")
    return redirect("teams:team", case_id=case_id)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_http_methods(["GET", "HEAD"])
def people(request: HttpRequest, case_id: str) -> HttpResponse:
    """Whom a case is about, who of them reads the plan, and how cases join and part."""
    start = begin(request)
    case = find_case(start.viewer, case_id)
    rows = list(case.people.filter(removed_at=None))
    ids = [each.person_id for each in rows]
    told = show(request, start, "case-people", case.purpose, ids, Gathered())
    context = {
        "case": case,
        "people": [{"row": each, "name": told.names.get(each.person_id, UNNAMED)} for each in rows],
        "household": _household(request, start, case, ids),
        "others": _others(request, start, case),
        "has_ended": case.state in ENDED,
    }
    return render(request, "teams/people.html", context)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def change_people(request: HttpRequest, case_id: str) -> HttpResponse:
    """Add somebody of the household, take somebody out, or say who reads the plan."""
    start, given = begin(request), request.POST
    version, whom = number_in(given.get("version", "")), given.get("person_id", "")[:80]
    does = given.get("do", "")
    try:
        if does == "add":
            relation = given.get("relation", "")[:80]
            add_person(start.viewer, case_id, version, whom, relation, start.at)
        elif does == "remove":
            words = given.get("words", "")[:2000]
            remove_person(start.viewer, case_id, version, whom, words, start.at)
        else:
            reads = does == "let-read"
            let_read_plan(start.viewer, case_id, version, whom, reads=reads, at=start.at)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "Done. It stands in the record.")
    return redirect("teams:people", case_id=case_id)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def join(request: HttpRequest, case_id: str) -> HttpResponse:
    """Merge a case into another, or split it."""
    start, given = begin(request), request.POST
    version, words = number_in(given.get("version", "")), given.get("words", "")[:2000]
    try:
        if given.get("do") == "merge":
            found = merge_cases(
                start.viewer, case_id, version, given.get("case", "")[:20], words, start.at
            )
        else:
            going = [each[:80] for each in given.getlist("person_id")]
            found = split_case(start.viewer, case_id, version, going, words, start.at)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
        return redirect("teams:people", case_id=case_id)
    messages.success(request, "Done. It can be undone from the page of the case that goes on.")
    return redirect("teams:case", case_id=found.pk)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def undo(request: HttpRequest, case_id: str, joining_id: int) -> HttpResponse:
    """Undo a merge or a split."""
    start = begin(request)
    find_case(start.viewer, case_id)
    version, words = number_in(request.POST.get("version", "")), request.POST.get("words", "")[:2000]  # fmt: skip
    try:
        undo_joining(start.viewer, case_id, joining_id, version, words, start.at)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "It was undone.")
    return redirect("teams:case", case_id=case_id)


def _workers(case: Case, start: Beginning) -> list[tuple[str, str]]:
    """Return everybody who works with people and is not of the team, by partner."""
    members = set(case.members.filter(left_at=None).values_list("user_id", flat=True))
    found = [
        (
            str(user.pk),
            f"{start.partner(user.organisation)}: {user.name}, {user.job or 'no job given'}",
        )
        for user in User.objects.filter(is_active=True, suspended_at=None)
        if PEOPLE_ROLES & set(user.roles) and str(user.pk) not in members
    ]
    return sorted(found, key=lambda each: each[1])


def _household(
    request: HttpRequest, start: Beginning, case: Case, ids: list[str]
) -> list[tuple[str, str]]:
    """Return those who live with the main person, may be named, and for whom there is a reason."""
    if not ids or ids[0] not in live_reasons_for(start.viewer, ids[:1], start.at, case.purpose):
        return []
    whole = read_person(start.place.snapshot_reader, ids[0])
    others = [e.subject.person_id for e in whole.household if e.subject.person_id not in ids]
    live = live_reasons_for(start.viewer, others, start.at, case.purpose)
    names = names_for(
        request, start, "case-household", [(each, case.purpose) for each in others if each in live]
    )
    return sorted(names.items(), key=lambda each: each[1])


def _others(request: HttpRequest, start: Beginning, case: Case) -> list[dict[str, Any]]:
    """Return cases into which this one could be merged: of one's teams, held for one purpose."""
    found = (
        Case.objects.filter(
            members__user_id=start.viewer.user_id, members__left_at=None, holder=case.holder,
            purpose=case.purpose,
        )
        .exclude(pk=case.pk)
        .exclude(state__in=ENDED)
    )  # fmt: skip
    main = {each.pk: people_of(each)[:1] for each in found}
    wanted = [(main[each.pk][0], each.purpose) for each in found if main[each.pk]]
    names = names_for(request, start, "case-others", wanted) if wanted else {}
    return [
        {"case": each, "name": names.get((main[each.pk] or [""])[0], UNNAMED)} for each in found
    ]
