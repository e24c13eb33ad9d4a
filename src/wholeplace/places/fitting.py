"""A place's own area sets on one day, ready to convert between, compare and look up in.

What joins them is the postcode, weighted by its residents (or addresses) where the place folder's
`indicators/` has them, and else each alike.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wholeplace.foundation.errors import NotFoundError
from wholeplace.partnership.definitions import AreaSet
from wholeplace.places.converting.crosswalk import OUTSIDE, Crosswalk, Unit, build_crosswalk
from wholeplace.places.indicators import POSTCODES, Indicator
from wholeplace.places.lookups import (
    HasAreas,
    read_features,
    read_lookup,
    valid_area_sets,
    write_postcode,
)
from wholeplace.places.shapes import draw_areas

__all__ = ["Drawing", "DrawnArea", "PlaceGround", "read_ground"]

_WEIGHTS_FIRST = ("residents", "homes")


@dataclass(frozen=True)
class DrawnArea:
    """One outline: SVG path data and a point inside it."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """Outlines of one set in the units of one view box."""

    view_box: str
    areas: tuple[DrawnArea, ...]


@dataclass(frozen=True)
class PlaceGround:
    """The ground of one place on one day.

    Attributes:
        sets: area sets that hold on the day, by id, in the place folder's order.
        names: set → code → name.
        lookup: set → postcode → code.
        weights: postcode → weight.
        weighed_by: what the weights are, in words.
        indicators: published figures by id.
    """

    on: dt.date
    sets: Mapping[str, AreaSet]
    names: Mapping[str, Mapping[str, str]]
    lookup: Mapping[str, Mapping[str, str]]
    weights: Mapping[str, float]
    weighed_by: str
    indicators: Mapping[str, Indicator]
    features: Mapping[str, list[Mapping[str, Any]]]
    _crosswalks: dict[tuple[str, str], Crosswalk] = field(default_factory=dict, repr=False)

    def units(self, source: str, target: str) -> list[Unit]:
        """Return every postcode as a unit of ground of two sets."""
        other = self.lookup[target]
        return [
            Unit(code, other.get(postcode, OUTSIDE), self.weights.get(postcode, 0.0), postcode)
            for postcode, code in self.lookup[source].items()
        ]

    def crosswalk(self, source: str, target: str) -> Crosswalk:
        """Return the crosswalk from one set to another, by postcode; worked out once."""
        if (source, target) not in self._crosswalks:
            units = self.units(source, target)
            self._crosswalks[source, target] = build_crosswalk(source, target, units, "postcode")
        return self._crosswalks[source, target]

    def residents(self, area_set: str, weights: str) -> dict[str, float]:
        """Return what weights by postcode add up to in each area of a set: counted, no estimate."""
        by_postcode = self.indicators[weights].values[self.indicators[weights].newest]
        found = dict.fromkeys(self.names[area_set], 0.0)
        for postcode, code in self.lookup[area_set].items():
            found[code] = found.get(code, 0.0) + by_postcode.get(postcode, 0.0)
        return found

    def whereabouts(self, postcode: str) -> dict[str, tuple[str, str]]:
        """Return the area of every set that a postcode lies in: set → code and name.

        Raises:
            NotFoundError: if no set lists it.
        """
        key = write_postcode(postcode)
        found = {
            name: (codes[key], self.names[name].get(codes[key], codes[key]))
            for name, codes in self.lookup.items()
            if key in codes
        }
        if not found:
            raise NotFoundError(
                "This postcode is not known here.",
                "No set of boundaries of this place lists it.",
                "Check it, or ask the council that it lies in.",
            )
        return found

    def drawing(self, area_set: str) -> Drawing:
        """Return the outlines of a set."""
        return _draw(self.features[area_set])

    def fragments(self, source: str, target: str) -> Drawing:
        """Return the pieces that two sets cut each other into; a code is `source|target`."""
        from shapely import make_valid
        from shapely.geometry import mapping, shape

        ours = [(each, make_valid(shape(each["geometry"]))) for each in self.features[source]]
        theirs = [(each, make_valid(shape(each["geometry"]))) for each in self.features[target]]
        pieces = []
        for one, outline in ours:
            for two, other in theirs:
                piece = _only_ground(outline.intersection(other))
                # Slivers are differences of drawing.
                if piece.area > 1e-3 * min(outline.area, other.area):
                    code = f"{one['properties']['code']}|{two['properties']['code']}"
                    about = {"code": code, "name": one["properties"]["name"]}
                    pieces.append({"properties": about, "geometry": mapping(piece)})
        return _draw(pieces)


def read_ground(place: HasAreas, indicators: Mapping[str, Indicator], on: dt.date) -> PlaceGround:
    """Return the ground of a place on a day.

    Raises:
        WholeplaceError: if a boundary file or lookup cannot be used.
    """
    sets = {each.id: each for each in valid_area_sets(place, on)}
    features = {name: read_features(place, each) for name, each in sets.items()}
    lookup: dict[str, dict[str, str]] = {name: {} for name in sets}
    for row in read_lookup(place, sets.values()).to_pylist():
        lookup[row["area_set"]][row["postcode"]] = row["area_code"]
    chosen = _choose_weights(indicators)
    every = {postcode for codes in lookup.values() for postcode in codes}
    weights = (
        chosen.values[chosen.newest] if chosen is not None else dict.fromkeys(sorted(every), 1.0)
    )
    names = {
        name: {str(each["properties"]["code"]): str(each["properties"]["name"]) for each in listed}
        for name, listed in features.items()
    }
    weighed_by = chosen.about.unit if chosen is not None else "postcodes"
    return PlaceGround(on, sets, names, lookup, weights, weighed_by, indicators, features)


def _only_ground(piece: Any) -> Any:
    """Return an intersection without the lines and points where borders only touch."""
    from shapely import MultiPolygon, get_parts

    parts = [part for part in get_parts(piece) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _choose_weights(indicators: Mapping[str, Indicator]) -> Indicator | None:
    """Return the weights by postcode: residents before addresses before any other."""
    held = [
        each
        for each in indicators.values()
        if each.about.kind == "weights" and each.about.areas == POSTCODES
    ]
    rank = {name: number for number, name in enumerate(_WEIGHTS_FIRST)}
    return min(held, key=lambda each: (rank.get(each.about.id, 9), each.about.id), default=None)


def _draw(features: Sequence[Mapping[str, Any]]) -> Drawing:
    rows = draw_areas(features)
    return Drawing(
        rows[0]["view_box"] if rows else "0 0 1 1",
        tuple(
            DrawnArea(row["area_code"], row["name"], row["path"], row["label_x"], row["label_y"])
            for row in rows
        ),
    )
