"""Pages of practitioners and officers: codes, letters, answers, what is left out."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.agreements import Viewer
from wholeplace.agreements.account.telling import tell_group
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.facts import Facts
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.reasons import live_reason_for
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.asking import KINDS, STATES, STEPS, step_request
from wholeplace.web.residents.codes import count_try, give_code
from wholeplace.web.residents.exporting import OFFICER, may_officer_tell
from wholeplace.web.residents.forms import AnswerForm, CodeForm, LetterForm, PersonForm
from wholeplace.web.residents.limits import limits
from wholeplace.web.residents.models import ResidentRequest
from wholeplace.web.residents.reading import read_account

__all__ = ["CHECKERS", "OFFICER", "check_may_act", "give", "letter", "request_page", "requests", "start_code"]  # fmt: skip

CHECKERS = [OFFICER, "practitioner", "lead-practitioner", "coordinator"]
_LONGEST_ID = 80


@route(roles=[OFFICER], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def start_code(request: HttpRequest) -> HttpResponse:
    """Name the person who is here, to give them a code."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("residents:give-code", person_id=form.cleaned_data["person"].strip())
    status = 422 if form.errors else 200
    is_host = _viewer(request).organisation == current_place().place.place.host
    shown = {"form": form, "is_host": is_host}
    return render(request, "residents/start_code.html", shown, status=status)


@route(roles=CHECKERS, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, person_id: str) -> HttpResponse:
    """Check who somebody is, in person, and hand them a code."""
    viewer, at = check_may_act(request, person_id), dt.datetime.now(dt.UTC)
    form = CodeForm(request.POST or None)
    shown: dict[str, Any] = {"form": form, "person_id": person_id}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if not count_try(f"checker {viewer.user_id}", at):
            return render(request, "residents/too_many.html", status=429)
        try:
            facts = Facts(name=given["name"], birth_date=given["born_on"])
            code, made = give_code(viewer, person_id, facts, given["how"], at)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            shown |= {"code": code, "made": made, "hours": limits().code_hours}
            return render(request, "residents/code.html", shown)
    return render(request, "residents/give_code.html", shown, status=422 if form.errors else 200)


@route(roles=[OFFICER], shows="personal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Print somebody's account as a letter, for a request that did not come over the web."""
    _check_host(request)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person_id, viewer = form.cleaned_data["person"].strip(), _viewer(request)
        if may_officer_tell(person_id):
            record(
                "my-record.letter", actor=viewer.user_id, organisation=viewer.organisation,
                role=viewer.role, reference=form.cleaned_data["reference"],
                subjects=[{"subject": subject_pseudonym(person_id)}],
            )  # fmt: skip
            account, place = read_account(person_id), current_place().place
            shown = {
                "groups": [tell_group(each, account.rules) for each in account.groups],
                "today": account.rules.on,
                "reference": form.cleaned_data["reference"],
                "host": place.partners[place.place.host].name,
                "is_letter": True,
            }
            return render(request, "residents/print.html", shown)
        record(
            "my-record.letter-refused", actor=viewer.user_id, organisation=viewer.organisation,
            reference=form.cleaned_data["reference"],
        )  # fmt: skip
        form.add_error("person", "There is no record of that number that you may write about")
    status = 422 if form.errors else 200
    return render(request, "residents/letter.html", {"form": form}, status=status)


@route(roles=[OFFICER], shows="operations")
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """What residents asked: those that are open first, the soonest due first."""
    _check_host(request)
    found = list(ResidentRequest.objects.order_by("due_on", "id"))
    today = current_place().today
    rows = [
        {"request": each, "kind": KINDS.get(each.kind, each.kind), "state": STATES[each.state],
         "is_open": _is_open(each), "is_late": _is_open(each) and each.due_on < today}
        for each in sorted(found, key=lambda one: not _is_open(one))
    ]  # fmt: skip
    return render(request, "residents/requests.html", {"rows": rows})


@route(roles=[OFFICER], shows="personal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One thing asked: read it, take it up, answer it."""
    _check_host(request)
    found, user = ResidentRequest.objects.filter(pk=request_id).first(), request.user
    if found is None or not isinstance(user, User):
        raise Http404
    record(
        "my-record.request-read", actor=str(user.pk), organisation=user.organisation,
        request=str(found.pk),
    )  # fmt: skip
    is_taking = request.POST.get("step") == "take"
    form = AnswerForm(
        None if is_taking else request.POST or None, initial={"version": found.version}
    )
    at = dt.datetime.now(dt.UTC)
    if request.method == "POST" and (is_taking or form.is_valid()):
        step = "take" if is_taking else "answer"
        typed = request.POST.get("version", "")
        version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
        try:
            answer = "" if is_taking else form.cleaned_data["answer"]
            step_request(user, found, step, version, at, answer)
        except UnsafeActionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Taken up." if is_taking else "Answered.")
            return redirect("residents:requests")
    shown = {
        "asked": found, "kind": KINDS.get(found.kind, found.kind), "state": STATES[found.state],
        "form": form, "can_take": found.state in STEPS["take"][0],
        "can_answer": found.state in STEPS["answer"][0],
    }  # fmt: skip
    return render(request, "residents/request.html", shown, status=422 if form.errors else 200)


def check_may_act(request: HttpRequest, person_id: str) -> Viewer:
    """Return the viewer, if they are an officer or have a live reason about this person.

    Raises:
        Http404: otherwise; alike for somebody, somebody hidden and nobody.
    """
    viewer, at = _viewer(request), dt.datetime.now(dt.UTC)
    if len(person_id) > _LONGEST_ID or not person_id.isprintable():
        raise Http404
    # The same look-up for anybody's id: it is about the viewer's own reasons alone.
    if viewer.role != OFFICER and live_reason_for(viewer, person_id, at) is None:
        raise Http404
    return viewer


def _check_host(request: HttpRequest) -> None:
    """Refuse an officer of another partner: residents write to whoever runs the service.

    An account names every partner, so what it tells is not for any one of the others.
    """
    if _viewer(request).organisation != current_place().place.place.host:
        raise Http404


def _is_open(request: ResidentRequest) -> bool:
    return request.state in STEPS["answer"][0]


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    assert viewer is not None  # noqa: S101 - the route admits nobody else
    return viewer
