"""Pages for signing in and for one's own account."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.forms import AcceptForm, PasswordForm, SignInForm, role_choices
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.people import accept_invitation, find_invitation
from wholeplace.web.accounts.personas import list_personas
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import acting_role, switch_role
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.signing import (
    become_persona,
    safe_next,
    sign_in_with_password,
    sign_out,
)
from wholeplace.web.chain.trail import record

__all__ = ["accept", "account", "change_password", "persona", "role", "sign_in", "sign_out_view"]


@route(roles="anyone", shows="public")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with address and password; personas in a demonstration."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = sign_in_with_password(
            request, form.cleaned_data["email"], form.cleaned_data["password"]
        )
        if user:
            return redirect(safe_next(request))
        form.add_error(None, "The email address and password do not belong together")
    shown = {"form": form, "next": safe_next(request), "personas": list_personas()}
    return render(request, "accounts/sign_in.html", shown)


@route(roles="anyone", shows="public")
@require_POST
def sign_out_view(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    sign_out(request)
    return redirect("/")


@route(roles="anyone", shows="public")
@require_POST
def persona(request: HttpRequest) -> HttpResponse:
    """Become a persona of the demonstration."""
    become_persona(request, request.POST.get("persona", ""))
    return redirect(safe_next(request))


@route(roles="anyone", shows="public")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Take up an invitation by its link."""
    at = dt.datetime.now(dt.UTC)
    try:
        invitation = find_invitation(secret, at)
    except NotFoundError as error:
        return render(request, "accounts/link_refused.html", {"error": error}, status=404)
    form = AcceptForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        accept_invitation(secret, form.cleaned_data["name"], form.cleaned_data["password"], at)
        messages.success(request, "Your account is ready. Sign in with your password.")
        return redirect("accounts:sign-in")
    partner = served_place().partners[invitation.organisation]
    shown = {"form": form, "partner": partner.name, "email": invitation.email}
    response = render(request, "accounts/accept.html", shown)
    # The address of this page is the secret; it must travel to no other site. (Under
    # `no-referrer` a browser would hide from us too where the form comes from, and the check
    # against forged forms would refuse it.)
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


@route(roles="signed-in", shows="operations")
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: organisation, roles, which one is acted in."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    words = dict(role_choices(user.organisation))
    partner = served_place().partners.get(user.organisation)
    shown = {
        "partner": partner.name if partner else user.organisation,
        "roles": [(each, words.get(each, each)) for each in user.roles],
        "acting": acting_role(request),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/account.html", shown)


@route(roles="signed-in", shows="operations")
@require_POST
def role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles."""
    try:
        switch_role(request, request.POST.get("role", ""))
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why}")
    else:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
        record(
            "account.role-switched",
            actor=str(user.pk),
            organisation=user.organisation,
            role=request.POST["role"],
        )
        messages.success(request, "You now act in the role that you chose.")
    return redirect("accounts:account")


@route(roles="signed-in", shows="operations")
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; other sessions of the same person end."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    if not user.has_usable_password():
        return redirect("accounts:account")
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        record("account.password-changed", actor=str(user.pk), organisation=user.organisation)
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password was changed.")
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form})
