"""Whoever comes from a sign-in provider: which account is theirs, and what they may do in it.

An account is found by issuer and subject alone. An e-mail address, even one that the provider has
verified, never opens an account that exists: its owner ties the two together, signed in.
Each arrival applies the provider's claims as they are now. Claims that no longer give anything
suspend the account at once; claims for another organisation end it and begin a new one, as for
everybody who moves.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.changes import leave_by_provider, suspend_by_provider
from wholeplace.web.accounts.models import ProviderLink, User
from wholeplace.web.accounts.people import free_address
from wholeplace.web.accounts.providers import Provider, read_belonging
from wholeplace.web.accounts.roles import ADMINISTRATOR
from wholeplace.web.chain.trail import record

__all__ = ["link_account", "who_arrives"]


def who_arrives(provider: Provider, claims: Mapping[str, Any], at: dt.datetime) -> User:
    """Return the account of whoever comes, brought up to date; a new one for somebody new.

    Raises:
        UnsafeActionError: if the claims give nothing here, the account is suspended, or the
            address belongs to an account that is not tied to the provider.
    """
    belonging = read_belonging(provider, claims)
    link = ProviderLink.objects.select_related("user").filter(
        issuer=provider.issuer, subject=str(claims["sub"])
    )
    user = next((each.user for each in link), None)
    if belonging is None:
        if user is not None and user.is_active:
            suspend_by_provider(user, provider.id, at)
        raise UnsafeActionError(
            "You were not signed in.",
            f"{provider.name} knows you, but nothing that it says of you gives you a role here.",
            "Ask your organisation’s administrator.",
        )
    organisation, roles = belonging
    if user is not None and not user.is_active:
        raise UnsafeActionError(
            "You were not signed in.",
            "Your account here is suspended.",
            "Ask your organisation’s administrator.",
        )
    if user is not None and user.organisation != organisation:
        leave_by_provider(user, provider.id, at)
        user = None
    if user is None:
        return _join(provider, claims, organisation, roles, at)
    _follow(user, provider, roles)
    return user


def link_account(
    user: User, provider: Provider, claims: Mapping[str, Any], at: dt.datetime
) -> None:
    """Tie a provider's subject to the account of whoever is signed in.

    Raises:
        UnsafeActionError: if the subject is somebody's, or belongs to another organisation.
    """
    belonging = read_belonging(provider, claims)
    if belonging is None or belonging[0] != user.organisation:
        raise UnsafeActionError(
            "Nothing was changed.",
            f"{provider.name} does not say that you work for the organisation of this account.",
            "Ask your organisation’s administrator.",
        )
    with transaction.atomic():
        link, is_new = ProviderLink.objects.get_or_create(
            issuer=provider.issuer,
            subject=str(claims["sub"]),
            defaults={"user": user, "linked_at": at},
        )
        if link.user_id != user.pk:
            raise UnsafeActionError(
                "Nothing was changed.",
                f"That person of {provider.name} signs in to another account.",
                "Ask your organisation’s administrator.",
            )
        if is_new:
            _record("provider-linked", user, provider)


def _join(
    provider: Provider,
    claims: Mapping[str, Any],
    organisation: str,
    roles: tuple[str, ...],
    at: dt.datetime,
) -> User:
    email = _address_in(provider, claims)
    with transaction.atomic():
        if not free_address(email):
            raise UnsafeActionError(
                "You were not signed in.",
                "There is an account with your email address that is not tied to this provider.",
                f"Sign in with its password, then choose “Also sign in with {provider.name}” on "
                "the page “Your account”.",
            )
        user = User(
            email=email,
            name=str(claims.get("name") or claims.get("preferred_username") or "No name given")[
                :120
            ],
            organisation=organisation,
            roles=list(roles),
            invited_by=f"provider {provider.id}"[:60],
        )
        user.set_unusable_password()
        user.save()
        ProviderLink.objects.create(
            user=user, issuer=provider.issuer, subject=str(claims["sub"]), linked_at=at
        )
        _record("joined-by-provider", user, provider, roles=list(roles))
    return user


def _follow(user: User, provider: Provider, roles: tuple[str, ...]) -> None:
    """Bring roles up to date; that of administrator is ours to give and stays."""
    kept = [ADMINISTRATOR] if ADMINISTRATOR in user.roles else []
    wanted = [*roles, *kept]
    if set(wanted) == set(user.roles):
        return
    with transaction.atomic():
        before, user.roles = list(user.roles), wanted
        user.save(update_fields=["roles"])
        _record("roles-changed", user, provider, before=before, after=wanted)


def _address_in(provider: Provider, claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if isinstance(email, str) and "@" in email and claims.get("email_verified") is not False:
        return email.strip().lower()[:254]
    mark = hashlib.sha256(f"{provider.issuer} {claims['sub']}".encode()).hexdigest()[:16]
    return f"{mark}@{provider.id}.invalid"


def _record(what: str, user: User, provider: Provider, **facts: object) -> None:
    record(
        f"account.{what}",
        actor="system",
        organisation=user.organisation,
        user=str(user.pk),
        provider=provider.id,
        **facts,
    )
