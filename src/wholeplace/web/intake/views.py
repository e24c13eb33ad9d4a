"""Pages of data loads and of each file's quarantine."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from wholeplace.foundation.errors import NotFoundError
from wholeplace.intake import read_quarantine, read_report
from wholeplace.intake.report import LoadReport
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.intake.wording import attention_of, find_file, line_of_dataset

__all__ = ["loads", "quarantine"]

_ROLES = ("data-steward", "data-protection-officer", "administrator", "programme-lead")
_PAGE_ROWS = 50


@route(roles=_ROLES, shows="operations")
def loads(request: HttpRequest) -> HttpResponse:
    """Show each dataset: its newest extract, its rows, and what is not kept."""
    opened = current_place()
    report = _report(opened)
    lines = [
        line_of_dataset(dataset, _partner_name(opened, dataset.partner), opened.today)
        for dataset in (report.datasets if report else ())
    ]
    lines.sort(key=lambda line: (line.partner, line.report.title))
    return render(
        request,
        "intake/loads.html",
        {"report": report, "lines": lines, "attention": attention_of(lines)},
    )


@route(roles=_ROLES, shows="operations")
def quarantine(request: HttpRequest, dataset: str, mark: str) -> HttpResponse:
    """Show what is wrong with which rows of one file, never with what value."""
    opened = current_place()
    report = _report(opened)
    file = find_file(
        (each for each in (report.files if report else ()) if each.dataset == dataset), mark
    )
    if file is None:
        raise Http404
    shown = _shown_rule(request)
    page = _page_number(request)
    faults = read_quarantine(
        opened.data, file, rule=shown, first=(page - 1) * _PAGE_ROWS, limit=_PAGE_ROWS + 1
    )
    return render(
        request,
        "intake/quarantine.html",
        {
            "file": file,
            "title": next(d.title for d in report.datasets if d.dataset == dataset)
            if report
            else dataset,
            "partner": _partner_name(opened, file.partner),
            "faults": faults[:_PAGE_ROWS],
            "shown": shown,
            "page": page,
            "has_more": len(faults) > _PAGE_ROWS,
        },
    )


def _report(opened: OpenPlace) -> LoadReport | None:
    try:
        return read_report(opened.data)
    except NotFoundError:
        return None


def _partner_name(opened: OpenPlace, partner: str) -> str:
    known = opened.place.partners.get(partner)
    return known.name if known else partner


def _shown_rule(request: HttpRequest) -> tuple[str, str] | None:
    rule = request.GET.get("rule", "")
    return (request.GET.get("column", ""), rule) if rule else None


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return (
        min(max(int(text), 1), 1_000_000)
        if text.isascii() and text.isdigit() and len(text) < 8
        else 1
    )
