"""Stays: who was seen to live where, and which of them lived there together.

A stay ends when the person is seen to live somewhere else. People of one surname at one
dwelling at one time are taken to live together. People of unlike surnames are only where
something says so: they also share another dwelling, or all of them are still there. Where
one of them has moved away and the other has not, it is most often one family following
another while some register still lists the old one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

__all__ = ["COMMUNAL_PEOPLE", "GAP_DAYS", "STILL_THERE_DAYS", "Stay", "order_stays", "part_stays"]

GAP_DAYS = 400  # people of one surname seen at a dwelling within this follow on from each other
STILL_THERE_DAYS = 400  # a latest address seen within this of the newest data is still home
COMMUNAL_PEOPLE = 9  # with as many unrelated surnames as half of them: not one family
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Stay:
    """One person at one dwelling, from the first day to the last (None: still there)."""

    dwelling: str
    first_on: dt.date
    person_id: str
    last_on: dt.date
    end_on: dt.date | None
    datasets: int
    family_name: str | None
    is_temporary: bool
    is_communal: bool


def order_stays(stays: Sequence[Stay], newest: dt.date) -> list[Stay]:
    """Put one person's stays in order; each ends when the next begins.

    A dwelling seen only while a better-known one was seen before and after is an old
    address copied forward, not a move.
    """
    real = [
        stay
        for stay in stays
        if not any(
            other is not stay
            and other.first_on <= stay.first_on
            and other.last_on >= stay.last_on
            and other.datasets > stay.datasets
            for other in stays
        )
    ]
    ordered = sorted(real, key=lambda stay: (stay.first_on, stay.last_on, stay.dwelling))
    ended = []
    for place, stay in enumerate(ordered):
        following = next(
            (other for other in ordered[place + 1 :] if other.first_on > stay.first_on), None
        )
        if following:
            ended.append(replace(stay, end_on=following.first_on - _DAY))
        else:
            is_home = (newest - stay.last_on).days <= STILL_THERE_DAYS
            ended.append(replace(stay, end_on=None if is_home else stay.last_on))
    return ended


def part_stays(
    stays: Sequence[Stay], homes_of: Mapping[str, frozenset[str]]
) -> tuple[str, list[list[Stay]]]:
    """Part the stays of one dwelling into those who lived there together.

    Args:
        stays: of one dwelling.
        homes_of: person_id → every dwelling where the person was seen to live.

    Returns:
        What the dwelling is (home, communal or temporary), and the parts.
    """
    meeting = _split_in_time(sorted(stays))
    parts = [part for together in meeting for part in _split_by_fate(together, homes_of)]
    kind = _name_kind(stays, parts)
    return kind, parts if kind == "home" else meeting


def _split_by_fate(
    stays: Sequence[Stay], homes_of: Mapping[str, frozenset[str]]
) -> list[list[Stay]]:
    """Part stays that meet in time by surname, and bring together the surnames that belong together."""
    families: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        families[stay.family_name or f"\x1f{stay.person_id}"].append(stay)
    parts: list[list[Stay]] = []
    for family in families.values():
        akin = [part for part in parts if _is_together(part, family, homes_of)]
        parts = [part for part in parts if part not in akin]
        parts.append(sorted([*family, *(stay for part in akin for stay in part)]))
    return sorted(parts)


def _is_together(
    some: Sequence[Stay], others: Sequence[Stay], homes_of: Mapping[str, frozenset[str]]
) -> bool:
    mine = {home for stay in some for home in homes_of[stay.person_id]}
    if any(
        home != stay.dwelling and home in mine
        for stay in others
        for home in homes_of[stay.person_id]
    ):
        return True
    return all(stay.end_on is None for stay in (*some, *others))


def _split_in_time(stays: Sequence[Stay]) -> list[list[Stay]]:
    """Part the stays of one dwelling, sorted by start, where nobody's stay reaches the next.

    People seen now and then leave gaps; those are bridged only within one surname, since a
    gap between two surnames is most often one family leaving and another coming.
    """
    groups: list[list[Stay]] = []
    reach, names = dt.date.min, set[str | None]()
    for stay in stays:
        gap = (stay.first_on - reach).days
        follows_on = gap <= GAP_DAYS and stay.family_name is not None and stay.family_name in names
        if not groups or (gap > 0 and not follows_on):
            groups.append([])
            names = set()
        groups[-1].append(stay)
        names.add(stay.family_name)
        seen_to = stay.last_on if stay.end_on is None else min(stay.end_on, stay.last_on)
        reach = max(reach, seen_to, stay.first_on)
    return groups


def _name_kind(stays: Sequence[Stay], parts: Sequence[Sequence[Stay]]) -> str:
    """Say what a dwelling is. Many families one after another do not make a home communal."""
    if any(stay.is_temporary for stay in stays):
        return "temporary"
    if any(stay.is_communal for stay in stays) or any(_is_crowd(part) for part in parts):
        return "communal"
    return "home"


def _is_crowd(stays: Sequence[Stay]) -> bool:
    people = {stay.person_id for stay in stays}
    names = {stay.family_name for stay in stays if stay.family_name}
    return len(people) >= COMMUNAL_PEOPLE and len(names) * 2 > len(people)
