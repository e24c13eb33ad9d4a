"""Proof, given again, of who somebody is: asked for just before an act that binds others.

A page that is about to sign, suspend or give away something asks:

    if not consume_confirmation(request, f"agreement.sign:{agreement.id}:{text_hash}"):
        return ask_to_confirm(request, action, "sign “Safeguarding” for Lark Valley Police", here)

The action names the very act: a confirmation for one text signs no other. It holds for five
minutes, in the same session, once. Name what is acted on by ids and hashes: the action stands in
the trail, so it never holds a personal value, and neither do the words.
"""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.models import Confirmation, User
from wholeplace.web.chain.trail import record

__all__ = ["ask_to_confirm", "consume_confirmation", "is_confirmed", "session_hash"]

_KEPT = dt.timedelta(days=1)


def is_confirmed(request: HttpRequest, action: str) -> bool:
    """Return whether this person proved again who they are for this very act, within five minutes.

    For what a page shows. At the moment of acting ask `consume_confirmation`.
    """
    return isinstance(request.user, User) and _live(request, action).exists()


def consume_confirmation(request: HttpRequest, action: str) -> bool:
    """Use up the confirmation of an act. Return whether there was one: act only then.

    Two requests at once use it once. Call it inside the transaction of the act itself where there
    is one: if the act fails and is rolled back, the confirmation stands.

    Raises:
        AuditUnavailableError: if it cannot be recorded; nothing was used up then.
    """
    if not isinstance(request.user, User):
        return False
    with transaction.atomic():
        found = list(_live(request, action).values_list("pk", flat=True))
        # Asked of the row itself and not of a subquery: the database looks at a row again once
        # another update of it has finished, and at a subquery's rows as they were.
        used = Confirmation.objects.filter(pk__in=found, consumed_at=None)
        if not used.update(consumed_at=_now()):
            return False
        record(
            "account.confirmation-used",
            actor=str(request.user.pk),
            organisation=request.user.organisation,
            action=action,
        )
    return True


def ask_to_confirm(request: HttpRequest, action: str, words: str, next_url: str) -> HttpResponse:
    """Return a redirect to the page that asks for password and code.

    Args:
        request: whose person is asked.
        action: the one act; the same string is asked for afterwards.
        words: what they are about to do, after "You are about to": “sign the agreement …”.
        next_url: the page of ours where they go on; they press its button again there.
    """
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - a view asks this of people who signed in
    is_ours = url_has_allowed_host_and_scheme(
        next_url, {request.get_host()}, require_https=request.is_secure()
    )
    Confirmation.objects.filter(asked_at__lt=_now() - _KEPT).delete()
    made = Confirmation.objects.create(
        token=secrets.token_urlsafe(24),
        user=user,
        session_hash=session_hash(request),
        action=action,
        words=words,
        next_url=next_url if is_ours else "/",
        asked_at=_now(),
    )
    return redirect("accounts:confirm", made.token)


def session_hash(request: HttpRequest) -> str:
    """Return what stands for the request's session; a rotated session has another."""
    return hashlib.sha256(str(request.session.session_key).encode()).hexdigest()


def _live(request: HttpRequest, action: str) -> "QuerySet[Confirmation]":
    since = _now() - dt.timedelta(minutes=figure("confirmation_minutes"))
    return Confirmation.objects.filter(
        user_id=request.user.pk or 0,
        user__is_active=True,
        session_hash=session_hash(request),
        action=action,
        confirmed_at__gt=since,
        consumed_at=None,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
