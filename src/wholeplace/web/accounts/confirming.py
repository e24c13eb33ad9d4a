"""The page that asks somebody to prove again who they are."""

import datetime as dt

from django.contrib.auth.hashers import check_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.web.accounts.forms import ConfirmForm
from wholeplace.web.accounts.fresh import session_hash
from wholeplace.web.accounts.limits import begin_code_try, forget_try
from wholeplace.web.accounts.models import Confirmation, User
from wholeplace.web.accounts.personas import show_code
from wholeplace.web.accounts.place import is_demonstration
from wholeplace.web.accounts.providers import list_providers
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.second_step import check_code, has_second_step
from wholeplace.web.chain.trail import record

__all__ = ["REPLACE_SECOND_STEP", "confirm"]

_ASKED_FOR = dt.timedelta(minutes=30)
_FIRST_STEP_HOLDS = dt.timedelta(minutes=5)
REPLACE_SECOND_STEP = "second-step.replace"
"""For this one act a recovery code will do: the telephone may be what was lost."""
_WRONG = "The password or the code is not right. Each code works once: wait for the next one"
_WRONG_CODE = "The code is not right. Each code works once: wait for the next one"


@route(roles="signed-in", shows="operations")
@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, confirmation: str) -> HttpResponse:
    """Ask for password and code before one act, and go back to it."""
    user, now = request.user, dt.datetime.now(dt.UTC)
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    asked = _find(request, user, confirmation)
    if user.persona and not is_demonstration():
        raise Http404
    if asked.consumed_at or asked.confirmed_at or asked.asked_at < now - _ASKED_FOR:
        # Back to where the act is; it asks again where it must.
        return redirect(asked.next_url)
    shown_code = show_code(user, now)
    if not has_second_step(user):
        return render(request, "accounts/confirm_first.html", {"asked": asked})
    if _must_go_to_provider(user, asked, now):
        linked = user.provider_links.values_list("issuer", flat=True)
        providers = [each for each in list_providers() if each.issuer in set(linked)]
        shown = {"asked": asked, "providers": providers}
        return render(request, "accounts/confirm_there.html", shown)
    has_password = user.has_usable_password()
    form = ConfirmForm(request.POST or None, has_password=has_password)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        tried = begin_code_try(user, now)
        if tried is None:
            _record("limited", user, asked)
            return render(request, "accounts/codes_limited.html", {"asked": asked}, status=429)
        may_recover = asked.action == REPLACE_SECOND_STEP
        is_first = check_password(given["password"], user.password) if has_password else True
        # A code is used up only where the password was right, so a slip costs no half minute.
        if is_first and check_code(user, given["code"], now, may_recover=may_recover):
            forget_try(tried)
            _record("given", user, asked)
            Confirmation.objects.filter(pk=asked.pk).update(confirmed_at=now)
            return redirect(asked.next_url)
        _record("failed", user, asked)
        form.add_error(None, _WRONG if has_password else _WRONG_CODE)
        shown_code = show_code(user, now)
    page = {"form": form, "asked": asked, "shown_code": shown_code}
    return render(request, "accounts/confirm.html", page)


def _must_go_to_provider(user: User, asked: Confirmation, now: dt.datetime) -> bool:
    """Return whether the first step is another's to ask for: that of people without a password."""
    if user.persona or user.has_usable_password():
        return False
    return asked.first_step_at is None or asked.first_step_at < now - _FIRST_STEP_HOLDS


def _find(request: HttpRequest, user: User, token: str) -> Confirmation:
    found = Confirmation.objects.filter(
        token=token, user=user, session_hash=session_hash(request)
    ).first()
    if found is None:
        raise Http404
    return found


def _record(outcome: str, user: User, asked: Confirmation) -> None:
    record(
        f"account.confirmation-{outcome}",
        actor=str(user.pk),
        organisation=user.organisation,
        action=asked.action,
    )
