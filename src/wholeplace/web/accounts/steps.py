"""Pages on which somebody sets up, replaces and looks after their own second step."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.confirming import REPLACE_SECOND_STEP
from wholeplace.web.accounts.forms import ConfirmForm
from wholeplace.web.accounts.fresh import ask_to_confirm, consume_confirmation
from wholeplace.web.accounts.limits import begin_code_try, forget_try
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.second_step import (
    begin_second_step,
    codes_left,
    confirm_second_step,
    draw_qr,
    has_second_step,
    make_recovery_codes,
    must_have_second_step,
    remove_second_step,
)
from wholeplace.web.accounts.sessions import (
    end_other_sessions,
    forget_second_step,
    note_second_step,
)
from wholeplace.web.chain.trail import record

__all__ = ["new_codes", "replace_second_step", "second_step"]

CODES = "second-step.codes"
_WRONG = "The password or the code is not right. Check that your telephone’s clock is set by itself"


@route(roles="signed-in", shows="operations")
@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Show one's second step, or set it up."""
    user = _user(request)
    if has_second_step(user) or user.persona:
        facts = {"left": codes_left(user), "must": must_have_second_step(user)}
        return render(request, "accounts/second_step.html", facts)
    now = dt.datetime.now(dt.UTC)
    form = ConfirmForm(request.POST or None, has_password=user.has_usable_password())
    if request.method == "POST" and form.is_valid():
        tried = begin_code_try(user, now)
        if tried is None:
            return render(request, "accounts/codes_limited.html", status=429)
        given = form.cleaned_data
        is_first = "password" not in given or check_password(given["password"], user.password)
        codes = confirm_second_step(user, given["code"], now) if is_first else None
        if codes is not None:
            forget_try(tried)
            note_second_step(request)
            end_other_sessions(request)
            return render(request, "accounts/recovery_codes.html", {"codes": codes, "is_new": True})
        form.add_error(None, _WRONG)
    secret = begin_second_step(user)
    shown = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        # Drawn by us from a secret of ours: nobody's typing is in it but the person's own address.
        "picture": mark_safe(draw_qr(user, secret)),  # noqa: S308
        "must": must_have_second_step(user),
    }
    return render(request, "accounts/second_step_set_up.html", shown)


@route(roles="signed-in", shows="operations")
@never_cache
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; the earlier ones no longer work."""
    user, here = _user(request), reverse("accounts:second-step")
    if not has_second_step(user):
        return redirect(here)
    if not consume_confirmation(request, CODES):
        return ask_to_confirm(request, CODES, "make new recovery codes", here)
    return render(request, "accounts/recovery_codes.html", {"codes": make_recovery_codes(user)})


@route(roles="signed-in", shows="operations")
@never_cache
@require_POST
def replace_second_step(request: HttpRequest) -> HttpResponse:
    """Take the second step away, so that another app or telephone can be set up."""
    user, here = _user(request), reverse("accounts:second-step")
    if user.persona or not has_second_step(user):
        return redirect(here)
    if not consume_confirmation(request, REPLACE_SECOND_STEP):
        words = "set up another telephone or app for your second step"
        return ask_to_confirm(request, REPLACE_SECOND_STEP, words, here)
    record("account.second-step-removed", actor=str(user.pk), organisation=user.organisation)
    remove_second_step(user)
    forget_second_step(request)
    end_other_sessions(request)
    messages.success(request, "Your earlier app no longer works here. Set up the new one now.")
    return redirect(here)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise UnsafeActionError("Nobody has signed in.", "", "Sign in.")
    return request.user
