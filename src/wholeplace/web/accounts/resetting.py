"""A forgotten password or a lost telephone: links and resets by an administrator, without e-mail.

Both together would let one administrator become somebody else, so no administrator does both for
one person within a week. Nobody resets their own. An organisation that has an administrator of its
own is looked after by that one alone.
"""

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.models import ResetLink, User
from wholeplace.web.accounts.people import may_administer, other_administrators
from wholeplace.web.accounts.second_step import has_second_step, remove_second_step
from wholeplace.web.accounts.sessions import end_sessions
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import record

__all__ = ["find_reset", "make_reset_link", "may_reset", "reset_second_step", "set_new_password"]

_APART = dt.timedelta(days=7)
_LINK = "account.reset-link-made"
_STEP = "account.second-step-reset"


def may_reset(administrator: User, user: User) -> bool:
    """Return whether an administrator may help somebody back in: never themselves.

    The host's does so for another organisation only while that has no administrator but the person.
    """
    if administrator.pk == user.pk or user.persona or not user.is_active:
        return False
    if administrator.organisation == user.organisation:
        return may_administer(administrator, user.organisation)
    return may_administer(administrator, user.organisation) and not other_administrators(
        user.organisation, user
    )


def make_reset_link(administrator: User, user: User, at: dt.datetime) -> str:
    """Make a link with which somebody chooses a new password. Return its secret, told this once.

    Earlier links of theirs no longer work.

    Raises:
        UnsafeActionError: if the administrator may not, or reset their second step this week.
    """
    _check_may_reset(administrator, user)
    _check_apart(administrator, user, _STEP, at)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        user.reset_links.filter(used_at=None).delete()
        ResetLink.objects.create(
            user=user,
            token_hash=_hash(secret),
            made_by=str(administrator.pk),
            made_at=at,
            expires_at=at + dt.timedelta(hours=figure("reset_link_hours")),
        )
        _record(_LINK, administrator, user)
    return secret


def find_reset(secret: str, at: dt.datetime) -> ResetLink:
    """Return the link that still works.

    Raises:
        NotFoundError: if it was used, is too old, or never was; which one is not told.
    """
    found = ResetLink.objects.select_related("user").filter(
        token_hash=_hash(secret), used_at=None, expires_at__gt=at, user__is_active=True
    )
    link = found.first()
    if link is None:
        raise NotFoundError(
            "This link does not work.",
            "Each link works once and for a day.",
            "Ask your organisation’s administrator for another.",
        )
    return link


def set_new_password(secret: str, password: str, at: dt.datetime) -> User:
    """Set the password of a link's person and end their sessions. Their second step stays.

    Raises:
        NotFoundError: as `find_reset`.
        ValidationError: (Django's) if the password is too weak.
    """
    user = find_reset(secret, at).user
    validate_password(password, user)
    with transaction.atomic():
        # The link's own row decides, so that two clicks at once set one password.
        if not ResetLink.objects.filter(token_hash=_hash(secret), used_at=None).update(used_at=at):
            raise NotFoundError("This link does not work.", "It was used.", "Sign in instead.")
        user.set_password(password)
        user.save(update_fields=["password"])
        record("account.password-reset", actor=str(user.pk), organisation=user.organisation)
    end_sessions(user.pk)
    return user


def reset_second_step(administrator: User, user: User, at: dt.datetime) -> None:
    """Take away the second step of somebody who lost their telephone; they set up another.

    Raises:
        UnsafeActionError: if the administrator may not, there is none, or the administrator made
            a link to a new password for them this week.
    """
    _check_may_reset(administrator, user)
    if not has_second_step(user):
        raise UnsafeActionError(
            "Nothing was changed.", "They have no second step.", "They set it up when they sign in."
        )
    _check_apart(administrator, user, _LINK, at)
    with transaction.atomic():
        remove_second_step(user)
        _record(_STEP, administrator, user)
    end_sessions(user.pk)


def _check_may_reset(administrator: User, user: User) -> None:
    if not may_reset(administrator, user):
        raise UnsafeActionError(
            "Nothing was changed.",
            "You cannot do this for yourself, nor for people whose organisation has its own administrator.",
            "Ask another administrator of that organisation.",
        )


def _check_apart(administrator: User, user: User, kind: str, at: dt.datetime) -> None:
    done = Entry.objects.filter(
        event__kind=kind, event__user=str(user.pk), event__actor=str(administrator.pk)
    )
    # Times in the trail are ISO 8601 in UTC, so their order is the order of the text.
    if done.filter(event__at__gt=(at - _APART).isoformat(timespec="seconds")).exists():
        raise UnsafeActionError(
            "Nothing was changed.",
            "You helped them with the other half of their sign-in this week; both together would open their account to you.",
            "Ask another administrator.",
        )


def _record(kind: str, administrator: User, user: User) -> None:
    record(
        kind,
        actor=str(administrator.pk),
        organisation=administrator.organisation,
        user=str(user.pk),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
