"""Writing the figures that Larkbridge's partners publish by their own areas.

Each is drawn postcode by postcode from the ground plan and then added up to the areas of the
partner that publishes it, so that what conversion estimates can be held against what was drawn.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from random import Random

from wholeplace.larkbridge.ground import deprivation, draw_plan
from wholeplace.larkbridge.people import Dwelling

__all__ = ["PUBLISHED", "draw_postcodes", "write_published"]

PUBLISHED: Mapping[str, tuple[str, float, float]] = {
    # indicator: area set, yearly rate a resident, how much higher where deprivation is 1
    "recorded-crime": ("police-beats", 0.07, 1.9),
    "emergency-admissions": ("nhs-localities", 0.09, 0.8),
    "low-income-children": ("wards", 0.035, 1.6),
}
_YEARS = 3
# Births, deaths and moves of a postcode from year to year.
_YEARLY_CHANGE = 1.03
_MEAN_HOME, _LARGEST_HOME = 2.12, 6
# Below this a published count of residents would tell of a few people.
_LEAST_PUBLISHED = 8


def write_published(folder: Path, dwellings: list[Dwelling], day: dt.date) -> None:
    """Write the CSV of every indicator into a place's `indicators` folder."""
    folder.mkdir(parents=True, exist_ok=True)
    homes = _homes(dwellings)
    people = _residents(homes)
    year = day.year if day.month >= 4 else day.year - 1
    periods = [f"{start}-{(start + 1) % 100:02d}" for start in range(year - _YEARS, year)]
    _write(folder / "homes.csv", {periods[-1]: {key: count for key, (_, count) in homes.items()}})
    _write(folder / "residents.csv", {periods[-1]: people})
    plan = draw_plan()
    for indicator, (area_set, _, _) in PUBLISHED.items():
        values: dict[str, dict[str, int]] = {}
        for number, period in enumerate(periods):
            sums = dict.fromkeys(sorted(plan.area_names[area_set]), 0)
            for postcode, count in draw_postcodes(indicator, homes, people, number).items():
                sums[plan.blocks[homes[postcode][0]].areas[area_set]] += count
            values[period] = {
                code: 0 if 0 < each < _LEAST_PUBLISHED else each for code, each in sums.items()
            }
        _write(folder / f"{indicator}.csv", values)
    _write(folder / "deprivation.csv", {periods[-1]: _scores(homes, people)})


def draw_postcodes(
    indicator: str,
    homes: Mapping[str, tuple[int, int]],
    people: Mapping[str, int],
    year: int,
) -> dict[str, int]:
    """Return what happened in each postcode in one year.

    Args:
        indicator: one of `PUBLISHED`.
        homes: postcode → block and number of homes.
        people: postcode → residents.
        year: 0 for the first.
    """
    _, rate, slope = PUBLISHED[indicator]
    rng = Random(f"larkbridge {indicator} {year}")  # noqa: S311 - a town, not a secret
    found = {}
    for postcode in sorted(homes):
        poor = deprivation(homes[postcode][0])
        own = rate * (1 + slope * poor) * _YEARLY_CHANGE**year * rng.uniform(0.6, 1.4)
        found[postcode] = sum(rng.random() < min(own, 0.9) for _ in range(people[postcode]))
    return found


def _homes(dwellings: list[Dwelling]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for each in dwellings:
        _, count = found.get(each.postcode, (each.block, 0))
        found[each.postcode] = (each.block, count + 1)
    return dict(sorted(found.items()))


def _residents(homes: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    rng = Random("larkbridge residents")  # noqa: S311 - a town, not a secret
    return {
        postcode: max(count, round(count * min(_LARGEST_HOME, rng.gauss(_MEAN_HOME, 0.35))))
        for postcode, (_, count) in homes.items()
    }


def _scores(homes: Mapping[str, tuple[int, int]], people: Mapping[str, int]) -> dict[str, float]:
    plan = draw_plan()
    sums: dict[str, list[float]] = {code: [0.0, 0.0] for code in plan.area_names["wards"]}
    for postcode, (block, _) in homes.items():
        held = sums[plan.blocks[block].areas["wards"]]
        held[0] += people[postcode] * deprivation(block) * 60
        held[1] += people[postcode]
    return {code: round(total / max(count, 1), 1) for code, (total, count) in sums.items()}


def _write(path: Path, values: Mapping[str, Mapping[str, float]]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("period", "code", "value"))
    writer.writerows(
        (period, code, value) for period, held in values.items() for code, value in held.items()
    )
    path.write_text(stream.getvalue(), "utf-8")
