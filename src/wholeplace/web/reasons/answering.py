"""Answering a partner's question: the organisation's inbox, the form, and the form by a link."""

import time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements import Request, place_day
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Reason, Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.people.read import read_identity, read_subjects
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import reveal_for
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.reasons.access import begin
from wholeplace.web.reasons.asking import row_of
from wholeplace.web.reasons.forms import AnswerForm, CodeForm
from wholeplace.web.reasons.identity import IDENTIFYING, tell_who
from wholeplace.web.reasons.links import find_by_link, is_right_code
from wholeplace.web.reasons.models import InformationRequest
from wholeplace.web.reasons.requests import (
    answer_request,
    is_still_covered,
    open_request,
    reason_of_answering,
    sweep_requests,
)

__all__ = ["answer", "by_link", "inbox", "take_on"]

_SESSION_KEY = "answering"
_LIVE = ("sent", "opened")


@route(roles=figures().answering_roles, shows="operations")
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What other partners ask of this user's organisation: late first."""
    start = begin(request)
    sweep_requests(start.at)
    found = InformationRequest.objects.filter(partner=start.viewer.organisation)
    rows = [row_of(each, start) for each in found.exclude(asked_by=start.viewer.user_id)[:200]]
    live = [row for row in rows if row["request_made"].state in _LIVE]
    live.sort(key=lambda row: (not row["is_late"], row["request_made"].due_at))
    context = {"live": live, "decided": [r for r in rows if r["request_made"].state not in _LIVE]}
    return render(request, "reasons/inbox.html", context)


