"""The auditor's page: draw a sample that anybody can draw again, and walk each claim."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.outcomes.claims.life import CLAIM_LIFE
from wholeplace.web.gateway.routes import route
from wholeplace.web.outcomes.claiming import draw
from wholeplace.web.outcomes.forms import DrawForm
from wholeplace.web.outcomes.models import AuditSample, Claim
from wholeplace.web.outcomes.views.words import names_of, viewer_or_404

__all__ = ["audit"]


@route(roles=frozenset({"auditor"}), shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """Every sample that was drawn, with its claims; draw another."""
    viewer = viewer_or_404(request)
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = draw(viewer, form.cleaned_data["seed"], dt.datetime.now(dt.UTC))
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(
                request, f"{len(drawn.claims)} of {len(drawn.among)} claims were drawn."
            )
            return redirect("outcomes:audit")
    samples = list(AuditSample.objects.filter(organisation=viewer.organisation))
    claims = Claim.objects.in_bulk([each for sample in samples for each in sample.claims])
    names = names_of([each.drawn_by for each in samples])
    shown: list[dict[str, Any]] = [
        {
            "sample": each,
            "by": names.get(each.drawn_by, "Somebody who has left"),
            "lines": [
                {
                    "claim": claims[one],
                    "state": CLAIM_LIFE.states[claims[one].state],
                    "is_audited": claims[one].steps.filter(event__startswith="find-").exists(),
                }
                for one in each.claims
            ],
        }
        for each in samples
    ]
    left = Claim.objects.filter(organisation=viewer.organisation, state="paid").count()
    return render(request, "outcomes/audit.html", {"form": form, "samples": shown, "paid": left})
