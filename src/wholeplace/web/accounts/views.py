"""Pages for signing in and out."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.accounts.forms import AcceptForm, CodeForm, NewPasswordForm, SignInForm
from wholeplace.web.accounts.limits import (
    begin_code_try,
    count_wrong_codes,
    forget_name,
    forget_try,
    know_browser,
)
from wholeplace.web.accounts.oidc import sign_out_page
from wholeplace.web.accounts.people import accept_invitation, find_invitation
from wholeplace.web.accounts.personas import list_personas
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.providers import find_provider, list_providers
from wholeplace.web.accounts.resetting import find_reset, set_new_password
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.second_step import check_code
from wholeplace.web.accounts.signing import (
    TooManyTriesError,
    become_persona,
    begin_session,
    check_name_and_password,
    finish_second_step,
    safe_next,
    sign_out,
    wait_for_second_step,
    who_waits,
)
from wholeplace.web.chain.trail import record

__all__ = ["accept", "persona", "reset", "sign_in", "sign_in_code", "sign_out_view"]


@route(roles="anyone", shows="public")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with address and password, or by a provider; personas in a demonstration."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = check_name_and_password(request, given["email"], given["password"])
        except TooManyTriesError:
            return render(request, "accounts/locked.html", status=429)
        if user and wait_for_second_step(request, user, safe_next(request)):
            return redirect("accounts:sign-in-code")
        if user:
            begin_session(request, user)
            response = redirect(safe_next(request))
            know_browser(request, response, user)
            return response
        form.add_error(None, "The email address and password do not belong together")
    shown = {
        "form": form,
        "next": safe_next(request),
        "personas": list_personas(),
        "providers": list_providers(),
    }
    return render(request, "accounts/sign_in.html", shown)


@route(roles="anyone", shows="public")
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Take the second step of somebody who gave the first."""
    user, now = who_waits(request), dt.datetime.now(dt.UTC)
    if user is None:
        return redirect("accounts:sign-in")
    form = CodeForm(request.POST or None)
    form.fields[
        "code"
    ].help_text = "Six digits that your authenticator app shows now, or one of your recovery codes."
    if request.method == "POST" and form.is_valid():
        tried = begin_code_try(user, now)
        if tried is None:
            return render(request, "accounts/codes_limited.html", status=429)
        if check_code(user, form.cleaned_data["code"], now, may_recover=True):
            forget_try(tried)
            wrong = count_wrong_codes(user, now)
            response = redirect(finish_second_step(request, user))
            if wrong:
                messages.warning(
                    request,
                    f"Wrong codes were tried {wrong} times for your account within a day. If it was "
                    "not you, change your password: whoever tried knows it.",
                )
            know_browser(request, response, user)
            return response
        record("account.code-refused", actor=str(user.pk), organisation=user.organisation)
        form.add_error(None, "The code is not right. Each code works once: wait for the next one")
    return render(request, "accounts/sign_in_code.html", {"form": form})


@route(roles="anyone", shows="public")
@require_POST
def sign_out_view(request: HttpRequest) -> HttpResponse:
    """Sign out; where a provider was used, say how to sign out there too."""
    provider = find_provider(sign_out(request))
    if provider is None:
        return redirect("/")
    shown = {"provider": provider, "sign_out_url": sign_out_page(provider)}
    return render(request, "accounts/signed_out.html", shown)


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


@route(roles="anyone", shows="public")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a new password by the link that an administrator made."""
    at = dt.datetime.now(dt.UTC)
    try:
        user = find_reset(secret, at).user
        form = NewPasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            forget_name(set_new_password(secret, form.cleaned_data["password"], at).email)
            messages.success(request, "Your password was changed. Sign in with the new one.")
            return redirect("accounts:sign-in")
    except NotFoundError as error:
        return render(request, "accounts/link_refused.html", {"error": error}, status=404)
    return render(request, "accounts/reset.html", {"form": form})
