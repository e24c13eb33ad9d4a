"""A choice on the map: areas, the hub that each goes to, and candidates that were not taken."""

from collections.abc import Mapping
from typing import Any

from wholeplace.foundation.errors import NotFoundError
from wholeplace.places.hubs.sites import SitesFile
from wholeplace.places.lookups import read_features
from wholeplace.places.needs import list_areas
from wholeplace.places.shapes import place_points
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["draw_choice"]


def draw_choice(
    served: OpenPlace, sites: SitesFile, area_set: str, result: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return what the template draws; None where the areas or sites are no longer the same."""
    definition = served.place.area_sets.get(area_set)
    letters = {each["id"]: chr(ord("A") + n % 26) for n, each in enumerate(result["sites"])}
    if definition is None or not set(letters) <= {each.id for each in sites.sites}:
        return None
    try:
        areas = {each.code: each for each in list_areas(served.snapshot_reader, area_set)}
    except NotFoundError:
        return None
    if {row["code"] for row in result["rows"]} - set(areas):
        return None
    spots = place_points(read_features(served.place, definition), [s.point for s in sites.sites])
    at = {site.id: spot for site, spot in zip(sites.sites, spots, strict=True)}
    rows = [
        {"area": areas[row["code"]], "hub": at[row["hub"]], "number": number, "row": row}
        for number, row in enumerate(result["rows"], start=1)
    ]
    return {
        "view_box": rows[0]["area"].view_box if rows else "0 0 1 1",
        "rows": rows,
        "hubs": [
            {"letter": letters[each["id"]], "x": at[each["id"]][0], "y": at[each["id"]][1], **each}
            for each in result["sites"]
        ],
        "others": [
            {"x": at[each.id][0], "y": at[each.id][1]}
            for each in sites.sites
            if each.id not in letters
        ],
    }
