"""Areas: shapes that keep their neighbours, residents placed once, counts protected."""

import datetime as dt
import json
import re
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.foundation.store import Store
from wholeplace.intake.shapes import RECORDS
from wholeplace.partnership.definitions import AreaSet
from wholeplace.places import WITH_NEED, list_areas, needs_by_area, place_residents, valid_area_sets
from wholeplace.places.lookups import write_postcode
from wholeplace.places.shapes import draw_areas

ON = dt.date(2026, 3, 1)


def square(code, west, south=53.0, size=0.1):
    ring = [
        [west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south],
    ]  # fmt: skip
    return {
        "properties": {"code": code, "name": f"Area {code}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


class Town:
    def __init__(self, folder, **dates):
        self.folder = folder
        self.area_sets = {
            name: AreaSet(
                id=name,
                title=name.title(),
                kind="ward",
                source="Invented",
                boundaries="w.geojson",
                lookup="w.csv",
                **{"valid_from": dt.date(2020, 1, 1), **dates.get(name, {})},
            )
            for name in ("wards", "beats")
        }
        (folder / "w.geojson").write_text(
            json.dumps({"features": [square("A", -2.0), square("B", -1.9)]})
        )
        (folder / "w.csv").write_text("postcode,code\nlb14qt,A\nLB1 4QT,A\nLB2 1AA,B\n")

    def area_file(self, name):
        return self.folder / name


def put(store, *records):
    rows = [
        dict.fromkeys(RECORDS.names)
        | {
            "record_id": f"r{n}",
            "dataset": "d",
            "partner": "p",
            "source_id": "s",
            "postcode": code,
            "seen_to": seen,
        }
        for n, (_, code, seen) in enumerate(records)
    ]
    store.register("records", pa.Table.from_pylist(rows, schema=RECORDS))
    links = {
        "record_id": [f"r{n}" for n in range(len(records))],
        "person_id": [r[0] for r in records],
    }
    store.register("person_records", pa.table(links))


def test_the_newest_dated_postcode_places_a_person(tmp_path):
    with Store(threads=1) as store:
        put(
            store,
            ("ann", "LB1 4QT", dt.date(2024, 1, 1)),
            ("ann", "LB2 1AA", dt.date(2025, 1, 1)),
            ("bob", "LB1 4QT", None),
            ("eve", "ZZ9 9ZZ", dt.date(2025, 1, 1)),
            ("eve", "LB1 4QT", dt.date(2024, 1, 1)),
            ("ivy", None, dt.date(2025, 1, 1)),
        )
        assert place_residents(store, Town(tmp_path), ON) == 2
        rows = store.rows(
            "SELECT person_id, area_code FROM person_areas WHERE area_set = 'wards' ORDER BY ALL"
        )
        assert [tuple(row.values()) for row in rows] == [("ann", "B"), ("bob", "A"), ("eve", None)]


def test_only_sets_that_hold_on_the_day_are_used(tmp_path):
    town = Town(tmp_path, beats={"valid_to": dt.date(2026, 2, 28)})
    assert [each.id for each in valid_area_sets(town, ON)] == ["wards"]
    assert [each.id for each in valid_area_sets(town, dt.date(2026, 2, 28))] == ["wards", "beats"]
    assert valid_area_sets(town, dt.date(2019, 12, 31)) == []


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("w.csv", "postcode,code\nLB1 4QT,A\nlb14qt,B\n", "two areas"),
        ("w.csv", "code\nA\n", "columns postcode and code"),
        ("w.geojson", "{}", "not a GeoJSON"),
        ("w.geojson", "nonsense", "not a GeoJSON"),
    ],
)
def test_a_bad_file_is_named(tmp_path, file, text, words):
    town = Town(tmp_path)
    (tmp_path / file).write_text(text)
    with Store(threads=1) as store:
        put(store, ("ann", "LB1 4QT", ON))
        with pytest.raises(WholeplaceError, match=words) as caught:
            place_residents(store, town, ON)
    assert file in str(caught.value)


@settings(deadline=None, max_examples=25)
@given(st.floats(-5, 1), st.floats(50, 59), st.floats(0.001, 1), st.integers(1, 4))
def test_a_drawing_stays_inside_its_frame_and_neighbours_meet(west, south, size, count):
    rows = draw_areas([square(str(n), west + n * size, south, size) for n in range(count)])
    width, height = map(float, rows[0]["view_box"].split()[2:])
    corners = []
    for row in rows:
        points = [
            (float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", row["path"])
        ]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
        assert 0 < row["label_x"] < width
        corners.append(set(points))
    for left, right in pairwise(corners):
        assert len(left & right) == 2


@given(st.text("AB12 ", max_size=9))
def test_a_postcode_is_written_one_way(text):
    once = write_postcode(text)
    assert write_postcode(once) == once == write_postcode(text.lower())


class Reader:
    def __init__(self, store):
        self.rows = store.rows


def test_counts_leave_only_protected(tmp_path):
    with Store(threads=1) as store:
        put(store, ("ann", "LB1 4QT", ON))
        place_residents(store, Town(tmp_path), ON)
        counts = {
            "recipient": ["us"] * 2,
            "piece": [f"beats\x1f{code}\x1ewards\x1f{code}" for code in "AB"],
            "framework": ["f"] * 2,
        }
        more = {"need": ["n"] * 2, "people": [3, 42], "residents": [200, 301]}
        store.register("piece_needs", pa.table(counts | more))
        found = needs_by_area(Reader(store), "us", "wards", "f", "n")
        assert [area.name for area in found.areas] == ["Area A", "Area B"]
        assert found.table.count("A", WITH_NEED).shown is None
        assert found.table.count("B", WITH_NEED).shown in (None, 40, 45)
        for wrong in (
            ("us", "nowhere", "f", "n"),
            ("us", "wards", "f", "other"),
            ("them", "wards", "f", "n"),
        ):
            with pytest.raises(NotFoundError):
                needs_by_area(Reader(store), *wrong)
        assert len(list_areas(Reader(store), "beats")) == 2
