"""What happens to somebody who signs in: other roles, a pause, another organisation, leaving.

Every change is in the trail. Whoever may no longer sign in loses everything at once: their sessions
in every worker, what they confirmed, the invitations and links that they made, and (by the signal
`access_ended`, which each app answers) the reasons that they gave, what they asked of partners, their
requests for files and the codes that nobody used yet.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.dispatch import Signal

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.models import Confirmation, Invitation, ResetLink, User
from wholeplace.web.accounts.people import check_may_give, invite, may_administer
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import ADMINISTRATOR, check_roles
from wholeplace.web.accounts.sessions import end_sessions
from wholeplace.web.chain.trail import record

__all__ = [
    "access_ended",
    "change_roles",
    "leave",
    "leave_by_provider",
    "move",
    "resume",
    "suspend",
    "suspend_by_provider",
]

access_ended = Signal()
"""Sent with `user` and `at` within the transaction in which somebody's access ends."""


def change_roles(administrator: User, user: User, roles: Sequence[str]) -> None:
    """Give somebody other roles; the next page they open knows.

    Raises:
        UnsafeActionError: if they are not the administrator's to look after, the partner has
            no such role, the administrator would give themselves a role, or the host would be
            left without an administrator.
    """
    _check_may_change(administrator, user)
    partner = served_place().partners[user.organisation]
    given = check_roles(roles, partner.roles)
    added = set(given) - set(user.roles)
    if administrator.pk == user.pk and added:
        raise UnsafeActionError(
            "Your roles were not changed.",
            "Nobody gives themselves a role.",
            "Ask another administrator.",
        )
    check_may_give(administrator, user.organisation, added)
    if ADMINISTRATOR not in given:
        _check_not_last(user)
    with transaction.atomic():
        before, user.roles = list(user.roles), list(given)
        user.save(update_fields=["roles"])
        _drop_confirmations(user)
        _record("roles-changed", administrator, user, before=before, after=list(given))


def leave(administrator: User, user: User, at: dt.datetime) -> None:
    """End somebody's sight at once: their sessions end and they cannot sign in.

    Raises:
        UnsafeActionError: as `change_roles`.
    """
    _check_may_change(administrator, user)
    _check_not_last(user)
    with transaction.atomic():
        _end_for_good(user, at)
        _record("left", administrator, user)
    end_sessions(user.pk)


def leave_by_provider(user: User, provider: str, at: dt.datetime) -> None:
    """End somebody's account because their sign-in provider says that they moved elsewhere."""
    with transaction.atomic():
        _end_for_good(user, at)
        _record_provider("left", user, provider)
    end_sessions(user.pk)


def suspend_by_provider(user: User, provider: str, at: dt.datetime) -> None:
    """Suspend somebody because nothing that their sign-in provider says gives them a role here.

    An administrator lets them in again, once the provider says so too.
    """
    with transaction.atomic():
        user.is_active, user.suspended_at = False, at
        user.save(update_fields=["is_active", "suspended_at"])
        _end_access(user, at)
        _record_provider("suspended", user, provider)
    end_sessions(user.pk)


def move(
    administrator: User, user: User, organisation: str, roles: Sequence[str], at: dt.datetime
) -> str:
    """Let somebody work for another organisation. Return the secret of the link for them.

    The account ends and a new one begins with the link, so that what the trail says of somebody
    who acted for one partner is never read as of the other.

    Raises:
        UnsafeActionError: if the administrator does not look after both organisations, or as
            `change_roles` and `invite`.
    """
    _check_may_change(administrator, user)
    _check_not_last(user)
    if organisation == user.organisation:
        raise UnsafeActionError(
            "Nobody was moved.", "They work for that organisation.", "Change their roles instead."
        )
    with transaction.atomic():
        _end_for_good(user, at)
        secret = invite(administrator, user.email, organisation, roles, at)
        _record("moved", administrator, user, moved_to=organisation)
    end_sessions(user.pk)
    return secret


def suspend(administrator: User, user: User, at: dt.datetime) -> None:
    """Stop somebody from signing in for a while; roles and password wait for them.

    Raises:
        UnsafeActionError: as `leave`, or if they cannot sign in now.
    """
    _check_may_change(administrator, user)
    _check_not_last(user)
    if administrator.pk == user.pk or not user.is_active:
        raise UnsafeActionError(
            "Nobody was suspended.",
            "You cannot suspend yourself." if user.is_active else "They cannot sign in now.",
            "Ask another administrator." if user.is_active else "There is nothing to do.",
        )
    with transaction.atomic():
        user.is_active, user.suspended_at = False, at
        user.save(update_fields=["is_active", "suspended_at"])
        _end_access(user, at)
        _record("suspended", administrator, user)
    end_sessions(user.pk)


def resume(administrator: User, user: User) -> None:
    """Let somebody who was suspended sign in again. The reasons that they gave stay closed.

    Raises:
        UnsafeActionError: as `change_roles`, or if they are not suspended.
    """
    _check_may_change(administrator, user)
    if user.suspended_at is None or user.left_at is not None:
        raise UnsafeActionError(
            "Nothing was changed.", "They are not suspended.", "Invite them if they have left."
        )
    with transaction.atomic():
        user.is_active, user.suspended_at = True, None
        user.save(update_fields=["is_active", "suspended_at"])
        _record("resumed", administrator, user)


def _end_for_good(user: User, at: dt.datetime) -> None:
    user.is_active, user.left_at, user.suspended_at = False, at, None
    user.set_unusable_password()
    user.save(update_fields=["is_active", "left_at", "suspended_at", "password"])
    # An invitation that they made lets in somebody whom nobody here may know any more.
    _end_access(user, at)
    user.provider_links.all().delete()


def _end_access(user: User, at: dt.datetime) -> None:
    _drop_confirmations(user)
    Invitation.objects.filter(invited_by=str(user.pk), used_at=None).delete()
    ResetLink.objects.filter(made_by=str(user.pk), used_at=None).delete()
    user.reset_links.filter(used_at=None).delete()
    access_ended.send(User, user=user, at=at)


def _drop_confirmations(user: User) -> None:
    Confirmation.objects.filter(user=user, consumed_at=None).delete()


def _record(what: str, administrator: User, user: User, **facts: object) -> None:
    record(
        f"account.{what}",
        actor=str(administrator.pk),
        organisation=administrator.organisation,
        user=str(user.pk),
        **facts,
    )


def _record_provider(what: str, user: User, provider: str) -> None:
    record(
        f"account.{what}",
        actor="system",
        organisation=user.organisation,
        user=str(user.pk),
        provider=provider,
    )


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
