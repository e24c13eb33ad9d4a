"""What every page on meetings begins with: when, where and who."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.agreements.texts.terms import Terms
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["GONE", "Start", "begin", "names_of"]

GONE = "Somebody who has left"


@dataclass(frozen=True)
class Start:
    """One request of a signed-in user."""

    at: dt.datetime
    place: OpenPlace
    viewer: Viewer
    terms: Terms

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.place.place.place.time_zone)

    @property
    def today(self) -> dt.date:
        """The day it is at the place."""
        return self.at.astimezone(self.zone).date()

    def partner(self, name: str) -> str:
        """Return a partner's words."""
        return self.terms.words("partner", name)

    def when(self, at: dt.datetime) -> str:
        """Return an instant as people write it, in the place's time."""
        there = at.astimezone(self.zone)
        return f"{there:%A} {there.day} {there:%B %Y, %H:%M}"


def begin(request: HttpRequest) -> Start:
    """Return who asks and when; the route's mark admits nobody who has not signed in."""
    viewer: Any = viewer_of(request)
    place = current_place()
    return Start(timezone.now(), place, viewer, place.terms)


def names_of(user_ids: Iterable[str]) -> Mapping[str, User]:
    """Return users by their ids, for their names and jobs."""
    ids = {int(each) for each in user_ids if each.isdigit()}
    return {str(user.pk): user for user in User.objects.filter(pk__in=ids)}
