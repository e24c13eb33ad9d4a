"""Reading Larkbridge's files back, by other means than those that wrote them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from wholeplace.larkbridge.definitions import DATASETS, read_dataset

__all__ = ["extract_files", "read_rows", "truth_table"]


def truth_table(truth: Path, name: str) -> list[dict[str, Any]]:
    """Return a table of the truth as mappings."""
    rows: list[dict[str, Any]] = pq.read_table(truth / f"{name}.parquet").to_pylist()
    return rows


def extract_files(data: Path) -> list[tuple[str, Path]]:
    """Return dataset and path of every file of the inbox."""
    found = []
    for dataset in DATASETS:
        definition = read_dataset(dataset)
        pattern = str(definition["file"]["pattern"]).replace("{date}", "*")
        found += [
            (dataset, path)
            for path in sorted((data / "inbox" / definition["partner"]).glob(pattern))
        ]
    return found


def read_rows(dataset: str, path: Path) -> list[dict[str, Any] | None]:
    """Return one mapping for each data row, None for a line that cannot be read as one."""
    form = read_dataset(dataset)["file"]
    if form["format"] == "parquet":
        return list(pq.read_table(path).to_pylist())
    if form["format"] == "xlsx":
        rows = (
            CalamineWorkbook.from_path(str(path))
            .get_sheet_by_name(form["sheet"])
            .to_python(skip_empty_area=False)
        )
        first = int(form.get("header_row", 1))
        return [dict(zip(rows[first - 1], row, strict=True)) for row in rows[first:]]
    text = path.read_bytes().decode(
        "utf-8-sig" if form.get("encoding", "utf-8") == "utf-8" else form["encoding"], "replace"
    )
    lines = text.splitlines()
    if form["format"] == "jsonl":
        return [_json(line) for line in lines]
    delimiter = form.get("delimiter", ",")
    names = next(csv.reader(io.StringIO(lines[0]), delimiter=delimiter))
    return [_delimited(names, line, delimiter) for line in lines[1:]]


def _json(line: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return found


def _delimited(names: list[str], line: str, delimiter: str) -> dict[str, Any] | None:
    try:
        values = next(csv.reader(io.StringIO(line), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return dict(zip(names, values, strict=True)) if len(values) == len(names) else None
