"""Intake against hand-written SQL: seconds and peak memory, both in one run.

    python benchmarks/intake.py [--rows 1000000] [--dir FOLDER] [--repeat 3]

The file has 12 columns and about 2.2 % planted errors. The hand-written SQL does the same work
in two statements that know this file: reads, checks eleven rules, writes accepted rows and a
table of faults to Parquet. Each run is a process of its own, so that its peak is its own.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = [
    "row_id",
    "person_id",
    "given_name",
    "family_name",
    "birth_date",
    "nhs_number",
    "nino",
    "postcode",
    "sex",
    "visits",
    "opened_on",
    "cost",
]
FIELDS = (
    {"name": "row_id", "type": "integer"},
    {"name": "person_id", "feeds": "record.source_id", "constraints": {"pattern": "P[0-9]{6}"}},
    {"name": "given_name", "feeds": "record.given_name", "constraints": {"required": True}},
    {"name": "family_name", "feeds": "record.family_name"},
    {"name": "birth_date", "type": "date", "format": "%d/%m/%Y", "feeds": "record.birth_date"},
    {"name": "nhs_number", "check": "nhs-number", "feeds": "record.nhs_number"},
    {"name": "nino", "check": "nino", "feeds": "record.nino"},
    {"name": "postcode", "check": "postcode", "feeds": "record.postcode"},
    {"name": "sex", "feeds": "record.sex", "constraints": {"enum": ["F", "M"]}},
    {"name": "visits", "type": "integer", "constraints": {"minimum": 0, "maximum": 400}},
    {"name": "opened_on", "type": "date"},
    {"name": "cost", "type": "number", "constraints": {"minimum": 0}},
)
DATASET = {
    "id": "visits",
    "title": "Visits",
    "partner": "nhs-community",
    "file": {"pattern": "visits_{date}.csv", "format": "csv", "update": "full"},
    "key": ("row_id",),
    "fields": FIELDS,
    "events": (
        {
            "kind": "health.missed-appointment",
            "start": "opened_on",
            "attributes": {"visits": "visits", "cost": "cost"},
        },
    ),
}
HAND_READ = """
CREATE TABLE raw AS SELECT row_number() OVER () AS line, * FROM read_csv($path, header = true,
auto_detect = false, delim = ',', quote = '"', columns = {row_id: 'VARCHAR', person_id: 'VARCHAR',
given_name: 'VARCHAR', family_name: 'VARCHAR', birth_date: 'VARCHAR', nhs_number: 'VARCHAR',
nino: 'VARCHAR', postcode: 'VARCHAR', sex: 'VARCHAR', visits: 'VARCHAR', opened_on: 'VARCHAR',
cost: 'VARCHAR'})
"""
_DIGITS = " + ".join(f"try_cast(nhs_number[{n}] AS INTEGER) * {11 - n}" for n in range(1, 10))
HAND_RULES = {
    "row_id": "try_cast(row_id AS BIGINT) IS NULL",
    "row_id repeats": "row_id IN (SELECT row_id FROM raw GROUP BY row_id HAVING count(*) > 1)",
    "person_id": "NOT regexp_full_match(person_id, 'P[0-9]{6}')",
    "given_name": "given_name IS NULL OR given_name = ''",
    "birth_date": "try_strptime(birth_date, '%d/%m/%Y') IS NULL",
    "nhs_number": "NOT regexp_full_match(nhs_number, '[0-9]{10}') OR nhs_number = repeat(nhs_number[1], 10) "
    f"OR (11 - ({_DIGITS}) % 11) % 11 <> try_cast(nhs_number[10] AS INTEGER)",
    "nino": "NOT regexp_full_match(nino, '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]')",
    "postcode": "NOT regexp_full_match(postcode, '[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}')",
    "sex": "sex NOT IN ('F', 'M')",
    "visits": "try_cast(visits AS BIGINT) IS NULL OR try_cast(visits AS BIGINT) NOT BETWEEN 0 AND 400",
    "opened_on": "try_cast(opened_on AS DATE) IS NULL",
    "cost": "try_cast(cost AS DOUBLE) IS NULL OR try_cast(cost AS DOUBLE) < 0",
}


def write_file(path: Path, rows: int) -> int:
    """Write the extract and return how many rows are planted as wrong."""
    chance = random.Random(5)
    numbers = [number for number in (_nhs(chance) for _ in range(3000)) if number]
    planted = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(NAMES) + "\n")
        for n in range(rows):
            row = [
                str(n), f"P{n % 300_000:06d}", f"Given{n % 977}", f"Family{n % 1777}",
                f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{1930 + n % 90}", numbers[n % len(numbers)],
                f"AB{n % 1_000_000:06d}C", "LB1 4QT", "FM"[n % 2], str(n % 300),
                f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}", f"{n % 1000}.50",
            ]  # fmt: skip
            if n % 45 == 7:
                place = (n // 45) % 10 + 2
                wrong = {2: "", 3: row[3], 4: "31/02/1990", 5: "1111111111", 6: "QQ123456C"}
                wrong |= {7: "NOWHERE", 8: "x", 9: "401", 10: "2026-02-30", 11: "-1"}
                planted += row[place] != wrong[place]
                row[place] = wrong[place]
            stream.write(",".join(row) + "\n")
    return planted


def _nhs(chance: random.Random) -> str | None:
    digits = [chance.randrange(10) for _ in range(9)]
    check = (11 - sum(d * (10 - n) for n, d in enumerate(digits)) % 11) % 11
    return None if check == 10 else "".join(map(str, [*digits, check]))


def run_by_hand(folder: Path) -> dict[str, int]:
    """Load the extract with SQL written for it."""
    import duckdb

    path = next((folder / "inbox").rglob("*.csv"))
    engine = duckdb.connect()
    engine.execute("SET memory_limit = '400MB'")
    engine.execute(f"SET temp_directory = '{folder / 'spill'}'")
    engine.execute(HAND_READ, {"path": str(path)})
    cases = ", ".join(f"CASE WHEN {test} THEN '{name}' END" for name, test in HAND_RULES.items())
    engine.execute(
        "CREATE TABLE faults AS SELECT line, unnest(reasons) AS rule FROM "
        f"(SELECT line, list_filter([{cases}], lambda r: r IS NOT NULL) AS reasons FROM raw)"
    )
    good = (
        "SELECT line, row_id::BIGINT AS row_id, person_id, given_name, family_name, "
        "strptime(birth_date, '%d/%m/%Y')::DATE AS birth_date, nhs_number, nino, postcode, sex, "
        "visits::BIGINT AS visits, opened_on::DATE AS opened_on, cost::DOUBLE AS cost "
        "FROM raw WHERE line NOT IN (SELECT line FROM faults)"
    )
    engine.execute(
        f"COPY ({good}) TO '{folder / 'good.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    engine.execute(
        f"COPY faults TO '{folder / 'faults.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    counted = engine.execute("SELECT count(DISTINCT line) FROM faults").fetchone()
    return {"rejected": counted[0]}


def run_intake(folder: Path) -> dict[str, int]:
    """Load the extract as Wholeplace does."""
    from dataclasses import dataclass

    from wholeplace.foundation.folders import DataFolder
    from wholeplace.intake import load_inbox
    from wholeplace.partnership.definitions import Dataset

    @dataclass(frozen=True)
    class Place:
        datasets: dict[str, Dataset]

    dataset = Dataset.model_validate(DATASET)
    covered = frozenset({"identity", "contact", "health"})
    report = load_inbox(Place({dataset.id: dataset}), DataFolder(folder), lambda _: covered)
    (file,) = report.files
    if file.status != "loaded":
        raise SystemExit(file.why_refused)
    return {"rejected": file.rejected, "accepted": file.accepted, "unreadable": file.unreadable}


def measure(kind: str, folder: Path) -> dict[str, float]:
    """Run one way in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, "--dir", str(folder)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def run_one(kind: str, folder: Path) -> None:
    """Run one way here and print what it took, imports apart."""
    import duckdb  # noqa: F401

    import wholeplace.intake.loading  # noqa: F401

    started, used = time.perf_counter(), _processor_seconds()
    found = {"hand": run_by_hand, "intake": run_intake}[kind](folder)
    seconds, cpu = time.perf_counter() - started, _processor_seconds() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "seconds": round(seconds, 2),
                "cpu_seconds": round(cpu, 2),
                "peak_mb": round(peak),
                **found,
            }
        )
    )


