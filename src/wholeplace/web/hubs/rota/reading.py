"""The rota as rows: series and changes as the room's nouns, and who is here on a day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from wholeplace.places.hubs.rota.shifts import Change, Series, Shift, shifts_between
from wholeplace.web.accounts.models import User
from wholeplace.web.hubs.access import people_of
from wholeplace.web.hubs.models import HubPresence, RotaChange, RotaSeries

__all__ = ["Here", "read_shifts", "shifts_of", "who_is_here"]


@dataclass(frozen=True)
class Here:
    """Somebody at a hub on a day.

    Attributes:
        shift: of the rota; None for somebody who came without being on it.
        presence: as they said; None where they have not yet.
    """

    user: User
    shift: Shift | None
    presence: HubPresence | None

    @property
    def is_here(self) -> bool:
        """Whether they said that they are there, and not that they left."""
        return self.presence is not None and self.presence.left_at is None


def read_shifts(first: dt.date, last: dt.date, site_id: str = "") -> tuple[Shift, ...]:
    """Return all shifts of some days, at one hub or at all."""
    rows = RotaSeries.objects.filter(from_on__lte=last).filter(
        Q(until_on=None) | Q(until_on__gte=first)
    )
    if site_id:
        rows = rows.filter(site_id=site_id)
    series = [_series(each) for each in rows]
    changes = RotaChange.objects.filter(
        series_id__in=[each.id for each in series], on__gte=first, on__lte=last
    )
    return shifts_between(first, last, series, [_change(each) for each in changes])


def shifts_of(user_id: str, first: dt.date, last: dt.date) -> tuple[Shift, ...]:
    """Return one person's shifts, those that they cover for others too."""
    return tuple(each for each in read_shifts(first, last) if each.user_id == user_id)


def who_is_here(site_id: str, day: dt.date) -> list[Here]:
    """Return who is, or should be, at a hub on a day: those who are there first."""
    shifts = read_shifts(day, day, site_id)
    said = {each.user_id: each for each in HubPresence.objects.filter(site_id=site_id, on=day)}
    users = people_of([*(each.user_id for each in shifts), *said])
    found = [
        Here(users[each.user_id], each, said.get(each.user_id))
        for each in shifts
        if each.user_id in users and users[each.user_id].is_active
    ]
    on_rota = {each.user_id for each in shifts}
    found += [
        Here(users[user_id], None, presence)
        for user_id, presence in said.items()
        if user_id not in on_rota and user_id in users and users[user_id].is_active
    ]
    return sorted(found, key=lambda each: (not each.is_here, each.user.name))


def _series(row: RotaSeries) -> Series:
    return Series(
        row.pk, row.site_id, row.user_id, row.weekday, row.starts, row.ends, row.what,
        row.from_on, row.until_on,
    )  # fmt: skip


def _change(row: RotaChange) -> Change:
    return Change(row.series_id, row.on, row.kind, row.state, row.cover)
