"""Places: areas, and what is known of them.

Enters: area sets of the place folder (boundaries, dated lookups), people with their
postcodes. Leaves: which area of each set a person lives in; boundaries ready to draw; needs
by area, protected.

    lookups     area sets that hold on a day; postcode to area
    shapes      boundaries as SVG path data
    residents   the pipeline's stage
    snapshot    what is needed of a reader of the snapshot
    protection  a need in all sets of areas at once, protected and recorded
    needs       counts of needs by area, only through disclosure control
    boundaries  outlines and lookups as they are published; what became of old areas
    converting  any figure from any set to any other, with its error; misalignment
    indicators  published figures by area, of the place folder
    fitting     the place's own sets and figures, ready to convert and compare
    bodies      who is responsible for what, where and for whom
    peers       places alike, with the reasons

Promises: no exact count of people leaves this room; a converted figure keeps its total and says how far it
may be out. Law: UK GDPR Article 5(1)(c); Statistics
and Registration Service Act 2007 section 39; Code of Practice for Statistics (T6).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholeplace.places.checking import check_places
    from wholeplace.places.lookups import valid_area_sets
    from wholeplace.places.needs import (
        WITH_NEED,
        WITHOUT_NEED,
        Area,
        NeedByArea,
        list_areas,
        needs_by_area,
    )
    from wholeplace.places.residents import PLACES_TABLES, place_residents

__all__ = [
    "PLACES_TABLES",
    "WITHOUT_NEED",
    "WITH_NEED",
    "Area",
    "NeedByArea",
    "check_places",
    "list_areas",
    "needs_by_area",
    "place_residents",
    "valid_area_sets",
]

_HOMES = {
    "checking": ("check_places",),
    "lookups": ("valid_area_sets",),
    "needs": (
        "WITHOUT_NEED",
        "WITH_NEED",
        "Area",
        "NeedByArea",
        "list_areas",
        "needs_by_area",
    ),
    "residents": ("PLACES_TABLES", "place_residents"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the room is cheap to import."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"wholeplace.places.{module}"), name)
    raise AttributeError(f"module 'wholeplace.places' has no attribute {name!r}")
