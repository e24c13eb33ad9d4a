"""The agreements, one agreement, and the matrix of who may see what."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from wholeplace.agreements import (
    Standing,
    agreement_text,
    find_deadlines,
    life_state,
    offers,
    sharing_matrix,
)
from wholeplace.web.agreements.asking import DRAFTERS, person_of
from wholeplace.web.agreements.forms import MatrixForm
from wholeplace.web.agreements.history import names_of
from wholeplace.web.agreements.standing import fixed_facts, owner_of
from wholeplace.web.agreements.tables import (
    agreement_row,
    clause_rows,
    group_table,
    pair_table,
    state_tag,
)
from wholeplace.web.agreements.waiting import deadlines_for, drafts_for, is_warned, tasks_waiting
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["list_agreements", "show_agreement", "show_matrix"]


_GROUPS = (
    ("In force", ("in-force",)),
    ("Suspended", ("suspended",)),
    ("Being signed", ("unsigned",)),
    ("Signed, and starting later", ("not-started",)),
    ("Ended or replaced", ("ended", "terminated", "superseded")),
)


@route(roles="signed-in", shows="operations")
def list_agreements(request: HttpRequest) -> HttpResponse:
    """Show every agreement by where it stands today, and what waits for the person."""
    opened, person = current_place(), person_of(request)
    rules = opened.rules(opened.today)
    rows = [
        agreement_row(rules.agreements[each], rules.standings[each]) for each in rules.agreements
    ]
    groups = [
        (title, [each for each in rows if each.standing.state in states])
        for title, states in _GROUPS
    ]
    shown = {
        "groups": [(title, found) for title, found in groups if found],
        "rows": rows,
        "drafts": [(each, state_tag(each.state)) for each in drafts_for(opened, person)],
        "tasks": tasks_waiting(opened, person),
        "deadlines": deadlines_for(rules, person),
        "can_draft": person.role in DRAFTERS,
        "on": rules.on,
        "ruleset": rules.hash,
    }
    return render(request, "agreements/list.html", shown)


@route(roles="signed-in", shows="operations")
def show_agreement(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show one agreement: its text, its parties and signatures, its clauses, what may be done."""
    opened = current_place()
    rules = opened.rules(opened.today)
    agreement = rules.agreements.get(agreement_id)
    if agreement is None:
        raise Http404
    standing = rules.standings[agreement_id]
    facts = fixed_facts(agreement, standing, owner_of(agreement_id))
    acts = offers(life_state(standing), person_of(request), facts)
    return render(
        request,
        "agreements/show.html",
        {
            "row": agreement_row(agreement, standing),
            "parties": _parties(standing, agreement.parties, rules.terms.partners),
            "purposes": [rules.terms.words("purpose", each) for each in agreement.purposes],
            "clauses": clause_rows(rules, agreement),
            "text": agreement_text(agreement, rules.terms),
            "acts": [(each, _ACT_PAGES.get(each.step.act, "")) for each in acts],
            "deadlines": find_deadlines([agreement], rules.standings, rules.on),
            "stops": _stops(opened, standing, rules.terms.partners),
            "can_preview": is_warned(person_of(request)),
            "on": rules.on,
        },
    )


# Acts that have a page of their own; the others are a button.
_ACT_PAGES = {
    "sign": "agreements:sign",
    "decline": "agreements:decline",
    "suspend": "agreements:suspend",
    "terminate": "agreements:notice",
    "renew": "agreements:renew",
}


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
    users = names_of(each.signatory for each in standing.signed)
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


def _stops(place: Any, standing: Standing, names: Any) -> list[dict[str, Any]]:
    """Return who suspends an agreement or has given notice, since when and why."""
    held = [
        each
        for each in place.sign_offs.suspensions(standing.agreement_id)
        if each.lifted_at is None and each.partner in standing.suspended_by
    ]
    return [
        {
            "name": names.get(each.partner, each.partner),
            "what": "Suspended it",
            "at": each.suspended_at,
            "reason": each.reason,
        }
        for each in held
    ] + [
        {
            "name": names.get(each.partner, each.partner),
            "what": f"Gave notice; its last day is {each.last_on:%-d %B %Y}",
            "at": each.given_at,
            "reason": each.reason,
        }
        for each in standing.notices
    ]
