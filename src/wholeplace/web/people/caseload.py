"""The people whom a viewer works with: names at the level decided, and the way to each page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from wholeplace.agreements import place_day
from wholeplace.agreements.gateway import Revealed
from wholeplace.agreements.subjects.request import Reason, SealedItem, Viewer
from wholeplace.agreements.texts.terms import Terms
from wholeplace.people.read import read_identity, read_subjects
from wholeplace.web.gateway.models import Caseload
from wholeplace.web.gateway.reasons import list_reasons, live_reasons_for
from wholeplace.web.gateway.reveal import reveal_page, viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.people.access import PEOPLE_ROLES, choose_purpose, purposes_for
from wholeplace.web.people.page import name_of
from wholeplace.web.people.wording import say_date

__all__ = ["caseload"]

_SHOWN = ("identity.name", "identity.birth-date")


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_GET
def caseload(request: HttpRequest) -> HttpResponse:
    """List those in the viewer's caseload, and those for whom they typed a reason."""
    at, place = dt.datetime.now(dt.UTC), current_place()
    viewer: Any = viewer_of(request)
    rules = place.rules(place_day(at, place.place.place.time_zone))
    offered = purposes_for(rules, viewer)
    purpose = choose_purpose(request.GET.get("for", ""), None, offered)
    reasons = live_reasons_for(viewer, _people_of(viewer, at), at, purpose)
    context: dict[str, Any] = {"purpose": purpose, "purposes": offered, "mine": []}
    if reasons and purpose:
        ids = sorted(reasons)
        identity = read_identity(place.snapshot_reader, ids)
        subjects = read_subjects(place.snapshot_reader, ids)
        items = [item for each in ids for item in identity[each] if item.field in _SHOWN]
        # One reason decides for all; it covers those alone for whom the viewer has a live one,
        # and beside each of them the event names their own.
        first = next(iter(reasons.values()))
        revealed = reveal_page(
            request, page="caseload", purpose=purpose,
            subjects=[subjects[each] for each in ids], items=items,
            reason=replace(first, person_ids=frozenset(ids)), at=at,
            reasons=reasons,
        )  # fmt: skip
        context["mine"] = _rows(revealed, reasons, identity, rules.terms, purpose)
    return render(request, "people/caseload.html", context)


def _people_of(viewer: Viewer, at: dt.datetime) -> list[str]:
    own = Caseload.objects.filter(user_id=viewer.user_id).values_list("person_id", flat=True)
    typed = (each for reason in list_reasons(viewer, at) for each in reason.person_ids)
    return sorted({*own, *typed})


def _rows(
    revealed: Revealed,
    reasons: dict[str, Reason],
    identity: Mapping[str, Sequence[SealedItem]],
    terms: Terms,
    purpose: str,
) -> list[dict[str, Any]]:
    rows = []
    for person_id in reasons:
        seen = revealed.person(person_id)
        if seen is None:
            continue
        births = (item for item in seen.items if item.field == "identity.birth-date")
        born = max(births, key=lambda item: item.level, default=None)
        reason = reasons[person_id]
        rows.append(
            {
                "name": name_of(seen.items, identity[person_id])
                or "Somebody whose name you may not see",
                "born": (say_date(born.text) or born.text) if born else "",
                "known_to": [terms.words("partner", each) for each in seen.known_to],
                "why": reason.text,
                "ends_at": reason.expires_at,
                "url": f"{reverse('people:person', args=[person_id])}?{urlencode({'for': purpose})}",
            }
        )
    return sorted(rows, key=lambda row: str(row["name"]))
