"""Pages on the way to a sign-in provider and back."""

import datetime as dt

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.arriving import link_account, who_arrives
from wholeplace.web.accounts.fresh import ask_to_confirm, consume_confirmation, session_hash
from wholeplace.web.accounts.models import Confirmation, LogoutToken, ProviderLink, SignIn, User
from wholeplace.web.accounts.oidc import (
    Came,
    ProviderRefusedError,
    begin,
    finish,
    read_logout_token,
)
from wholeplace.web.accounts.providers import Provider, find_provider
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.sessions import end_places
from wholeplace.web.accounts.signing import begin_session, safe_next, wait_for_second_step
from wholeplace.web.chain.trail import record

__all__ = ["back_from_provider", "link_provider", "provider_signs_out", "with_provider"]

_LINKING = "links_provider"


@route(roles="anyone", shows="public")
@never_cache
@require_GET
def with_provider(request: HttpRequest, provider: str) -> HttpResponse:
    """Go to a provider to sign in, or to prove there again who one is."""
    found = _find(provider)
    purpose = "sign-in"
    if "confirm" in request.GET:
        purpose = f"confirm:{request.GET['confirm']}"
    elif "link" in request.GET and request.session.pop(_LINKING, "") == found.id:
        purpose = "link"
    try:
        return redirect(begin(request, found, _back(request, found), safe_next(request), purpose))
    except ProviderRefusedError as error:
        return _refuse(request, found, error)


@route(roles="anyone", shows="public")
@never_cache
@require_GET
def back_from_provider(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the provider's answer: sign in, tie the account, or go on with what was to be confirmed."""
    found, at = _find(provider), dt.datetime.now(dt.UTC)
    try:
        came = finish(request, found)
        if came.purpose == "link":
            return _link(request, found, came, at)
        if came.purpose.startswith("confirm:"):
            return _confirm_first_step(request, found, came, at)
        user = who_arrives(found, came.claims, at)
    except UnsafeActionError as error:
        return _refuse(request, found, error)
    sid = str(came.claims.get("sid") or "")[:255]
    if wait_for_second_step(request, user, came.next_url, found.id, sid):
        return redirect("accounts:sign-in-code")
    begin_session(request, user, found.id, sid)
    return redirect(came.next_url)


@route(roles="signed-in", shows="operations")
@require_POST
def link_provider(request: HttpRequest, provider: str) -> HttpResponse:
    """Tie one's own account to a provider, after proving again who one is."""
    found, here = _find(provider), reverse("accounts:account")
    action = f"account.link:{found.id}"
    if not consume_confirmation(request, action):
        return ask_to_confirm(request, action, f"let {found.name} sign you in", here)
    request.session[_LINKING] = found.id
    query = urlencode({"link": "1", "next": here})
    # A page with a link: what a form leads to may not leave this site.
    address = f"{reverse('accounts:with-provider', args=[found.id])}?{query}"
    return render(request, "accounts/go_on.html", {"provider": found, "address": address})


@csrf_exempt  # The provider's own server posts it; the token's signature is what counts.
@route(roles="anyone", shows="public")
@never_cache
@require_POST
def provider_signs_out(request: HttpRequest, provider: str) -> HttpResponse:
    """Obey a provider's message that somebody signed out there (Back-Channel Logout)."""
    found, at = _find(provider), dt.datetime.now(dt.UTC)
    try:
        claims = read_logout_token(found, request.POST.get("logout_token", ""))
        with transaction.atomic():
            LogoutToken.objects.create(
                issuer=found.issuer, token_id=str(claims["jti"])[:255], at=at
            )
    except (ProviderRefusedError, IntegrityError):
        return HttpResponse("not a sign-out message for this site", status=400)
    places = SignIn.objects.filter(provider=found.id, ended_at=None)
    if claims.get("sid"):
        places = places.filter(provider_session=str(claims["sid"]))
    if claims.get("sub"):
        whose = ProviderLink.objects.filter(issuer=found.issuer, subject=str(claims["sub"]))
        places = places.filter(user__in=whose.values("user"))
    record("account.signed-out-by-provider", actor="system", provider=found.id)
    end_places(places)
    return HttpResponse(status=200)


def _link(request: HttpRequest, provider: Provider, came: Came, at: dt.datetime) -> HttpResponse:
    if not isinstance(request.user, User):
        raise ProviderRefusedError("nobody")
    link_account(request.user, provider, came.claims, at)
    messages.success(request, f"From now on you can sign in with {provider.name}.")
    return redirect("accounts:account")


def _confirm_first_step(
    request: HttpRequest, provider: Provider, came: Came, at: dt.datetime
) -> HttpResponse:
    link = ProviderLink.objects.filter(
        issuer=provider.issuer, subject=str(came.claims["sub"]), user_id=request.user.pk or 0
    )
    asked = Confirmation.objects.filter(
        token=came.purpose.removeprefix("confirm:"),
        user_id=request.user.pk or 0,
        session_hash=session_hash(request),
        confirmed_at=None,
    )
    if not link.exists() or asked.update(first_step_at=at) != 1:
        raise ProviderRefusedError("somebody-else")
    return redirect("accounts:confirm", came.purpose.removeprefix("confirm:"))


def _find(provider: str) -> Provider:
    found = find_provider(provider)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("accounts:back-from-provider", args=[provider.id]))


def _refuse(request: HttpRequest, provider: Provider, error: UnsafeActionError) -> HttpResponse:
    cause = error.cause if isinstance(error, ProviderRefusedError) else "nothing-given"
    record("account.provider-refused", actor="system", provider=provider.id, cause=cause)
    return render(request, "accounts/link_refused.html", {"error": error}, status=403)
