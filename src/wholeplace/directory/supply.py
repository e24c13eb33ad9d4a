"""Supply by area: how many services for a need stand in each area, and how many reach all of it.

Services are counted, never people. Set beside protected counts of people with the need, it
shows where there is much need and little help.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wholeplace.directory.finding.origins import Origins
from wholeplace.directory.listing import Listing

__all__ = ["Supply", "count_supply"]


@dataclass(frozen=True)
class Supply:
    """Services for one need.

    Attributes:
        by_area: area code to services with a site there; a service with two sites counts in each.
        everywhere: services without a public place, such as helplines and visits at home.
        outside: services whose sites lie in none of the areas.
    """

    by_area: dict[str, int]
    everywhere: int
    outside: int


def count_supply(
    listings: Iterable[Listing], topics: frozenset[str], area_set: str, origins: Origins
) -> Supply:
    """Return how many services of some topics stand in each area of a set."""
    by_area: Counter[str] = Counter()
    everywhere = outside = 0
    for listing in listings:
        if not topics & set(listing.topics):
            continue
        points = [
            (site.latitude, site.longitude)
            for site in listing.sites
            if site.latitude is not None and site.longitude is not None
        ]
        if not points:
            everywhere += 1
            continue
        found = {origins.areas_at(*point).get(area_set) for point in points} - {None}
        by_area.update(str(each) for each in found)
        outside += not found
    return Supply(dict(by_area), everywhere, outside)
