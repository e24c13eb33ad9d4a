"""Listings as pages show them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wholeplace.directory import Choice, Listing
from wholeplace.directory.freshness import FRESHNESS_WORDS, freshness_of

__all__ = ["line_of", "lines_of"]

_COLOURS = {"open": "green", "limited": "yellow", "waiting": "orange", "closed": "red"}


def lines_of(choices: Iterable[Choice], on: dt.date) -> list[dict[str, Any]]:
    """Return each choice as a result on a page."""
    return [line_of(each.listing, on) | {"away": _away(each.distance_km)} for each in choices]


def line_of(listing: Listing, on: dt.date) -> dict[str, Any]:
    """Return one listing with what is said of it today."""
    capacity = listing.capacity
    freshness = freshness_of(listing, on)
    return {
        "listing": listing,
        "capacity": capacity,
        "is_current": bool(capacity and capacity.is_current(on)),
        "colour": _COLOURS[capacity.state] if capacity else "grey",
        "freshness": freshness,
        "freshness_words": FRESHNESS_WORDS[freshness],
        "places": [site.name or site.lines[0] for site in listing.sites if site.name or site.lines],
    }


def _away(km: float | None) -> str:
    """Return a distance as people say it: in tenths of a mile, straight."""
    if km is None:
        return ""
    miles = km / 1.609344
    return "less than half a mile" if miles < 0.5 else f"about {miles:.1f} miles"
