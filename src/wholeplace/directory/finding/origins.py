"""Where somebody looks from: a postcode or an area's name, and how far each service is.

A postcode stands where its lookup says (columns `latitude` and `longitude`, where they are
there), else in the middle of the ground that all the areas it lies in have in common. How far
from there the truth may be is told with every distance.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wholeplace.directory.listing import Listing
from wholeplace.partnership.definitions import AreaSet
from wholeplace.places.lookups import HasAreas, read_features, write_postcode

__all__ = ["Origin", "Origins", "distance_km", "nearest_km"]

_EARTH_KM = 6371.0088
_WORDS_OF_AREA = ("ward", "beat", "locality")


@dataclass(frozen=True)
class Origin:
    """A point to look from.

    Attributes:
        words: what it is called, for the page: a postcode or an area.
        within_km: how far from the point the truth may be.
        areas: area set to code, where it is known.
    """

    latitude: float
    longitude: float
    words: str
    within_km: float
    areas: Mapping[str, str]


class Origins:
    """Postcodes and areas of a place, as points to look from.

    Args:
        place: its area sets with their files.
        sets: those that hold today.
    """

    def __init__(self, place: HasAreas, sets: Iterable[AreaSet]) -> None:
        self._place = place
        self._sets = tuple(sets)

    @cached_property
    def _shapes(self) -> dict[tuple[str, str], tuple[str, Any]]:
        from shapely.geometry import shape

        return {
            (each.id, feature["properties"]["code"]): (
                str(feature["properties"]["name"]),
                shape(feature["geometry"]),
            )
            for each in self._sets
            for feature in read_features(self._place, each)
        }

    @cached_property
    def _postcodes(self) -> tuple[dict[str, dict[str, str]], dict[str, tuple[float, float]]]:
        areas: dict[str, dict[str, str]] = {}
        points: dict[str, tuple[float, float]] = {}
        for each in self._sets:
            with self._place.area_file(each.lookup).open(encoding="utf-8-sig", newline="") as rows:
                for row in csv.DictReader(rows):
                    postcode = write_postcode(row["postcode"])
                    areas.setdefault(postcode, {})[each.id] = row["code"].strip()
                    if row.get("latitude") and row.get("longitude"):
                        points[postcode] = (float(row["latitude"]), float(row["longitude"]))
        return areas, points

    @property
    def area_names(self) -> tuple[str, ...]:
        """Names of every area, in order."""
        return tuple(sorted({name for name, _ in self._shapes.values()}))

    def find(self, text: str) -> Origin | None:
        """Return the point of a postcode or an area's name; None where it is neither here."""
        wanted = " ".join(text.split())
        areas, points = self._postcodes
        postcode = write_postcode(wanted)
        if postcode in areas:
            codes = areas[postcode]
            if postcode in points:
                return Origin(*points[postcode], postcode, 0.1, codes)
            return self._middle(codes, postcode)
        for (area_set, code), (name, _) in self._shapes.items():
            if _area_name(name) == _area_name(wanted):
                return self._middle({area_set: code}, name)
        return None

    def areas_at(self, latitude: float, longitude: float) -> dict[str, str]:
        """Return the areas in which a point lies: area set to code."""
        from shapely import Point

        point = Point(longitude, latitude)
        found: dict[str, str] = {}
        for (area_set, code), (_, outline) in self._shapes.items():
            if area_set not in found and outline.covers(point):
                found[area_set] = code
        return found

    def _middle(self, codes: Mapping[str, str], words: str) -> Origin | None:
        outlines = [
            self._shapes[each, code][1]
            for each, code in codes.items()
            if (each, code) in self._shapes
        ]
        if not outlines:
            return None
        ground = outlines[0]
        for each in outlines[1:]:
            narrower = ground.intersection(each)
            # A postcode at a border may lie in areas that do not meet.
            ground = narrower if narrower.area > 0 else ground
        middle = ground.representative_point()
        west, south, east, north = ground.bounds
        across = distance_km(south, west, north, east)
        return Origin(middle.y, middle.x, words, round(across / 2, 1), dict(codes))


def _area_name(text: str) -> str:
    words = text.casefold().split()
    return " ".join(word for word in words if word not in _WORDS_OF_AREA)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:  # fmt: skip
    """Return the straight distance of two points on the ground, in kilometres."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    turn = math.radians(other_longitude - longitude)
    half = (
        math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(turn / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def nearest_km(listing: Listing, origin: Origin) -> float | None:
    """Return how far the nearest site of a listing is; None where it has no place on the map."""
    found = [
        distance_km(origin.latitude, origin.longitude, site.latitude, site.longitude)
        for site in listing.sites
        if site.latitude is not None and site.longitude is not None
    ]
    return min(found) if found else None
