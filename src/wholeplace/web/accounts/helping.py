"""Pages on which an administrator helps somebody back in: a new password, a lost telephone."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.administration import find_person, signed_in
from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.fresh import ask_to_confirm, consume_confirmation
from wholeplace.web.accounts.resetting import make_reset_link, may_reset, reset_second_step
from wholeplace.web.accounts.roles import ADMINISTRATOR
from wholeplace.web.accounts.routes import route

__all__ = ["new_password_link", "second_step_reset"]


@route(roles=[ADMINISTRATOR], shows="operations")
@never_cache
@require_POST
def new_password_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """Make the link with which somebody chooses a new password; it is shown this once."""
    user = find_person(request, user_id)
    here = reverse("accounts:person", args=[user.pk])
    action = f"account.reset-link:{user.pk}"
    try:
        # Refused before anything is asked: nobody proves who they are in vain.
        if not may_reset(signed_in(request), user) or consume_confirmation(request, action):
            secret = make_reset_link(signed_in(request), user, dt.datetime.now(dt.UTC))
        else:
            return ask_to_confirm(request, action, "make a link to a new password", here)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
        return redirect(here)
    link = request.build_absolute_uri(reverse("accounts:reset", args=[secret]))
    shown = {"person": user, "link": link, "hours": figure("reset_link_hours")}
    return render(request, "accounts/reset_link.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@never_cache
@require_POST
def second_step_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take away the second step of somebody who lost their telephone."""
    user = find_person(request, user_id)
    here = reverse("accounts:person", args=[user.pk])
    action = f"account.second-step-reset:{user.pk}"
    try:
        if not may_reset(signed_in(request), user) or consume_confirmation(request, action):
            reset_second_step(signed_in(request), user, dt.datetime.now(dt.UTC))
        else:
            return ask_to_confirm(request, action, "reset somebody’s second step", here)
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(
            request,
            "Their second step was reset and they were signed out. They set up another when they "
            "next sign in.",
        )
    return redirect(here)