def _processor_seconds() -> float:
    """Return the processor's seconds of this process: steadier where the machine is shared."""
    found = resource.getrusage(resource.RUSAGE_SELF)
    return found.ru_utime + found.ru_stime


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--one", choices=["hand", "intake"])
    given = parser.parse_args()
    if given.one:
        run_one(given.one, given.dir)
        return
    with tempfile.TemporaryDirectory(dir=given.dir) as made:
        source = Path(made) / "visits_2026-10-01.csv"
        planted = write_file(source, given.rows)
        print(f"{given.rows} rows, {source.stat().st_size / 1e6:.0f} MB, {planted} rows wrong")
        best: dict[str, float] = {}
        least: dict[str, float] = {}
        for turn in range(given.repeat):
            for kind in ("hand", "intake"):
                folder = Path(made) / f"{kind}-{turn}"
                inbox = folder / "inbox" / "nhs-community"
                inbox.mkdir(parents=True)
                (inbox / source.name).hardlink_to(source)
                found = measure(kind, folder)
                best[kind] = min(best.get(kind, 1e9), found["seconds"])
                least[kind] = min(least.get(kind, 1e9), found["cpu_seconds"])
                print(f"{kind:7} {found}")
        print(
            f"best: intake {best['intake'] / best['hand']:.2f} times the hand-written SQL; "
            f"of the processor's time {least['intake'] / least['hand']:.2f} times"
        )


if __name__ == "__main__":
    main()
