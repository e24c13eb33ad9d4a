"""Real boundaries and Census counts: shares misplaced, ranges that hold, every postcode answered."""

import csv
import importlib.util
import time
from pathlib import Path

import pytest

from wholeplace.places.boundaries.hierarchy import read_hierarchy, trace_postcode
from wholeplace.places.converting.counts import convert_counts
from wholeplace.places.converting.crosswalk import join_finest
from wholeplace.places.converting.overlay import overlay_crosswalk

PROJECT = Path(__file__).parents[2]
DATA = PROJECT.parent / "shared" / "data"
HERE = DATA / "greater-manchester"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (HERE / "trafford_postcodes.csv").exists(),
        reason="Greater Manchester’s open data is not beside the project",
    ),
]


@pytest.fixture(scope="module")
def bench():
    path = PROJECT / "benchmarks" / "places_convert.py"
    spec = importlib.util.spec_from_file_location("places_convert", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def trafford(bench):
    return bench.Trafford(HERE)


@pytest.mark.parametrize(("level", "goal"), [("lsoa21", 1.6), ("msoa21", 3.0)])
def test_few_people_are_put_in_the_wrong_ward_and_ranges_hold(bench, trafford, level, goal):
    given = trafford.lsoa if level == "lsoa21" else trafford.msoa
    # Those that the figures were not set on.
    counts = trafford.counts[1::2]
    whole = bench.score(trafford.crosswalk(level), given, trafford.ward, trafford.counts)
    fresh = bench.score(trafford.crosswalk(level), given, trafford.ward, counts)
    assert whole["misplaced %"] <= goal
    assert fresh["covered %"] >= 90 and whole["covered %"] >= 90
    assert fresh["half width, median %"] < 15, "a range that holds everything says nothing"


def test_population_weights_beat_area_and_best_fit(bench, trafford):
    from wholeplace.places.boundaries.reading import read_outlines

    lsoas = read_outlines(HERE / "lsoa21.geojson").only(list(trafford.lsoa))
    by_area = overlay_crosswalk(
        "lsoa21", "ward22", (lsoas.codes, lsoas.shapes), (trafford.wards.codes, trafford.wards.shapes)
    )  # fmt: skip
    scores = [
        bench.score(each, trafford.lsoa, trafford.ward, trafford.counts)["misplaced %"]
        for each in (
            trafford.crosswalk("lsoa21"), by_area, bench.best_fit(HERE, list(trafford.lsoa)),
        )
    ]  # fmt: skip
    assert scores == sorted(scores)


def test_all_of_greater_manchester_converts_at_once(trafford):
    from wholeplace.places.boundaries.reading import read_outlines

    lsoas = read_outlines(HERE / "lsoa21.geojson")
    wards = read_outlines(HERE / "ward22.geojson")
    assert (len(lsoas.codes), len(wards.codes)) == (1702, 215)
    whole = overlay_crosswalk(
        "lsoa21", "ward22", (lsoas.codes, lsoas.shapes), (wards.codes, wards.shapes)
    )
    joined = join_finest([trafford.crosswalk("lsoa21"), whole])
    assert set(joined.sources) == set(lsoas.codes)
    counts = {code: 100 + number for number, code in enumerate(joined.sources)}
    times = []
    for _ in range(3):
        began = time.process_time()
        found = convert_counts(joined, counts)
        times.append(time.process_time() - began)
    outside = found.outside.value if found.outside else 0
    assert sum(each.value for each in found.figures.values()) + outside == sum(counts.values())
    assert min(times) < 0.1


@pytest.fixture(scope="module")
def lookups(tmp_path_factory):
    import gzip

    # Codes alone, of the county: the whole table has 33,755 rows of 38 columns.
    path = tmp_path_factory.mktemp("lookups") / "lsoa21.csv"
    with gzip.open(DATA / "england" / "lsoa21.csv.gz", "rt") as stream, path.open("w") as out:
        rows = csv.reader(stream)
        head = next(rows)
        writer = csv.writer(out)
        writer.writerow(head[:5])
        writer.writerows(row[:5] for row in rows if row[4].startswith("E080000"))
    england = DATA / "england"
    return read_hierarchy(
        [HERE / "trafford_postcodes.csv", path, england / "la24_csp24_pfa24.csv",
         england / "la24_fra24.csv", england / "sicbl24_icb24.csv"]
    )  # fmt: skip


def test_every_postcode_of_the_sample_has_council_police_fire_and_health(lookups):
    with (HERE / "trafford_postcodes.csv").open() as stream:
        postcodes = [row["postcode"] for row in csv.DictReader(stream)]
    assert len(postcodes) > 11_000
    for postcode in postcodes[::37]:
        found = trace_postcode(lookups, postcode)
        assert found["lad"] == ("E08000009", "Trafford")
        assert found["csp"][1] == "Trafford" and found["pfa"][1] == "Greater Manchester"
        assert found["fra"][1] == "Greater Manchester"
        assert found["sicbl"][1].startswith("NHS Greater Manchester ICB")
        assert found["icb"][1] == "NHS Greater Manchester Integrated Care Board"
