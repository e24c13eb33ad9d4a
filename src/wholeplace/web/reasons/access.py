"""What every page on reasons begins with: when, where, who, and under which rules."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from wholeplace.agreements import place_day
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["SECONDS", "Beginning", "begin", "people_of"]

# Guardians work with people; whoever only runs the system reads of nobody.
SECONDS = PEOPLE_ROLES | figures().second_person_roles


@dataclass(frozen=True)
class Beginning:
    """One request of a signed-in user."""

    at: dt.datetime
    today: dt.date
    place: OpenPlace
    user: User
    viewer: Viewer
    rules: Rules


def begin(request: HttpRequest) -> Beginning:
    """Return who asks and when; the route's mark admits nobody who has not signed in."""
    at, place = timezone.now(), current_place()
    today = place_day(at, place.place.place.time_zone)
    user: Any = request.user
    viewer: Any = viewer_of(request)
    return Beginning(at, today, place, user, viewer, place.rules(today))


def people_of(*user_ids: str) -> dict[str, User]:
    """Return users by their ids, for their names."""
    ids = [int(each) for each in user_ids if each.isdigit()]
    return {str(user.pk): user for user in User.objects.filter(pk__in=ids)}
