"""Who lives in which area of each set, and the areas themselves."""

import datetime as dt

import pyarrow as pa

from wholeplace.foundation.store import SqlFile, Store
from wholeplace.places.lookups import HasAreas, read_features, read_lookup, valid_area_sets
from wholeplace.places.shapes import draw_areas

__all__ = ["PLACES_TABLES", "place_residents"]

PLACES_TABLES = ("areas", "person_areas")

_AREAS = pa.schema(
    [
        pa.field("area_set", pa.string(), nullable=False),
        pa.field("set_title", pa.string(), nullable=False),
        pa.field("area_code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("view_box", pa.string(), nullable=False),
        pa.field("label_x", pa.float64(), nullable=False),
        pa.field("label_y", pa.float64(), nullable=False),
    ]
)


def place_residents(store: Store, place: HasAreas, on: dt.date) -> int:
    """Build `areas` and `person_areas`; return the number of people placed.

    Args:
        store: holds `records` and `person_records`.
        place: its area sets, with their boundaries and lookups.
        on: only area sets that hold on this day are used.
    """
    sets = valid_area_sets(place, on)
    drawn = [
        {"area_set": each.id, "set_title": each.title, **row}
        for each in sets
        for row in draw_areas(read_features(place, each))
    ]
    store.register("areas_given", pa.Table.from_pylist(drawn, schema=_AREAS))
    store.run("CREATE OR REPLACE TABLE areas AS FROM areas_given")
    store.prove_unique("areas", ("area_set", "area_code"))
    store.register("area_lookup", read_lookup(place, sets))
    store.materialise(SqlFile.read("places", "person_areas"))
    placed = "SELECT count(DISTINCT person_id) FROM person_areas WHERE area_code IS NOT NULL"
    return int(store.value(placed) or 0)
