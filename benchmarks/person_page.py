"""How long the reads of a person page take on a published snapshot.

    python benchmarks/person_page.py DATA_FOLDER [--people 200]

Reads the folder's published snapshot in two ways, in turn for each person: with its tables held
in memory, and from its Parquet files alone (`held_rows=0`), which is how a table of more than
half a million rows is read. Prints the median and 95th percentile in milliseconds of
`read_person` over people drawn at random (fixed seed), and the median ratio. Searches are
measured over HTTP, by `pages.py`. Prints no personal value.
"""

import argparse
import json
import os
import random
import statistics
import time
from pathlib import Path

from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.people import SnapshotReader, read_person


def measure(calls, readers):
    """Return, for each reader, the spread of the calls' times, and files beside memory."""
    taken = {name: [] for name in readers}
    for call in calls:
        for name, reader in readers.items():
            began = time.perf_counter()
            call(reader)
            taken[name].append((time.perf_counter() - began) * 1000)
    ratios = [slow / quick for slow, quick in zip(taken["files"], taken["memory"], strict=True)]
    report = {"files_times_memory": round(statistics.median(ratios), 2)}
    for name, times in taken.items():
        times.sort()
        report[name] = {
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(times[int(len(times) * 0.95)], 1),
            "reads": len(times),
        }
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    snapshots = Snapshots(DataFolder(given.data).snapshots)
    began = time.perf_counter()
    reader = SnapshotReader(snapshots)
    _ = reader.snapshot
    opened = time.perf_counter() - began
    readers = {"memory": reader, "files": SnapshotReader(snapshots, held_rows=0)}
    known = reader.rows("SELECT DISTINCT person_id FROM person_records ORDER BY person_id")
    chosen = random.Random(1).sample(known, min(given.people, len(known)))
    for each in readers.values():
        read_person(each, chosen[0]["person_id"])
    pages = measure([lambda r, p=p: read_person(r, p["person_id"]) for p in chosen], readers)
    tables = reader.snapshot.manifest["tables"]
    report = {
        "people": reader.snapshot.manifest["link"].get("people"),
        "events": tables.get("timeline"),
        "opening_seconds": round(opened, 2),
        "load": os.getloadavg()[0],
        "person_page": pages,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
