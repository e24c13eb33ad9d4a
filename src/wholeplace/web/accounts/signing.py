"""Signing in and out."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.place import is_demonstration
from wholeplace.web.chain.trail import record

__all__ = ["become_persona", "refuse_locked", "safe_next", "sign_in_with_password", "sign_out"]

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in_with_password(request: HttpRequest, email: str, password: str) -> User | None:
    """Sign somebody in; None where name and password do not belong together, or are locked."""
    user = authenticate(request, email=email.strip().lower(), password=password)
    if not isinstance(user, User) or user.persona:
        return None
    _begin(request, user)
    return user


def become_persona(request: HttpRequest, persona: str) -> User:
    """Sign in as a persona of the demonstration, without a password.

    Raises:
        NotFoundError: outside a demonstration, or if there is no such persona.
    """
    user = User.objects.filter(persona=persona, is_active=True).first() if persona else None
    if not is_demonstration() or user is None:
        raise NotFoundError("There is no such persona.")
    if request.user.is_authenticated:
        logout(request)
    user.backend = _BACKEND
    _begin(request, user)
    return user


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    if request.user.is_authenticated:
        record(
            "account.signed-out", actor=str(request.user.pk), organisation=request.user.organisation
        )
    logout(request)


def safe_next(request: HttpRequest) -> str:
    """Return the page of ours to go to after signing in; the start page where none is named."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"


def refuse_locked(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Answer somebody who failed too often; the same words whether or not the name exists."""
    return render(request, "accounts/locked.html", status=429)


def _begin(request: HttpRequest, user: User) -> None:
    record("account.signed-in", actor=str(user.pk), organisation=user.organisation)
    # The session gets another id, so one planted before signing in is worth nothing.
    login(request, user)
