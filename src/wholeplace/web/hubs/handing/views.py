"""Pages of the warm handover: hand somebody over, see what became of it, take it on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.web.gateway.handovers import Handed, taker_of_handovers
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.gateway.routes import route
from wholeplace.web.hubs.access import Beginning, begin, people_of
from wholeplace.web.hubs.forms import VersionForm
from wholeplace.web.hubs.handing.changes import (
    Meeting,
    find_handover,
    find_present,
    hand_over,
    take_on,
)
from wholeplace.web.hubs.handing.forms import HandOverForm
from wholeplace.web.hubs.handing.reading import name_people, purposes_of, those_to_hand_over
from wholeplace.web.hubs.models import Handover

__all__ = ["give", "handed", "handovers", "take"]

_MOST = 50


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, user_id: int) -> HttpResponse:
    """Hand somebody over to a colleague who is here: whom, what they need, and that they agree."""
    start = begin(request)
    try:
        meeting = find_present(start.viewer, user_id, start.today)
    except NotFoundError as error:
        raise Http404 from error
    offered = purposes_of(start.served, start.viewer, start.at)
    purpose = _purpose(request, offered)
    reasons = those_to_hand_over(start.viewer, purpose, start.at)
    people = name_people(request, start.served, purpose, reasons, start.at, "hand-over")
    is_sent = request.method == "POST"
    form = HandOverForm(request.POST if is_sent else None, people=people) if people else None
    if is_sent and form is not None and form.is_valid():
        typed = form.cleaned_data
        told = Handed(
            typed["person_id"],
            meeting.colleague.organisation,
            purpose,
            typed["why"],
            typed["family_says"],
        )
        try:
            made = hand_over(start.user, start.viewer, meeting, told, start.at)
        except WholeplaceError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "They were handed over, and your colleague was told.")
            return redirect("hubs:handed", handover_id=made.pk)
    context = _about(start, meeting) | {
        "form": form, "purpose": purpose, "purpose_words": dict(offered).get(purpose, ""),
        "purposes": offered,
    }  # fmt: skip
    return render(request, "hubs/give.html", context, status=422 if form and form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """Handovers that the viewer made, or that were made to them. Without names."""
    start = begin(request)
    mine = start.viewer.user_id
    context = {
        "to_me": _rows(start, Handover.objects.filter(to_user=mine)[:_MOST]),
        "by_me": _rows(start, Handover.objects.filter(from_user=mine)[:_MOST]),
    }
    return render(request, "hubs/handovers.html", context)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def handed(request: HttpRequest, handover_id: str) -> HttpResponse:
    """One handover: who, where, and how the referral stands that it became."""
    start = begin(request)
    try:
        found = find_handover(start.viewer, handover_id)
    except NotFoundError as error:
        raise Http404 from error
    reasons = live_reasons_for(start.viewer, [found.person_id], start.at, found.purpose)
    named = dict(name_people(request, start.served, found.purpose, reasons, start.at, "handover"))
    context = _row(start, found) | {
        "name": named.get(found.person_id, ""),
        "has_reason": bool(reasons),
        "purpose_words": start.served.terms.words("purpose", found.purpose),
        "person_url": f"{reverse('people:person', args=[found.person_id])}?for={found.purpose}"
        if reasons
        else "",
    }
    return render(request, "hubs/handed.html", context)


@route(roles=PEOPLE_ROLES, shows="personal")
@require_POST
def take(request: HttpRequest, handover_id: str) -> HttpResponse:
    """Take on somebody who was handed over to one; from now on there is a reason to look."""
    start, form = begin(request), VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        take_on(start.viewer, handover_id, version, start.at)
    except NotFoundError as error:
        raise Http404 from error
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "You took it on, and your colleague was told.")
    return redirect("hubs:handed", handover_id=handover_id)


def _purpose(request: HttpRequest, offered: list[tuple[str, str]]) -> str:
    known = [each for each, _ in offered]
    wanted = request.GET.get("for", "")
    return wanted if wanted in known else known[0] if known else ""


def _about(start: Beginning, meeting: Meeting) -> dict[str, Any]:
    site = start.sites.site(meeting.site_id) if start.sites else None
    return {
        "colleague": meeting.colleague,
        "partner": start.served.terms.words("partner", meeting.colleague.organisation),
        "hub": site.name if site else "",
    }


def _rows(start: Beginning, found: Any) -> list[dict[str, Any]]:
    return [_row(start, each) for each in found]


def _row(start: Beginning, found: Handover) -> dict[str, Any]:
    site = start.sites.site(found.site_id) if start.sites else None
    users, terms = people_of([found.from_user, found.to_user]), start.served.terms
    standing = taker_of_handovers().standing(start.viewer, found.referral_id)
    page = standing.opens if standing else ""
    return {
        "handover": found,
        "hub": site.name if site else found.site_id,
        "giver": users.get(found.from_user),
        "taker": users.get(found.to_user),
        "giver_partner": terms.words("partner", found.from_organisation),
        "taker_partner": terms.words("partner", found.to_organisation),
        "is_to_me": found.to_user == start.viewer.user_id,
        "standing": standing,
        "referral_url": reverse(page, args=[found.referral_id]) if page else "",
    }
