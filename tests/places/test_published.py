"""Published figures of a place folder, protected counts as input, and Larkbridge's own truth."""

import datetime as dt
from random import Random
from types import SimpleNamespace

import pytest

from wholeplace.foundation.errors import CheckFailedError
from wholeplace.foundation.protected import ProtectedCount, ProtectedTable
from wholeplace.larkbridge.ground import draw_plan, lay_dwellings
from wholeplace.larkbridge.published import PUBLISHED, draw_postcodes, write_published
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.places.converting.counts import convert_counts
from wholeplace.places.converting.crosswalk import Unit, build_crosswalk
from wholeplace.places.given import counts_as_given
from wholeplace.places.indicators import check_indicators, read_indicators
from wholeplace.places.protection import WITH_NEED, WITHOUT_NEED

ABOUT = """id: crime
title: Crimes
unit: crimes
areas: {areas}
kind: {kind}
counts: {counts}
{more}file: crime.csv
source: Invented
source_on: 2026-01-05
licence: MIT
"""


def put(folder, rows, *, areas="postcodes", kind="count", counts="things", more=""):
    (folder / "indicators").mkdir(exist_ok=True)
    text = ABOUT.format(areas=areas, kind=kind, counts=counts, more=more)
    (folder / "indicators" / "crime.yaml").write_text(text)
    (folder / "indicators" / "crime.csv").write_text("period,code,value\n" + rows)
    return folder


def test_figures_are_read_by_period(tmp_path):
    found = read_indicators(put(tmp_path, "2025,lb14qt,3\n2024,LB1 4QT,2\n"))["crime"]
    assert found.newest == "2025" and list(found.values) == ["2024", "2025"]
    assert found.values["2025"] == {"LB1 4QT": 3.0}
    assert read_indicators(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("rows", "given", "words"),
    [
        ("2025,A,-1\n", {}, "cannot be read"),
        ("2025,A,1\n2025,A,2\n", {}, "stands twice"),
        ("2025,A,5\n", {"counts": "residents"}, "7 or fewer"),
        ("", {}, "no rows"),
    ],
)
def test_a_bad_row_is_named(tmp_path, rows, given, words):
    with pytest.raises(CheckFailedError) as caught:
        read_indicators(put(tmp_path, rows, **given))
    assert words in " ".join(map(str, caught.value.faults))


def test_words_that_nothing_defines_are_named(tmp_path):
    put(tmp_path, "2025,A,1\n", areas="wards", more="out_of: people\n")
    said = " ".join(map(str, check_indicators(PlaceDraft(tmp_path))))
    assert "area set `wards` is not defined" in said and "`people`, which is no weights" in said


def table(cells, total):
    def count(value):
        return ProtectedCount(value) if isinstance(value, int) else ProtectedCount(None, value)

    figures = {}
    for row, cell in cells.items():
        figures["cell", row, WITH_NEED] = count(cell)
        figures["row", row] = ProtectedCount(100)
    figures["column", WITH_NEED] = count(total)
    return ProtectedTable(tuple(cells), (WITH_NEED, WITHOUT_NEED), figures, 7, 5, False, 4)


def test_hidden_counts_enter_as_the_middle_of_what_they_may_be():
    found = counts_as_given(
        table({"A": 40, "B": "small", "C": "protecting", "D": "protecting"}, 84)
    )
    assert found.counts == {"A": 40, "B": 4, "C": 20, "D": 20}
    assert found.hidden == 3 and 0 < found.noise["A"] < found.noise["B"] + 1 < found.noise["C"]
    assert counts_as_given(table({"A": 40}, "protecting")) is None


def test_what_is_estimated_of_larkbridge_holds_what_was_drawn(tmp_path):
    """Nine of ten figures or more lie in their range, over all indicators, sets and years."""
    dwellings = lay_dwellings(20_000, Random(5))
    write_published(tmp_path, dwellings, dt.date(2026, 3, 1))
    homes: dict[str, tuple[int, int]] = {}
    for each in dwellings:
        homes[each.postcode] = (each.block, homes.get(each.postcode, (0, 0))[1] + 1)
    text = (tmp_path / "residents.csv").read_text().splitlines()[1:]
    people = {row.split(",")[1]: int(row.split(",")[2]) for row in text}
    plan = draw_plan()
    area_of = {code: plan.blocks[block].areas for code, (block, _) in homes.items()}
    held = both = 0
    for indicator, (source, _, _) in PUBLISHED.items():
        for target in ("wards", "police-beats", "nhs-localities"):
            if target == source:
                continue
            units = [
                Unit(area_of[code][source], area_of[code][target], people[code], code)
                for code in homes
            ]
            crosswalk = build_crosswalk(source, target, units, "postcode")
            for year in range(3):
                drawn = draw_postcodes(indicator, homes, people, year)
                given, true = SimpleNamespace(sums={}), {}
                for code, count in drawn.items():
                    own, other = area_of[code][source], area_of[code][target]
                    given.sums[own] = given.sums.get(own, 0) + count
                    true[other] = true.get(other, 0) + count
                found = convert_counts(crosswalk, given.sums)
                both += len(true)
                held += sum(
                    found.figures[code].low <= count <= found.figures[code].high
                    for code, count in true.items()
                )
    assert both > 100 and held / both >= 0.9, f"{held} of {both}"
