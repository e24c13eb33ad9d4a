"""The resident's own pages: who looked at my record, what is shared, asking."""

import datetime as dt
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.account.telling import tell_group
from wholeplace.agreements.deciding.sharing import sharing_about
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.read import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.asking import KINDS, STATES, STEPS, ask, step_request
from wholeplace.web.residents.binding import (
    RESIDENT,
    account_for,
    begin_session,
    bind_code,
    bound_person,
    record_own,
)
from wholeplace.web.residents.codes import count_try, use_code
from wholeplace.web.residents.exporting import export_account
from wholeplace.web.residents.forms import AskForm, StartForm
from wholeplace.web.residents.limits import limits
from wholeplace.web.residents.models import ResidentRequest
from wholeplace.web.residents.reading import read_account
from wholeplace.web.residents.shared import shared_sections

__all__ = ["account", "asking", "download", "printed", "shared", "start", "withdraw"]

_View = Callable[..., HttpResponse]


def own_record(view: _View) -> _View:
    """Give a view the resident's person id; where the account is not open, say so instead."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        bound = bound_person(str(request.user.pk))
        if bound.state != "open":
            record("my-record.not-open", actor=str(request.user.pk), cause=bound.state)
            return render(request, "residents/closed.html", {"state": bound.state})
        return view(request, bound.person_id, *args, **given)

    return opened


@route(roles="anyone", shows="public")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Type a code and a date of birth; open one's own account."""
    form, at, status = StartForm(request.POST or None), dt.datetime.now(dt.UTC), 200
    if request.method == "POST" and form.is_valid():
        if not count_try(str(request.META.get("REMOTE_ADDR", "")), at):
            return render(request, "residents/too_many.html", status=429)
        code = use_code(form.cleaned_data["code"], form.cleaned_data["born_on"], at)
        if code:
            user = account_for(code)
            bind_code(code, user)
            begin_session(request, user, code.person_id, at)
            return redirect("residents:account")
        form.add_error(
            None,
            "That code and date of birth do not open anything. Check both. A code works once and "
            "stops after three days. Whoever gave it to you can give you another.",
        )
    if form.errors:
        status = 422
    return render(request, "residents/start.html", {"form": form}, status=status)


@route(roles=[RESIDENT], shows="personal")
@never_cache
@require_safe
@own_record
def account(request: HttpRequest, person_id: str) -> HttpResponse:
    """Who looked at my record, day by day."""
    record_own("my-record.opened", _user(request), person_id)
    read = read_account(person_id)
    page = Paginator(read.groups, limits().lines_per_page).get_page(request.GET.get("page"))
    groups = [tell_group(each, read.rules) for each in page]
    shown = {"groups": groups, "page": page, "is_quiet": all(each.is_own for each in groups)}
    return render(request, "residents/account.html", shown)


@route(roles=[RESIDENT], shows="personal")
@never_cache
@require_safe
@own_record
def printed(request: HttpRequest, person_id: str) -> HttpResponse:
    """Everything on one page, open, for paper."""
    record_own("my-record.opened", _user(request), person_id, page="print")
    read = read_account(person_id)
    shown = {
        "groups": [tell_group(each, read.rules) for each in read.groups],
        "today": read.rules.on,
    }
    return render(request, "residents/print.html", shown)


@route(roles=[RESIDENT], shows="personal")
@never_cache
@require_POST
@own_record
def download(request: HttpRequest, person_id: str) -> HttpResponse:
    """The account and what the resident has said about sharing, as a FHIR file."""
    record_own("my-record.downloaded", _user(request), person_id)
    text = json.dumps(export_account(person_id), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/fhir+json")
    response["Content-Disposition"] = 'attachment; filename="who-looked-at-my-record.json"'
    return response


@route(roles=[RESIDENT], shows="personal")
@never_cache
@require_safe
@own_record
def shared(request: HttpRequest, person_id: str) -> HttpResponse:
    """What may be shared about me, by whom, with whom, and under which agreement."""
    record_own("my-record.shared", _user(request), person_id)
    place = current_place()
    rules = place.rules(place.today)
    subject = read_subjects(place.snapshot_reader, [person_id])[person_id]
    sections = shared_sections(rules, sharing_about(rules, subject, dt.datetime.now(dt.UTC)))
    return render(request, "residents/shared.html", {"sections": sections, "today": rules.on})


@route(roles=[RESIDENT], shows="personal")
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@own_record
def asking(request: HttpRequest, person_id: str) -> HttpResponse:
    """Ask, correct, complain; and what became of it."""
    user, form = _user(request), AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = ask(user, person_id, given["kind"], given["text"], dt.datetime.now(dt.UTC))
        messages.success(request, f"We have it. We will answer by {made.due_on:%-d %B %Y}.")
        return redirect("residents:ask")
    rows = [
        {"request": each, "kind": KINDS.get(each.kind, each.kind), "state": STATES[each.state],
         "can_withdraw": each.state in STEPS["withdraw"][0]}
        for each in ResidentRequest.objects.filter(user_id=str(user.pk))
    ]  # fmt: skip
    shown = {"form": form, "rows": rows}
    return render(request, "residents/ask.html", shown, status=422 if form.errors else 200)


@route(roles=[RESIDENT], shows="personal")
@require_POST
@own_record
def withdraw(request: HttpRequest, person_id: str) -> HttpResponse:
    """Take back something asked."""
    user, wanted = _user(request), request.POST.get("request", "")
    found = ResidentRequest.objects.filter(
        pk=int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 16 else 0,
        user_id=str(user.pk),
    ).first()
    try:
        if found is None:
            raise UnsafeActionError("Nothing was changed.", "There is no such thing.", "")
        step_request(user, found, "withdraw", found.version, dt.datetime.now(dt.UTC))
    except UnsafeActionError:
        messages.error(request, "It could not be taken back: it was answered already.")
    else:
        messages.success(request, "You took it back.")
    return redirect("residents:ask")


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    return user
