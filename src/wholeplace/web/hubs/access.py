"""What every page of hubs begins with: who asks, when, and the place's sites."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.places.hubs.sites import HubSite, SitesFile, read_sites
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["Beginning", "begin", "new_id", "people_of", "sites_of"]

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Beginning:
    """One request of a signed-in user.

    Attributes:
        sites: what the place folder says of hubs; None where it says nothing.
        hubs: the sites that are hubs today.
    """

    at: dt.datetime
    today: dt.date
    served: OpenPlace
    user: User
    viewer: Viewer
    sites: SitesFile | None

    @property
    def hubs(self) -> tuple[HubSite, ...]:
        """Sites where people are seen together today."""
        return self.sites.hubs(self.today) if self.sites else ()

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.served.place.place.time_zone)


def begin(request: HttpRequest) -> Beginning:
    """Return who asks and when; the route's mark admits nobody who has not signed in."""
    served = current_place()
    user: Any = request.user
    viewer: Any = viewer_of(request)
    return Beginning(timezone.now(), served.today, served, user, viewer, sites_of(served))


def sites_of(served: OpenPlace) -> SitesFile | None:
    """Return what the place folder says of hubs.

    Raises:
        CheckFailedError: if the file has faults.
    """
    return read_sites(served.folder, served.place.partners)


def people_of(user_ids: Iterable[str]) -> dict[str, User]:
    """Return users by their ids, for their names."""
    ids = [int(each) for each in set(user_ids) if each.isdigit()]
    return {str(user.pk): user for user in User.objects.filter(pk__in=ids)}


def new_id() -> str:
    """Return an opaque id."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))
