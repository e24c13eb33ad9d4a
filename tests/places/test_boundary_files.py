"""Boundary files as they are published, lookups, and what became of old areas."""

import csv
import datetime as dt
import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError, WholeplaceError
from wholeplace.partnership import check_place
from wholeplace.partnership.writing import write_place
from wholeplace.places.boundaries.changes import (
    AreaChange,
    kind_of_change,
    read_changes,
    succeed,
    successor_crosswalk,
)
from wholeplace.places.boundaries.hierarchy import read_hierarchy, trace_postcode
from wholeplace.places.boundaries.reading import read_outlines
from wholeplace.places.boundaries.writing import NewSet, write_area_set
from wholeplace.places.converting.counts import convert_counts
from wholeplace.places.converting.overlay import overlay_crosswalk

DAY = dt.date(2023, 4, 1)
# Two squares of a kilometre on the British national grid, near Sale.
SQUARES = {"E1": (379000, 391000), "E2": (380000, 391000)}


def write_boundaries(path, driver):
    import pyogrio

    shapes = [shapely.box(x, y, x + 1000, y + 1000) for x, y in SQUARES.values()]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes)),
        [np.array(list(SQUARES), object), np.array(["One", "Two"], object)],
        fields=["WD23CD", "WD23NM"],
        geometry_type="Polygon",
        crs="EPSG:27700",
        driver=driver,
    )


@pytest.mark.parametrize(
    ("name", "driver"), [("w.shp", "ESRI Shapefile"), ("w.gpkg", "GPKG"), ("w.geojson", "GeoJSON")]
)
def test_every_format_gives_the_same_outlines_in_degrees(tmp_path, name, driver):
    write_boundaries(tmp_path / name, driver)
    found = read_outlines(tmp_path / name)
    assert found.codes == ("E1", "E2") and found.names == ("One", "Two")
    west, south, east, north = shapely.total_bounds(found.shapes)
    assert -2.33 < west < east < -2.28 and 53.41 < south < north < 53.43
    assert found.only(["E2"]).names == ("Two",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "cannot be read"),
        ('{"type": "FeatureCollection", "features": []}', "no column of codes"),
    ],
)
def test_a_file_that_is_no_boundaries_is_named(tmp_path, text, words):
    (tmp_path / "w.geojson").write_text(text)
    with pytest.raises(WholeplaceError, match=words):
        read_outlines(tmp_path / "w.geojson")


