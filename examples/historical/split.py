"""Split the 50,000 records of people of history into extracts of three partners.

    python examples/historical/split.py --data historical_50k.parquet --out FOLDER

Writes FOLDER/historical (the place folder), FOLDER/historical-data/inbox (the extracts),
FOLDER/truth/rows.parquet (who each row is really about, read only by the scorer) and
FOLDER/source.json (where the data came from, with its SHA-256).
"""

import argparse
import csv
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wholeplace.foundation.canonical import content_hash, file_hash

SOURCE = (
    "moj-analytical-services/splink_datasets, historical_figures_with_errors_50k (Wikidata, CC0)"
)
PARTNERS = ("library", "museum", "records-office")
ENTERED_ON = "2024-01-01"
COLUMNS = (
    "ref",
    "first_name",
    "other_names",
    "surname",
    "born",
    "sex",
    "birth_place",
    "postcode",
    "entered_on",
)
SEX = {"male": "M", "female": "F"}


def split_records(data: Path, out: Path) -> dict[str, int]:
    """Write the place, the extracts and the truth; return rows by partner."""
    table = pq.read_table(data).to_pylist()
    held: dict[str, list[tuple[dict[str, str], str]]] = {partner: [] for partner in PARTNERS}
    for row in table:
        # Which collection holds a record depends on its id alone, so a rerun splits alike.
        partner = PARTNERS[int(content_hash(row["unique_id"])[:8], 16) % len(PARTNERS)]
        held[partner].append((_as_written(row), row["cluster"]))
    shutil.copytree(Path(__file__).parent / "place", out / "historical")
    truth = []
    for partner, rows in held.items():
        file = out / "historical-data" / "inbox" / partner / f"{partner}_{ENTERED_ON}.csv"
        file.parent.mkdir(parents=True)
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            writer.writerows(row for row, _ in rows)
        truth += [
            (f"{partner}-people", file.name, number, person)
            for number, (_, person) in enumerate(rows, 1)
        ]
    write_truth(out / "truth", truth)
    source = {"source": SOURCE, "file": data.name, "sha256": file_hash(data), "rows": len(table)}
    (out / "source.json").write_text(json.dumps(source, indent=2) + "\n", "utf-8")
    return {partner: len(rows) for partner, rows in held.items()}


def write_truth(folder: Path, rows: list[tuple[str, str, int, str]]) -> None:
    """Write rows.parquet: dataset, file, row_number, person_true_id."""
    folder.mkdir(parents=True)
    names = ("dataset", "file", "row_number", "person_true_id")
    pq.write_table(
        pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))),
        folder / "rows.parquet",
    )


def _as_written(row: dict[str, str | None]) -> dict[str, str]:
    first, surname = row["first_name"] or "", row["surname"] or ""
    others = [word for word in (row["full_name"] or "").split() if word not in (first, surname)]
    return {
        "ref": str(row["unique_id"]),
        "first_name": first,
        "other_names": " ".join(others),
        "surname": surname,
        "born": row["dob"] or "",
        "sex": SEX.get(row["gender"] or "", ""),
        "birth_place": row["birth_place"] or "",
        "postcode": row["postcode_fake"] or "",
        "entered_on": ENTERED_ON,
    }


def main() -> None:
    """Read the arguments, split, and say what was written."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, required=True, help="historical_50k.parquet")
    arguments.add_argument("--out", type=Path, required=True, help="a folder that is not there yet")
    given = arguments.parse_args()
    for partner, rows in split_records(given.data, given.out).items():
        print(f"{partner}: {rows} rows")
    print(f"Next: python examples/sign.py --place {given.out / 'historical'}")


if __name__ == "__main__":
    main()
