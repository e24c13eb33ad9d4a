"""Pages for administrators: who signs in, inviting, roles, leavers."""

import datetime as dt
import logging

from django.contrib import messages
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.forms import InviteForm, RolesForm, role_choices
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.people import change_roles, invite, leave, may_administer
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import ADMINISTRATOR
from wholeplace.web.accounts.routes import route

__all__ = ["invite_person", "list_people", "person", "person_leaves"]

_log = logging.getLogger("wholeplace.web")


@route(roles=[ADMINISTRATOR], shows="operations")
@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody that this administrator looks after."""
    organisations = _organisations(request)
    chosen = request.GET.get("organisation", "")
    shown_for = [chosen] if chosen in organisations else list(organisations)
    found = User.objects.filter(organisation__in=shown_for).order_by("-is_active", "name", "id")
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
    organisations = _organisations(request)
    if organisation not in organisations:
        raise Http404
    form = InviteForm(request.POST or None, organisation=organisation)
    shown = {"form": form, "partner": organisations[organisation]}
    if request.method == "POST" and form.is_valid():
        email, roles = form.cleaned_data["email"], form.cleaned_data["roles"]
        try:
            secret = invite(_user(request), email, organisation, roles, dt.datetime.now(dt.UTC))
        except WholeplaceError as error:
            form.add_error(None, f"{error.why} {error.do_next}".strip())
        else:
            link = request.build_absolute_uri(reverse("accounts:accept", args=[secret]))
            is_sent = _send(email, link)
            response = render(
                request, "accounts/invited.html", shown | {"link": link, "is_sent": is_sent}
            )
            response["Cache-Control"] = "no-store"
            return response
    return render(request, "accounts/invite.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person who signs in: change their roles."""
    user = _find(request, user_id)
    form = RolesForm(
        request.POST or None, organisation=user.organisation, initial={"roles": user.roles}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_roles(_user(request), user, form.cleaned_data["roles"])
        except WholeplaceError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            messages.success(request, "Their roles were changed.")
            return redirect("accounts:people")
    shown = {
        "form": form,
        "person": user,
        "partner": served_place().partners[user.organisation].name,
    }
    return render(request, "accounts/person.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_POST
def person_leaves(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody has left: their sight ends now."""
    user = _find(request, user_id)
    try:
        leave(_user(request), user, dt.datetime.now(dt.UTC))
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "They can no longer sign in, and their sessions have ended.")
    return redirect("accounts:people")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the route admits nobody else
    return request.user


def _organisations(request: HttpRequest) -> dict[str, str]:
    user = _user(request)
    partners = served_place().partners.values()
    return {each.id: each.name for each in partners if may_administer(user, each.id)}


def _find(request: HttpRequest, user_id: int) -> User:
    user = User.objects.filter(pk=user_id).first()
    # The same answer for nobody and for somebody else's: ids cannot be tried out.
    if user is None or not may_administer(_user(request), user.organisation):
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
