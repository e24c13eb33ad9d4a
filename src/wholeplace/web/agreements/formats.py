"""An agreement to keep or to hand on: linked data, plain text, and the forms of each clause.

Nothing here holds personal data: an agreement is about partners and fields.
"""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.agreements import Agreement, Terms, agreement_text
from wholeplace.agreements.drafting.sharing_request import (
    SharingDecision,
    decision_rows,
    request_of_clause,
    request_rows,
)
from wholeplace.agreements.texts.odrl import ODRL_MEDIA_TYPE, export_odrl
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["download_odrl", "download_text", "show_annex_b"]


@route(roles="signed-in", shows="operations")
@require_safe
def download_odrl(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Give an agreement as ODRL in JSON-LD."""
    agreement, terms = _agreement(agreement_id)
    text = json.dumps(export_odrl(agreement, terms), ensure_ascii=False, indent=2)
    return _file(text + "\n", ODRL_MEDIA_TYPE, f"{agreement.id}.jsonld")


@route(roles="signed-in", shows="operations")
@require_safe
def download_text(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Give the text that parties sign."""
    agreement, terms = _agreement(agreement_id)
    return _file(agreement_text(agreement, terms), "text/plain", f"{agreement.id}.txt")


@route(roles="signed-in", shows="operations")
@require_safe
def show_annex_b(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show the request and decision form of one clause to print, or the clauses to choose from."""
    agreement, terms = _agreement(agreement_id)
    wanted = request.GET.get("clause", "")
    clause = next((each for each in agreement.clauses if each.id == wanted), None)
    if wanted and clause is None:
        raise Http404
    shown: dict[str, object] = {"agreement": agreement}
    if clause is None:
        shown["clauses"] = [
            (
                each.id,
                terms.words("partner", each.source),
                "Every other party"
                if each.recipient == "all-parties"
                else terms.words("partner", each.recipient),
                terms.words("purpose", each.purpose),
            )
            for each in agreement.clauses
            if each.source != each.recipient
        ]
        return render(request, "agreements/annex_b_clauses.html", shown)
    asked = request_of_clause(agreement, clause, terms)
    shown |= {
        "clause": clause,
        "request_rows": request_rows(asked, terms),
        "decision_rows": decision_rows(SharingDecision(request_id=asked.id)),
    }
    return render(request, "agreements/annex_b.html", shown)


def _agreement(agreement_id: str) -> tuple[Agreement, Terms]:
    opened = current_place()
    for each in opened.agreements:
        if each.id == agreement_id:
            return each, opened.terms
    raise Http404


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
