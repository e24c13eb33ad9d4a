"""Sessions end: after idling, after a working day, and at once for leavers.

Each place where somebody is signed in has a row of its own. A session whose row was ended is
ended at its next request, in whichever worker that arrives, and opens nothing even within one
that was under way (`still_acts`).
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from wholeplace.web.accounts.models import SignIn, User
from wholeplace.web.accounts.second_step import has_second_step, must_have_second_step

__all__ = [
    "SessionLimits",
    "end_other_sessions",
    "end_places",
    "end_sessions",
    "end_sign_in",
    "forget_second_step",
    "note_second_step",
    "note_sign_in",
    "note_sign_out",
    "rotate_session",
    "sign_in_of",
    "still_acts",
]

_Answer = Callable[[HttpRequest], HttpResponse]
_WRITE_EVERY_SECONDS = 60
_SIGN_IN = "sign_in"
_SECOND_STEP = "second_step_at"
_ROLES = "roles_given"
# What somebody may open before their second step is set up.
_BEFORE_SECOND_STEP = frozenset(
    {
        "accounts:accept",
        "accounts:back-from-provider",
        "accounts:persona",
        "accounts:provider-signs-out",
        "accounts:reset",
        "accounts:second-step",
        "accounts:sign-in",
        "accounts:sign-in-code",
        "accounts:sign-out",
        "accounts:with-provider",
    }
)
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


class SessionLimits:
    """Ends a session that idled too long, is too old, was ended, or whose person has left.

    Somebody whose role needs a second step, and who has none yet, is led to set it up first.
    """

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the limits, then answer."""
        if request.user.is_authenticated:
            now = int(time.time())
            begun = request.session.setdefault("begun_at", now)
            seen = request.session.setdefault("seen_at", now)
            idled = now - seen > settings.SESSION_IDLE_SECONDS
            aged = now - begun > settings.SESSION_ABSOLUTE_SECONDS
            if idled or aged or not request.user.is_active or not _is_open(request):
                logout(request)
            else:
                self._follow(request, now, seen)
        return self._lead_to_second_step(request) or self.get_response(request)

    def _follow(self, request: HttpRequest, now: int, seen: int) -> None:
        if now - seen > _WRITE_EVERY_SECONDS:
            request.session["seen_at"] = now
            SignIn.objects.filter(pk=sign_in_of(request)).update(seen_at=_now())
        roles = list(getattr(request.user, "roles", []))
        if request.session.setdefault(_ROLES, roles) != roles:
            # Somebody was given other roles since: what they may do changed, and so does the id.
            request.session[_ROLES] = roles
            rotate_session(request)

    def _lead_to_second_step(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or user.persona:
            return None
        if request.session.get(_SECOND_STEP) or not (
            must_have_second_step(user) or has_second_step(user)
        ):
            return None
        if has_second_step(user):
            # No way of signing in leads here; a session that skipped the step is worth nothing.
            logout(request)
            return None
        try:
            is_allowed = resolve(request.path_info).view_name in _BEFORE_SECOND_STEP
        except Resolver404:
            is_allowed = True
        return None if is_allowed else redirect("accounts:second-step")


def note_sign_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Keep that somebody is signed in here (Django's signal `user_logged_in`)."""
    made = SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        browser=_browser_words(str(request.META.get("HTTP_USER_AGENT", ""))),
        began_at=_now(),
        seen_at=_now(),
    )
    request.session[_SIGN_IN] = made.pk


def note_sign_out(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Keep that somebody is signed in here no longer (Django's signal `user_logged_out`)."""
    end_places(SignIn.objects.filter(pk=sign_in_of(request)))


def sign_in_of(request: HttpRequest) -> int:
    """Return the number of the place where this request's person is signed in; 0 for none."""
    found = request.session.get(_SIGN_IN)
    return found if isinstance(found, int) else 0


def note_second_step(request: HttpRequest) -> None:
    """Keep that this session's person gave their second step; the session id changes."""
    request.session[_SECOND_STEP] = int(time.time())
    rotate_session(request)


def forget_second_step(request: HttpRequest) -> None:
    """Forget that this session's person gave a second step that they have no longer."""
    request.session.pop(_SECOND_STEP, None)
    rotate_session(request)


def rotate_session(request: HttpRequest) -> None:
    """Give the session another id: one that leaked before is worth nothing from now on."""
    request.session.cycle_key()
    SignIn.objects.filter(pk=sign_in_of(request)).update(
        session_key=request.session.session_key or ""
    )


def still_acts(request: HttpRequest) -> bool:
    """Return whether the request's person may still act as they could when it began.

    Asked of the database just before anything personal is opened: somebody may have left, been
    suspended, signed out elsewhere or lost the role while the request was under way.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    now = (
        SignIn.objects.filter(pk=sign_in_of(request), ended_at=None, user=user)
        .values_list("user__is_active", "user__organisation", "user__roles")
        .first()
    )
    if now is None:
        return False
    is_active, organisation, roles = now
    viewer = getattr(request, "viewer", None)
    role = viewer.role if viewer is not None else ""
    return bool(is_active) and organisation == user.organisation and role in roles


def end_sessions(user_id: int) -> int:
    """End every session of a user at once. Return how many there were."""
    return end_places(SignIn.objects.filter(user_id=user_id))


def end_other_sessions(request: HttpRequest) -> int:
    """End every session of the request's person but this one. Return how many there were."""
    mine = SignIn.objects.filter(user_id=request.user.pk or 0, ended_at=None)
    return end_places(mine.exclude(pk=sign_in_of(request)))


def end_sign_in(user: User, number: int) -> bool:
    """End one of somebody's own places. Return whether there was one."""
    return end_places(SignIn.objects.filter(user=user, pk=number, ended_at=None)) == 1


def end_places(found: "QuerySet[SignIn]") -> int:
    """End every place of a query where somebody is signed in. Return how many there were."""
    keys = list(found.filter(ended_at=None).values_list("session_key", flat=True))
    ended = found.filter(ended_at=None).update(ended_at=_now())
    Session.objects.filter(session_key__in=keys).delete()
    return ended


def _is_open(request: HttpRequest) -> bool:
    return SignIn.objects.filter(
        pk=sign_in_of(request), user_id=request.user.pk or 0, ended_at=None
    ).exists()


def _browser_words(agent: str) -> str:
    browser = next((word for mark, word in _BROWSERS if mark in agent), "A browser")
    machine = next((word for mark, word in _MACHINES if mark in agent), "")
    return f"{browser} on {machine}" if machine else browser


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
