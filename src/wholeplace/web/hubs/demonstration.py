"""Examples for a demonstration: a rota, who is here today, two choices of hubs."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.models import User
from wholeplace.web.hubs.access import sites_of
from wholeplace.web.hubs.models import HubChoice, HubPresence, RotaSeries
from wholeplace.web.hubs.planning.rights import read_rights
from wholeplace.web.hubs.planning.running import finest_first, work_out
from wholeplace.web.hubs.rota.changes import add_series, arrive

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

# Who is at which hub on which days, and what for: persona, hub, weekdays, from, until, words.
_TIMES = (
    ("amira-khan", "weaver-hall", (0, 2, 3), "09:30", "13:00", "Family help"),
    ("jo-adeyemi", "weaver-hall", (0, 1, 2, 3, 4), "10:00", "15:00", "Debt advice"),
    ("marcus-bell", "weaver-hall", (1, 2, 4), "09:00", "12:30", "Work and benefits"),
    ("joan-obi", "weaver-hall", (2, 4), "13:00", "16:00", "Health visiting"),
    ("nadia-price", "canal-library", (0, 2, 4), "10:00", "14:00", "Housing options"),
    ("rosa-finch", "canal-library", (1, 2, 3), "09:00", "12:00", "Tenancies at Swanhall Homes"),
)
_HERE = (
    ("jo-adeyemi", "weaver-hall"),
    ("marcus-bell", "weaver-hall"),
    ("nadia-price", "canal-library"),
)


def make_examples(place: "OpenPlace") -> None:
    """Let personas be on the rota and here, and a commissioner choose hubs; asked again, nothing."""
    users = {each.persona: each for each in User.objects.exclude(persona="")}
    at = timezone.now()
    if not RotaSeries.objects.exists():
        _keep_rota(place, users)
    _be_here(place, users, at)
    if not HubChoice.objects.exists() and "daniel-reyes" in users:
        _choose(place, users["daniel-reyes"], at)


def _keep_rota(place: "OpenPlace", users: dict[str, User]) -> None:
    monday = place.today - dt.timedelta(days=place.today.weekday())
    for persona, site, weekdays, starts, ends, what in _TIMES:
        if persona not in users:
            continue
        for weekday in weekdays:
            add_series(
                _viewer(users[persona]),
                {
                    "site_id": site, "weekday": weekday, "what": what, "from_on": monday,
                    "until_on": None, "starts": dt.time.fromisoformat(starts),
                    "ends": dt.time.fromisoformat(ends),
                },
            )  # fmt: skip


def _be_here(place: "OpenPlace", users: dict[str, User], at: dt.datetime) -> None:
    for persona, site in _HERE:
        if persona not in users:
            continue
        viewer = _viewer(users[persona])
        said = HubPresence.objects.filter(user_id=viewer.user_id, on=place.today)
        if not said.exists():
            arrive(viewer, site, place.today, at)


def _choose(place: "OpenPlace", user: User, at: dt.datetime) -> None:
    viewer, sites = Viewer(str(user.pk), user.organisation, "commissioner"), sites_of(place)
    try:
        rights = read_rights(place, viewer)
        if sites is None or rights.why:
            return
        today = [each.id for each in sites.hubs(place.today)]
        for title, keep in (
            ("Three hubs, keeping both of today’s", today),
            ("Three hubs anywhere", []),
        ):
            asked = {
                "count": 3, "used": rights.uses[0][0], "areas": finest_first(place)[0][0],
                "keep": sorted(keep), "barred": [], "heed_room": False, "cap_m": None,
            }  # fmt: skip
            work_out(place, viewer, rights, sites, asked, title, at)
    except WholeplaceError:
        # A town without counts has no choice to show.
        return


def _viewer(user: User) -> Viewer:
    return Viewer(str(user.pk), user.organisation, user.roles[0])
