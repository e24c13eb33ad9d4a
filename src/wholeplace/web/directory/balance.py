"""Need beside supply, area by area: protected counts of people, and counts of services."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.directory.finding import topics_for_need
from wholeplace.directory.supply import count_supply
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.directory.shelf import open_catalogue
from wholeplace.web.gateway.reports import MadeReport, Report, find_report
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["supply"]

_ROLES = frozenset({"analyst", "commissioner", "programme-lead", "board-member", "finance-lead"})
# The report of the places app, as it stands in the airlock: the same figures, the same rights.
_REPORT = "needs-by-area"
_CODE, _NAME, _PEOPLE, _RESIDENTS, _RATE = range(5)


@route(roles=_ROLES, shows="counts")
@never_cache
@require_safe
def supply(request: HttpRequest) -> HttpResponse:
    """How many people have a need in each area, and how many services for it stand there."""
    viewer, report = viewer_of(request), find_report(_REPORT)
    choices = report.choices(viewer) if report and viewer else ()
    if report is None or viewer is None or not choices:
        return render(request, "directory/supply.html", {"choices": ()})
    chosen = {
        each.name: _one_of(request.GET.get(each.name, ""), [value for value, _ in each.options])
        for each in choices
    }
    context: dict[str, Any] = {"choices": choices, "chosen": chosen}
    try:
        context |= _rows(report, viewer, chosen)
    except WholeplaceError as error:
        context["why"] = error.why or error.what
    return render(request, "directory/supply.html", context)


def _one_of(given: str, known: list[str]) -> str:
    return given if given in known else (known[0] if known else "")


def _rows(report: Report, viewer: Viewer, chosen: dict[str, str]) -> dict[str, Any]:
    if why := report.why_not(viewer, chosen):
        return {"why": why}
    made: MadeReport = report.make(viewer, chosen)
    topics, catalogue = topics_for_need(_headline(chosen["need"])), open_catalogue()
    found = count_supply(catalogue.listings, topics, chosen["areas"], catalogue.origins)
    rows = [
        {
            "name": row[_NAME],
            "people": row[_PEOPLE],
            "rate": row[_RATE],
            "services": found.by_area.get(str(row[_CODE]), 0),
        }
        for row in made.sheet.rows
        if row[_CODE]
    ]
    return {"rows": rows, "supply": found, "notes": made.sheet.notes, "words": made.words}


def _headline(need: str) -> str:
    """Return the headline outcome of a need that is written `framework/need`."""
    framework_id, _, need_id = need.partition("/")
    framework = current_place().place.framework(framework_id)
    for headline in framework.headlines if framework else ():
        if any(each.id == need_id for each in headline.needs):
            return headline.id
    return ""
