"""The account of who looked at one person's record: entries of the trail, told once each.

Pure: entries in, sightings out. The record of a person may have gone by several ids, so by
several pseudonyms; an entry that names two of them is still one entry. Where ids were wrongly
joined for a time, what was seen then cannot be told apart and is not told (`is_mixed`).
Law: UK GDPR Article 15(1)(a) to (c).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

__all__ = [
    "AccountGroup",
    "HeldAs",
    "SeenField",
    "Sighting",
    "group_sightings",
    "read_sightings",
]

SIGHT = "sight"


@dataclass(frozen=True)
class HeldAs:
    """One pseudonym that a person's record goes by, or went by.

    Attributes:
        until_on: last day on which it was theirs; None where it still is.
        mixed_until_on: last day on which records of somebody else stood under it too.
    """

    pseudonym: str
    until_on: dt.date | None = None
    mixed_until_on: dt.date | None = None

    def is_theirs(self, on: dt.date) -> bool:
        """Whether an entry of that day is about the person."""
        return self.until_on is None or on <= self.until_on

    def is_mixed(self, on: dt.date) -> bool:
        """Whether an entry of that day may be about somebody else as well."""
        return self.mixed_until_on is not None and on <= self.mixed_until_on


@dataclass(frozen=True, order=True)
class SeenField:
    """One field of one partner, at the level seen, by these clauses."""

    partner: str
    field: str
    level: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Sighting:
    """One entry of the trail, as far as it concerns one person.

    Attributes:
        position: its place in the trail. Never shown to the person: gaps would tell.
        seal: its hash in the trail, for ids that tell nothing.
        kind: `sight`, or another kind that is told.
        reason_kind: case, duty, referral …; empty where there was none.
        seen: what was shown of them, sorted; empty where they asked and were shown nothing.
        asked: every (partner, field) asked for, shown or not; for withholding alone.
        is_mixed: somebody else's records stood under the same id then.
    """

    position: int
    at: dt.datetime
    kind: str
    page: str
    organisation: str
    role: str
    purpose: str
    reason_kind: str
    seen: tuple[SeenField, ...] = ()
    asked: frozenset[tuple[str, str]] = frozenset()
    is_mixed: bool = False
    seal: str = field(default="", compare=False)

    def day(self, zone: ZoneInfo) -> dt.date:
        """The day on which it happened, at the place."""
        return self.at.astimezone(zone).date()


@dataclass(frozen=True)
class AccountGroup:
    """What one organisation did on one day; the newest first."""

    day: dt.date
    organisation: str
    sightings: tuple[Sighting, ...]


def read_sightings(
    entries: Iterable[tuple[int, Mapping[str, Any], str]],
    held_as: Sequence[HeldAs],
    told: Iterable[str],
    time_zone: str,
) -> list[Sighting]:
    """Return what the entries tell of a person, newest first, each entry once.

    Args:
        entries: (position, event, seal) of the trail; entries about others are passed over.
        held_as: every pseudonym that their record goes by, or went by.
        told: kinds of entries that are told besides sights.
        time_zone: where days begin and end.
    """
    zone, wanted = ZoneInfo(time_zone), {SIGHT, *told}
    by_name = {each.pseudonym: each for each in held_as}
    found = []
    for position, event, seal in entries:
        if event.get("kind") not in wanted:
            continue
        at = dt.datetime.fromisoformat(str(event["at"]))
        on = at.astimezone(zone).date()
        mine = [
            (by_name[name], each)
            for each in event.get("subjects") or []
            if (name := each.get("subject")) in by_name and by_name[name].is_theirs(on)
        ]
        if mine:
            is_mixed = any(each.is_mixed(on) for each, _ in mine)
            found.append(
                _sighting(position, at, event, [told for _, told in mine], seal, is_mixed=is_mixed)
            )
    found.sort(key=lambda each: (each.at, each.position), reverse=True)
    return found


def group_sightings(sightings: Iterable[Sighting], time_zone: str) -> list[AccountGroup]:
    """Return sightings by day and organisation: the newest day first, then the newest entry."""
    zone = ZoneInfo(time_zone)
    groups: dict[tuple[dt.date, str], list[Sighting]] = {}
    for each in sorted(sightings, key=lambda one: (one.at, one.position), reverse=True):
        groups.setdefault((each.day(zone), each.organisation), []).append(each)
    # Keys stand in the order of their newest entry, so days are in order too.
    return [
        AccountGroup(day, organisation, tuple(mine)) for (day, organisation), mine in groups.items()
    ]


def _sighting(
    position: int,
    at: dt.datetime,
    event: Mapping[str, Any],
    mine: Sequence[Mapping[str, Any]],
    seal: str,
    *,
    is_mixed: bool,
) -> Sighting:
    own = next((each["reason"] for each in mine if each.get("reason")), None)
    reason = own or event.get("reason") or {}
    return Sighting(
        position,
        at,
        str(event["kind"]),
        str(event.get("page") or ""),
        str(event.get("organisation") or ""),
        str(event.get("role") or ""),
        str(event.get("purpose") or ""),
        str(reason.get("kind") or ""),
        () if is_mixed else _seen(mine),
        frozenset(_asked(mine)),
        is_mixed,
        seal,
    )


def _seen(mine: Iterable[Mapping[str, Any]]) -> tuple[SeenField, ...]:
    clauses: dict[tuple[str, str, str], set[str]] = {}
    for each in mine:
        for partner, fields in (each.get("seen") or {}).items():
            for name, levels in fields.items():
                for level, facts in levels.items():
                    by = clauses.setdefault((partner, name, level), set())
                    by.update(facts.get("clauses") or ())
    return tuple(sorted(SeenField(*key, tuple(sorted(by))) for key, by in clauses.items()))


def _asked(mine: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for each in mine:
        for what in ("seen", "refused"):
            for partner, fields in (each.get(what) or {}).items():
                yield from ((partner, name) for name in fields)
