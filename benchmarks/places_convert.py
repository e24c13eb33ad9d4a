"""Converting counts between boundaries on real data: shares misplaced, coverage, seconds.

python benchmarks/places_convert.py --data FOLDER [--without-tobler]

FOLDER holds Greater Manchester's boundaries and Trafford's Census 2021 counts, which are
published for output areas, LSOAs and wards alike, so that a conversion can be held against the
truth. tobler is a peer in the same run; it is in no requirement: `pip install tobler==0.13`.
"""

import argparse
import csv
import gzip
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import shapely

from wholeplace.places.boundaries.reading import Outlines, read_outlines
from wholeplace.places.converting.counts import convert_counts
from wholeplace.places.converting.crosswalk import Unit, build_crosswalk, join_finest
from wholeplace.places.converting.overlay import (
    area_of_points,
    overlay_crosswalk,
    spread_over_points,
)

LEAST_WARD_MEAN = 50
ROUNDS = 5


def read_table(path: Path) -> dict[str, dict[str, int]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        return {
            row.pop("area_code"): {key: round(float(value)) for key, value in row.items()}
            for row in csv.DictReader(stream)
        }


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


class Trafford:
    """Counts at every level, and the finest units of ground."""

    def __init__(self, folder: Path) -> None:
        self.oa = read_table(folder / "trafford_census21_oa.csv.gz")
        self.lsoa = read_table(folder / "trafford_census21_lsoa.csv")
        self.ward = read_table(folder / "trafford_census21_ward.csv")
        every = [set(next(iter(each.values()))) for each in (self.oa, self.lsoa, self.ward)]
        self.counts = sorted(set.intersection(*every))
        nesting = read_rows(folder / "oa21_lsoa21_msoa21_la22.csv")
        self.lsoa_of = {row["oa21cd"]: row["lsoa21cd"] for row in nesting}
        self.msoa_of = {row["lsoa21cd"]: row["msoa21cd"] for row in nesting}
        self.msoa: dict[str, dict[str, int]] = {}
        for lsoa, row in self.lsoa.items():
            held = self.msoa.setdefault(self.msoa_of[lsoa], dict.fromkeys(self.counts, 0))
            for count in self.counts:
                held[count] += row[count]
        self.units = self._units(folder)

    def _units(self, folder: Path) -> list[tuple[str, str, float, str]]:
        """Return LSOA, ward of 2022, people and output area of each postcode."""
        areas = read_outlines(folder / "trafford_oa21.geojson", "area_code")
        self.wards = read_outlines(folder / "ward22.geojson", "area_code", "area_name")
        postcodes = read_rows(folder / "trafford_postcodes.csv")
        points = shapely.points([[float(row["lon"]), float(row["lat"])] for row in postcodes])
        groups = area_of_points(points, areas.codes, areas.shapes)
        everywhere = np.concatenate([points, shapely.point_on_surface(areas.shapes)])
        ward = area_of_points(everywhere, self.wards.codes, self.wards.shapes)
        lsoa = [self.lsoa_of.get(code, "") for code in (*groups, *areas.codes)]
        people = {
            code: sum(row[key] for key in row if key.startswith("population_by_sex"))
            for code, row in self.oa.items()
        }
        alone = {code: len(points) + number for number, code in enumerate(areas.codes)}
        return [tuple(each) for each in spread_over_points(groups, people, alone, lsoa, ward)]

    def crosswalk(self, level: str):
        units = [
            Unit(lsoa if level == "lsoa21" else self.msoa_of[lsoa], *rest)
            for lsoa, *rest in self.units
        ]
        return build_crosswalk(level, "ward22", units, "postcode")


def best_fit(folder: Path, lsoas: list[str]):
    rows = read_rows(folder / "lsoa21_ward22_bestfit.csv")
    fitted = {row["lsoa21cd"]: row["wd22cd"] for row in rows}
    return build_crosswalk(
        "lsoa21", "ward22", [Unit(code, fitted[code], 1.0, code) for code in lsoas], "lookup"
    )


def score(crosswalk, given, truth, counts) -> dict[str, float]:
    """Return shares misplaced, and how often an interval holds the truth."""
    misplaced, covered, covered_big, widths, worst = [], [], [], [], {}
    for count in counts:
        column = {code: given[code][count] for code in crosswalk.sources}
        found = convert_counts(crosswalk, column, dict.fromkeys(column, 1.0))
        assert sum(each.value for each in found.figures.values()) + (
            found.outside.value if found.outside else 0
        ) == sum(column.values())
        true = {code: row[count] for code, row in truth.items()}
        out = {code: found.figures[code].value if code in found.figures else 0 for code in true}
        if sum(true.values()) / len(true) >= LEAST_WARD_MEAN:
            wrong = sum(abs(out[code] - true[code]) for code in true) / 2
            misplaced.append(wrong / sum(true.values()))
        for code, value in true.items():
            figure = found.figures[code]
            holds = figure.low <= value <= figure.high
            covered.append(holds)
            worst.setdefault(code, []).append(holds)
            if value >= LEAST_WARD_MEAN:
                covered_big.append(holds)
                widths.append((figure.high - figure.low) / 2 / value)
    return {
        "counts": len(misplaced),
        "misplaced %": 100 * median(misplaced),
        "worst count %": 100 * max(misplaced),
        "covered %": 100 * sum(covered) / len(covered),
        "covered, 50 or more %": 100 * sum(covered_big) / len(covered_big),
        "worst ward covered %": 100 * min(sum(each) / len(each) for each in worst.values()),
        "half width, median %": 100 * median(widths),
    }


def say(name: str, found: dict[str, float]) -> None:
    print(f"{name:34}" + "  ".join(f"{key} {value:.2f}" for key, value in found.items()))


def time_everything(folder: Path, trafford: Trafford, with_tobler: bool) -> None:
    """Build and apply the crosswalk of the whole county; seconds of processor, best of rounds."""
    lsoas = read_outlines(folder / "lsoa21.geojson", "area_code", "area_name")
    wards = read_outlines(folder / "ward22.geojson", "area_code", "area_name")
    fine = trafford.crosswalk("lsoa21")
    peer = make_peer(lsoas, wards) if with_tobler else None
    built, applied, theirs = [], [], []
    for _ in range(ROUNDS):
        began = time.process_time()
        whole = overlay_crosswalk(
            "lsoa21", "ward22", (lsoas.codes, lsoas.shapes), (wards.codes, wards.shapes)
        )
        built.append(time.process_time() - began)
        joined = join_finest([fine, whole])
        counts = {code: 100 + number % 977 for number, code in enumerate(joined.sources)}
        began = time.process_time()
        found = convert_counts(joined, counts)
        applied.append(time.process_time() - began)
        if peer is not None:
            began = time.process_time()
            peer()
            theirs.append(time.process_time() - began)
    print(
        f"Greater Manchester, {len(joined.sources)} LSOAs to {len(found.figures)} wards: built in "
        f"{min(built):.3f} s ({joined.pieces} pieces), applied in {min(applied):.4f} s of processor"
    )
    if theirs:
        ratio = min(theirs) / min(built)
        print(f"tobler: {min(theirs):.3f} s of processor, {ratio:.1f} times as long")


def make_peer(lsoas: Outlines, wards: Outlines) -> Callable[[], object]:
    import geopandas
    from tobler.area_weighted import area_interpolate

    one = geopandas.GeoDataFrame(
        {"count": [100.0] * len(lsoas.codes)}, geometry=list(lsoas.shapes), crs="EPSG:4326"
    ).to_crs(27700)
    two = geopandas.GeoDataFrame(geometry=list(wards.shapes), crs="EPSG:4326").to_crs(27700)
    return lambda: area_interpolate(one, two, extensive_variables=["count"])


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--without-tobler", action="store_true")
    args = asked.parse_args()
    trafford = Trafford(args.data)
    halves = {"figures set on": trafford.counts[::2], "held to": trafford.counts[1::2]}
    for name, counts in halves.items():
        say(
            f"LSOA21 to ward22, {name}",
            score(trafford.crosswalk("lsoa21"), trafford.lsoa, trafford.ward, counts),
        )
        say(
            f"MSOA21 to ward22, {name}",
            score(trafford.crosswalk("msoa21"), trafford.msoa, trafford.ward, counts),
        )
    say(
        "LSOA21 to ward22, all",
        score(trafford.crosswalk("lsoa21"), trafford.lsoa, trafford.ward, trafford.counts),
    )
    say(
        "MSOA21 to ward22, all",
        score(trafford.crosswalk("msoa21"), trafford.msoa, trafford.ward, trafford.counts),
    )
    lsoas = read_outlines(args.data / "lsoa21.geojson", "area_code").only(list(trafford.lsoa))
    wards = trafford.wards
    by_area = overlay_crosswalk(
        "lsoa21", "ward22", (lsoas.codes, lsoas.shapes), (wards.codes, wards.shapes)
    )
    say("by shares of area", score(by_area, trafford.lsoa, trafford.ward, trafford.counts))
    say(
        "by best fit",
        score(
            best_fit(args.data, list(trafford.lsoa)), trafford.lsoa, trafford.ward, trafford.counts
        ),
    )
    time_everything(args.data, trafford, not args.without_tobler)


if __name__ == "__main__":
    main()
