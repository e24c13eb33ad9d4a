"""One person's flags, and what the data protection officer has to look at."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.web.chain.trail import record
from wholeplace.web.flags.access import FLAG_ROLES, OFFICER, Opened, open_person
from wholeplace.web.flags.alerts import count_new_alerts
from wholeplace.web.flags.consenting import openings_of
from wholeplace.web.flags.due import due_lines, find_own_record
from wholeplace.web.flags.forms import OwnReferenceForm
from wholeplace.web.flags.words import HOW, flag_lines, history_lines, name_flag
from wholeplace.web.gateway.flags import statements_about
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["home", "person", "receipt"]


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What is due for review, who asked for sealed people, and the way to a person's flags."""
    viewer: Any = viewer_of(request)
    is_officer = viewer.role == OFFICER
    form = OwnReferenceForm(request.POST or None, datasets=_own_datasets(viewer))
    is_missed = False
    if is_officer and request.method == "POST" and form.is_valid():
        found = find_own_record(
            viewer, form.cleaned_data["dataset"], form.cleaned_data["reference"]
        )
        if found:
            return redirect("flags:person", person_id=found)
        is_missed = True
    if is_officer:
        record(
            "flags.due-viewed", actor=viewer.user_id, organisation=viewer.organisation,
            role=viewer.role,
        )  # fmt: skip
    context = {
        "is_officer": is_officer,
        "form": form if is_officer else None,
        "is_missed": is_missed,
        "due": due_lines(viewer) if is_officer else [],
        "new_alerts": count_new_alerts(viewer),
    }
    return render(request, "flags/home.html", context, status=422 if form.errors else 200)


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@require_GET
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show what is stated of one person: by whom, why, since when, and what was said before."""
    opened = open_person(request, person_id, "flags")
    if not isinstance(opened, Opened):
        return opened
    lines = flag_lines(opened, opened.subject.flags)
    context = {
        "opened": opened,
        "flags": [each for each in lines if not each.is_quiet],
        "quiet": [each for each in lines if each.is_quiet],
        "history": history_lines(opened, statements_about(opened.person_id)),
        "opt_out": _opt_out_sources(),
        "person_id": person_id,
    }
    return render(request, "flags/person.html", context)


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@require_GET
def receipt(request: HttpRequest, person_id: str, ref: str) -> HttpResponse:
    """Show what a resident agreed to, in plain words, to print and give to them."""
    opened = open_person(request, person_id, "consent receipt")
    if not isinstance(opened, Opened):
        return opened
    about = {each.made.ref: each for each in statements_about(opened.person_id)}
    lines = {each.made.ref: each for each in history_lines(opened, about.values())}
    if ref not in lines or not lines[ref].has_receipt:
        raise Http404
    made, place = about[ref].made, current_place().place
    context = {
        "opened": opened,
        "made": made,
        "line": lines[ref],
        "is_standing": about[ref].is_standing,
        "name": name_flag(opened.rules, made.flag, made.purpose),
        "purpose": opened.rules.terms.words("purpose", made.purpose),
        "organisation": place.partners[made.organisation],
        "how": HOW.get(made.how, ""),
        "openings": openings_of(opened.rules, made.purpose),
        "person_id": person_id,
    }
    return render(request, "flags/receipt.html", context)


def _own_datasets(viewer: Viewer) -> list[tuple[str, str]]:
    place = current_place().place
    return [
        (each.id, each.title)
        for each in place.datasets.values()
        if each.partner == viewer.organisation
    ]


def _opt_out_sources() -> list[dict[str, Any]]:
    """Return the lists from which the National Data Opt-out comes, with how fresh each is."""
    try:
        rows = current_place().snapshot_reader.rows_of(
            SqlFile.read("people", "read_flag_sources"), {"flag": "national-opt-out"}
        )
    except NotFoundError:
        return []
    terms = current_place().terms
    return [
        {
            **row,
            "partner": terms.words("partner", row["partner"]),
            "fresh_until": row["newest_on"] + dt.timedelta(days=row["fresh_days"])
            if row["newest_on"] and row["fresh_days"]
            else None,
        }
        for row in rows
    ]
