"""The doors: every view must be registered, and errors become plain pages."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from wholeplace.foundation.errors import CheckFailedError, NotFoundError
from wholeplace.web.accounts.roles import acting_role
from wholeplace.web.accounts.routes import Route, route_of
from wholeplace.web.accounts.sessions import still_acts
from wholeplace.web.gateway.refusals import refuse
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import current_place

__all__ = ["ErrorPages", "RegisteredRoutes"]

_log = logging.getLogger("wholeplace.web")
_Answer = Callable[[HttpRequest], HttpResponse]


class ErrorPages:
    """Turns what went wrong into a plain page; personal values never reach the page or log."""

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, replacing bare refusals by the plain page."""
        response = self.get_response(request)
        if response.status_code in (400, 404) and not getattr(response, "is_plain", False):
            return refuse(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for an exception from a view."""
        if isinstance(error, Http404 | NotFoundError):
            return refuse(request, 404)
        if isinstance(error, PermissionDenied):
            return refuse(request, 403)
        if isinstance(error, SuspiciousOperation):
            return refuse(request, 400)
        if type(error).__name__ == "AuditUnavailableError":
            _log.error("the trail could not be written; nothing was shown", exc_info=error)
            return refuse(request, 503)
        if isinstance(error, CheckFailedError):
            _log.error("the place folder has %d faults; nothing was shown", len(error.faults))
            return refuse(request, 503, "folder")
        _log.error("a page failed", exc_info=error)
        return refuse(request, 500)


class RegisteredRoutes:
    """Refuses any view that has no route mark, and anybody without the role it names."""

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; pages behind a sign-in are kept by no cache.

        Every answer that shows people or figures is given only if whoever asked for it may still
        act, by the database, once it has been made.
        """
        response = self.get_response(request)
        if _shows_to_few(request) and not still_acts(request):
            # They left, were suspended or lost the role while the answer was being made.
            return refuse(request, 403)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, ask to sign in, or let the view run."""
        request.viewer = viewer_of(request)  # type: ignore[attr-defined]
        mark = route_of(view)
        if mark is None:
            return refuse(request, 404)
        role = acting_role(request)
        if mark.admits(role):
            request.opened_route = mark  # type: ignore[attr-defined]
            if mark.shows == "personal":
                # A snapshot may have been published since: whose case is whose follows it.
                current_place().refresh_caseloads()
            return None
        if role is None:
            if request.method == "GET":
                query = urlencode({"next": request.get_full_path()})
                return HttpResponseRedirect(f"{reverse('accounts:sign-in')}?{query}")
            return refuse(request, 403)
        if mark.explain is not None:
            return cast("HttpResponse", mark.explain(request))
        return refuse(request, 403)


def _shows_to_few(request: HttpRequest) -> bool:
    """Whether somebody who has signed in was let through to a page on people, or to figures."""
    mark = getattr(request, "opened_route", None)
    if not isinstance(mark, Route) or mark.admits(None):
        return False
    return mark.shows in ("personal", "counts")
