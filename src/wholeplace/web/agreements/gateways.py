"""The powers and duties by which partners share, with their sources."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.agreements.law import Gateway, load_law
from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.agreements.texts.terms import Terms
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["show_gateways"]

_KINDS = {
    "council": "councils",
    "police": "police",
    "nhs": "NHS bodies",
    "gp": "GP practices",
    "school": "schools",
    "jobcentre": "jobcentres",
    "probation": "probation",
    "youth-justice": "youth justice services",
    "fire": "fire and rescue",
    "housing": "housing associations",
    "charity": "charities",
    "other": "others",
}
_CONFIDENCE = {
    "text": ("The statute’s text was read", "green"),
    "guidance": ("Official guidance was read", "blue"),
    "unverified": ("Not checked: refuses nothing", "grey"),
}


@dataclass(frozen=True)
class GatewayRow:
    """One gateway in words, with who relies on it here."""

    gateway: Gateway
    disclose: str
    receive: str
    purposes: tuple[str, ...]
    conditions: tuple[str, ...]
    checked: str
    colour: str
    uses: tuple[tuple[Agreement, tuple[str, ...]], ...]


@route(roles="signed-in", shows="operations")
@require_safe
def show_gateways(request: HttpRequest) -> HttpResponse:
    """Show every gateway, what it asks, its source, and the agreements that rest on it."""
    opened, law = current_place(), load_law()
    rows = [_row(each, opened.agreements, opened.terms) for each in law.gateways.values()]
    return render(request, "agreements/gateways.html", {"rows": rows, "law": law})


def _row(gateway: Gateway, agreements: Iterable[Agreement], terms: Terms) -> GatewayRow:
    uses = []
    for agreement in agreements:
        names = tuple(
            terms.words("partner", each.partner)
            for each in agreement.parties
            if gateway.id in each.gateways
        )
        if names:
            uses.append((agreement, names))
    return GatewayRow(
        gateway,
        _kinds(gateway.may_disclose),
        _kinds(gateway.may_receive),
        tuple(terms.words("purpose", each) for each in gateway.purposes),
        tuple(_conditions(gateway, terms)),
        *_CONFIDENCE[gateway.confidence],
        tuple(uses),
    )


def _kinds(kinds: tuple[str, ...] | None) -> str:
    words = ", ".join(_KINDS[each] for each in kinds) if kinds else "any organisation"
    return words[:1].upper() + words[1:]


def _conditions(gateway: Gateway, terms: Terms) -> Iterable[str]:
    if gateway.consent:
        yield "Only with the person’s consent."
    if gateway.factors:
        text = f"Only where {gateway.factors} or more of the thirteen factors are present"
        finding = " or ".join(terms.words("purpose", each).lower() for each in gateway.identifying)
        yield f"{text}, except for {finding}." if finding else f"{text}."
    if gateway.arranged_by:
        yield f"One of these must be a party: {_kinds(gateway.arranged_by).lower()}."
    if gateway.for_others:
        yield "Also whoever provides a service to such a body, named as acting for it."
