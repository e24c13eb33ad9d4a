"""How well, and how fast, linkage finds the people of Larkbridge, beside plain Splink.

    python benchmarks/linkage_larkbridge.py --residents 20000 --seed 7 [--town FOLDER]

Builds the town (or uses one built before), loads its extracts as the pipeline does, links
the records both ways in the same run, and prints a table. Truth is read only by the scorer.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from linkage_splink import link_plainly

from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store
from wholeplace.intake import build_standard, load_inbox
from wholeplace.larkbridge import build_town
from wholeplace.linkage import link_records, read_model, score_links
from wholeplace.partnership import load_place


def load_records(town: Path) -> Store:
    """Load the town's extracts into records, keeping every field that the vocabulary names."""
    place = load_place(town / "larkbridge")
    data = DataFolder(town / "larkbridge-data")
    load_inbox(place, data, lambda partner: _every_field(place))
    store = Store(threads=2, memory_limit_mb=2000)
    build_standard(store, place, data)
    return store


def _every_field(place) -> frozenset[str]:
    vocabulary = place.vocabulary
    return frozenset([*vocabulary.record, *vocabulary.events])


def main() -> None:
    """Run both and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--residents", type=int, default=20000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--town", type=Path)
    arguments.add_argument("--no-peer", action="store_true")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    town = given.town or Path(tempfile.mkdtemp(prefix="larkbridge-"))
    if not (town / "larkbridge").exists():
        build_town(town, residents=given.residents, seed=given.seed)
    with load_records(town) as store:
        figures = _ours(store, town)
        if not given.no_peer:
            figures["plain Splink"] = _peer(store, town)
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    for name, found in figures.items():
        quality = found["cluster"]
        print(
            f"{name:<14} precision {quality['precision']:.4f}  recall {quality['recall']:.4f}  "
            f"F1 {quality['f1']:.4f}  {found['seconds']:.1f} s"
        )
    ours = figures["wholeplace"]
    print(
        f"records {ours['records']}, people {ours['people_found']} (truly {ours['people_true']}), households {ours['households']}"
    )
    print(
        f"stages {ours['stages']}; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )
    for pair, quality in sorted(ours["by_source_pair"].items(), key=lambda item: item[1]["f1"])[:6]:
        print(f"  weakest: {pair}  F1 {quality['f1']:.4f}")


def _ours(store: Store, town: Path) -> dict:
    started = time.perf_counter()
    report = link_records(store, read_model(), seed=1)
    seconds = time.perf_counter() - started
    score = score_links(
        store.arrow("SELECT * FROM person_records"),
        store.arrow("SELECT * FROM record_rows"),
        pq.read_table(town / "truth" / "rows.parquet"),
        link_edges=store.arrow("SELECT record_id_l, record_id_r, outcome FROM link_edges"),
        spells=pq.read_table(town / "truth" / "household_spells.parquet"),
        household_members=store.arrow("SELECT * FROM household_members"),
    )
    return {
        "wholeplace": score.as_plain()
        | {"seconds": seconds, "stages": report.seconds, "refused": report.refused}
    }


def _peer(store: Store, town: Path) -> dict:
    clusters, seconds = link_plainly(store.arrow("SELECT * FROM records"), "people")
    people = store.arrow("SELECT record_id, dataset FROM records")
    names = pa.array([clusters[record] for record in people.column(0).to_pylist()], pa.string())
    score = score_links(
        people.append_column("person_id", names),
        store.arrow("SELECT * FROM record_rows"),
        pq.read_table(town / "truth" / "rows.parquet"),
    )
    return score.as_plain() | {"seconds": seconds}


if __name__ == "__main__":
    main()
