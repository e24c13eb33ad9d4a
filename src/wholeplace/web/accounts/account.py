"""Pages for one's own account: the role acted in, password, and where one is signed in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.forms import PasswordForm, role_choices
from wholeplace.web.accounts.limits import begin_password_try, forget_try
from wholeplace.web.accounts.models import SignIn, User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.providers import list_providers
from wholeplace.web.accounts.roles import acting_role, switch_role
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.second_step import has_second_step, must_have_second_step
from wholeplace.web.accounts.sessions import (
    end_other_sessions,
    end_sign_in,
    rotate_session,
    sign_in_of,
)
from wholeplace.web.chain.trail import record

__all__ = ["account", "change_password", "end_others", "end_place", "role"]


@route(roles="signed-in", shows="operations")
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the account: organisation, roles, which one is acted in, where one is signed in."""
    user = _user(request)
    words = dict(role_choices(user.organisation))
    partner = served_place().partners.get(user.organisation)
    here = sign_in_of(request)
    places = SignIn.objects.filter(user=user, ended_at=None)
    linked = set(user.provider_links.values_list("issuer", flat=True))
    shown = {
        "partner": partner.name if partner else user.organisation,
        "roles": [(each, words.get(each, each)) for each in user.roles],
        "acting": acting_role(request),
        "has_password": user.has_usable_password(),
        "has_second_step": has_second_step(user),
        "must_have_second_step": must_have_second_step(user),
        "places": [{"place": each, "is_here": each.pk == here} for each in places],
        "providers": [(each, each.issuer in linked) for each in list_providers()],
    }
    return render(request, "accounts/account.html", shown)


@route(roles="signed-in", shows="operations")
@require_POST
def role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles."""
    user = _user(request)
    try:
        switch_role(request, request.POST.get("role", ""))
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why}")
    else:
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
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; other sessions of the same person end."""
    user = _user(request)
    if not user.has_usable_password():
        return redirect("accounts:account")
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST":
        # Whoever holds an open session guesses the password no faster than a stranger.
        tried = begin_password_try(request, user.email, form.asked_at)
        if tried is None:
            return render(request, "accounts/locked.html", status=429)
        if form.is_valid():
            forget_try(tried)
            record("account.password-changed", actor=str(user.pk), organisation=user.organisation)
            user.set_password(form.cleaned_data["password"])
            user.save(update_fields=["password"])
            update_session_auth_hash(request, user)
            rotate_session(request)
            end_other_sessions(request)
            messages.success(request, "Your password was changed. You were signed out elsewhere.")
            return redirect("accounts:account")
        if "current" not in form.errors:
            forget_try(tried)
    return render(request, "accounts/password.html", {"form": form})


@route(roles="signed-in", shows="operations")
@require_POST
def end_place(request: HttpRequest, place: int) -> HttpResponse:
    """Sign out at one other place where one is signed in."""
    user = _user(request)
    if place == sign_in_of(request) or not end_sign_in(user, place):
        messages.error(request, "You are not signed in there.")
    else:
        record("account.signed-out-elsewhere", actor=str(user.pk), organisation=user.organisation)
        messages.success(request, "You were signed out there.")
    return redirect("accounts:account")


@route(roles="signed-in", shows="operations")
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    user = _user(request)
    record("account.signed-out-elsewhere", actor=str(user.pk), organisation=user.organisation)
    end_other_sessions(request)
    messages.success(request, "You were signed out everywhere else.")
    return redirect("accounts:account")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the routes admit nobody else
    return request.user
