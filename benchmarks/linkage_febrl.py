"""FEBRL 4: Wholeplace beside plain Splink with its tutorial model, in one run.

python benchmarks/linkage_febrl.py [--data FOLDER]
"""

import argparse
import importlib.util
import tempfile
from pathlib import Path

from linkage_examples import link_example, load_example, print_table, score_clusters
from linkage_splink import link_plainly


def main() -> None:
    """Link both ways and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    given = arguments.parse_args()
    path = Path(__file__).parent.parent / "examples" / "febrl4" / "split.py"
    spec = importlib.util.spec_from_file_location("split_febrl", path)
    split = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(split)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        split.split_registers(given.data or split.find_febrl(), out)
        figures = {"wholeplace": link_example(out, "febrl4")}
        with load_example(out, "febrl4") as store:
            records = store.arrow("SELECT * FROM records")
    clusters, seconds = link_plainly(records, "people")
    names = zip(records["record_id"].to_pylist(), records["source_id"].to_pylist(), strict=True)
    figures["plain Splink"] = (
        score_clusters(clusters, {one: source.split("-")[1] for one, source in names}),
        seconds,
    )
    print_table(figures)


if __name__ == "__main__":
    main()
