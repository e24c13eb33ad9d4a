"""Pages for breaking the glass: for somebody found, for somebody no search finds, and to confirm."""

import time
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Reason
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.read import read_identity, read_subjects
from wholeplace.web.gateway.purposes import PEOPLE_ROLES, purposes_for
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.gateway.routes import route
from wholeplace.web.reasons.access import SECONDS, Beginning, begin, people_of
from wholeplace.web.reasons.breaking import (
    TooManyAsksError,
    answer_ask,
    break_glass,
    find_in_emergency,
    may_answer_ask,
    open_asks,
    reason_of_second,
)
from wholeplace.web.reasons.forms import GlassByFactsForm, GlassForm, SecondForm
from wholeplace.web.reasons.identity import tell_who
from wholeplace.web.reasons.models import SealedAsk

__all__ = ["by_facts", "of_person", "second", "seconds", "waiting"]

_LONGEST_ID = 80
_WHO = ("identity.name", "identity.birth-date")


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Break the glass on a person by their page's address; the form is the same for any address."""
    began, start = time.monotonic(), begin(request)
    wanted = person_id if person_id.isprintable() and len(person_id) <= _LONGEST_ID else ""
    form = GlassForm(
        request.POST or None,
        purposes=purposes_for(start.rules, start.viewer),
        initial={"purpose": request.GET.get("for", "")},
    )
    if request.method == "POST" and form.is_valid():
        return _break(request, start, wanted, form, began)
    return _show(request, "reasons/break_glass.html", {"form": form}, form)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_facts(request: HttpRequest) -> HttpResponse:
    """Break the glass on somebody whom no search finds; what was typed of them is not kept."""
    began, start = time.monotonic(), begin(request)
    form = GlassByFactsForm(request.POST or None, purposes=purposes_for(start.rules, start.viewer))
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        found = find_in_emergency(start.place, start.viewer, form.facts(), purpose, start.at)
        return _break(request, start, found, form, began)
    return _show(request, "reasons/break_glass_by_facts.html", {"form": form}, form)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def waiting(request: HttpRequest, ask_id: str) -> HttpResponse:
    """Whether a second person has confirmed; a refusal looks like no answer."""
    start = begin(request)
    ask = SealedAsk.objects.filter(pk=ask_id, asked_by=start.viewer.user_id).first()
    if ask is None:
        raise Http404
    is_confirmed = ask.outcome == "confirmed"
    url = reverse("people:person", args=[ask.person_id]) if is_confirmed else ""
    context = {
        "ask": ask,
        "is_confirmed": is_confirmed,
        "is_over": start.at >= ask.expires_at and not is_confirmed,
        "url": f"{url}?{urlencode({'for': ask.purpose})}",
    }
    return render(request, "reasons/waiting.html", context)


@route(roles=SECONDS, shows="operations")
@never_cache
@require_safe
def seconds(request: HttpRequest) -> HttpResponse:
    """What waits for this user as a second person."""
    start = begin(request)
    asks = open_asks(start.place, start.user, start.at)
    people = people_of(*(each.asked_by for each in asks))
    rows = [{"ask": each, "asker": people.get(each.asked_by), "partner": _partner(start, each)}
            for each in asks]  # fmt: skip
    return render(request, "reasons/seconds.html", {"rows": rows})


@route(roles=SECONDS, shows="personal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest, ask_id: str) -> HttpResponse:
    """Confirm or refuse, as a second person."""
    start = begin(request)
    ask = SealedAsk.objects.filter(pk=ask_id).first()
    # The same answer whether there is no such question or it is not theirs.
    if ask is None or not may_answer_ask(start.place, start.user, ask):
        raise Http404
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_confirmed = form.cleaned_data["answer"] == "confirm"
        try:
            ask = answer_ask(start.place, start.user, ask.pk, start.at, is_confirmed=is_confirmed)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
            ask.refresh_from_db()
    context = {
        "form": form,
        "ask": ask,
        "asker": people_of(ask.asked_by).get(ask.asked_by),
        "partner": _partner(start, ask),
        "purpose": start.rules.terms.words("purpose", ask.purpose),
        "is_open": not ask.outcome and start.at < ask.expires_at,
    }
    if context["is_open"]:
        context["who"] = _who(request, start, ask)
    return _show(request, "reasons/second.html", context, form)


def _break(
    request: HttpRequest, start: Beginning, person_id: str, form: GlassForm, began: float
) -> HttpResponse:
    purpose, text = form.cleaned_data["purpose"], form.cleaned_data["text"]
    try:
        made = break_glass(start.place, start.viewer, person_id, purpose, text, start.at)
    except TooManyAsksError as error:
        _wait_out(began)
        form.add_error(None, f"{error.why} {error.do_next}")
        template = (
            "reasons/break_glass_by_facts.html"
            if isinstance(form, GlassByFactsForm)
            else "reasons/break_glass.html"
        )
        return render(request, template, {"form": form}, status=429)
    if isinstance(made, Reason):
        (opened,) = made.person_ids
        url = reverse("people:person", args=[opened])
        return redirect(f"{url}?{urlencode({'for': purpose})}")
    _wait_out(began)
    return redirect("reasons:waiting", ask_id=made.pk)


def _wait_out(began: float) -> None:
    """Answer about nobody and about somebody sealed in the same time."""
    least = figures().sealed_ask_milliseconds / 1000
    time.sleep(max(0.0, began + least - time.monotonic()))


def _who(request: HttpRequest, start: Beginning, ask: SealedAsk) -> list[dict[str, Any]]:
    """Return names and dates of birth that the second person may see to know who is meant."""
    subject = read_subjects(start.place.snapshot_reader, [ask.person_id])[ask.person_id]
    held = read_identity(start.place.snapshot_reader, [ask.person_id])[ask.person_id]
    revealed = reveal_page(
        request, page="confirm-broken-glass", purpose=ask.purpose, subjects=[subject],
        items=[each for each in held if each.field in _WHO],
        reason=reason_of_second(start.viewer, ask, start.at), at=start.at,
    )  # fmt: skip
    return tell_who(revealed, start.rules.terms, _WHO)


def _partner(start: Beginning, ask: SealedAsk) -> str:
    return start.rules.terms.words("partner", ask.organisation)


def _show(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(
        request, template, context | {"hours": figures().break_glass_hours}, status=status
    )