@route(roles=figures().answering_roles, shows="operations")
@require_POST
def take_on(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take a question on; from now on, and until it is decided, one may see who is meant."""
    start = begin(request)
    found = _for_partner(request_id, start.viewer)
    try:
        open_request(found.pk, start.viewer, start.at)
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    return redirect("reasons:answer", request_id=request_id)


@route(roles=figures().answering_roles, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, request_id: str) -> HttpResponse:
    """One question to one's organisation: take it on, see who is meant, answer field by field."""
    start = begin(request)
    found = _for_partner(request_id, start.viewer)
    context = row_of(found, start) | {"is_live": found.state in _LIVE}
    reason = reason_of_answering(found, start.viewer, start.at)
    if found.state not in _LIVE or not _has_taken_on(found, start.viewer):
        return render(request, "reasons/answer.html", context)
    form = _form(request, found, start.rules, start.place, name=start.user.name, job=start.user.job)
    if request.method == "POST" and form.is_valid() and _decide(form, found, start.viewer):
        messages.success(request, "Your decision was kept, and they were told.")
        return redirect("reasons:answer", request_id=request_id)
    context |= {
        "form": form,
        "who": _who(start.place, start.rules, found, start.viewer, reason),
    }
    return render(request, "reasons/answer.html", context, status=422 if form.errors else 200)


@route(roles="anyone", shows="by-link")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer one question by its link. Before the code, it tells nothing at all."""
    found = find_by_link(secret)
    if found is None:
        # The same whether it never was, was used, has expired or was called back.
        over = render(request, "reasons/link_over.html", status=404)
        over.is_plain = True  # type: ignore[attr-defined]  # says enough; keep it
        return over
    if not _is_opened(request, found):
        return _ask_code(request, found)
    place, at = current_place(), timezone.now()
    rules = place.rules(place_day(at, place.place.place.time_zone))
    viewer = _stand_in(place, found)
    form = _form(request, found, rules, place)
    is_sent = request.method == "POST" and "version" in request.POST
    if is_sent and form.is_valid() and _decide(form, found, viewer):
        request.session.pop(_SESSION_KEY, None)
        return render(request, "reasons/link_done.html")
    terms = rules.terms
    context: dict[str, Any] = {
        "found": found,
        "fields": [terms.words("field", each["field"]) for each in found.fields],
        "asker": terms.words("partner", found.organisation),
        "partner": terms.words("partner", found.partner),
        "purpose": terms.words("purpose", found.purpose),
        "form": form,
        "who": _who(place, rules, found, viewer, reason_of_answering(found, viewer, at)),
    }
    return render(request, "reasons/by_link.html", context, status=422 if form.errors else 200)


def _ask_code(request: HttpRequest, found: InformationRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    record(
        "information-request.link-opened", actor="link", organisation=found.partner,
        request=found.pk,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        if is_right_code(found, form.cleaned_data["code"]):
            place = current_place()
            open_request(found.pk, _stand_in(place, found), timezone.now())
            request.session.cycle_key()
            request.session[_SESSION_KEY] = {"link": found.link_hash, "at": int(time.time())}
            return redirect(request.path)
        form.add_error("code", "That is not the code. Ring whoever sent you the link.")
    return render(request, "reasons/code.html", {"form": form}, status=422 if form.errors else 200)


def _is_opened(request: HttpRequest, found: InformationRequest) -> bool:
    kept = request.session.get(_SESSION_KEY)
    if not isinstance(kept, dict) or kept.get("link") != found.link_hash:
        return False
    is_fresh = time.time() - int(kept.get("at", 0)) < figures().answer_minutes * 60
    return bool(found.link_hash) and is_fresh


def _stand_in(place: OpenPlace, found: InformationRequest) -> Viewer:
    """Return who answers by a link: the partner, in the first of its roles that may answer."""
    roles = place.place.partners[found.partner].roles
    role = next((each for each in roles if each in figures().answering_roles), "practitioner")
    return Viewer(f"link-{found.pk}", found.partner, role)


def _for_partner(request_id: str, viewer: Viewer) -> InformationRequest:
    found = InformationRequest.objects.filter(pk=request_id, partner=viewer.organisation)
    one = found.exclude(asked_by=viewer.user_id).first()
    # The same answer for no request and for another organisation's.
    if one is None:
        raise Http404
    return one


def _has_taken_on(found: InformationRequest, viewer: Viewer) -> bool:
    from wholeplace.web.gateway.models import WorkingRelationship

    return WorkingRelationship.objects.filter(
        user_id=viewer.user_id, kind="information-request", source_id=found.pk, closed_at=None
    ).exists()


def _form(
    request: HttpRequest, found: InformationRequest, rules: Rules, place: OpenPlace, *,
    name: str = "", job: str = "",
) -> AnswerForm:  # fmt: skip
    is_sent = request.method == "POST" and "version" in request.POST
    return AnswerForm(
        request.POST if is_sent else None,
        asked=found.fields, terms=rules.terms,
        covered=is_still_covered(place, found, timezone.now()),
        initial={"version": found.version, "name": name, "position": job},
    )  # fmt: skip


def _decide(form: AnswerForm, found: InformationRequest, viewer: Viewer) -> bool:
    try:
        answer_request(
            current_place(), found.pk, viewer, form.answers(), form.decided(), timezone.now(),
            version=form.cleaned_data["version"],
        )  # fmt: skip
    except WholeplaceError as error:
        form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        return False
    return True


def _who(
    place: OpenPlace, rules: Rules, found: InformationRequest, viewer: Viewer, reason: Reason
) -> list[dict[str, Any]]:
    """Return what the partner may be told to find the person: as its own agreements decide."""
    subject = read_subjects(place.snapshot_reader, [found.person_id])[found.person_id]
    held = read_identity(place.snapshot_reader, [found.person_id])[found.person_id]
    asked = Request(viewer, found.purpose, reason, reason.opened_at)
    revealed = reveal_for(
        viewer, page="answer-request", purpose=asked.purpose, subjects=[subject],
        items=[each for each in held if each.field in IDENTIFYING], reason=reason, at=asked.at,
    )  # fmt: skip
    return tell_who(revealed, rules.terms)
