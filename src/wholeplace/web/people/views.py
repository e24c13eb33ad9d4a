"""The reason step and the whole-person page."""

import datetime as dt
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from wholeplace.agreements import Request, SeenItem, place_day
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Subject, Viewer
from wholeplace.people.read import read_holdings, read_person, read_subjects
from wholeplace.people.whole import WholePerson
from wholeplace.web.gateway.panels import PersonSeen, draw_panels
from wholeplace.web.gateway.reasons import live_reason_for, live_reasons_for, open_reason
from wholeplace.web.gateway.reveal import reveal_page, viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.people.access import (
    NOBODY,
    PEOPLE_ROLES,
    choose_purpose,
    household_to_open,
    id_asked_for,
    purposes_for,
    read_or_nobody,
    reason_for_page,
)
from wholeplace.web.people.forms import ReasonForm, TimelineForm
from wholeplace.web.people.limits import wait_out
from wholeplace.web.people.page import (
    PageWords,
    compose_page,
    filter_choices,
    filter_lines,
    sections_of,
)
from wholeplace.web.people.warnings import warnings_of

__all__ = ["person", "reason"]


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_GET
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show one whole person, if a live reason stands; ask for one otherwise."""
    at, place, viewer, rules = _begin(request)
    person_id = id_asked_for(person_id)
    wanted = request.GET.get("for", "")
    offered = purposes_for(rules, viewer)
    purpose = choose_purpose(wanted, live_reason_for(viewer, person_id, at), offered)
    if live_reason_for(viewer, person_id, at, purpose) is None:
        # The same answer for anybody: whether there is such a person is decided there.
        return redirect(
            f"{reverse('people:reason', args=[person_id])}?{urlencode({'for': purpose})}"
        )
    whole = read_or_nobody(place.snapshot_reader, person_id)
    everybody = [each.person_id for each in whole.subjects]
    reasons = live_reasons_for(viewer, everybody, at, purpose)
    reason = reason_for_page(whole.person_id, reasons)
    revealed = reveal_page(
        request, page="person", purpose=purpose, subjects=whole.subjects, items=whole.items,
        reason=reason, at=at, reasons=reasons,
    )  # fmt: skip
    seen = revealed.person(person_id)
    if seen is None or reason is None:
        raise Http404
    words = PageWords(
        rules.terms.purposes[purpose],
        dt.date.fromisoformat(str(place.snapshot_reader.snapshot.manifest["as_of"])[:10]),
        {
            need.id: need.evidence
            for framework in place.place.frameworks
            for headline in framework.headlines
            for need in headline.needs
        },
    )
    page = compose_page(whole, revealed, seen, reason, rules.terms, words)
    page["panels"] = draw_panels(request, _seen_of(whole, seen.items, page, purpose, place.today))
    page["sections"] = sections_of(page["panels"])
    asked = Request(viewer=viewer, purpose=purpose, reason=reason, at=at).about(whole.subject)
    page["warnings"] = warnings_of(rules, asked, seen.known_to, [each for each, _ in offered])
    form = TimelineForm(filter_choices(page["all_lines"], page["needs"]), request.GET)
    page["lines"] = filter_lines(page["all_lines"], page["needs"], form.chosen())
    page["years"] = list(dict.fromkeys(line.year for line in page["lines"]))
    page["lines_in_all"] = len(page["all_lines"])
    page["url"] = f"{request.path}?{urlencode({'for': purpose})}"
    context = {
        "page": page, "filter": form, "person_id": person_id, "purpose": purpose,
        "other_purposes": [each for each in offered if each[0] != purpose],
        "back_url": reverse("people:search"),
    }  # fmt: skip
    return render(request, "people/person.html", context)


def _seen_of(
    whole: WholePerson, items: Iterable[SeenItem], page: dict[str, Any], purpose: str, on: dt.date
) -> PersonSeen:
    """Return what the page shows of the person, for the parts that other apps add."""
    order = {item.key: number for number, item in enumerate(whole.identity)}
    mine = [item for item in items if item.person_id == whole.person_id]
    mine.sort(key=lambda item: (order.get(item.key, len(order)), -item.level))
    needs = [
        (headline["id"], need["id"], need["label"])
        for headline in page["needs"]
        for need in headline["needs"]
    ]
    return PersonSeen(whole.person_id, mine, needs, purpose, on)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_http_methods(["GET", "POST"])
def reason(request: HttpRequest, person_id: str) -> HttpResponse:
    """Ask why the viewer needs to look, and open the page when they have said."""
    began = time.monotonic()
    at, place, viewer, rules = _begin(request)
    person_id = id_asked_for(person_id)
    offered = purposes_for(rules, viewer)
    purpose = choose_purpose(
        request.POST.get("purpose") or request.GET.get("for", ""), None, offered
    )
    known_to = _known_to(request, place, person_id, purpose, at)
    if not known_to:
        wait_out(began)
        raise Http404
    form = ReasonForm(request.POST or None, purposes=offered, initial={"purpose": purpose})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["purpose"]
        people = [person_id]
        if form.cleaned_data["household"]:
            people += household_to_open(
                read_person(place.snapshot_reader, person_id), rules, viewer, chosen, at
            )
        for each in people:
            open_reason(viewer, each, chosen, form.cleaned_data["text"], at)
        return redirect(
            f"{reverse('people:person', args=[person_id])}?{urlencode({'for': chosen})}"
        )
    context = {
        "form": form if offered else None,
        "known_to": [rules.terms.words("partner", each) for each in known_to],
        "hours": figures().duty_hours,
        "person_id": person_id,
        "purpose": purpose,
        "back_url": reverse("people:search"),
    }
    return render(request, "people/reason.html", context, status=422 if form.errors else 200)


def _known_to(
    request: HttpRequest, place: OpenPlace, person_id: str, purpose: str, at: dt.datetime
) -> tuple[str, ...]:
    """Return the partners that the viewer may know to know the person.

    The sight is logged, of nobody too: whoever tries ids leaves the same trail whether or not
    there is somebody behind one whom they may not know of.
    """
    items = read_holdings(place.snapshot_reader, person_id)
    known = read_subjects(place.snapshot_reader, [person_id])[person_id]
    subject = known if items else Subject(NOBODY, "")
    revealed = reveal_page(
        request, page="reason", purpose=purpose, subjects=[subject], items=items,
        reason=None, at=at,
    )  # fmt: skip
    seen = revealed.person(subject.person_id)
    return seen.known_to if seen else ()


def _begin(request: HttpRequest) -> tuple[dt.datetime, OpenPlace, Viewer, Rules]:
    at = dt.datetime.now(dt.UTC)
    place = current_place()
    viewer: Any = viewer_of(request)
    return at, place, viewer, place.rules(place_day(at, place.place.place.time_zone))
