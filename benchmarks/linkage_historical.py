"""People of history: Wholeplace beside plain Splink's published example, in one run.

python benchmarks/linkage_historical.py --data historical_50k.parquet
"""

import argparse
import importlib.util
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from linkage_examples import link_example, print_table, score_clusters
from linkage_splink import link_plainly


def main() -> None:
    """Link both ways and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    given = arguments.parse_args()
    path = Path(__file__).parent.parent / "examples" / "historical" / "split.py"
    spec = importlib.util.spec_from_file_location("split_historical", path)
    split = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(split)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        split.split_records(given.data, out)
        figures = {"wholeplace": link_example(out, "historical")}
    table = pq.read_table(given.data)
    clusters, seconds = link_plainly(table, "historical")
    truth = dict(zip(table["unique_id"].to_pylist(), table["cluster"].to_pylist(), strict=True))
    figures["plain Splink"] = (score_clusters(clusters, truth), seconds)
    print_table(figures)


if __name__ == "__main__":
    main()
