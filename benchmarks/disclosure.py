"""Disclosure control on a table of the size of Greater Manchester, beside what peers do.

    python benchmarks/disclosure.py [--data FOLDER]

The table: households by how many of four kinds of deprivation they have (Census 2021, table
TS011, Open Government Licence), in every LSOA, MSOA and district of Greater Manchester, with all
totals. FOLDER holds `oa21_lsoa21_msoa21_la22.csv`, `lsoa21_ward22_bestfit.csv` and
`oa21_household_deprivation.csv`; without it only an invented table of the same size is taken.

Compared in the same run: hiding small cells alone (totals published exactly), and hiding up to 7
then rounding each figure to 5 by itself, which is OpenSAFELY's rule. There is no kept Python
library of secondary suppression or controlled rounding to compare with.
"""

import argparse
import csv
import datetime as dt
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wholeplace.foundation.attack import Asked, Attack, Known
from wholeplace.foundation.disclosure import (
    AreaTable,
    Population,
    ProtectedAreas,
    ReleaseLedger,
    audit_release,
    release_table,
)

CATEGORIES = ("none", "one", "two", "three", "four")
PUBLISHED_HIDE_ALONE = 0.985
Counts = dict[tuple[str, str], int]
Sets = dict[str, dict[str, str]]


def read_manchester(folder: Path) -> tuple[Sets, Counts]:
    """Return area sets and counts by LSOA and category."""
    columns = {
        "none": "Household is not deprived in any dimension",
        **{each: f"Household is deprived in {each} dimension{'s' * (each != 'one')}" for each in CATEGORIES[1:]},
    }  # fmt: skip
    rows = list(csv.DictReader((folder / "oa21_lsoa21_msoa21_la22.csv").open(encoding="utf-8")))
    lies_in = {row["oa21cd"]: row for row in rows}
    wards = csv.DictReader((folder / "lsoa21_ward22_bestfit.csv").open(encoding="utf-8"))
    sets: Sets = {"lsoa": {}, "msoa": {}, "district": {}, "ward": {}}
    counts: Counts = defaultdict(int)
    for row in csv.DictReader((folder / "oa21_household_deprivation.csv").open(encoding="utf-8")):
        here = lies_in[row["oa21_code"]]
        lsoa = here["lsoa21cd"]
        sets["lsoa"][lsoa], sets["msoa"][lsoa] = lsoa, here["msoa21cd"]
        sets["district"][lsoa] = here["lad22cd"]
        for category, column in columns.items():
            counts[lsoa, category] += int(float(row[column]))
    sets["ward"] = {row["lsoa21cd"]: row["wd22cd"] for row in wards}
    return sets, dict(counts)


def invent_manchester(seed: int = 7) -> tuple[Sets, Counts]:
    """Return an invented table of the same size and much the same spread."""
    draw = np.random.default_rng(seed)
    sets: Sets = {"lsoa": {}, "msoa": {}, "district": {}, "ward": {}}
    counts: Counts = {}
    number = 0
    for msoa in range(353):
        share = draw.dirichlet([48, 33, 14.5, 4, 0.35])
        for _ in range(4 + (draw.random() < 0.82)):
            lsoa = f"L{number:04}"
            sets["lsoa"][lsoa], sets["msoa"][lsoa] = lsoa, f"M{msoa:03}"
            sets["district"][lsoa], sets["ward"][lsoa] = f"D{msoa // 36}", f"W{number // 8:03}"
            homes = int(draw.integers(480, 900))
            for category, count in zip(CATEGORIES, draw.multinomial(homes, share), strict=True):
                counts[lsoa, category] = int(count)
            number += 1
    return sets, counts


def attack_blocks(
    sets: Sets,
    counts: Counts,
    is_hidden: Callable[[int], bool],
    bounds: Callable[[int], tuple[int, int]],
    of_hidden: tuple[int, int],
    *,
    hides_totals: bool,
) -> tuple[int, int, int]:
    """Return hidden cells, those recovered exactly, and those left fewer than five values.

    Each MSOA is attacked by itself: its LSOAs by category, with all its totals published.
    """
    blocks: dict[str, list[str]] = defaultdict(list)
    for lsoa, msoa in sets["msoa"].items():
        blocks[msoa].append(lsoa)
    hidden = recovered = narrow = 0
    for lsoas in blocks.values():
        cells = [(lsoa, category) for lsoa in lsoas for category in CATEGORIES]
        sums = [tuple((lsoa, each) for each in CATEGORIES) for lsoa in lsoas]
        sums += [tuple((lsoa, each) for lsoa in lsoas) for each in CATEGORIES]
        sums += [tuple(cells), *((cell,) for cell in cells)]
        knowns = []
        for parts in sums:
            exact = sum(counts[part] for part in parts)
            may_hide = len(parts) == 1 or hides_totals
            low, high = of_hidden if may_hide and is_hidden(exact) else bounds(exact)
            knowns.append(Known(parts, low, high))
        asked = {cell: Asked((cell,)) for cell in cells if is_hidden(counts[cell])}
        attack = Attack(cells, knowns)
        hidden += len(asked)
        recovered += len(attack.find_narrow({name: (each, 2) for name, each in asked.items()}))
        narrow += len(attack.find_narrow({name: (each, 5) for name, each in asked.items()}))
    return hidden, recovered, narrow


def near(count: int) -> int:
    """Return a count rounded to the nearest 5."""
    return 5 * round(count / 5)


