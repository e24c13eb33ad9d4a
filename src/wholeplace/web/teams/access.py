"""What every page on teams begins with: when, where, who, and under which rules."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from wholeplace.agreements import place_day
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.partnership.definitions import Framework
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.teams.models import Case

__all__ = ["PEOPLE_ROLES", "Beginning", "begin", "framework_of", "number_in", "partners_with", "people_called"]  # fmt: skip


@dataclass(frozen=True)
class Beginning:
    """One request of a signed-in user."""

    at: dt.datetime
    today: dt.date
    place: OpenPlace
    user: User
    viewer: Viewer
    rules: Rules

    def partner(self, name: str) -> str:
        """Return a partner's words; of nobody's, that it was the resident's own wish."""
        return self.rules.terms.words("partner", name) if name else "The resident"


def begin(request: HttpRequest) -> Beginning:
    """Return who asks and when; the route's mark admits nobody who has not signed in."""
    at, place = timezone.now(), current_place()
    today = place_day(at, place.place.place.time_zone)
    user: Any = request.user
    viewer: Any = viewer_of(request)
    return Beginning(at, today, place, user, viewer, place.rules(today))


def framework_of(place: OpenPlace, case: Case | None = None) -> Framework:
    """Return the framework that a case began with, or the first that the place has taken on.

    Raises:
        Http404: if there is no framework: a plan without outcomes is no plan.
    """
    found = list(place.place.frameworks)
    if case is not None:
        found = [
            each for each in found
            if (each.id, each.version) == (case.framework, case.framework_version)
        ] or _published(case)  # fmt: skip
    if not found:
        raise Http404
    return found[0]


def people_called(user_ids: Iterable[str]) -> dict[str, User]:
    """Return users by their ids, for their names."""
    ids = {int(each) for each in user_ids if each.isdigit()}
    return {str(user.pk): user for user in User.objects.filter(pk__in=ids)}


def partners_with(place: OpenPlace, roles: frozenset[str], but: str = "") -> list[tuple[str, str]]:
    """Return the partners that have one of some roles, with their words."""
    return sorted(
        (
            (each.id, each.name)
            for each in place.place.partners.values()
            if roles & set(each.roles) and each.id != but
        ),
        key=lambda each: each[1],
    )


def number_in(typed: str) -> int:
    """Return a row's number as typed; 0 where it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _published(case: Case) -> list[Framework]:
    """Return the framework as it was published: a place may have moved on, the case has not."""
    from wholeplace.foundation.errors import WholeplaceError
    from wholeplace.partnership import load_framework

    try:
        return [load_framework(case.framework, case.framework_version)]
    except WholeplaceError:
        return []
