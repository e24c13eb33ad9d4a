"""The agreements, one agreement, and the matrix of who may see what."""

from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from wholeplace.agreements import Standing, agreement_text, sharing_matrix
from wholeplace.web.agreements.forms import MatrixForm
from wholeplace.web.agreements.tables import (
    agreement_row,
    clause_rows,
    group_table,
    pair_table,
)
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["list_agreements", "show_agreement", "show_matrix"]


@route(roles="signed-in", shows="operations")
def list_agreements(request: HttpRequest) -> HttpResponse:
    """Show every agreement and whether it is in force today."""
    opened = current_place()
    rules = opened.rules(opened.today)
    rows = [
        agreement_row(rules.agreements[each], rules.standings[each]) for each in rules.agreements
    ]
    return render(
        request, "agreements/list.html", {"rows": rows, "on": rules.on, "ruleset": rules.hash}
    )


@route(roles="signed-in", shows="operations")
def show_agreement(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show one agreement: its text, its parties and signatures, its clauses."""
    opened = current_place()
    rules = opened.rules(opened.today)
    agreement = rules.agreements.get(agreement_id)
    if agreement is None:
        raise Http404
    standing = rules.standings[agreement_id]
    return render(
        request,
        "agreements/show.html",
        {
            "row": agreement_row(agreement, standing),
            "parties": _parties(standing, agreement.parties, rules.terms.partners),
            "purposes": [rules.terms.words("purpose", each) for each in agreement.purposes],
            "clauses": clause_rows(rules, agreement),
            "text": agreement_text(agreement, rules.terms),
            "on": rules.on,
        },
    )


@route(roles="signed-in", shows="operations")
def show_matrix(request: HttpRequest) -> HttpResponse:
    """Show the most that each partner's people may see of each other's data."""
    opened = current_place()
    rules = opened.rules(opened.today)
    partners = rules.terms.partners
    own = str(getattr(request.user, "organisation", ""))
    default = own if own in partners else next(iter(partners), "")
    form = MatrixForm({"source": default, **request.GET.dict()}, rules.terms)
    chosen = form.cleaned_data if form.is_valid() else {}
    source = chosen.get("source") or default
    cells = sharing_matrix(rules, chosen.get("purpose") or None, chosen.get("role") or None)
    table = group_table(rules, cells, source, partners)
    return render(
        request,
        "agreements/matrix.html",
        {
            "form": form,
            "partners": list(partners.items()),
            "pairs": [(each, partners[each], row) for each, row in pair_table(cells, partners)],
            "groups": table.groups,
            "recipients": table.rows,
            "agreements": table.agreements,
            "source_name": rules.terms.words("partner", source),
            "purpose": rules.terms.purposes.get(chosen.get("purpose", ""), ""),
            "role": rules.terms.roles.get(chosen.get("role", ""), ""),
            "on": rules.on,
        },
    )


def _parties(standing: Standing, parties: Any, names: Any) -> list[dict[str, Any]]:
    """Return each party with its law and who signed when, by name where they can sign in."""
    signed = {each.partner: each for each in standing.signed}
    users = _names_of(each.signatory for each in standing.signed)
    return [
        {
            "name": names.get(party.partner, party.partner),
            "party": party,
            "signed_at": signed[party.partner].signed_at if party.partner in signed else None,
            "signatory": users.get(signed[party.partner].signatory, "")
            if party.partner in signed
            else "",
            "signed_another": party.partner in standing.signed_another,
            "is_suspending": party.partner in standing.suspended_by,
        }
        for party in parties
    ]


def _names_of(user_ids: Any) -> dict[str, str]:
    keys = [int(each) for each in user_ids if each.isdigit()]
    found = get_user_model().objects.filter(pk__in=keys)
    return {str(each.pk): str(each.name) for each in found}
