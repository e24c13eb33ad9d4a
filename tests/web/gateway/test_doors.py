"""The doors of the site: registered routes, plain refusals, quiet logs."""

import logging
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from wholeplace.agreements.standing.records import AuditUnavailableError
from wholeplace.web.accounts.routes import Route, route, route_of
from wholeplace.web.gateway.logs import QuietFormatter
from wholeplace.web.gateway.middleware import ErrorPages, RegisteredRoutes


def every_view(resolver: URLResolver | None = None) -> list[Any]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(pattern.callback)
        else:
            found += every_view(pattern)
    return found


def test_every_route_of_the_site_is_registered() -> None:
    views = every_view()
    assert len(views) > 20
    assert [view for view in views if route_of(view) is None] == []


def test_a_route_without_mark_is_refused() -> None:
    request = RequestFactory().get("/")
    request.user = _Nobody()  # type: ignore[assignment]
    doors = RegisteredRoutes(lambda _: HttpResponse())
    answer = doors.process_view(request, lambda _: HttpResponse("secret"), (), {})
    assert answer is not None
    assert answer.status_code == 404


def test_personal_pages_are_never_open_to_anyone() -> None:
    with pytest.raises(ValueError, match="never open"):
        route(roles="anyone", shows="personal")
    with pytest.raises(ValueError, match="at least one"):
        route(roles=[], shows="public")


@pytest.mark.parametrize(
    ("roles", "role", "admitted"),
    [
        ({"anyone"}, None, True),
        ({"signed-in"}, None, False),
        ({"signed-in"}, "analyst", True),
        ({"signed-in"}, "", True),
        ({"analyst"}, "analyst", True),
        ({"analyst"}, "administrator", False),
        ({"analyst"}, "", False),
        ({"analyst"}, None, False),
    ],
)
def test_who_is_admitted(roles: set[str], role: str | None, admitted: bool) -> None:
    assert Route(frozenset(roles), "operations").admits(role) is admitted


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AuditUnavailableError(), 503),
        (RuntimeError("Leanne Harlow"), 500),
        (PermissionError(), 500),
    ],
)
def test_errors_become_plain_pages_and_quiet_lines(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    request = RequestFactory().get("/people/leanne-harlow/")
    answer = ErrorPages(lambda _: HttpResponse()).process_exception(request, error)
    assert answer is not None
    assert answer.status_code == status
    assert "Leanne" not in answer.content.decode()
    assert "Leanne" not in "".join(QuietFormatter().format(each) for each in caplog.records)


def test_log_lines_hold_no_arguments_but_numbers() -> None:
    record = logging.LogRecord(
        "any", 40, "f.py", 1, "%s failed %d times", ("Leanne Harlow", 3), None
    )
    line = QuietFormatter().format(record)
    assert "Leanne" not in line
    assert "3 times" in line
    asked = logging.LogRecord(
        "django.request", 40, "f.py", 1, "Not Found: /people/leanne", (), None
    )
    assert "leanne" not in QuietFormatter().format(asked)


@pytest.mark.django_db
def test_headers_hold_the_browser_to_ourselves(signed_town: Any) -> None:
    answer = Client().get("/sign-in/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


class _Nobody:
    is_authenticated = False
    is_active = False
