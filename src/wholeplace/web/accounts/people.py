"""Who may sign in: inviting, accepting, changing roles, leaving. Every change is in the trail."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.models import Invitation, User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import ADMINISTRATOR, check_roles
from wholeplace.web.accounts.sessions import end_sessions
from wholeplace.web.chain.trail import record

__all__ = [
    "accept_invitation",
    "change_roles",
    "find_invitation",
    "invite",
    "invite_first_administrator",
    "leave",
    "may_administer",
]

_VALID_DAYS = 7
SYSTEM = "system"


def may_administer(administrator: User, organisation: str) -> bool:
    """Return whether an administrator looks after an organisation's people.

    One of the host's looks after everybody's; one of another partner after their own.
    """
    if ADMINISTRATOR not in administrator.roles:
        return False
    return organisation == administrator.organisation or (
        administrator.organisation == served_place().place.host
    )


def invite(
    administrator: User, email: str, organisation: str, roles: Sequence[str], at: dt.datetime
) -> str:
    """Invite somebody. Return the secret of the link, which is told this once.

    Raises:
        UnsafeActionError: if the organisation is not the administrator's to look after, the
            partner has no such role, or the address already signs in.
    """
    if not may_administer(administrator, organisation):
        raise UnsafeActionError(
            "Nobody was invited.",
            "You do not look after that organisation.",
            "Ask its administrator.",
        )
    return _invite(
        str(administrator.pk), administrator.organisation, email, organisation, roles, at
    )


def invite_first_administrator(email: str, at: dt.datetime) -> str:
    """Invite the first administrator, of the host. Return the secret of the link.

    Raises:
        UnsafeActionError: if there is an administrator already.
    """
    host = served_place().place.host
    if any(ADMINISTRATOR in user.roles for user in User.objects.filter(is_active=True, persona="")):
        raise UnsafeActionError(
            "Nobody was invited.",
            "There is an administrator already.",
            "Ask them to invite you from the page “People who sign in”.",
        )
    Invitation.objects.filter(invited_by=SYSTEM, used_at=None).delete()
    return _invite(SYSTEM, host, email, host, [ADMINISTRATOR], at)


def _invite(
    actor: str,
    acting_for: str,
    email: str,
    organisation: str,
    roles: Sequence[str],
    at: dt.datetime,
) -> str:
    partner = served_place().partners.get(organisation)
    if partner is None:
        raise NotFoundError(
            "Nobody was invited.", "There is no such partner.", "Choose one of the list."
        )
    given = check_roles(roles, partner.roles)
    address = email.strip().lower()
    if User.objects.filter(email=address, is_active=True).exists():
        raise UnsafeActionError(
            "Nobody was invited.",
            "Somebody with that address signs in already.",
            "Change their roles instead.",
        )
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        made = Invitation.objects.create(
            email=address,
            organisation=organisation,
            roles=list(given),
            token_hash=_hash(secret),
            invited_by=actor,
            invited_at=at,
            expires_at=at + dt.timedelta(days=_VALID_DAYS),
        )
        record(
            "account.invited",
            actor=actor,
            organisation=acting_for,
            invitation=str(made.pk),
            invited_to=organisation,
            roles=list(given),
        )
    return secret


def find_invitation(secret: str, at: dt.datetime) -> Invitation:
    """Return the invitation of a link that still works.

    Raises:
        NotFoundError: if it was used, is too old, or never was; which one is not told.
    """
    found = Invitation.objects.filter(token_hash=_hash(secret), used_at=None, expires_at__gt=at)
    invitation = found.first()
    if invitation is None:
        raise NotFoundError(
            "This link does not work.",
            "Each link works once and for seven days.",
            "Ask whoever invited you for another.",
        )
    return invitation


def accept_invitation(secret: str, name: str, password: str, at: dt.datetime) -> User:
    """Make the account of an invitation; no link to that address works again.

    Always a new account: whoever comes back after leaving is a new user, so that what the
    trail says of the one is never taken for the other. An account that is in use is never
    touched by an invitation.

    Raises:
        NotFoundError: as `find_invitation`, or if the address signs in already.
        ValidationError: (Django's) if the password is too weak.
    """
    with transaction.atomic():
        invitation = find_invitation(secret, at)
        # Held until the end, so that two clicks at once make one account.
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.used_at is not None:
            raise NotFoundError("This link does not work.", "It was used.", "Sign in instead.")
        _free_address(invitation.email)
        user = User(
            email=invitation.email,
            name=name.strip(),
            organisation=invitation.organisation,
            roles=invitation.roles,
            invited_by=invitation.invited_by,
        )
        validate_password(password, user)
        user.set_password(password)
        user.save()
        Invitation.objects.filter(email=invitation.email, used_at=None).update(used_at=at)
        record(
            "account.accepted",
            actor=str(user.pk),
            organisation=user.organisation,
            invitation=str(invitation.pk),
            roles=list(user.roles),
        )
    return user


def _free_address(email: str) -> None:
    """Let a leaver's address be used for a new account; refuse one that is in use."""
    holder = User.objects.select_for_update().filter(email=email).first()
    if holder is None:
        return
    if holder.is_active:
        raise NotFoundError(
            "This link does not work.", "Somebody with that address signs in already.", "Sign in."
        )
    holder.email = f"left-{holder.pk}"
    holder.save(update_fields=["email"])


def change_roles(administrator: User, user: User, roles: Sequence[str]) -> None:
    """Give somebody other roles; the next page they open knows.

    Raises:
        UnsafeActionError: if they are not the administrator's to look after, the partner has
            no such role, or the host would be left without an administrator.
    """
    _check_may_change(administrator, user)
    partner = served_place().partners[user.organisation]
    given = check_roles(roles, partner.roles)
    if ADMINISTRATOR not in given:
        _check_not_last(user)
    with transaction.atomic():
        before, user.roles = list(user.roles), list(given)
        user.save(update_fields=["roles"])
        record(
            "account.roles-changed",
            actor=str(administrator.pk),
            organisation=administrator.organisation,
            user=str(user.pk),
            before=before,
            after=list(given),
        )


def leave(administrator: User, user: User, at: dt.datetime) -> None:
    """End somebody's sight at once: their sessions end and they cannot sign in.

    Raises:
        UnsafeActionError: as `change_roles`.
    """
    _check_may_change(administrator, user)
    _check_not_last(user)
    with transaction.atomic():
        user.is_active, user.left_at = False, at
        user.set_unusable_password()
        user.save(update_fields=["is_active", "left_at", "password"])
        record(
            "account.left",
            actor=str(administrator.pk),
            organisation=administrator.organisation,
            user=str(user.pk),
        )
    end_sessions(user.pk)


def _check_may_change(administrator: User, user: User) -> None:
    if not may_administer(administrator, user.organisation):
        raise UnsafeActionError(
            "Nothing was changed.",
            "You do not look after their organisation.",
            "Ask its administrator.",
        )


def _check_not_last(user: User) -> None:
    host = served_place().place.host
    if ADMINISTRATOR not in user.roles or user.organisation != host:
        return
    # A persona has no password, so it keeps nobody's door open.
    others = User.objects.filter(is_active=True, organisation=host, persona="").exclude(pk=user.pk)
    if not any(ADMINISTRATOR in other.roles for other in others):
        raise UnsafeActionError(
            "Nothing was changed.",
            "They are the only administrator of the organisation that runs this system.",
            "Invite another administrator first.",
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
