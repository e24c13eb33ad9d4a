"""Writing a note, and the assessment of a family."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.teams.assessment import HeadlineView
from wholeplace.teams.case import MEMBER
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import (
    PEOPLE_ROLES,
    Beginning,
    begin,
    framework_of,
    number_in,
)
from wholeplace.web.teams.casework import gather_notes
from wholeplace.web.teams.changes.opening import actors_of, find_case, people_of
from wholeplace.web.teams.changes.writing import Written, keep_assessment, write_note
from wholeplace.web.teams.forms import AssessmentForm, NoteForm
from wholeplace.web.teams.models import Case
from wholeplace.web.teams.pages.cases import tell_team
from wholeplace.web.teams.sight import UNNAMED, Gathered, event_item, show

__all__ = ["assess", "note"]


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, case_id: str) -> HttpResponse:
    """Write a note, or a correction of one's own."""
    start = begin(request)
    case = _written_by_team(start, case_id)
    ids, corrects = people_of(case), number_in(request.GET.get("corrects", ""))
    gathered = Gathered()
    gather_notes(gathered, case, start.viewer, ids)
    told = show(request, start, "case-note", case.purpose, ids, gathered)
    before = next((e for e in told.origins if e.pk == corrects and e.by == start.viewer.user_id), None)  # fmt: skip
    if corrects and before is None:
        raise Http404
    team = [
        (each["user_id"], f"{each['name']}, {each['organisation']}")
        for each in tell_team(case, start)
        if not each["is_me"]
    ]
    first = {"on": start.today, "readers": "team", "person_id": ids[0] if ids else ""}
    if before is not None:
        first = {
            "on": before.on, "readers": before.readers, "person_id": before.person_id,
            "kind": before.kind, "named": before.named, "text": told.words(before, "text"),
        }  # fmt: skip
    people = [(each, told.names.get(each, UNNAMED)) for each in ids]
    form = NoteForm(request.POST or None, people=people, team=team, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        written = Written(
            given["person_id"], given["kind"], given["text"], given["on"], given["readers"],
            tuple(given["named"]), corrects,
        )  # fmt: skip
        try:
            write_note(start.viewer, case_id, written, start.at)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "The note was kept. It can be corrected, and never changed.")
            return redirect("teams:case", case_id=case_id)
    context = {"case": case, "form": form, "corrects": before}
    return render(request, "teams/note.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, case_id: str) -> HttpResponse:
    """Assess the whole family, across every headline of the case's framework."""
    start = begin(request)
    case = _written_by_team(start, case_id)
    framework = framework_of(start.place, case)
    form = AssessmentForm(
        request.POST or None, framework=framework, initial=_last(request, case, start)
    )
    if request.method == "POST" and form.is_valid():
        version = number_in(request.POST.get("version", ""))
        views: list[HeadlineView] = form.views()
        try:
            keep_assessment(
                start.viewer, case_id, version, views, form.cleaned_data["wishes"], framework,
                start.at,
            )  # fmt: skip
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "The assessment was kept.")
            return redirect("teams:case", case_id=case_id)
    context = {"case": case, "form": form, "framework": framework}
    return render(request, "teams/assessment.html", context, status=422 if form.errors else 200)


def _written_by_team(start: Beginning, case_id: str) -> Case:
    """Return a case in which the viewer may write; to others there is no such page."""
    case = find_case(start.viewer, case_id)
    if MEMBER not in actors_of(case, start.viewer):
        raise Http404
    return case


def _last(request: HttpRequest, case: Case, start: Beginning) -> dict[str, object]:
    """Return what was said last time, as far as the viewer may see it, to begin from."""
    last = case.assessments.first()
    gathered = Gathered()
    if last is not None:
        gathered.add(
            event_item(
                case.holder, "casework.assessment", last.person_id, last.on.isoformat(), "Assessment",
                {"wishes": last.wishes, "views": json.dumps(last.views)},
            ),
            last,
        )  # fmt: skip
    told = show(request, start, "case-assessment", case.purpose, people_of(case), gathered)
    first: dict[str, object] = {"wishes": told.words(last, "wishes")} if last else {}
    for each in json.loads((told.words(last, "views") if last else "") or "[]"):
        for part in ("scale", "works_well", "worries", "needs"):
            first[f"{each['headline']}-{part}"] = each[part]
    return first
