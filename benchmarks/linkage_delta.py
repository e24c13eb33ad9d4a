"""What it costs to link a day's changes, beside linking everything and beside Splink.

    python benchmarks/linkage_delta.py --residents 15000 [--share 0.01] [--town FOLDER] [--json]

Links all but a day's records of the town, then that day both ways: only what changed, and
everything with the same model version. The people are compared record for record. In the same
run Splink with its tutorial model, trained before, predicts between what there was and what
came, and everything again (it leaves clusters and ids to its user). Seconds of wall time and of
processor; the load of the machine is printed too.
"""

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from linkage_larkbridge import load_records
from linkage_splink import delta_predictions

from wholeplace.foundation.store import Store
from wholeplace.larkbridge import build_town
from wholeplace.linkage import LINK_TABLES, PreviousLinks, link_delta, link_records, read_model
from wholeplace.linkage.version import read_version


def main() -> None:
    """Measure all and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--residents", type=int, default=15000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--share", type=float, default=0.01)
    arguments.add_argument("--town", type=Path)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    town = given.town or Path(tempfile.mkdtemp(prefix="larkbridge-"))
    if not (town / "larkbridge").exists():
        build_town(town, residents=given.residents, seed=given.seed)
    with load_records(town) as store:
        records = store.arrow("SELECT * FROM records ORDER BY record_id")
    new = sorted(
        random.Random(given.seed).sample(
            range(records.num_rows), round(records.num_rows * given.share)
        )
    )
    held = records.take(sorted(set(range(records.num_rows)) - set(new)))
    figures: dict[str, Any] = {"records": records.num_rows, "new": len(new)}
    with tempfile.TemporaryDirectory() as home:
        figures |= _ours(records, held, Path(home))
    figures["splink"] = delta_predictions(held, records.take(new), records)
    figures["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(figures, indent=2) if given.json else _told(figures))


def _ours(records: pa.Table, held: pa.Table, folder: Path) -> dict[str, Any]:
    model = read_model()
    with _store_of(held) as store:
        learning = _timed(lambda: link_records(store, model, seed=1))
        for name in LINK_TABLES:
            store.write_parquet(f"SELECT * FROM {name} ORDER BY ALL", folder / f"{name}.parquet")
    with _store_of(records) as store:
        delta = _timed(lambda: link_delta(store, model, folder))
        after = _people(store)
    with _store_of(records) as store:
        store.view_parquet("held_version", folder / "link_version.parquet")
        version = read_version(store, "held_version")
        store.view_parquet("held_values", folder / "link_frequencies.parquet")
        store.run("CREATE TABLE link_frequencies AS FROM held_values")
        previous = PreviousLinks.read(folder)
        full = _timed(lambda: link_records(store, model, version=version, previous=previous))
        whole = _people(store)
    before = PreviousLinks.read(folder)
    assert before is not None
    changed = sum(after[record] != person for record, person in before.person_of.items())
    return {
        "learning": learning,
        "delta": delta,
        "full": full,
        "delta_share_of_full_processor": round(delta["processor_s"] / full["processor_s"], 3),
        "delta_share_of_learning_processor": round(
            delta["processor_s"] / learning["processor_s"], 3
        ),
        "is_same": after == whole,
        "records_with_another_id": changed,
    }


def _store_of(records: pa.Table) -> Store:
    store = Store(threads=2, memory_limit_mb=2000)
    store.register("given", records)
    store.run("CREATE TABLE records AS FROM given")
    return store


def _people(store: Store) -> dict[str, str]:
    rows = store.rows("SELECT record_id, person_id FROM person_records")
    return {row["record_id"]: row["person_id"] for row in rows}


def _timed(work: Callable[[], Any]) -> dict[str, Any]:
    wall, own = time.perf_counter(), time.process_time()
    report = work()
    return {
        "wall_s": round(time.perf_counter() - wall, 2),
        "processor_s": round(time.process_time() - own, 2),
        "stages": dict(report.seconds),
    }


def _told(figures: dict[str, Any]) -> str:
    lines = [f"{figures['records']} records, {figures['new']} of them new; load {figures['load']}"]
    for name in ("delta", "full", "learning"):
        each = figures[name]
        lines.append(f"{name:<9} {each['wall_s']} s, processor {each['processor_s']} s")
    for name, each in figures["splink"].items():
        lines.append(f"Splink {name}: {each['wall_s']} s, processor {each['processor_s']} s")
    lines.append(
        f"delta: {figures['delta_share_of_full_processor']:.1%} of the processor time of linking "
        f"everything, {figures['delta_share_of_learning_processor']:.1%} of learning anew"
    )
    same = "the same people" if figures["is_same"] else "OTHER people"
    lines.append(f"{same} as everything; {figures['records_with_another_id']} records change id")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
