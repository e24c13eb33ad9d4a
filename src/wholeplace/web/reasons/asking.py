"""Asking a partner, following what became of it, and the log and printed record of requests."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements import Request
from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.information_request import REFUSALS, askable_fields, is_late
from wholeplace.agreements.subjects.request import Reason
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.people.read import read_holdings, read_subjects
from wholeplace.web.gateway.notices import users_with
from wholeplace.web.gateway.purposes import PEOPLE_ROLES, purposes_for
from wholeplace.web.gateway.reasons import live_reason_for
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.gateway.routes import route
from wholeplace.web.reasons.access import Beginning, begin
from wholeplace.web.reasons.answers import sealed_answers
from wholeplace.web.reasons.forms import AskForm
from wholeplace.web.reasons.links import call_back_link, make_link
from wholeplace.web.reasons.models import InformationRequest
from wholeplace.web.reasons.records import annex_b_record
from wholeplace.web.reasons.requests import Question, ask, sweep_requests, withdraw

__all__ = [
    "STATE_LABELS", "ask_partner", "asked", "call_back", "follow", "log", "new_link", "record_page",
    "take_back",
]  # fmt: skip

STATE_LABELS = {
    "sent": "Sent",
    "opened": "Being answered",
    "answered": "Answered",
    "part-answered": "Answered in part",
    "not-held": "Nothing held",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "expired": "Expired",
}
_LIVE = ("sent", "opened")


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_partner(request: HttpRequest, person_id: str) -> HttpResponse:
    """Ask one partner a precise question about one person, for a live reason."""
    start = begin(request)
    reason = live_reason_for(start.viewer, person_id, start.at, request.GET.get("for", ""))
    if reason is None:
        return redirect("people:reason", person_id=person_id)
    offered = [each for each, _ in purposes_for(start.rules, start.viewer)]
    wanted = request.GET.get("for", "")
    purpose = wanted if wanted in offered else reason.purpose or next(iter(offered), "")
    partners = _partners_to_ask(start, person_id, purpose, reason)
    chosen = request.GET.get("partner", "")
    context: dict[str, Any] = {
        "person_id": person_id,
        "purpose": purpose,
        "purpose_label": start.rules.terms.words("purpose", purpose),
        "partners": [(each, start.rules.terms.words("partner", each)) for each in partners],
        "partner": chosen,
        "back_url": f"{reverse('people:person', args=[person_id])}?{urlencode({'for': purpose})}",
    }
    if chosen not in partners:
        return render(request, "reasons/ask_whom.html", context)
    form = AskForm(
        request.POST or None, askable=partners[chosen], terms=start.rules.terms,
        has_people=bool(users_with(figures().answering_roles, [chosen])),
    )  # fmt: skip
    context |= {"form": form, "partner_label": start.rules.terms.words("partner", chosen)}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        question = Question(
            person_id, purpose, chosen, form.chosen(), typed["question"], typed["necessity"],
            typed["urgency"], form.due(),
        )  # fmt: skip
        made = ask(start.user, start.viewer, reason, question, start.at)
        if typed["way"] == "link":
            return _show_link(request, start, made)
        messages.success(request, "Your question was sent. You are told when it is decided.")
        return redirect("reasons:follow", request_id=made.pk)
    return render(request, "reasons/ask.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What this user asked partners, and what became of it."""
    start = begin(request)
    sweep_requests(start.at)
    found = InformationRequest.objects.filter(
        asked_by=start.viewer.user_id, organisation=start.viewer.organisation
    )
    return render(request, "reasons/asked.html", {"rows": [row_of(e, start) for e in found[:200]]})


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def follow(request: HttpRequest, request_id: str) -> HttpResponse:
    """One question of one's own: how it stands, and the answer while a reason lives."""
    start = begin(request)
    sweep_requests(start.at)
    found = _own(start, request_id)
    reason = live_reason_for(start.viewer, found.person_id, start.at, found.purpose)
    context = row_of(found, start) | {
        "is_live": found.state in _LIVE,
        "has_reason": reason is not None,
        "reason_url": f"{reverse('people:reason', args=[found.person_id])}?"
        f"{urlencode({'for': found.purpose})}",
        "person_url": f"{reverse('people:person', args=[found.person_id])}?"
        f"{urlencode({'for': found.purpose})}",
        "answers": _answers(request, start, found, reason) if reason and found.decided_at else [],
    }
    return render(request, "reasons/follow.html", context)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def take_back(request: HttpRequest, request_id: str) -> HttpResponse:
    """Withdraw a question."""
    start = begin(request)
    found = _own(start, request_id)
    try:
        withdraw(found.pk, start.viewer, start.at)
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "Your question was withdrawn. Nobody can answer it now.")
    return redirect("reasons:follow", request_id=request_id)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_POST
def new_link(request: HttpRequest, request_id: str) -> HttpResponse:
    """Make a new link for a question; the old one dies."""
    start = begin(request)
    found = _own(start, request_id)
    if found.state not in _LIVE or start.at >= found.expires_at:
        messages.error(request, "No link was made: the question was decided or is over.")
        return redirect("reasons:follow", request_id=request_id)
    return _show_link(request, start, found)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def call_back(request: HttpRequest, request_id: str) -> HttpResponse:
    """Kill a question's link."""
    start = begin(request)
    if call_back_link(_own(start, request_id), start.viewer.user_id):
        messages.success(request, "The link no longer works.")
    return redirect("reasons:follow", request_id=request_id)


