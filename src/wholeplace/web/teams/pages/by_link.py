"""Links for partners without an account: making them, and the page that they open."""

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.teams.figures import figures
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.purposes import purposes_for
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.teams.access import PEOPLE_ROLES, begin
from wholeplace.web.teams.changes.links import (
    Typed,
    call_back_link,
    find_link,
    is_right_code,
    make_link,
    send_by_link,
)
from wholeplace.web.teams.changes.referring import Told
from wholeplace.web.teams.forms import CodeForm, LinkForm, ReferralLinkForm
from wholeplace.web.teams.models import ReferralLink

__all__ = ["by_link", "call_back", "links"]

_SESSION_KEY = "referring"


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """Make a link by which somebody of another partner refers to one's own organisation."""
    start = begin(request)
    partners = sorted(
        (
            (each.id, each.name)
            for each in start.place.place.partners.values()
            if each.id != start.viewer.organisation
        ),
        key=lambda each: each[1],
    )
    form = ReferralLinkForm(
        request.POST or None, partners=partners, purposes=purposes_for(start.rules, start.viewer)
    )
    made: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _, secret, code = make_link(
            start.viewer, given["partner"], given["purpose"], given["for_whom"], start.at
        )
        url = request.build_absolute_uri(reverse("teams:by-link", args=[secret]))
        made = {"url": url, "code": code, "receiver": start.partner(start.viewer.organisation)}
    rows = [
        {
            "row": each,
            "partner": start.partner(each.partner),
            "state": _state(each, start.at),
            "is_live": _state(each, start.at) == "Waiting",
        }
        for each in ReferralLink.objects.filter(made_by=start.viewer.user_id)[:50]
    ]
    context = {"form": form, "made": made, "rows": rows, "days": figures().link_days}
    return render(request, "teams/links.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def call_back(request: HttpRequest, link_id: int) -> HttpResponse:
    """Kill a link of one's own."""
    start = begin(request)
    if call_back_link(start.viewer, link_id, start.at):
        messages.success(request, "The link works no more.")
    else:
        messages.error(request, "There is no such link, or it is dead already.")
    return redirect("teams:links")


@route(roles="anyone", shows="by-link")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Send one referral by its link. Before the code, it tells nothing at all."""
    link = find_link(secret, timezone.now())
    if link is None:
        # The same whether it never was, was used, has expired or was called back.
        over = render(request, "teams/link_over.html", status=404)
        over.is_plain = True  # type: ignore[attr-defined]  # says enough; keep it
        return over
    if not _is_opened(request, link):
        return _ask_code(request, link)
    is_sent = request.method == "POST" and "sending" in request.POST
    form = LinkForm(request.POST if is_sent else None, initial={"urgency": "routine"})
    if is_sent and form.is_valid() and _send(form, link):
        request.session.pop(_SESSION_KEY, None)
        return render(request, "teams/link_over.html", {"is_sent": True})
    place = current_place()
    terms = place.rules(place.today).terms
    context = {
        "form": form,
        "partner": terms.words("partner", link.partner),
        "receiver": terms.words("partner", link.receiver),
        "purpose": terms.words("purpose", link.purpose),
    }
    return render(request, "teams/by_link.html", context, status=422 if form.errors else 200)


def _send(form: LinkForm, link: ReferralLink) -> bool:
    given = form.cleaned_data
    told = Told(
        link.receiver, link.purpose, given["urgency"], given["why"], given["agreed"],
        given["wanted"], given["family_says"], given["agreed_why"], given["contact_safety"],
    )  # fmt: skip
    typed = Typed(
        given["name"], given["born_on"], given["contact"], given["sender_name"],
        given["sender_job"], given["sender_contact"],
    )  # fmt: skip
    try:
        send_by_link(link, told, typed, timezone.now())
    except UnsafeActionError as error:
        form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        return False
    return True


def _ask_code(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    form = CodeForm(request.POST or None)
    record("referral.link-opened", actor="link", organisation=link.partner, link=link.pk)
    if request.method == "POST" and form.is_valid():
        if is_right_code(link, form.cleaned_data["code"]):
            request.session.cycle_key()
            request.session[_SESSION_KEY] = {"link": link.link_hash, "at": int(time.time())}
            return redirect(request.path)
        form.add_error("code", "That is not the code. Ring whoever sent you the link.")
    return render(request, "teams/code.html", {"form": form}, status=422 if form.errors else 200)


def _is_opened(request: HttpRequest, link: ReferralLink) -> bool:
    kept = request.session.get(_SESSION_KEY)
    if not isinstance(kept, dict) or kept.get("link") != link.link_hash:
        return False
    return time.time() - int(kept.get("at", 0)) < figures().link_minutes * 60


def _state(link: ReferralLink, at: Any) -> str:
    if link.referral_id:
        return "Used"
    if link.called_back_at:
        return "Called back"
    if link.failures >= figures().link_code_attempts:
        return "Locked: too many wrong codes"
    return "Waiting" if link.expires_at > at else "Over"
