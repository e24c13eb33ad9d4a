"""Pages for administrators: who signs in, inviting, roles, leavers."""

import datetime as dt
import logging
from typing import Any

from django.contrib import messages
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.changes import change_roles, leave, move, resume, suspend
from wholeplace.web.accounts.forms import InviteForm, RolesForm, role_choices
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.people import invite, may_administer
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.resetting import may_reset
from wholeplace.web.accounts.roles import ADMINISTRATOR
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.second_step import has_second_step

__all__ = [
    "find_person",
    "invite_person",
    "list_people",
    "organisations_of",
    "person",
    "person_leaves",
    "person_moves",
    "person_pauses",
    "person_resumes",
    "signed_in",
]

_log = logging.getLogger("wholeplace.web")


@route(roles=[ADMINISTRATOR], shows="operations")
@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody that this administrator looks after."""
    organisations = organisations_of(request)
    chosen = request.GET.get("organisation", "")
    shown_for = [chosen] if chosen in organisations else list(organisations)
    found = User.objects.filter(organisation__in=shown_for).order_by(
        F("left_at").desc(nulls_first=True), "name", "id"
    )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [
        {
            "user": user,
            "partner": organisations[user.organisation],
            "roles": ", ".join(
                dict(role_choices(user.organisation)).get(each, each) for each in user.roles
            ),
        }
        for user in page
    ]
    shown = {"rows": rows, "page": page, "organisations": organisations, "chosen": chosen}
    return render(request, "accounts/people.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: HttpRequest, organisation: str) -> HttpResponse:
    """Invite somebody into an organisation."""
    organisations = organisations_of(request)
    if organisation not in organisations:
        raise Http404
    form = InviteForm(request.POST or None, organisation=organisation)
    shown = {"form": form, "partner": organisations[organisation]}
    if request.method == "POST" and form.is_valid():
        email, roles = form.cleaned_data["email"], form.cleaned_data["roles"]
        try:
            secret = invite(signed_in(request), email, organisation, roles, dt.datetime.now(dt.UTC))
        except WholeplaceError as error:
            form.add_error(None, f"{error.why} {error.do_next}".strip())
        else:
            link = request.build_absolute_uri(reverse("accounts:accept", args=[secret]))
            return _show_link(request, email, link, shown)
    return render(request, "accounts/invite.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person who signs in: change their roles."""
    user = find_person(request, user_id)
    form = RolesForm(
        request.POST or None, organisation=user.organisation, initial={"roles": user.roles}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_roles(signed_in(request), user, form.cleaned_data["roles"])
        except WholeplaceError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            messages.success(request, "Their roles were changed.")
            return redirect("accounts:people")
    others = {k: v for k, v in organisations_of(request).items() if k != user.organisation}
    shown = {
        "form": form,
        "person": user,
        "partner": served_place().partners[user.organisation].name,
        "others": others,
        "may_reset": may_reset(signed_in(request), user),
        "has_password": user.has_usable_password(),
        "has_second_step": has_second_step(user),
        "is_self": user.pk == request.user.pk,
    }
    return render(request, "accounts/person.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_POST
def person_leaves(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody has left: their sight ends now."""
    user = find_person(request, user_id)
    try:
        leave(signed_in(request), user, dt.datetime.now(dt.UTC))
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "They can no longer sign in, and their sessions have ended.")
    return redirect("accounts:people")


@route(roles=[ADMINISTRATOR], shows="operations")
@require_POST
def person_pauses(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody is suspended: they may not sign in until they are let in again."""
    user = find_person(request, user_id)
    try:
        suspend(signed_in(request), user, dt.datetime.now(dt.UTC))
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "They are suspended, and their sessions have ended.")
    return redirect("accounts:person", user.pk)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_POST
def person_resumes(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody who was suspended may sign in again."""
    user = find_person(request, user_id)
    try:
        resume(signed_in(request), user)
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "They may sign in again.")
    return redirect("accounts:person", user.pk)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def person_moves(request: HttpRequest, user_id: int, organisation: str) -> HttpResponse:
    """Somebody goes on to work for another organisation: this account ends, another begins."""
    user, organisations = find_person(request, user_id), organisations_of(request)
    if organisation not in organisations or user.left_at is not None:
        raise Http404
    form = RolesForm(request.POST or None, organisation=organisation)
    partner = organisations[organisation]
    shown = {"form": form, "person": user, "partner": partner}
    if request.method == "POST" and form.is_valid():
        email, roles, at = user.email, form.cleaned_data["roles"], dt.datetime.now(dt.UTC)
        try:
            secret = move(signed_in(request), user, organisation, roles, at)
        except WholeplaceError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            link = request.build_absolute_uri(reverse("accounts:accept", args=[secret]))
            return _show_link(request, email, link, {"partner": partner, "has_moved": True})
    return render(request, "accounts/move.html", shown)


def _show_link(request: HttpRequest, email: str, link: str, shown: dict[str, Any]) -> HttpResponse:
    response = render(
        request, "accounts/invited.html", shown | {"link": link, "is_sent": _send(email, link)}
    )
    response["Cache-Control"] = "no-store"
    return response


def signed_in(request: HttpRequest) -> User:
    """Return the administrator."""
    assert isinstance(request.user, User)  # noqa: S101 - the route admits nobody else
    return request.user


def organisations_of(request: HttpRequest) -> dict[str, str]:
    """Return id and name of each organisation that this administrator looks after."""
    user = signed_in(request)
    partners = served_place().partners.values()
    return {each.id: each.name for each in partners if may_administer(user, each.id)}


def find_person(request: HttpRequest, user_id: int) -> User:
    """Return somebody whom this administrator looks after.

    Raises:
        Http404: for anybody else.
    """
    user = User.objects.filter(pk=user_id).first()
    # The same answer for nobody and for somebody else's: ids cannot be tried out.
    if user is None or not may_administer(signed_in(request), user.organisation):
        raise Http404
    return user


def _send(email: str, link: str) -> bool:
    """Send the link by mail; return whether a mail went out. The page shows the link either way."""
    words = (
        f"You have been invited to Wholeplace for {served_place().place.name}.\n\n"
        f"Open this link within seven days to choose your password. It works once:\n\n{link}\n"
    )
    try:
        return send_mail("Your invitation to Wholeplace", words, None, [email]) == 1
    except OSError:
        _log.warning("an invitation could not be sent by mail")
        return False
