"""The shifts of a day, from weekly series and what was changed on single days."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = [
    "COLLEAGUE",
    "OWNER",
    "SWAP_LIFE",
    "Change",
    "Series",
    "Shift",
    "shifts_between",
    "shifts_on",
]

OWNER: Final = "owner"
COLLEAGUE: Final = "colleague"

SWAP_LIFE: Final = Lifecycle(
    name="swap of a shift",
    states={
        "asked": "Waiting for your colleague",
        "agreed": "Agreed",
        "declined": "Declined",
        "withdrawn": "Taken back",
    },
    first="asked",
    steps=(
        Step("agree", ("asked",), "agreed", frozenset({COLLEAGUE}), "I will be there instead"),
        Step("decline", ("asked",), "declined", frozenset({COLLEAGUE}), "I cannot"),
        Step("withdraw", ("asked", "agreed"), "withdrawn", frozenset({OWNER}), "Take it back"),
    ),
)
"""Until a colleague agrees, the shift stays whose it was."""


@dataclass(frozen=True)
class Series:
    """Somebody is at one hub every week on one day.

    Attributes:
        id: opaque.
        weekday: 0 is Monday.
        what: what they do there, in words that anybody may read.
        until_on: last day; None while it goes on.
    """

    id: str
    site: str
    user_id: str
    weekday: int
    starts: dt.time
    ends: dt.time
    what: str
    from_on: dt.date
    until_on: dt.date | None = None

    def is_on(self, day: dt.date) -> bool:
        """Return whether the series has a shift on a day."""
        is_within = self.from_on <= day and (self.until_on is None or day <= self.until_on)
        return is_within and day.weekday() == self.weekday


@dataclass(frozen=True)
class Change:
    """What is otherwise on one day of a series.

    Attributes:
        kind: `off` (nobody is there) or `swap` (somebody else is, once they agreed).
        cover: user id of who is there instead.
    """

    series: str
    on: dt.date
    kind: str
    state: str = ""
    cover: str = ""


@dataclass(frozen=True)
class Shift:
    """Somebody is at a hub on one day.

    Attributes:
        is_cover: they are there for a colleague.
    """

    series: str
    site: str
    user_id: str
    on: dt.date
    starts: dt.time
    ends: dt.time
    what: str
    is_cover: bool = False


def shifts_on(
    day: dt.date, series: Iterable[Series], changes: Iterable[Change]
) -> tuple[Shift, ...]:
    """Return who is at a hub on a day: by time, then by hub."""
    changed = {each.series: each for each in changes if each.on == day and _counts(each)}
    found = []
    for each in series:
        change = changed.get(each.id)
        if not each.is_on(day) or (change and change.kind == "off"):
            continue
        is_cover = change is not None
        who = change.cover if change else each.user_id
        found.append(
            Shift(each.id, each.site, who, day, each.starts, each.ends, each.what, is_cover)
        )
    return tuple(sorted(found, key=lambda each: (each.starts, each.site, each.series)))


def shifts_between(
    first: dt.date, last: dt.date, series: Sequence[Series], changes: Sequence[Change]
) -> tuple[Shift, ...]:
    """Return the shifts of several days, both ends among them."""
    days = (first + dt.timedelta(days=each) for each in range((last - first).days + 1))
    return tuple(shift for day in days for shift in shifts_on(day, series, changes))


def _counts(change: Change) -> bool:
    return change.kind == "off" or (change.kind == "swap" and change.state == "agreed")
