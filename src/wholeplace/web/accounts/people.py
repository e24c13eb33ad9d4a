"""Who may sign in: looking after an organisation, inviting, accepting. Every change is in the trail."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Sequence

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.models import Invitation, User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import ADMINISTRATOR, check_roles
from wholeplace.web.chain.trail import record

__all__ = [
    "accept_invitation",
    "check_may_give",
    "find_invitation",
    "free_address",
    "invite",
    "invite_first_administrator",
    "may_administer",
    "other_administrators",
]

_VALID_DAYS = 7
_BINDING_ROLES = frozenset({"signatory", "data-protection-officer", ADMINISTRATOR})
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


def other_administrators(organisation: str, user: User) -> list[User]:
    """Return the people who look after an organisation from within it, besides one; no personas."""
    own = User.objects.filter(is_active=True, organisation=organisation, persona="")
    return [each for each in own.exclude(pk=user.pk) if ADMINISTRATOR in each.roles]


def check_may_give(administrator: User, organisation: str, roles: Iterable[str]) -> None:
    """Hold the roles that bind an organisation to its own administrators, once it has one.

    The host runs the system for the others, so it lets their first administrator in. From then on
    it makes nobody a signatory, data protection officer or administrator of theirs.

    Raises:
        UnsafeActionError: if the administrator may not give one of the roles there.
    """
    binding = set(roles) & _BINDING_ROLES
    is_own = administrator.organisation == organisation
    if binding and not is_own and other_administrators(organisation, administrator):
        raise UnsafeActionError(
            "The roles were not given.",
            "That organisation has an administrator of its own, who gives the roles that bind it.",
            "Ask them.",
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
    check_may_give(administrator, organisation, roles)
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
    if User.objects.filter(email=address, left_at=None).exists():
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
        if not free_address(invitation.email):
            raise NotFoundError(
                "This link does not work.",
                "Somebody with that address signs in already.",
                "Sign in.",
            )
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


def free_address(email: str) -> bool:
    """Let a leaver's address be used for a new account. Return whether it may be: nobody uses it."""
    holder = User.objects.select_for_update().filter(email=email).first()
    if holder is None:
        return True
    if holder.left_at is None:
        return False
    holder.email = f"left-{holder.pk}"
    holder.save(update_fields=["email"])
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
