"""Signing in, by one step or two, and out."""

import datetime as dt

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.accounts.limits import begin_password_try, forget_try
from wholeplace.web.accounts.models import SignIn, User
from wholeplace.web.accounts.place import is_demonstration
from wholeplace.web.accounts.second_step import has_second_step
from wholeplace.web.accounts.sessions import note_second_step, sign_in_of
from wholeplace.web.chain.trail import record

__all__ = [
    "TooManyTriesError",
    "become_persona",
    "begin_session",
    "check_name_and_password",
    "finish_second_step",
    "safe_next",
    "sign_out",
    "wait_for_second_step",
    "who_waits",
]

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_WAITING = "waits_for_second_step"
_WAITS = dt.timedelta(minutes=5)


class TooManyTriesError(Exception):
    """It was tried too often; nothing was checked."""


def check_name_and_password(request: HttpRequest, email: str, password: str) -> User | None:
    """Return whose name and password these are; None where they do not belong together.

    Whether there is such a name is not told: a password is hashed for unknown names too, and the
    limits are the same.

    Raises:
        TooManyTriesError: if it was tried too often; the password was not looked at.
    """
    email = email.strip().lower()
    tried = begin_password_try(request, email, dt.datetime.now(dt.UTC))
    if tried is None:
        raise TooManyTriesError
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User) or user.persona:
        return None
    forget_try(tried)
    return user


def wait_for_second_step(
    request: HttpRequest, user: User, next_url: str, provider: str = "", sid: str = ""
) -> bool:
    """Keep that somebody gave their first step, where a second is asked. Return whether it is.

    They are not signed in until then: the session holds who waits, under another id.
    """
    if not has_second_step(user):
        return False
    if request.user.is_authenticated:
        logout(request)
    request.session[_WAITING] = {
        "user": user.pk,
        "stamp": user.get_session_auth_hash(),
        "since": dt.datetime.now(dt.UTC).isoformat(),
        "next": next_url,
        "provider": provider,
        "sid": sid,
    }
    request.session.cycle_key()
    return True


def who_waits(request: HttpRequest) -> User | None:
    """Return who gave their first step in this session, within five minutes, and nothing since."""
    held = request.session.get(_WAITING)
    if not held or dt.datetime.fromisoformat(held["since"]) < dt.datetime.now(dt.UTC) - _WAITS:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    # Another password since then: the first step counts for nothing.
    if user is None or not constant_time_compare(held["stamp"], user.get_session_auth_hash()):
        return None
    return user


def finish_second_step(request: HttpRequest, user: User) -> str:
    """Sign in whoever waited and has now given their second step. Return where they wanted to go."""
    held = request.session[_WAITING]
    begin_session(request, user, provider=held["provider"], sid=held["sid"])
    request.session.pop(_WAITING, None)
    note_second_step(request)
    return str(held["next"])


def become_persona(request: HttpRequest, persona: str) -> User:
    """Sign in as a persona of the demonstration, without a password.

    Raises:
        NotFoundError: outside a demonstration, or if there is no such persona.
    """
    user = User.objects.filter(persona=persona, is_active=True).first() if persona else None
    if not is_demonstration() or user is None:
        raise NotFoundError("There is no such persona.")
    begin_session(request, user)
    return user


def begin_session(request: HttpRequest, user: User, provider: str = "", sid: str = "") -> None:
    """Sign somebody in; it stands in the trail first.

    Args:
        request: in whose session.
        user: who gave every step that is asked of them.
        provider: id of the sign-in provider that they came from.
        sid: the provider's own id of its session.
    """
    facts = {"provider": provider} if provider else {}
    record("account.signed-in", actor=str(user.pk), organisation=user.organisation, **facts)
    if request.user.is_authenticated:
        logout(request)
    # The session gets another id, so one planted before signing in is worth nothing.
    login(request, user, _BACKEND)
    if provider:
        SignIn.objects.filter(pk=sign_in_of(request)).update(
            provider=provider, provider_session=sid
        )


def sign_out(request: HttpRequest) -> str:
    """End the session. Return the id of the sign-in provider that it came from, or nothing."""
    provider = ""
    if isinstance(request.user, User):
        record(
            "account.signed-out", actor=str(request.user.pk), organisation=request.user.organisation
        )
        here = SignIn.objects.filter(pk=sign_in_of(request))
        provider = here.values_list("provider", flat=True).first() or ""
    logout(request)
    return provider


def safe_next(request: HttpRequest) -> str:
    """Return the page of ours to go to after signing in; the start page where none is named."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"
