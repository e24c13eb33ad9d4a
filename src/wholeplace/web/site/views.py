"""The start page, the home of each role, and the tour."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.roles import acting_role
from wholeplace.web.agreements.waiting import waiting_agreements
from wholeplace.web.gateway.notices import count_unread
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.site.context import address_of, tasks_for
from wholeplace.web.site.freshness import read_freshness
from wholeplace.web.site.mission import Row, mission_rows
from wholeplace.web.site.personas import Guide, guides
from wholeplace.web.site.reasons import can_have_reasons, live_reasons

__all__ = ["home", "tour"]

_GROUPS = (
    ("stops", "What stops joint work"),
    ("helps", "What helps"),
    ("programme", "Programmes that were tried"),
)


@route(roles="anyone", shows="public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the role, or what this is to somebody who has not signed in."""
    role, user = acting_role(request), request.user
    if role is None or not isinstance(user, User):
        return render(request, "site/welcome.html")
    has_reasons = can_have_reasons(role)
    tasks_waiting, deadlines = waiting_agreements(request)
    context = {
        "waiting": tasks_waiting,
        "deadlines": deadlines,
        "greeting": f"Hello {user.get_short_name()}",
        "tasks": tasks_for(role),
        "freshness": read_freshness(current_place()),
        "unread": count_unread(str(user.pk)),
        "has_reasons": has_reasons,
        "reasons": live_reasons(request) if has_reasons else (),
    }
    return render(request, "site/home.html", context)


@route(roles="anyone", shows="public")
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Show the twenty rows with a way into each that is built; only where people are invented."""
    if not current_place().place.place.invented:
        raise Http404
    known = {guide.id: guide for guide in guides()}
    rows = [(row.kind, _row(row, known)) for row in mission_rows()]
    context = {
        "groups": [
            {"id": kind, "title": title, "rows": [row for of, row in rows if of == kind]}
            for kind, title in _GROUPS
        ],
        "total": len(rows),
        "built": sum(row["can_open"] for _, row in rows),
        "part": sum(row["can_open"] and row["state"] == "part" for _, row in rows),
        "personas": list(known.values()),
    }
    return render(request, "site/tour.html", context)


def _row(row: Row, known: dict[str, Guide]) -> dict[str, Any]:
    guide = known.get(row.persona)
    url = address_of(row.opens) if row.opens else ""
    whose = " and ".join(filter(None, [", ".join(row.changes[:-1]), row.changes[-1]]))
    return {
        **row.model_dump(),
        "state": row.state,
        "whose": f"The {whose}"
        if not whose.startswith(("every", "other", "front"))
        else whose.capitalize(),
        "url": f"{url}?row={row.id}" if url else "",
        "can_open": bool(guide and url),
        "persona_name": guide.name if guide else "",
        "persona_job": f"{guide.job}, {guide.organisation}" if guide else "",
        "sign_in_url": guide.sign_in_url if guide else "",
    }
