"""How soon one person is looked up, beside Splink's own prediction for a single record.

    python benchmarks/linkage_lookup.py --residents 15000 [--town FOLDER] [--lookups 200] [--json]

Builds the town (or uses one built before), links its records, opens the index, and looks up
people whose records are in it, explanation included. In the same run, on the same records, Splink
with its tutorial model predicts between all of them and one record at a time. Wall time and time
of the process's own processor, in milliseconds; the load of the machine is printed too.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from dataclasses import fields
from pathlib import Path

from linkage_larkbridge import load_records
from linkage_splink import single_predictions

from wholeplace.larkbridge import build_town
from wholeplace.linkage import LINK_TABLES, PersonIndex, SoughtFacts, link_records, read_model


def main() -> None:
    """Measure both and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--residents", type=int, default=15000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--town", type=Path)
    arguments.add_argument("--lookups", type=int, default=200)
    arguments.add_argument("--peer-lookups", type=int, default=20)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    town = given.town or Path(tempfile.mkdtemp(prefix="larkbridge-"))
    if not (town / "larkbridge").exists():
        build_town(town, residents=given.residents, seed=given.seed)
    with load_records(town) as store, tempfile.TemporaryDirectory() as home:
        link_records(store, read_model(), seed=1)
        for name in LINK_TABLES:
            store.write_parquet(
                f"SELECT * FROM {name} ORDER BY ALL", Path(home) / f"{name}.parquet"
            )
        records = store.arrow("SELECT * FROM records ORDER BY record_id")
        chosen = random.Random(given.seed).sample(range(records.num_rows), given.lookups)
        rows = records.take(chosen).to_pylist()
        people = {
            row["record_id"]: row["person_id"]
            for row in store.rows("SELECT record_id, person_id FROM person_records")
        }
        figures = {
            "records": records.num_rows,
            "load": round(os.getloadavg()[0], 1),
            "wholeplace": _look_up(Path(home), rows, people),
            "splink": _times(
                single_predictions(
                    records, [row["record_id"] for row in rows[: given.peer_lookups]]
                )
            ),
        }
    ours, peer = figures["wholeplace"], figures["splink"]
    figures["times_faster"] = round(peer["median_ms"] / ours["median_ms"], 1)
    figures["times_less_processor"] = round(peer["processor_ms"] / ours["processor_ms"], 1)
    print(json.dumps(figures, indent=2) if given.json else _told(figures))


def _look_up(folder: Path, rows: list[dict], people_of: dict[str, str]) -> dict:
    names = [each.name for each in fields(SoughtFacts)]
    started = time.perf_counter()
    with PersonIndex(folder, read_model()) as index:
        opened = time.perf_counter() - started
        found, took = 0, []
        for row in rows:
            facts = SoughtFacts(**{name: row.get(name) for name in names})
            wall, own = time.perf_counter(), time.process_time()
            people = index.look_up(facts)
            took.append((time.perf_counter() - wall, time.process_time() - own))
            found += any(each.person_id == people_of[row["record_id"]] for each in people)
    return {"opened_s": round(opened, 2), "found": found, **_times(took)}


def _times(took: list[tuple[float, float]]) -> dict:
    wall = sorted(each[0] * 1000 for each in took)
    return {
        "lookups": len(wall),
        "median_ms": round(statistics.median(wall), 1),
        "p95_ms": round(wall[int(0.95 * (len(wall) - 1))], 1),
        "processor_ms": round(statistics.median(each[1] * 1000 for each in took), 1),
    }


def _told(figures: dict) -> str:
    lines = [f"{figures['records']} records, load {figures['load']}"]
    for name in ("wholeplace", "splink"):
        each = figures[name]
        lines.append(
            f"{name:<11} median {each['median_ms']} ms, 95th percentile {each['p95_ms']} ms, "
            f"processor {each['processor_ms']} ms ({each['lookups']} look-ups)"
        )
    ours = figures["wholeplace"]
    lines.append(f"opened in {ours['opened_s']} s; found {ours['found']} of {ours['lookups']}")
    lines.append(
        f"{figures['times_faster']} times faster than Splink, "
        f"{figures['times_less_processor']} times less processor"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