@route(roles=["data-protection-officer"], shows="operations")
@never_cache
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every request to or from the officer's organisation; the host's sees all, without words."""
    start = begin(request)
    sweep_requests(start.at)
    found = InformationRequest.objects.all()
    own, host = start.user.organisation, start.place.place.place.host
    if own != host:
        found = found.filter(Q(organisation=own) | Q(partner=own))
    state, partner = request.GET.get("state", ""), request.GET.get("partner", "")
    if state in STATE_LABELS:
        found = found.filter(state=state)
    if partner in start.place.place.partners:
        found = found.filter(Q(organisation=partner) | Q(partner=partner))
    rows = [row_of(each, start) for each in found[:500]]
    rows.sort(key=lambda row: not row["is_late"])
    for row in rows:
        row["has_record"] = own in (row["request_made"].organisation, row["request_made"].partner)
    context = {
        "rows": rows,
        "states": STATE_LABELS.items(),
        "state": state,
        "partner": partner,
        "partners": [(each.id, each.name) for each in start.place.place.partners.values()],
    }
    return render(request, "reasons/log.html", context)


@route(roles="signed-in", shows="operations")
@never_cache
@require_safe
def record_page(request: HttpRequest, request_id: str) -> HttpResponse:
    """The printed record of a request and its decision, as the Commissioner's Annex B asks."""
    start = begin(request)
    found = InformationRequest.objects.filter(pk=request_id).first()
    if found is None or not _may_see_record(start, found):
        raise Http404
    context = annex_b_record(found, start.rules) | row_of(found, start)
    return render(request, "reasons/record.html", context)


def row_of(found: InformationRequest, start: Beginning) -> dict[str, Any]:
    """Return a request in words; nothing of who it is about."""
    terms = start.rules.terms
    return {
        "request_made": found,
        "partner": terms.words("partner", found.partner),
        "asker": terms.words("partner", found.organisation),
        "purpose": terms.words("purpose", found.purpose),
        "fields": [terms.words("field", each["field"]) for each in found.fields],
        "state": STATE_LABELS[found.state],
        "is_late": is_late(found.state, found.due_at, start.at),  # type: ignore[arg-type]
    }


def _own(start: Beginning, request_id: str) -> InformationRequest:
    found = InformationRequest.objects.filter(
        pk=request_id, asked_by=start.viewer.user_id, organisation=start.viewer.organisation
    ).first()
    if found is None:
        raise Http404
    return found


def _may_see_record(start: Beginning, found: InformationRequest) -> bool:
    own, role = start.viewer.organisation, start.viewer.role
    if found.asked_by == start.viewer.user_id:
        return True
    if role == "data-protection-officer":
        return own in (found.organisation, found.partner)
    return own == found.partner and role in figures().answering_roles and bool(found.opened_at)


def _partners_to_ask(
    start: Beginning, person_id: str, purpose: str, reason: Reason
) -> dict[str, Any]:
    """Return who may be asked for what: by the rules, never by which partner holds what."""
    subject = read_subjects(start.place.snapshot_reader, [person_id])[person_id]
    is_known = bool(read_holdings(start.place.snapshot_reader, person_id))
    asked_about = Request(start.viewer, purpose, reason, start.at, subject)
    # A sealed person is spoken of to nobody, even by somebody who broke the glass; and of nobody
    # at all there is nobody to ask, or the two could be told apart here.
    if asked_about.is_about_sealed or not is_known:
        return {}
    found = {
        partner: askable_fields(start.rules, asked_about, partner)
        for partner in start.rules.terms.partners
    }
    return {partner: fields for partner, fields in found.items() if fields}


def _show_link(request: HttpRequest, start: Beginning, made: InformationRequest) -> HttpResponse:
    secret, code = make_link(made, start.viewer.user_id)
    link = request.build_absolute_uri(reverse("reasons:by-link", args=[secret]))
    context = row_of(made, start) | {"link": link, "code": code}
    return render(request, "reasons/link.html", context)


def _answers(
    request: HttpRequest, start: Beginning, found: InformationRequest, reason: Reason
) -> list[dict[str, Any]]:
    """Return what was answered: each value through the gateway, at the level that holds today."""
    terms = start.rules.terms
    replies = sealed_answers(start.place, found, terms)
    subject = read_subjects(start.place.snapshot_reader, [found.person_id])[found.person_id]
    revealed = reveal_page(
        request, page="information-request", purpose=found.purpose, subjects=[subject],
        items=[item for _, item in replies if item], reason=reason, at=start.at,
    )  # fmt: skip
    seen = {item.key: item for item in revealed.items}
    rows = []
    for reply, item in replies:
        shown = seen.get(item.key) if item else None
        said = str(shown.values.get("answer") or shown.text) if shown else ""
        rows.append(
            {
                "label": terms.words("field", reply.field),
                "outcome": reply.outcome,
                "refusal": REFUSALS.get(reply.refusal, ""),
                "text": said,
                "on": _day_or_month(shown.start_on) if shown else "",
                "level": shown.level.label if shown else "",
                "is_hidden": bool(item) and shown is None,
            }
        )
    return rows


def _day_or_month(text: str) -> str:
    if len(text) == 10:
        day = dt.date.fromisoformat(text)
        return f"{day.day} {day:%B %Y}"
    return f"{dt.date.fromisoformat(f'{text}-01'):%B %Y}" if len(text) == 7 else ""
