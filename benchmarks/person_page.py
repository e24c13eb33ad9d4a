"""How long the reads of a person page and a search take on a published snapshot.

    python benchmarks/person_page.py DATA_FOLDER [--people 200]

Reads the folder's published snapshot; prints the median and 95th percentile in milliseconds
of `read_person` over people drawn at random (fixed seed), and of `find_people` by name and
date of birth. Prints no personal value.
"""

import argparse
import json
import random
import statistics
import time
from pathlib import Path

from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.people import Facts, SnapshotReader, find_people, read_person


def timed(calls):
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 1),
        "reads": len(taken),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    reader = SnapshotReader(Snapshots(DataFolder(given.data).snapshots))
    known = reader.rows(
        "SELECT person_records.person_id, given_name, family_name, birth_date, person_id AS id "
        "FROM records JOIN person_records USING (record_id) "
        "WHERE given_name IS NOT NULL AND birth_date IS NOT NULL ORDER BY record_id"
    )
    chosen = random.Random(1).sample(known, min(given.people, len(known)))
    read_person(reader, chosen[0]["person_id"])
    pages = timed([lambda p=p: read_person(reader, p["person_id"]) for p in chosen])
    searches = timed(
        [
            lambda p=p: find_people(
                reader,
                Facts(name=f"{p['given_name']} {p['family_name']}", birth_date=p["birth_date"]),
            )
            for p in chosen
        ]
    )
    tables = reader.snapshot.manifest["tables"]
    report = {
        "people": reader.snapshot.manifest["link"].get("people"),
        "events": tables.get("timeline"),
        "person_page": pages,
        "search": searches,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
