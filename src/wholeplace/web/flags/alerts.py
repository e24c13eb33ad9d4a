"""Who asked for sealed people: told to their guardians and to the partner that sealed, silently.

An attempt stands in the trail like any other sight; nothing of what the asker does or is shown
depends on it. This page only reads the trail.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import known_pseudonym, record
from wholeplace.web.flags.access import FLAG_ROLES, OFFICER
from wholeplace.web.gateway.models import AlertsRead
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["AlertLine", "alert_lines", "asked_for", "count_new_alerts", "guarded_people"]

_MOST = 200
_PAGES = {
    "search": "Searched, with facts that fit",
    "person": "Tried to open the page",
    "reason": "Tried an address",
    "caseload": "Has them in a caseload",
    "flags": "Tried to open consent and limits",
}


@dataclass(frozen=True)
class AlertLine:
    """One attempt: when, from which organisation, in which role, and how.

    Attributes:
        person_id: whom it was about, where the reader guards them; else empty.
    """

    at: dt.datetime | None
    organisation: str
    role: str
    did: str
    person_id: str
    is_new: bool


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@require_GET
def asked_for(request: HttpRequest) -> HttpResponse:
    """Tell who asked for people whom the viewer guards, or whom their organisation sealed."""
    viewer: Any = viewer_of(request)
    record(
        "flags.alerts-viewed", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role,
    )  # fmt: skip
    lines = alert_lines(viewer)
    _mark_read(viewer)
    context = {"lines": lines, "most": _MOST, "is_officer": viewer.role == OFFICER}
    return render(request, "flags/asked_for.html", context)


def guarded_people(viewer: Viewer) -> list[str]:
    """Return the people of whom the viewer is a guardian, sealed now."""
    try:
        stated = current_place().snapshot_reader.stated()
    except NotFoundError:
        return []
    return sorted(
        person
        for person, seals in (stated.seals if stated else {}).items()
        if any(viewer.user_id in guardians for guardians in seals.values())
    )


def alert_lines(viewer: Viewer) -> list[AlertLine]:
    """Return the attempts that the viewer is to be told of, newest first."""
    guarded = {known_pseudonym(each): each for each in guarded_people(viewer)}
    read, terms = _read_up_to(viewer), current_place().terms
    return [_tell(each, guarded, read, terms) for each in _entries(viewer, guarded)[:_MOST]]


def count_new_alerts(viewer: Viewer) -> int:
    """Return how many attempts there were since the viewer last read of them."""
    guarded = [known_pseudonym(each) for each in guarded_people(viewer)]
    return _entries(viewer, guarded).filter(position__gt=_read_up_to(viewer)).count()


def _entries(viewer: Viewer, pseudonyms: Iterable[str | None]) -> "QuerySet[Entry]":
    alerts: list[dict[str, Any]] = [
        {"kind": "sealed", "subject": each} for each in pseudonyms if each
    ]
    if viewer.role == OFFICER:
        alerts.append({"kind": "sealed", "partners": [viewer.organisation]})
    wanted = Q(pk__in=[])
    for each in alerts:
        wanted |= Q(event__contains={"alerts": [each]})
    return Entry.objects.filter(wanted).order_by("-position")


def _tell(entry: Entry, guarded: dict[str | None, str], read: int, terms: Any) -> AlertLine:
    event: dict[str, Any] = entry.event
    about = (guarded.get(each.get("subject")) for each in event.get("alerts") or [])
    role = str(event.get("role") or "")
    return AlertLine(
        _instant(event.get("at")),
        terms.words("partner", str(event.get("organisation") or "")),
        terms.words("role", role) if role else "",
        _PAGES.get(str(event.get("page")), "Asked for them"),
        next((each for each in about if each), ""),
        entry.position > read,
    )


def _read_up_to(viewer: Viewer) -> int:
    found = AlertsRead.objects.filter(user_id=viewer.user_id).first()
    return found.position if found else 0


def _mark_read(viewer: Viewer) -> None:
    newest = Entry.objects.order_by("-position").values_list("position", flat=True).first() or 0
    AlertsRead.objects.update_or_create(user_id=viewer.user_id, defaults={"position": newest})


def _instant(text: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
