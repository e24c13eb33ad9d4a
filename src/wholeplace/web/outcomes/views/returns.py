"""Pages of returns: count a period, send it, and reconcile what was sent."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.outcomes.claims.returns import LineResult
from wholeplace.partnership.definitions import Framework
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.outcomes.forms import ReturnForm
from wholeplace.web.outcomes.models import SentReturn
from wholeplace.web.outcomes.returning import count_return, reconcile, send_return
from wholeplace.web.outcomes.views.words import names_of, viewer_or_404

__all__ = ["list_returns", "show"]

_READERS = frozenset({"programme-lead", "finance-lead", "auditor", "central-sponsor"})
_KINDS = {
    "only-sent": "Was sent, not counted now",
    "only-now": "Counted now, was not sent",
    "amount": "Another amount",
}


@route(roles=_READERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def list_returns(request: HttpRequest) -> HttpResponse:
    """Returns that were sent, and one counted now."""
    viewer, framework = viewer_or_404(request), _framework()
    can_send = viewer.role == "programme-lead"
    form = ReturnForm(request.POST or None, initial=_last_quarter(current_place().today))
    counted: tuple[LineResult, ...] = ()
    if request.method == "POST" and can_send and framework is not None and form.is_valid():
        first_on, last_on = form.cleaned_data["first_on"], form.cleaned_data["last_on"]
        counted = count_return(viewer.organisation, framework, first_on, last_on)
        if request.POST.get("do") == "send":
            try:
                sent = send_return(viewer, framework, first_on, last_on, dt.datetime.now(dt.UTC))
            except UnsafeActionError as error:
                form.add_error(None, f"{error.what} {error.why} {error.do_next}")
            else:
                messages.success(request, "The return was sent and kept as it is.")
                return redirect("outcomes:return", return_id=sent.pk)
    returns = SentReturn.objects.filter(organisation=viewer.organisation)
    names = names_of([each.sent_by for each in returns])
    return render(
        request,
        "outcomes/returns.html",
        {
            "form": form,
            "framework": framework,
            "can_send": can_send,
            "counted": counted,
            "lines": [(each, names.get(each.sent_by, "Somebody who has left")) for each in returns],
        },
    )


@route(roles=_READERS, shows="operations")
@require_safe
def show(request: HttpRequest, return_id: str) -> HttpResponse:
    """One return as it was sent, reconciled with the case list now, each difference with why."""
    viewer = viewer_or_404(request)
    sent = (
        SentReturn.objects.filter(pk=int(return_id), organisation=viewer.organisation).first()
        if return_id.isdigit() and len(return_id) < 10
        else None
    )
    framework = current_place().place.framework(sent.framework) if sent else None
    if sent is None or framework is None:
        raise Http404
    now, differences = reconcile(sent, framework)
    is_centre = viewer.role == "central-sponsor"
    lines: list[dict[str, Any]] = [
        {
            "result": each,
            "is_money": each.line.counts == "pence-claimed",
            "sent": sum(sent.lines.get(each.line.id, {}).values()),
            "differences": [
                (one, _KINDS[one.kind]) for one in differences if one.line == each.line.id
            ],
        }
        for each in now
    ]
    return render(
        request,
        "outcomes/return.html",
        {
            "sent": sent,
            "framework": framework,
            "lines": lines,
            "is_centre": is_centre,
            "differs": bool(differences),
        },
    )


def _framework() -> Framework | None:
    """Return the framework that returns are made for: the first with claims and returns."""
    return next(
        (each for each in current_place().place.frameworks if each.claims and each.returns), None
    )


def _last_quarter(today: dt.date) -> dict[str, dt.date]:
    first = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return {"first_on": first, "last_on": today}
