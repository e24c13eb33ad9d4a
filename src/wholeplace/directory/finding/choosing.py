"""Choosing: which services help with a need, near somewhere, for somebody of an age."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholeplace.directory.finding.origins import Origin, nearest_km
from wholeplace.directory.finding.words import read_topics
from wholeplace.directory.listing import Listing

__all__ = ["Choice", "Wish", "choose_services", "is_for_age", "topics_for_need"]


@dataclass(frozen=True)
class Wish:
    """What is asked for beside words.

    Attributes:
        topics: any of these; empty for all.
        age: of whoever it is for, in years; None where that is not known.
        is_free: only what costs nothing.
        can_take: only what can take people now.
    """

    topics: frozenset[str] = frozenset()
    origin: Origin | None = None
    age: int | None = None
    is_free: bool = False
    can_take: bool = False


@dataclass(frozen=True)
class Choice:
    """One service that may be chosen.

    Attributes:
        distance_km: to its nearest site; None where it is not on the map.
        can_take: whether it can take people now; None where that is not known.
    """

    listing: Listing
    distance_km: float | None
    can_take: bool | None


def topics_for_need(need: str) -> frozenset[str]:
    """Return the topics of a headline outcome, or the topic itself by its own id."""
    return frozenset(topic.id for topic in read_topics() if topic.id == need or need in topic.needs)


def is_for_age(listing: Listing, age: int | None) -> bool:
    """Tell whether somebody of an age may come; yes where the age or the limit is not known."""
    if age is None:
        return True
    low, high = listing.ages
    return (low is None or age >= low) and (high is None or age <= high)


def choose_services(
    listings: Iterable[Listing], wish: Wish, on: dt.date, *, keep_order: bool = False
) -> list[Choice]:
    """Return the services that fit, the nearest first where a place was given.

    Args:
        listings: in the order of how well they answer.
        wish: what they must fit.
        on: today; capacity that is too old by then counts as not known.
        keep_order: stay in the order given, though a place was.
    """
    found = [_choice(each, wish, on) for each in listings if _fits(each, wish, on)]
    if wish.origin is None or keep_order:
        return found
    # What has no place on the map (a helpline, a refuge) comes after what has.
    return sorted(
        found, key=lambda each: (each.distance_km is None, each.distance_km or 0.0)
    )  # equal ones keep their order


def _choice(listing: Listing, wish: Wish, on: dt.date) -> Choice:
    away = nearest_km(listing, wish.origin) if wish.origin else None
    return Choice(listing, away, listing.capacity.can_take(on) if listing.capacity else None)


def _fits(listing: Listing, wish: Wish, on: dt.date) -> bool:
    topics: Sequence[str] = listing.topics
    if wish.topics and not wish.topics & set(topics):
        return False
    if not is_for_age(listing, wish.age):
        return False
    if wish.is_free and listing.is_free is not True:
        return False
    return not wish.can_take or bool(listing.capacity and listing.capacity.can_take(on))
