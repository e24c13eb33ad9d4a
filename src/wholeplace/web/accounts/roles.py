"""Roles: what a person was given, and which one they act in now."""

from collections.abc import Iterable

from django.http import HttpRequest

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.sessions import rotate_session

__all__ = ["ADMINISTRATOR", "acting_role", "check_roles", "switch_role"]

ADMINISTRATOR = "administrator"
_SESSION_KEY = "acting_role"


def acting_role(request: HttpRequest) -> str | None:
    """Return the role that the person acts in; None where nobody has signed in.

    A person with several roles acts in one at a time; the first is used until they switch. A
    role that was taken away is never acted in, whatever the session says.
    """
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    chosen = request.session.get(_SESSION_KEY)
    if isinstance(chosen, str) and chosen in user.roles:
        return chosen
    return str(user.roles[0]) if user.roles else ""


def switch_role(request: HttpRequest, role: str) -> None:
    """Act in another of the person's own roles from now on; the session id changes.

    Raises:
        UnsafeActionError: if the role was not given to them.
    """
    if not request.user.is_authenticated or role not in request.user.roles:
        raise UnsafeActionError(
            "The role was not switched.", "It was not given to you.", "Choose one of yours."
        )
    request.session[_SESSION_KEY] = role
    rotate_session(request)


def check_roles(roles: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    """Return the roles in order and once each, if the partner has them all.

    The role of administrator may be given in any organisation.

    Raises:
        UnsafeActionError: if there are none, or the partner does not have one of them.
    """
    wanted = tuple(dict.fromkeys(roles))
    unknown = sorted(set(wanted) - set(allowed) - {ADMINISTRATOR})
    if unknown or not wanted:
        raise UnsafeActionError(
            "The roles were not given.",
            f"This partner has no role {', '.join(unknown)}." if unknown else "No role was chosen.",
            "Choose from the partner's roles in partners.yaml.",
        )
    return wanted
