"""Laws and cases of the map: drawing and shading tell no more and no less than the table."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.web.places.map import WIDTH, bands_of, draw_shapes

rates = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.integers(0, 900).map(lambda n: n / 10), max_size=30
)


@given(rates)
def test_every_rate_has_one_band_and_bands_do_not_overlap(given_rates: dict[str, float]) -> None:
    bands = bands_of(given_rates)
    for rate in given_rates.values():
        assert sum(band.lowest <= rate <= band.highest for band in bands) == 1
    for lower, upper in zip(bands, bands[1:], strict=False):
        assert lower.highest < upper.lowest


@given(rates)
def test_bands_are_those_in_use(given_rates: dict[str, float]) -> None:
    used = set(given_rates.values())
    assert all(band.lowest in used and band.highest in used for band in bands_of(given_rates))


def square(west: float, south: float, side: float = 0.01) -> dict[str, object]:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def write(folder: Path, shapes: dict[str, dict[str, object]]) -> Path:
    path = folder / "areas.geojson"
    features = [
        {"type": "Feature", "properties": {"code": code, "name": f"Area {code}"}, "geometry": geometry}
        for code, geometry in shapes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_areas_stand_where_they_are(tmp_path: Path) -> None:
    path = write(tmp_path, {"W": square(-1.0, 52.0), "E": square(-0.99, 52.0), "N": square(-1.0, 52.01)})
    shapes, height = draw_shapes(path)
    west, east, north = (next(s for s in shapes if s.code == code) for code in "WEN")
    assert west.x < east.x <= WIDTH
    assert north.y < west.y <= height
    assert all(s.path.startswith("M") and s.path.endswith("Z") for s in shapes)


def test_a_changed_file_is_drawn_anew(tmp_path: Path) -> None:
    path = write(tmp_path, {"A": square(-1, 52)})
    assert [s.code for s in draw_shapes(path)[0]] == ["A"]
    path = write(tmp_path, {"A": square(-1, 52), "B": square(-0.99, 52)})
    assert [s.code for s in draw_shapes(path)[0]] == ["A", "B"]


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_one_or_several_pieces_and_holes(tmp_path: Path, kind: str) -> None:
    outer = square(-1, 52)["coordinates"]
    hole = square(-0.998, 52.002, 0.004)["coordinates"]
    polygon = [outer[0], hole[0]]  # type: ignore[index]
    geometry = {"type": kind, "coordinates": polygon if kind == "Polygon" else [polygon]}
    (shape,), _ = draw_shapes(write(tmp_path, {"A": geometry}))
    assert shape.path.count("M") == 2