def test_a_set_is_written_into_a_place_folder_once(tmp_path):
    place = write_place(tmp_path / "town", "town", "Town")
    write_boundaries(tmp_path / "w.gpkg", "GPKG")
    outlines = read_outlines(tmp_path / "w.gpkg")
    rows = [("M33 1AA", *shapely.centroid(outlines.shapes[0]).coords[0]), ("M33 1AB", 0.0, 0.0)]
    with (tmp_path / "p.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("postcode", "lon", "lat"), *rows])
    new = NewSet("wards-2023", "Wards", "ward", DAY, None, "Invented")
    written = write_area_set(place, new, outlines, tmp_path / "p.csv")
    assert (written.postcodes, written.outside) == (1, 1)
    faults = [fault for fault in check_place(place) if fault.file.startswith("areas/")]
    assert faults == []
    with pytest.raises(UnsafeActionError):
        write_area_set(place, new, outlines, tmp_path / "p.csv")
    with pytest.raises(WholeplaceError, match="no id"):
        write_area_set(
            place, NewSet("Wards!", "W", "w", DAY, None, "I"), outlines, tmp_path / "p.csv"
        )


def put(path, *rows):
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_lookups_chain_from_a_postcode_to_every_body(tmp_path):
    hierarchy = read_hierarchy([
        put(tmp_path / "a.csv", ("postcode", "lsoa_code", "lsoa_name"), ("m331aa", "E01", "Sale 1"), ("M33 1AB", "E02", "Sale 2")),
        put(tmp_path / "b.csv", ("lsoa21cd", "ltla24_code", "ltla24_name"), ("E01", "E08", "Trafford"), ("E02", "E08", "Trafford")),
        put(tmp_path / "c.csv", ("ltla24_code", "csp24_code", "csp24_name", "pfa24_code", "pfa24_name"), ("E08", "E22", "Safe", "E23", "Force"), ("E09", "E24", "Other", "E23", "Force")),
    ])  # fmt: skip
    found = trace_postcode(hierarchy, "M33 1aa")
    assert found["lsoa"] == ("E01", "Sale 1") and found["lad"] == ("E08", "Trafford")
    assert found["csp"] == ("E22", "Safe") and found["pfa"] == ("E23", "Force")
    assert hierarchy.knows("postcode", "M331AB") and not hierarchy.knows("postcode", "M33 9ZZ")
    with pytest.raises(NotFoundError):
        trace_postcode(hierarchy, "M33 9ZZ")
    with pytest.raises(WholeplaceError, match="two columns of codes"):
        read_hierarchy([put(tmp_path / "d.csv", ("name", "lad_code"), ("x", "E1"))])


def test_where_a_lookup_leaves_it_open_both_are_told(tmp_path):
    hierarchy = read_hierarchy([
        put(tmp_path / "a.csv", ("postcode", "ltla24_code"), ("M1 1AA", "E1"), ("M1 1AB", "E1"), ("M1 1AC", "E1")),
        put(tmp_path / "b.csv", ("ltla24_code", "csp24_code", "csp24_name"), ("E1", "C1", "North"), ("E1", "C2", "South")),
    ])  # fmt: skip
    assert trace_postcode(hierarchy, "M1 1AA")["csp"] == ("C1 or C2", "North or South")


CHANGES = (
    AreaChange("A", "N", dt.date(2019, 4, 1)),
    AreaChange("B", "N", dt.date(2019, 4, 1)),
    AreaChange("C", "C1", DAY, 3),
    AreaChange("C", "C2", DAY, 1),
    AreaChange("N", "M", DAY),
)


def test_mergers_splits_and_recodes_are_followed_by_day():
    assert succeed("A", CHANGES, dt.date(2019, 3, 31)) == {"A": 1}
    assert succeed("A", CHANGES, dt.date(2019, 4, 1)) == {"N": 1}
    assert succeed("A", CHANGES, DAY) == {"M": 1}
    assert succeed("C", CHANGES, DAY) == {"C1": 0.75, "C2": 0.25}
    assert [kind_of_change(code, CHANGES) for code in "ABCNX"] == [
        "merged", "merged", "split", "recoded", None,
    ]  # fmt: skip
    again = (*CHANGES, AreaChange("A", "Z", dt.date(2024, 4, 1)))
    # The code A was used again for another area, which became Z.
    assert succeed("A", again, dt.date(2024, 5, 1), known_on=DAY) == {"Z": 1}


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3))
def test_no_count_is_lost_when_areas_change(drawn):
    counts = dict(zip("ABC", drawn, strict=True))
    crosswalk = successor_crosswalk("wards", "ABC", CHANGES, DAY)
    found = convert_counts(crosswalk, counts)
    assert sum(each.value for each in found.figures.values()) == sum(drawn)
    assert found.figures["M"].value == counts["A"] + counts["B"]
    assert found.figures["M"].how == "counted" and found.figures["C1"].how == "estimated"


def test_changes_are_read_from_a_file(tmp_path):
    path = put(tmp_path / "c.csv", ("old", "new", "on", "weight"), ("A", "N", "2019-04-01", ""))
    assert read_changes(path) == (AreaChange("A", "N", dt.date(2019, 4, 1), 1.0),)
    with pytest.raises(WholeplaceError, match="columns old, new and on"):
        read_changes(put(tmp_path / "d.csv", ("old", "new", "on"), ("A", "N", "soon")))


@given(st.floats(-0.9, 0.9), st.floats(0.2, 3))
def test_shares_of_area_are_shares_of_area(shift, size):
    ours = np.array([shapely.box(0, 0, 1, 1)])
    theirs = np.array([shapely.box(shift, 0, shift + size, 1), shapely.box(10, 10, 11, 11)])
    crosswalk = overlay_crosswalk("a", "b", (["A"], ours), (["x", "y"], theirs))
    inside = max(0.0, min(1.0, shift + size) - max(0.0, shift))
    held = crosswalk.share("A", "x") if "x" in crosswalk.targets else 0.0
    assert held == pytest.approx(inside, abs=2e-3)
    assert crosswalk.shares.sum() == pytest.approx(1)


def test_a_geojson_keeps_its_corners(tmp_path):
    write_boundaries(tmp_path / "w.gpkg", "GPKG")
    place = write_place(tmp_path / "town", "town", "Town")
    put(tmp_path / "p.csv", ("postcode", "ward"), ("M33 1AA", "E1"))
    new = NewSet("w", "W", "ward", DAY, DAY, "Invented")
    write_area_set(place, new, read_outlines(tmp_path / "w.gpkg"), tmp_path / "p.csv")
    features = json.loads((place / "areas" / "w.geojson").read_text())["features"]
    one, two = (set(map(tuple, each["geometry"]["coordinates"][0])) for each in features)
    assert len(one & two) >= 2, "neighbours still meet"
