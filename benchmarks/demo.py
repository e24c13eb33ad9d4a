"""How long `wholeplace demo` and `wholeplace run` take, stage by stage, and what grows with what.

    python benchmarks/demo.py [--residents 2000 20000 50000] [--seed 7] [--dir FOLDER] [--json]

For each size, from an empty folder: `wholeplace demo --no-serve`; then `wholeplace run` with
nothing new; then with one new daily extract of the police (100 new incidents, ten of them of
people not met before): which stages ran again and for how long. Each is a command of its own,
timed from start to end, start of Python included, with the processor's seconds beside (those of
the database apart): they are steadier where the machine is shared.
"""

import argparse
import csv
import datetime as dt
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent / "wholeplace"
_STAGE = re.compile(r"^  (\w+): ([\d,]+) rows, ([\d.]+) s", re.MULTILINE)
_STEP = re.compile(r"^(\w[^\n]+) …\n  done in ([\d.]+) s", re.MULTILINE)
INCIDENTS, STRANGERS = 100, 10


def timed(command: list[object]) -> tuple[dict[str, float], subprocess.CompletedProcess[str]]:
    """Run a command; return its seconds, those of the processor, and what it said."""
    began, used = time.perf_counter(), _processor_seconds()
    found = subprocess.run([str(each) for each in command], capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(found.stderr[-2_000:])
    taken = time.perf_counter() - began, _processor_seconds() - used
    return dict(
        zip(("seconds", "cpu_seconds"), (round(each, 2) for each in taken), strict=True)
    ), found


def _processor_seconds() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def build(town: Path, residents: int, seed: int) -> dict[str, Any]:
    seconds, found = timed(
        [BIN, "demo", "--residents", residents, "--seed", seed, "--dir", town, "--no-serve"]
    )
    said = found.stderr.replace("\r", "\n")
    steps = {name.split(" with ")[0]: float(taken) for name, taken in _STEP.findall(said)}
    stages = {name: float(taken) for name, _, taken in _STAGE.findall(said)}
    rows = {name: int(count.replace(",", "")) for name, count, _ in _STAGE.findall(said)}
    return {**seconds, "steps": steps, "stages": stages, "rows": rows}


def run(town: Path) -> dict[str, Any]:
    seconds, found = timed([BIN, "run", "--place", town / "larkbridge", "--json"])
    report = json.loads(found.stdout)
    return {
        **seconds,
        "in_pipeline": report["seconds"],
        "published": report["is_published"],
        "stages": {
            each["name"]: None if each["is_reused"] else each["seconds"]
            for each in report["stages"]
        },
    }


def add_extract(town: Path) -> str:
    """Write the next day's extract of the police and return its name."""
    inbox = town / "larkbridge-data" / "inbox" / "police"
    newest = max(inbox.glob("LVP_incidents_*.csv"))
    largest = max(inbox.glob("LVP_incidents_*.csv"), key=lambda path: path.stat().st_size)
    day = dt.date.fromisoformat(newest.stem[-10:]) + dt.timedelta(days=1)
    with largest.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream)
        names = list(lines.fieldnames or ())
        rows = [row for row in lines if None not in row.values() and row["class"]][:INCIDENTS]
    for number, row in enumerate(rows):
        row["incident_no"] = f"LV{9_000_000 + number:07d}"
        row["incident_date"] = (day - dt.timedelta(days=1)).strftime("%d/%m/%Y")
        if number < STRANGERS:
            row["nominal_no"] = f"PI{900_000 + number:06d}"
            row["nominal_forename"], row["nominal_surname"] = f"New{'abcdefghij'[number]}", "Comer"
    path = inbox / f"LVP_incidents_{day.isoformat()}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)
    return path.name


def measure(town: Path, residents: int, seed: int) -> dict[str, Any]:
    load = os.getloadavg()[0]
    found: dict[str, Any] = {"demo": build(town, residents, seed), "unchanged": run(town)}
    add_extract(town)
    found["one_new_extract"] = run(town)
    return found | {"load": [round(load, 1), round(os.getloadavg()[0], 1)]}


def tell(residents: int, found: dict[str, Any]) -> None:
    demo = found["demo"]
    print(
        f"{residents:,} residents: demo {demo['seconds']} s ({demo['cpu_seconds']} s of processor); load {found['load']}"
    )
    print(f"  steps {demo['steps']}\n  stages {demo['stages']}\n  rows {demo['rows']}")
    for name in ("unchanged", "one_new_extract"):
        ran = {stage: taken for stage, taken in found[name]["stages"].items() if taken is not None}
        print(
            f"  {name}: {found[name]['seconds']} s ({found[name]['cpu_seconds']} s of processor), of which {found[name]['in_pipeline']} s in the "
            f"pipeline; published {found[name]['published']}; ran {ran}"
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, nargs="+", default=[2_000, 20_000, 50_000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.dir) as folder:
        report = {}
        for residents in given.residents:
            report[residents] = measure(Path(folder) / f"town-{residents}", residents, given.seed)
            if not given.json:
                tell(residents, report[residents])
    if given.json:
        print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
