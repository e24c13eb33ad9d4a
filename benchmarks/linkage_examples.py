"""What the benchmarks on examples share: load an example as the pipeline does, link, score."""

import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store
from wholeplace.intake import build_standard, load_inbox
from wholeplace.linkage import link_records, read_model, score_links
from wholeplace.linkage.score import Quality
from wholeplace.partnership import load_place


def load_example(out: Path, name: str) -> Store:
    """Load an example's extracts into records, keeping identity and contact fields."""
    place = load_place(out / name)
    data = DataFolder(out / f"{name}-data")
    fields = frozenset(place.vocabulary.record)
    load_inbox(place, data, lambda partner: fields)
    store = Store(threads=2)
    build_standard(store, place, data)
    return store


def link_example(out: Path, name: str) -> tuple[Quality, float]:
    """Link an example; return the quality of its people and the seconds of linking."""
    with load_example(out, name) as store:
        started = time.perf_counter()
        link_records(store, read_model(), seed=1)
        seconds = time.perf_counter() - started
        score = score_links(
            store.arrow("SELECT * FROM person_records"),
            store.arrow("SELECT * FROM record_rows"),
            pq.read_table(out / "truth" / "rows.parquet"),
        )
    return score.cluster, seconds


def score_clusters(clusters: dict[str, str], truth: dict[str, str]) -> Quality:
    """Return the quality of clusters over every pair of records."""
    both = Counter((clusters[record], truth[record]) for record in clusters)
    found = Counter(clusters.values())
    true = Counter(truth[record] for record in clusters)
    counts = (sum(n * (n - 1) // 2 for n in counter.values()) for counter in (both, found, true))
    return Quality.of(*counts)


def print_table(figures: dict[str, tuple[Quality, float]]) -> None:
    """Print one line a way of linking."""
    for name, (quality, seconds) in figures.items():
        print(
            f"{name:<14} precision {quality.precision:.4f}  recall {quality.recall:.4f}  "
            f"F1 {quality.f1:.4f}  {seconds:.1f} s"
        )
