"""The catalogue: every listing as it stands now, with what people decided on doubles and capacity."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from wholeplace.directory.capacity import Capacity
from wholeplace.directory.feeds.definitions import DirectoryDefinition
from wholeplace.directory.finding.choosing import Choice, Wish, choose_services, topics_for_need
from wholeplace.directory.finding.origins import Origins
from wholeplace.directory.finding.search import SearchIndex
from wholeplace.directory.finding.words import topics_of
from wholeplace.directory.listing import Listing, Source

__all__ = [
    "Catalogue",
    "Joined",
    "KeptService",
    "build_catalogue",
    "current_catalogue",
    "find_service",
    "offer_catalogue",
    "services_for",
]


@dataclass(frozen=True)
class KeptService:
    """One service of one feed, as it is kept: its address is not in it where that is confidential."""

    id: str
    feed: str
    document: Mapping[str, Any]
    is_confidential: bool
    seen_at: dt.datetime


@dataclass(frozen=True)
class Joined:
    """A person's decision that two services are one; `shown` is whose listing is shown."""

    first: str
    second: str
    shown: str


class Catalogue:
    """Everything that may be found, ready to search.

    Attributes:
        listings: those that run, in order of name.
        moved: ids of services that are shown under another's listing, to that listing's id.
        singles: every service by itself, before doubles are joined; for finding more doubles.
    """

    def __init__(
        self,
        listings: Iterable[Listing],
        moved: Mapping[str, str],
        singles: Iterable[Listing],
        origins: Origins,
    ) -> None:
        self.listings = tuple(sorted(listings, key=lambda each: (each.name.casefold(), each.id)))
        self.moved = dict(moved)
        self.singles = tuple(singles)
        self.origins = origins
        self._by_id = {each.id: each for each in self.listings}

    def get(self, service_id: str) -> Listing | None:
        """Return a listing by its id, or by the id of a service that is shown under it."""
        return self._by_id.get(self.moved.get(service_id, service_id))

    @cached_property
    def index(self) -> SearchIndex:
        """The words of all listings."""
        return SearchIndex(self.listings)


def build_catalogue(
    kept: Iterable[KeptService],
    joined: Iterable[Joined],
    capacities: Mapping[str, Capacity],
    definition: DirectoryDefinition,
    origins: Origins,
) -> Catalogue:
    """Return the catalogue.

    A listing of several feeds is confidential where any one of them is, and is then shown as
    the confidential one: no other feed's copy may tell where it stands.
    """
    titles = {each.id: each.title for each in definition.feeds}
    singles = {each.id: _single(each, titles, capacities, definition) for each in kept}
    groups = _groups(singles, joined)
    moved: dict[str, str] = {}
    listings = []
    for shown, members in groups.items():
        found = _join(singles, shown, members, capacities)
        listings.append(found)
        moved |= {each: found.id for each in members if each != found.id}
    running = [each for each in listings if each.is_open]
    return Catalogue(running, moved, singles.values(), origins)


def _single(
    kept: KeptService,
    titles: Mapping[str, str],
    capacities: Mapping[str, Capacity],
    definition: DirectoryDefinition,
) -> Listing:
    source = Source(kept.id, kept.feed, titles.get(kept.feed, kept.feed), kept.seen_at)
    found = Listing(
        kept.id, kept.document, (source,), kept.is_confidential, capacities.get(kept.id)
    )
    partner = definition.partner_of(found.organisation)
    return replace(found, partner=partner, topics=topics_of(found))


def _groups(singles: Mapping[str, Listing], joined: Iterable[Joined]) -> dict[str, list[str]]:
    """Return each shown service with all that are one with it."""
    root = {each: each for each in singles}
    shown: dict[str, int] = defaultdict(int)

    def find(each: str) -> str:
        while root[each] != each:
            each = root[each]
        return each

    for number, pair in enumerate(joined, start=1):
        if pair.first in singles and pair.second in singles:
            root[max(find(pair.first), find(pair.second))] = min(find(pair.first), find(pair.second))  # fmt: skip
            shown[pair.shown] = number
    members: dict[str, list[str]] = defaultdict(list)
    for each in singles:
        members[find(each)].append(each)
    # Where several were chosen to be shown, the last decision holds.
    return {max(group, key=lambda each: (shown[each], each)): group for group in members.values()}


def _join(
    singles: Mapping[str, Listing],
    shown: str,
    members: list[str],
    capacities: Mapping[str, Capacity],
) -> Listing:
    first = singles[shown]
    if len(members) == 1:
        return first
    secret = [each for each in members if singles[each].is_confidential]
    if secret and not first.is_confidential:
        first = singles[min(secret)]
    others = [singles[each] for each in sorted(members) if each != first.id]
    said = [each for each in (capacities.get(member) for member in members) if each]
    return replace(
        first,
        sources=(*first.sources, *(source for each in others for source in each.sources)),
        capacity=max(said, key=lambda each: each.checked_on) if said else None,
        partner=first.partner or next((each.partner for each in others if each.partner), ""),
        topics=tuple(dict.fromkeys([*first.topics, *(t for each in others for t in each.topics)])),
    )


_offered: list[Callable[[], Catalogue]] = []


def offer_catalogue(source: Callable[[], Catalogue]) -> None:
    """Say where the catalogue comes from; the pages' app does it once, when it starts."""
    _offered[:] = [source]


def current_catalogue() -> Catalogue:
    """Return the catalogue as it stands now.

    Raises:
        LookupError: if nobody offered one.
    """
    if not _offered:
        raise LookupError("no catalogue was offered")
    return _offered[0]()


def services_for(
    need: str = "", area: str = "", age: int | None = None, on: dt.date | None = None
) -> list[Choice]:
    """Return services that help with a need, the nearest first.

    Args:
        need: a headline outcome of a framework (`secure-housing`) or a topic (`housing`); empty
            for every service.
        area: a postcode or the name of an area; one that is not known is passed over.
        age: of whoever it is for, in years.
        on: today where absent.
    """
    catalogue = current_catalogue()
    topics = topics_for_need(need)
    if need and not topics:
        return []
    origin = catalogue.origins.find(area) if area else None
    wish = Wish(topics, origin, age)
    return choose_services(catalogue.listings, wish, on or dt.datetime.now(dt.UTC).date())


def find_service(service_id: str) -> Listing | None:
    """Return a listing by its id; None where there is none, or it is listed no longer."""
    return current_catalogue().get(service_id)
