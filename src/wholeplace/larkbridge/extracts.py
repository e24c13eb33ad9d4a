"""Writing extracts into the inbox, with the faults that real files have."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa

from wholeplace.larkbridge.definitions import read_dataset
from wholeplace.larkbridge.faults import (
    BadRow,
    break_identifiers,
    break_lines,
    cut_file,
    missing_encoding,
)
from wholeplace.larkbridge.files import json_lines, text_lines, write_parquet, write_workbook
from wholeplace.larkbridge.registers import Extract, Row

__all__ = ["WrittenFile", "write_extract"]

_ARROW = {"date": pa.date32(), "integer": pa.int64(), "boolean": pa.bool_(), "number": pa.float64()}
_BYTE_ORDER_MARK = {"children-social-care"}
_SEX = {"Female": {"F": "Female", "M": "Male"}, "female": {"F": "female", "M": "male"}}
_TITLE = ("Larkbridge Advice and Food: visits", "")


@dataclass(frozen=True)
class WrittenFile:
    """One file of the inbox: where it is, whose each row is, and which rows are bad."""

    dataset: str
    file: str
    people: list[str]
    bad: list[BadRow]


def write_extract(inbox: Path, extract: Extract, rng: Random) -> WrittenFile:
    """Write one extract into its partner's folder of the inbox."""
    definition = read_dataset(extract.dataset)
    form = definition["file"]
    name = str(form["pattern"]).replace("{date}", extract.date.isoformat())
    folder = inbox / definition["partner"]
    folder.mkdir(parents=True, exist_ok=True)
    texts = form["format"] == "csv"
    cells = [_cell_maker(field, texts=texts) for field in definition["fields"]]
    rows = [[make(row) for make in cells] for row in extract.rows]
    names = [str(field["name"]) for field in definition["fields"]]
    bad = break_identifiers(definition, rows, rng)
    path = folder / name
    if texts or form["format"] == "jsonl":
        count, more = _write_text(path, definition, names, rows, rng, cut=extract.cut)
        bad += more
    else:
        count = len(rows)
        _write_binary(path, definition, names, rows)
    people = [row.person.id for row in extract.rows[:count]]
    return WrittenFile(
        extract.dataset, name, people, [each for each in bad if each.row_number <= count]
    )


def _write_text(
    path: Path, definition: Any, names: list[str], rows: list[list[Any]], rng: Random, *, cut: bool
) -> tuple[int, list[BadRow]]:
    form = definition["file"]
    texts = form["format"] == "csv"
    delimiter = str(form.get("delimiter", ","))
    lines = text_lines(rows, delimiter) if texts else json_lines(names, rows)
    bad = [] if cut else break_lines(definition, rows, lines, rng)
    ending = "\r\n" if form.get("encoding") == "cp1252" else "\n"
    encoding = str(form.get("encoding", "utf-8"))
    encoded = [line.encode(encoding, "replace") for line in lines]
    if definition["id"] in _BYTE_ORDER_MARK:
        bad += missing_encoding(encoded, {each.row_number for each in bad}, rng)
    head = [delimiter.join(names).encode(encoding)] if texts else []
    data = ending.encode().join([*head, *encoded]) + ending.encode()
    count = len(lines)
    # A file without rows ends where it should: there is none to cut off.
    if cut and lines:
        data, count, more = cut_file(data, len(head))
        bad += more
    mark = b"\xef\xbb\xbf" if definition["id"] in _BYTE_ORDER_MARK else b""
    path.write_bytes(mark + data)
    return count, bad


def _write_binary(path: Path, definition: Any, names: list[str], rows: list[list[Any]]) -> None:
    form = definition["file"]
    if form["format"] == "xlsx":
        above = _TITLE[: int(form.get("header_row", 1)) - 1]
        write_workbook(path, str(form["sheet"]), above, names, rows)
        return
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [
        pa.array(column, _ARROW.get(str(field.get("type", "string")), pa.string()))
        for column, field in zip(columns, definition["fields"], strict=True)
    ]
    write_parquet(path, pa.Table.from_arrays(arrays, names=names))


def _cell_maker(field: Any, *, texts: bool) -> Callable[[Row], Any]:
    """Return what gives one column's value of a row, in this partner's words."""
    name, feeds = str(field["name"]), str(field.get("feeds", "")).removeprefix("record.")
    shape = _text_shaper(field) if texts else _value_shaper(field)
    if not feeds:
        return lambda row: shape(row.values.get(name))
    if feeds == "address":
        part = 1 if name in ("AddressLine2", "addressTown", "address_2") else 0
        whole = name not in (
            "AddressLine1",
            "AddressLine2",
            "addressLine",
            "addressTown",
            "address_1",
            "address_2",
        )
        return lambda row: shape(_address(row.identity["address"], part, whole=whole))
    if feeds == "sex":
        words = _SEX.get(str(field["constraints"]["enum"][0]), {"F": "F", "M": "M"})
        return lambda row: shape(words.get(row.identity["sex"] or ""))
    return lambda row: shape(row.identity.get(feeds))


def _address(lines: tuple[str, str], part: int, *, whole: bool) -> str | None:
    return ", ".join(line for line in lines if line) if whole else lines[part] or None


def _text_shaper(field: Any) -> Callable[[Any], str]:
    kind = str(field.get("type", "string"))
    if kind == "date":
        pattern = str(field.get("format", "%Y-%m-%d"))
        known: dict[dt.date | None, str] = {None: ""}

        def date_text(value: Any) -> str:
            if value not in known:
                known[value] = value.strftime(pattern)
            return known[value]

        return date_text
    if kind == "boolean":
        yes = str(field.get("true_values", ["true"])[0])
        no = str(field.get("false_values", ["false"])[0])
        return lambda value: "" if value is None else yes if value else no
    return lambda value: "" if value is None else str(value)


def _value_shaper(field: Any) -> Callable[[Any], Any]:
    kind = str(field.get("type", "string"))
    if kind == "boolean" and "true_values" in field:
        yes, no = str(field["true_values"][0]), str(field["false_values"][0])
        return lambda value: None if value is None else yes if value else no
    return lambda value: None if value == "" else value