def errors_by_level(table: ProtectedAreas, counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return for each level: figures, shown, mean and worst error of those shown."""
    found: dict[str, list[int]] = defaultdict(list)
    published: dict[str, int] = defaultdict(int)
    for figure, cells in table.parts().items():
        level = figure[0] if figure[2] == "" or figure[0] != "lsoa" else "cell"
        published[level] += 1
        count = table.figures[figure]
        if count.shown is not None:
            found[level].append(abs(count.shown - sum(counts[cell] for cell in cells)))  # type: ignore[index]
    return {
        level: (published[level], len(each), round(float(np.mean(each)), 2), max(each))
        for level, each in found.items()
    }


def sums_off(table: ProtectedAreas) -> tuple[int, int]:
    """Return how many districts' figures are shown with all their MSOAs', and are not their sum."""
    shape, checked, wrong = table.shape, 0, 0
    inside: dict[str, set[str]] = defaultdict(set)
    for lsoa, district in shape.areas["district"].items():
        inside[district].add(shape.areas["msoa"][lsoa])
    for district, msoas in inside.items():
        for column in shape.columns:
            parts = [table.count("msoa", each, column).shown for each in msoas]
            whole = table.count("district", district, column).shown
            if whole is not None and None not in parts:
                checked += 1
                wrong += whole != sum(part or 0 for part in parts)
    return checked, wrong


def measure(name: str, sets: Sets, counts: Counts) -> None:
    """Print what each method leaves of one table, and what it costs."""
    print(f"\n{name}: {len(sets['lsoa']):,} LSOAs, {len(set(sets['msoa'].values()))} MSOAs")
    started = time.process_time()
    hidden, recovered, _ = attack_blocks(
        sets, counts, lambda n: 1 <= n <= 9, lambda n: (n, n), (1, 9), hides_totals=False
    )
    print(
        f"  hiding 1 to 9 alone: {hidden:,} hidden, {recovered / hidden:.1%} recovered exactly"
        f" (published elsewhere: {PUBLISHED_HIDE_ALONE:.1%});"
        f" {time.process_time() - started:.1f} s"
    )
    hidden, recovered, narrow = attack_blocks(
        sets,
        counts,
        lambda n: n <= 7,
        lambda n: (near(n) - 2, near(n) + 2),
        (0, 7),
        hides_totals=True,
    )
    worst = [
        abs(sum(near(counts[x, c]) * (counts[x, c] > 7) for x in sets["msoa"] if sets["msoa"][x] == m)
            - sum(counts[x, c] for x in sets["msoa"] if sets["msoa"][x] == m))
        for m in sorted(set(sets["msoa"].values())) for c in CATEGORIES
    ]  # fmt: skip
    print(
        f"  hiding up to 7, rounding each by itself: {hidden:,} hidden, {recovered} recovered,"
        f" {narrow} left fewer than 5 values; cells add up to MSOAs within {max(worst)}"
        f" (mean {np.mean(worst):.1f})"
    )
    for title, chosen in (
        ("ours, LSOA in MSOA in district", ("lsoa", "msoa", "district")),
        ("ours, with wards that cross MSOAs", ("lsoa", "msoa", "district", "ward")),
    ):
        measure_ours(title, {each: sets[each] for each in chosen}, counts)


def measure_ours(title: str, sets: Sets, counts: Counts) -> None:
    """Print what our own release leaves, its errors at every level, and its cost."""
    ledger = ReleaseLedger()

    def release(period: str, held: Counts) -> tuple[Any, float, float]:
        clock, processor = time.perf_counter(), time.process_time()
        done = release_table(
            AreaTable(sets, CATEGORIES),
            held,
            ledger=ledger,
            population=Population("deprivation", period=period),
            recipient="everybody",
            title=title,
            released_at=dt.datetime.now(dt.UTC),
        )
        return done, time.perf_counter() - clock, time.process_time() - processor

    done, seconds, processor = release("first", counts)
    print(
        f"  {title}: {done.audit.hidden:,} figures hidden, {done.audit.protecting} of them to"
        f" protect others; {processor:.1f} s of processor, {seconds:.1f} s by the clock"
    )
    started = time.process_time()
    exact = audit_release(done.table, least=2)
    narrow = audit_release(done.table)
    print(
        f"    attacked again from the page alone: {len(exact)} recovered, {len(narrow)} left"
        f" fewer than 5 values; both attacks {time.process_time() - started:.1f} s of processor"
    )
    for level, (figures, shown, mean, most) in errors_by_level(done.table, counts).items():
        print(f"    {level}: {shown:,} of {figures:,} shown, error {mean} mean, {most} at most")
    checked, wrong = sums_off(done.table)
    print(f"    districts that are not the sum of their MSOAs: {wrong} of {checked}")
    draw = np.random.default_rng(1)
    later = {cell: max(0, n + int(draw.integers(-2, 3))) for cell, n in counts.items()}
    after, _, processor = release("second", later)
    same = sum(
        count.is_shown and count == done.table.figures[figure]
        for figure, count in after.table.figures.items()
    )
    shown = sum(count.is_shown for count in after.table.figures.values())
    print(
        f"    next period, each cell changed by up to 2: {same / shown:.0%} of figures repeated,"
        f" {processor:.1f} s of processor"
    )


def main() -> None:
    """Measure both tables."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--data", type=Path, default=Path("../shared/data/greater-manchester"))
    given = reader.parse_args()
    if (given.data / "oa21_household_deprivation.csv").exists():
        measure("Greater Manchester, Census 2021", *read_manchester(given.data))
    else:
        print(f"Greater Manchester is skipped: {given.data} does not hold its files.")
    measure("invented", *invent_manchester())
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\npeak memory {used} MB")


if __name__ == "__main__":
    main()
