"""Proof, given again, of who somebody is: asked for just before an act that binds others.

The action names the very act, such as `sign:<agreement id>:<hash>`: a confirmation for one text
signs no other. It holds for five minutes, in the same session, once. Actions and words hold ids
and hashes, never a personal value.
"""

import secrets
import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record

__all__ = [
    "ask_to_confirm",
    "asked_of",
    "consume_confirmation",
    "is_confirmed",
    "mark_confirmed",
]

_HOLDS_SECONDS = 300
_KEY = "confirmations"
_ASKED = "confirmations_asked"
_MOST_ASKED = 8


def is_confirmed(request: HttpRequest, action: str) -> bool:
    """Return whether this person proved again who they are for this very act, within five minutes.

    For what a page shows. At the moment of acting ask `consume_confirmation`.
    """
    at = request.session.get(_KEY, {}).get(action)
    is_fresh = isinstance(at, int | float) and 0 <= time.time() - at <= _HOLDS_SECONDS
    return isinstance(request.user, User) and is_fresh


def consume_confirmation(request: HttpRequest, action: str) -> bool:
    """Use up the confirmation of an act. Return whether there was one: act only then."""
    if not is_confirmed(request, action):
        return False
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - is_confirmed holds it
    record(
        "account.confirmation-used",
        actor=str(user.pk),
        organisation=user.organisation,
        action=action,
    )
    kept = dict(request.session[_KEY])
    del kept[action]
    request.session[_KEY] = kept
    return True


def ask_to_confirm(request: HttpRequest, action: str, words: str, next_url: str) -> HttpResponse:
    """Return a redirect to the page that asks who they are.

    Args:
        request: whose person is asked.
        action: the one act; the same string is asked for afterwards.
        words: what they are about to do, after "You are about to": “sign the agreement …”.
        next_url: the page of ours where they go on; they press its button again there.
    """
    is_ours = url_has_allowed_host_and_scheme(
        next_url, {request.get_host()}, require_https=request.is_secure()
    )
    token = secrets.token_urlsafe(24)
    asked: dict[str, Any] = dict(list(request.session.get(_ASKED, {}).items())[-_MOST_ASKED:])
    asked[token] = {"action": action, "words": words, "next_url": next_url if is_ours else "/"}
    request.session[_ASKED] = asked
    return redirect("accounts:confirm", token)


def asked_of(request: HttpRequest, token: str) -> dict[str, str] | None:
    """Return what was asked under a token in this session; None where nothing was."""
    found = request.session.get(_ASKED, {}).get(token)
    return dict(found) if isinstance(found, dict) else None


def mark_confirmed(request: HttpRequest, token: str) -> None:
    """Keep that what was asked under a token was confirmed now."""
    asked = dict(request.session.get(_ASKED, {}))
    request.session[_KEY] = {
        **request.session.get(_KEY, {}),
        asked.pop(token)["action"]: int(time.time()),
    }
    request.session[_ASKED] = asked
