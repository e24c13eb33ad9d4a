"""Who lives with whom, and between which days, as far as two partners' own records tell.

Linkage says who has shared a home, from all that partners hold. The days on a page come from
the two partners alone that it names: one holds the address of the housemate, one that of the
person. So no day, and no "now" or "before", moves with what anybody else holds.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholeplace.linkage.stays import STILL_THERE_DAYS

__all__ = ["SharedAddress", "share_addresses"]

_COLUMNS = ("postcode", "uprn")
_DAY = dt.timedelta(days=1)
_Row = Mapping[str, Any]
_Stay = tuple[dt.date, dt.date | None]


@dataclass(frozen=True)
class SharedAddress:
    """An address of a housemate's that the person has too.

    Attributes:
        row: the housemate's, as one partner holds it.
        partner: who holds that it is the person's address; it may be the same partner.
        lives_from: first day on which both were there; None where a partner gives no day.
        lives_to: last such day; None while both are there.
    """

    row: _Row
    partner: str
    lives_from: dt.date | None
    lives_to: dt.date | None


def share_addresses(
    mine: Iterable[_Row], theirs: Iterable[_Row], newest: Mapping[str, dt.date | None]
) -> list[SharedAddress]:
    """Return the addresses of a housemate where the person was at the same time.

    Args:
        mine: addresses of the person: partner, value (an address's columns), seen_from, seen_to.
        theirs: addresses of the housemate.
        newest: the newest day on which each partner says anything of anybody's address.
    """
    of_me, of_them = _by_partner(mine), _by_partner(theirs)
    shared = []
    for partner, rows in of_them.items():
        for row in rows:
            for other, own in of_me.items():
                places = _places(row) & {place for each in own for place in _places(each)}
                if not places:
                    continue
                them = _find_stay(rows, places, newest.get(partner))
                me = _find_stay(own, places, newest.get(other))
                start = max(them[0], me[0])
                ends = [each[1] for each in (them, me) if each[1] is not None]
                end = min(ends, default=None)
                if end is None or start <= end:
                    since = None if start == dt.date.min else start
                    shared.append(SharedAddress(row, other, since, end))
    return shared


def _find_stay(rows: Sequence[_Row], places: set[object], newest: dt.date | None) -> _Stay:
    """Return when somebody was at a place, by one partner's records of them.

    A stay ends when the partner first sees them elsewhere; the latest one is still going on
    where the partner has seen them there of late.
    """
    here = [row for row in rows if _places(row) & places]
    start = min(row["seen_from"] or dt.date.min for row in here)
    moved = [
        row["seen_from"]
        for row in rows
        if not _places(row) & places and row["seen_from"] and row["seen_from"] > start
    ]
    if moved:
        return start, min(moved) - _DAY
    last = max((row["seen_to"] for row in here if row["seen_to"]), default=None)
    if last is None or newest is None or (newest - last).days <= STILL_THERE_DAYS:
        return start, None
    return start, last


def _by_partner(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row["partner"], []).append(row)
    return found


def _places(row: _Row) -> set[object]:
    value = row["value"]
    return {(column, value[column]) for column in _COLUMNS if value.get(column)}
