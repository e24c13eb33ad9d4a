"""Freshness: when somebody last checked that a listing is right, and what that means."""

import datetime as dt

from wholeplace.directory.figures import figures
from wholeplace.directory.listing import Listing

__all__ = ["FRESHNESS_WORDS", "freshness_of"]

FRESHNESS_WORDS = {
    "fresh": "Checked in the last three months",
    "old": "Not checked for more than three months: ring before you go",
    "never": "Nobody has said when this was checked: ring before you go",
}


def freshness_of(listing: Listing, on: dt.date) -> str:
    """Return `fresh`, `old` or `never`.

    A date that has not come yet says nothing about any check, so it counts as never.
    """
    assured_on = listing.assured_on
    if assured_on is None or assured_on > on:
        return "never"
    return "fresh" if (on - assured_on).days <= figures().assured_days else "old"
