"""Pages of claims: making one, deciding on it, and walking it down to its evidence."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.outcomes.claims.life import CLAIM_LIFE
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.outcomes.checking import check_family, reveal_evidence
from wholeplace.web.outcomes.claiming import actors_of, find_claim, make_claim, take_step
from wholeplace.web.outcomes.forms import StepForm
from wholeplace.web.outcomes.models import AuditSample, Claim
from wholeplace.web.outcomes.views.families import READERS, show_family
from wholeplace.web.outcomes.views.words import names_of, rule_lines, viewer_or_404

__all__ = ["claim", "show", "step"]

_DONE_WORDS = {
    "claim": "claimed it",
    "approve": "approved it",
    "refuse": "refused it",
    "withdraw": "withdrew it",
    "pay": "said that it was paid",
    "find-right": "found it right",
    "find-wrong": "found it wrong",
    "pay-back": "said that it was paid back",
}


@route(roles=frozenset({"programme-lead"}), shows="personal")
@require_POST
def claim(request: HttpRequest, family_ref: str) -> HttpResponse:
    """Claim a family's result; refused with every failed rule where one fails."""
    viewer = viewer_or_404(request)
    try:
        made = make_claim(current_place(), viewer, family_ref, dt.datetime.now(dt.UTC))
    except UnsafeActionError as error:
        return show_family(request, family_ref, error, status=409)
    messages.success(request, "It was claimed. Finance now decides.")
    return redirect("outcomes:show", claim_id=made.id)


@route(roles=READERS, shows="personal")
@require_safe
def show(request: HttpRequest, claim_id: str) -> HttpResponse:
    """One claim: what it rests on, down to the record, and what may be done."""
    return _show(request, claim_id)


@route(roles=READERS, shows="personal")
@require_POST
def step(request: HttpRequest, claim_id: str) -> HttpResponse:
    """Approve, refuse, withdraw, pay, find right or wrong, pay back."""
    viewer = viewer_or_404(request)
    form = StepForm(request.POST)
    find_claim(viewer, claim_id)
    if form.is_valid():
        given = form.cleaned_data
        try:
            take_step(
                viewer, claim_id, given["event"], given["version"], given, dt.datetime.now(dt.UTC)
            )
        except UnsafeActionError as error:
            return _show(request, claim_id, error, given, status=409)
        messages.success(request, "Done.")
    return redirect("outcomes:show", claim_id=claim_id)


def _show(
    request: HttpRequest,
    claim_id: str,
    error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, at, place = viewer_or_404(request), dt.datetime.now(dt.UTC), current_place()
    found = find_claim(viewer, claim_id)
    checked = check_family(place, viewer, found.family, at)
    seen = reveal_evidence(request, viewer, found.family, checked, "claim", at)
    terms = checked.framework.claims
    assert terms is not None  # noqa: S101 - for the type checker
    samples = AuditSample.objects.filter(
        organisation=found.organisation, claims__contains=[found.id]
    )
    steps = CLAIM_LIFE.steps_from(found.state, actors_of(found, viewer))
    if not samples:
        steps = tuple(each for each in steps if not each.event.startswith("find-"))
    names = names_of([each.by for each in found.steps.all()])
    return render(
        request,
        "outcomes/claim.html",
        {
            "claim": found,
            "framework": checked.framework,
            "state": CLAIM_LIFE.states[found.state],
            "route_words": _route(found, terms),
            "rules": rule_lines(terms, checked, seen),
            "still_valid": checked.judgement.is_valid,
            "failed": checked.judgement.failed,
            "unused": [place.terms.words("field", each) for each in checked.unused],
            "samples": samples,
            "steps": steps,
            "history": [
                {
                    "step": each,
                    "by": names.get(each.by, "Somebody who has left"),
                    "did": _DONE_WORDS[each.event],
                }
                for each in found.steps.all()
            ],
            "is_auditor": viewer.role == "auditor",
            "error": error,
            "typed": typed or {},
        },
        status=status,
    )


def _route(found: Claim, terms: Any) -> str:
    return next((each.label for each in terms.routes if each.id == found.route), found.route)
