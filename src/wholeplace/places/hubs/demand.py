"""People who use several services, by area: protected counts, and what a choice reckons with.

Nothing exact goes in. Where a count is not shown, what is reckoned with follows from what is shown
alone, so that no choice tells more than the table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wholeplace.foundation.disclosure import ProtectedAreas, ProtectedCount
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.partnership.definitions import AreaSet
from wholeplace.places.hubs.travel import Point
from wholeplace.places.lookups import HasAreas, read_features
from wholeplace.places.needs import Area, list_areas
from wholeplace.places.protection import WITH_NEED, protect_people
from wholeplace.places.snapshot import ReadsSnapshot

__all__ = ["SEVERAL", "THREE", "AreaDemand", "HubDemand", "area_middles", "read_demand"]

SEVERAL = "two-or-more"
THREE = "three-or-more"


@dataclass(frozen=True)
class AreaDemand:
    """One area.

    Attributes:
        people: residents who use the services, as it may be shown.
        reckoned: people that a choice reckons with.
    """

    area: Area
    people: ProtectedCount
    residents: ProtectedCount
    reckoned: int


@dataclass(frozen=True)
class HubDemand:
    """Who would use hubs, by area.

    Attributes:
        used: `two-or-more`, `three-or-more`, or two partners joined by a plus.
        areas: in order of name.
        hidden: how many areas' counts are not shown.
        threshold: counts up to it are never shown; base: others are rounded to multiples of it.
    """

    used: str
    areas: tuple[AreaDemand, ...]
    total: ProtectedCount
    hidden: int
    threshold: int
    base: int
    error_at_most: int


def read_demand(
    snapshot: ReadsSnapshot,
    recipient: str,
    area_set: str,
    used: str,
    *,
    edition: str = "",
    releases: Path | None = None,
) -> HubDemand:
    """Return how many residents of each area use several services, protected.

    Args:
        snapshot: a reader of the published snapshot.
        recipient: the partner whose clauses the counts are made under; whether somebody may see
            them is for the caller to ask.
        area_set: whose boundaries.
        used: which services.
        edition: the snapshot's id.
        releases: folder of release ledgers; None protects without what left before.

    Raises:
        NotFoundError: if the snapshot has no such areas, or nothing was counted for the recipient.
    """
    rows = snapshot.rows(
        SqlFile.read("places", "read_piece_services").select, {"recipient": recipient, "used": used}
    )
    if not rows:
        raise NotFoundError(
            "There are no counts of people who use these services.",
            "The snapshot was built before they were counted, or no agreement lets them be.",
            "Run `wholeplace run`, or choose other services.",
        )
    protected = protect_people(
        snapshot, rows, recipient, f"services/{used}", edition=edition, releases=releases
    )
    return _demand_of(protected, list_areas(snapshot, area_set), used)


def area_middles(place: HasAreas, area_set: AreaSet) -> dict[str, Point]:
    """Return the middle of each area by its code: where its people are reckoned to set out."""
    from shapely.geometry import shape

    found = {}
    for feature in read_features(place, area_set):
        middle = shape(feature["geometry"]).centroid
        found[str(feature["properties"]["code"])] = (middle.x, middle.y)
    return found


def _demand_of(protected: ProtectedAreas, areas: Sequence[Area], used: str) -> HubDemand:
    listed = sorted(areas, key=lambda area: (area.name, area.code))
    counts = [protected.count(area.area_set, area.code, WITH_NEED) for area in listed]
    residents = [protected.count(area.area_set, area.code) for area in listed]
    total = protected.place(WITH_NEED)
    reckoned = _reckon(counts, residents, total, protected.threshold)
    rows = tuple(
        AreaDemand(*each) for each in zip(listed, counts, residents, reckoned, strict=True)
    )
    hidden = sum(1 for each in counts if not each.is_shown)
    return HubDemand(
        used, rows, total, hidden, protected.threshold, protected.base, protected.error_at_most
    )


def _reckon(
    counts: Sequence[ProtectedCount],
    residents: Sequence[ProtectedCount],
    total: ProtectedCount,
    threshold: int,
) -> list[int]:
    """Return whole numbers to reckon with: what is shown, or the middle of what it may be.

    What is hidden to protect another figure shares what the total leaves, by residents.
    """
    middle = threshold // 2 + 1
    found = [
        each.shown if each.shown is not None else middle if each.hidden == "small" else None
        for each in counts
    ]
    open_rows = [place for place, each in enumerate(found) if each is None]
    left = max(0, (total.shown or 0) - sum(each for each in found if each is not None))
    weights = {place: max(1, residents[place].shown or 1) for place in open_rows}
    whole = sum(weights.values())
    return [
        each if each is not None else max(middle, round(left * weights[place] / whole))
        for place, each in enumerate(found)
    ]
