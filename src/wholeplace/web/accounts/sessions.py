"""Sessions end: after idling, after a working day, and at once for leavers."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

__all__ = ["SessionLimits", "end_sessions"]

_Answer = Callable[[HttpRequest], HttpResponse]
_WRITE_EVERY_SECONDS = 60


class SessionLimits:
    """Ends a session that idled too long, is too old, or whose person has left."""

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
            if idled or aged or not request.user.is_active:
                logout(request)
            elif now - seen > _WRITE_EVERY_SECONDS:
                request.session["seen_at"] = now
        return self.get_response(request)


def end_sessions(user_id: int) -> int:
    """End every session of a user at once. Return how many there were."""
    ended = 0
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user_id):
            session.delete()
            ended += 1
    return ended
