"""Pages of the airlock: asking, deciding, downloading, and the register."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.reasons.exports import DECIDER, EXPORT_LIFE, export_ends_at, is_over
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.web.accounts.models import User
from wholeplace.web.exports.forms import AskForm, StepForm
from wholeplace.web.exports.models import ExportRequest
from wholeplace.web.exports.requests import (
    Wanted,
    actors_of,
    ask_for_export,
    find_export,
    give_out,
    take_step,
)
from wholeplace.web.gateway.reports import find_report, reports
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["ask", "download", "list_exports", "register", "show", "step"]

_ROLES = frozenset({"analyst", "commissioner", "finance-lead", "programme-lead", "board-member"})
_ROWS = 50
_COLOURS = {"asked": "yellow", "returned": "blue", "approved": "green"}


@route(roles=_ROLES, shows="counts")
@require_safe
def list_exports(request: HttpRequest) -> HttpResponse:
    """What waits for me to decide, and what I asked for."""
    viewer = _viewer(request)
    ours = ExportRequest.objects.filter(organisation=viewer.organisation).defer("content", "rows")
    waiting = [
        each
        for each in ours.filter(state="asked").exclude(asked_by=viewer.user_id)
        if DECIDER in actors_of(each, viewer)
    ]
    page = Paginator(ours.filter(asked_by=viewer.user_id), _ROWS).get_page(request.GET.get("page"))
    offered = [each for each in reports() if each.choices(viewer)]
    shown = {
        "waiting": _lines(waiting),
        "mine": _lines(page),
        "page": page,
        "reports": offered,
        "open": sum(each.state in ("asked", "returned") for each in page),
    }
    return render(request, "exports/list.html", shown)


@route(roles=_ROLES, shows="counts")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, report_id: str) -> HttpResponse:
    """Ask for a table as a file."""
    viewer, report = _viewer(request), find_report(report_id)
    if report is None:
        raise Http404
    choices = report.choices(viewer)
    if not choices:
        return render(request, "exports/none.html", {"report": report}, status=403)
    names = {each.name for each in choices}
    first = {name: value for name, value in request.GET.items() if name in names}
    form = AskForm(request.POST or None, choices=choices, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            wanted = Wanted(
                report,
                form.chosen(),
                given["why"],
                given["for_whom"],
                given["form"],
                _asker(viewer),
            )
            asked = ask_for_export(viewer, wanted, dt.datetime.now(dt.UTC))
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "Your request was made. Somebody else now decides on it.")
            return redirect("exports:show", export_id=asked.id)
    return render(request, "exports/ask.html", {"form": form, "report": report})


@route(roles=_ROLES, shows="counts")
@require_safe
def show(request: HttpRequest, export_id: str) -> HttpResponse:
    """One request: the figures as they would leave, and what may be done."""
    viewer = _viewer(request)
    found = find_export(viewer, export_id)
    return _show(request, viewer, found)


@route(roles=_ROLES, shows="counts")
@require_POST
def step(request: HttpRequest, export_id: str) -> HttpResponse:
    """Decide, answer, withdraw or take back."""
    viewer = _viewer(request)
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    given, at = form.cleaned_data, dt.datetime.now(dt.UTC)
    try:
        take_step(viewer, export_id, given["event"], given["version"], given["words"], at)
    except UnsafeActionError as error:
        found = find_export(viewer, export_id)
        status = 409 if isinstance(error, ChangedMeanwhileError) else 422
        return _show(request, viewer, found, error=error, typed=given, status=status)
    messages.success(request, "Done. It stands in the record.")
    return redirect("exports:show", export_id=export_id)


@route(roles=_ROLES, shows="counts")
@require_POST
def download(request: HttpRequest, export_id: str) -> HttpResponse:
    """Give the file to the person who asked for it."""
    viewer = _viewer(request)
    try:
        found = give_out(viewer, export_id, dt.datetime.now(dt.UTC))
    except UnsafeActionError as error:
        return _show(request, viewer, find_export(viewer, export_id), error=error, status=403)
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Cache-Control"] = "no-store, private"
    return response


@route(roles=["data-protection-officer"], shows="operations")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every request of the officer's organisation, without its figures."""
    viewer = _viewer(request)
    ours = ExportRequest.objects.filter(organisation=viewer.organisation).defer("content", "rows")
    page = Paginator(ours, _ROWS).get_page(request.GET.get("page"))
    return render(request, "exports/register.html", {"lines": _lines(page), "page": page})


def _show(
    request: HttpRequest,
    viewer: Viewer,
    found: ExportRequest,
    *,
    error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    actors = actors_of(found, viewer)
    at = dt.datetime.now(dt.UTC)
    is_mine, ended = found.asked_by == viewer.user_id, is_over(found.decided_at, at)
    names = _names([found.asked_by, found.decided_by, *(each.by for each in found.steps.all())])
    others = ExportRequest.objects.filter(
        organisation=found.organisation, report=found.report, state="approved"
    ).exclude(id=found.id)
    shown = {
        "line": _line(found, names),
        "request_": found,
        "is_mine": is_mine,
        "may_see": is_mine or bool(actors),
        "table": _cells(found),
        "steps": EXPORT_LIFE.steps_from(found.state, actors) if not ended else (),
        "history": [
            {"step": each, "by": names.get(each.by, "Somebody who has left")}
            for each in found.steps.all()
        ],
        "can_download": is_mine and found.state == "approved" and not ended,
        "has_ended": found.state == "approved" and ended,
        "ends_at": export_ends_at(found.decided_at) if found.decided_at else None,
        "before": _lines(others.defer("content", "rows")[:10]),
        "error": error,
        "typed": typed or {},
    }
    return render(request, "exports/show.html", shown, status=status)


def _cells(found: ExportRequest) -> list[list[dict[str, Any]]]:
    """Return the rows with each cell's kind: a head, a number or words."""
    return [
        [
            {"value": "" if cell is None else cell, "is_number": isinstance(cell, int | float)}
            for cell in row
        ]
        for row in found.rows
    ]


def _lines(found: Iterable[ExportRequest]) -> list[dict[str, Any]]:
    rows = list(found)
    names = _names([each.asked_by for each in rows])
    return [_line(each, names) for each in rows]


def _line(found: ExportRequest, names: dict[str, str]) -> dict[str, Any]:
    return {
        "request": found,
        "by": names.get(found.asked_by, "Somebody who has left"),
        "decided_by": names.get(found.decided_by, ""),
        "state": EXPORT_LIFE.states[found.state],
        "colour": _COLOURS.get(found.state, "grey"),
    }


def _names(user_ids: Iterable[str]) -> dict[str, str]:
    keys = [int(each) for each in user_ids if each.isdigit()]
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)}


def _asker(viewer: Viewer) -> str:
    terms = current_place().terms
    organisation = terms.words("partner", viewer.organisation)
    role = terms.words("role", viewer.role).lower()
    return f"{organisation} ({role}) from {current_place().place.place.name}"


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer
