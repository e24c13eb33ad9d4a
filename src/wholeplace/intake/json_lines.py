"""JSON lines extracts: one object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wholeplace.intake.aside import Aside
from wholeplace.intake.header import match_header
from wholeplace.intake.physical import MOST_LINE_BYTES
from wholeplace.intake.reading import FileRefusedError, Reading
from wholeplace.intake.workbook import text_of_cell
from wholeplace.partnership.definitions import Dataset

__all__ = ["read_json_lines"]


class _DoubledKeyError(ValueError):
    """An object gives one key twice."""


def read_json_lines(dataset: Dataset, path: Path, aside: Aside) -> Reading:
    """Read a file of JSON objects, one a line. A key that an object lacks is a missing value.

    Raises:
        FileRefusedError: if the file is empty or no line is an object.
        HeaderRefusedError: if no object has a column that the contract needs.
    """
    names: dict[str, None] = {}
    faulty = last_faulty = rows = 0
    for number, row, fault in _objects(path, dataset.file.encoding):
        if row is None:
            faulty, last_faulty = faulty + 1, number
            aside.write_fault(number, fault)
            continue
        rows += 1
        names.update(dict.fromkeys(str(name).strip() for name in row))
        aside.write_row(number, [_text(row.get(field.name), field) for field in dataset.fields])
    if not rows:
        raise FileRefusedError(
            "The file holds no rows.",
            f"It has {faulty} lines that are not JSON objects." if faulty else "It is empty.",
            "Ask the partner to send it again as one JSON object a line.",
        )
    is_cut = bool(last_faulty) and last_faulty == rows + faulty
    notes = ("The last line is broken: the file may have been cut short.",) if is_cut else ()
    return aside.finish(match_header(dataset, list(names)), notes, is_cut=is_cut)


def _text(value: Any, field: Any) -> str | None:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return (
        text_of_cell(field, value) if not isinstance(value, int | float) else _plain(value, field)
    )


def _plain(value: float, field: Any) -> str | None:
    if isinstance(value, bool):
        return text_of_cell(field, value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    number = 0
    with path.open("rb") as stream:
        while line := stream.readline(MOST_LINE_BYTES + 1):
            if len(line) > MOST_LINE_BYTES and not line.endswith(b"\n"):
                while (more := stream.readline(MOST_LINE_BYTES)) and not more.endswith(b"\n"):
                    continue
            if number == 0:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            number += 1
            row, fault = _object(line, encoding)
            yield number, row, fault


def _object(line: bytes, encoding: str) -> tuple[dict[str, Any] | None, str]:
    if len(line) > MOST_LINE_BYTES:
        return None, f"is longer than {MOST_LINE_BYTES} bytes"
    try:
        text = line.decode(encoding)
        row = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except UnicodeDecodeError:
        return None, f"holds bytes that are not {encoding} text"
    except _DoubledKeyError:
        return None, "gives one column twice"
    except (ValueError, RecursionError):
        return None, "is not a JSON object"
    if not isinstance(row, dict):
        return None, "is not a JSON object"
    if "\\u0000" in text or "\0" in text:
        return None, "holds NUL bytes"
    if "\\ud" in text.lower() and not _is_whole_text(row):
        return None, "holds half of a character"
    return row, ""


def _is_whole_text(row: dict[str, Any]) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise _DoubledKeyError
    return row


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
