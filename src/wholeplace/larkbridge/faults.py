"""The faults of real files: broken rows, wrong identifiers, bytes of another encoding, a cut.

Rows are numbered as intake numbers them: data rows from one, a row being a physical line
(no value holds a line break).
"""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from wholeplace.larkbridge.definitions import read_rates
from wholeplace.larkbridge.identifiers import wrong_check_digit

__all__ = ["BadRow", "break_identifiers", "break_lines", "cut_file", "missing_encoding"]

_CHECKED = ("nhs-number", "upn", "uprn")
_CUT_SHARE = 0.62
_LONG_FILE = 300
_KINDS = ("column-count", "impossible-date", "open-quote", "missing-value")


@dataclass(frozen=True)
class BadRow:
    """One row that is wrong on purpose.

    Attributes:
        outcome: `reject` where the row cannot be taken, `blank` where only a value is lost.
    """

    row_number: int
    fault: str
    column: str
    outcome: str


def break_identifiers(definition: Any, rows: list[list[Any]], rng: Random) -> list[BadRow]:
    """Change a digit in a few identifiers, so that their checks fail."""
    rate = read_rates().of("bad_identifier", definition["id"])
    places = [
        (index, str(field["name"]))
        for index, field in enumerate(definition["fields"])
        if field.get("check") in _CHECKED[:2]
    ]
    if not places or not rows:
        return []
    found = []
    # One at least in every file that is long enough, so that a small town shows it too.
    certain = rng.randrange(len(rows)) + 1 if len(rows) >= _LONG_FILE else 0
    for number, row in enumerate(rows, 1):
        if number == certain or rng.random() < rate:
            index, column = rng.choice(places)
            if row[index]:
                row[index] = wrong_check_digit(row[index], rng)
                found.append(BadRow(number, "bad-identifier", column, "blank"))
    return found


def break_lines(
    definition: Any, rows: list[list[Any]], lines: list[str], rng: Random
) -> list[BadRow]:
    """Break a few lines so that the row cannot be taken; each fault at least once if rows allow."""
    rate = read_rates().of("bad_row", definition["id"])
    wanted = max(len(_KINDS) if len(lines) >= 40 else 0, round(rate * len(lines)))
    if not wanted:
        return []
    chosen = sorted(rng.sample(range(len(lines)), wanted))
    breaker = _break_json if definition["file"]["format"] == "jsonl" else _break_text
    return [
        breaker(definition, rows[place], lines, place, _KINDS[turn % len(_KINDS)])
        for turn, place in enumerate(chosen)
    ]


def _break_json(definition: Any, row: list[Any], lines: list[str], place: int, kind: str) -> BadRow:
    names = [str(field["name"]) for field in definition["fields"]]
    found = json.loads(lines[place])
    if kind == "impossible-date":
        column = next(str(each["start"]) for each in definition["events"])
        found[column] = "2025-02-31"
    elif kind == "missing-value":
        column = _mandatory(definition)
        found.pop(column, None)
    else:
        lines[place] = lines[place][: max(20, len(lines[place]) // 2)]
        return BadRow(place + 1, "broken-json", names[0], "reject")
    lines[place] = json.dumps(found, ensure_ascii=False)
    return BadRow(place + 1, kind, column, "reject")


def _break_text(definition: Any, row: list[Any], lines: list[str], place: int, kind: str) -> BadRow:
    names = [str(field["name"]) for field in definition["fields"]]
    delimiter = str(definition["file"].get("delimiter", ","))
    if kind == "column-count":
        lines[place] = delimiter.join(lines[place].split(delimiter)[:-3])
        return BadRow(place + 1, kind, "", "reject")
    changed = list(row)
    if kind == "impossible-date":
        column = _mandatory_date(definition)
        pattern = str(definition["fields"][names.index(column)].get("format", "%Y-%m-%d"))
        changed[names.index(column)] = (
            pattern.replace("%d", "31").replace("%m", "02").replace("%Y", "2025")
        )
    elif kind == "missing-value":
        column = _mandatory(definition)
        changed[names.index(column)] = ""
    else:
        column = next(
            str(field["name"])
            for field in definition["fields"]
            if field.get("feeds") == "record.family_name"
        )
        changed[names.index(column)] = '"' + str(changed[names.index(column)])
    lines[place] = delimiter.join(
        f'"{value}"' if delimiter in value and not value.startswith('"') else value
        for value in map(str, changed)
    )
    return BadRow(place + 1, kind, column, "reject")


def _mandatory(definition: Any) -> str:
    """Return a mandatory column that is not part of the key."""
    return next(
        str(field["name"])
        for field in definition["fields"]
        if field.get("constraints", {}).get("required")
        and field["name"] not in definition["key"]
        and field.get("feeds") in ("record.family_name", "record.given_name", "record.source_id")
    )


def _mandatory_date(definition: Any) -> str:
    return next(
        str(field["name"])
        for field in definition["fields"]
        if field.get("type") == "date" and field.get("constraints", {}).get("required")
    )


def missing_encoding(encoded: list[bytes], taken: set[int], rng: Random) -> list[BadRow]:
    """Put one byte of another encoding into one row of a UTF-8 file."""
    free = [place for place in range(len(encoded)) if place + 1 not in taken and encoded[place]]
    if not free:
        return []
    place = rng.choice(free)
    parts = encoded[place].split(b",")
    parts[4] += b"\xe9"
    encoded[place] = b",".join(parts)
    return [BadRow(place + 1, "wrong-encoding", "Surname", "reject")]


def cut_file(data: bytes, header_lines: int) -> tuple[bytes, int, list[BadRow]]:
    """Break a file off in the middle of a row. Returns bytes, rows left and the row that was cut."""
    kept = data[: int(len(data) * _CUT_SHARE)]
    last = kept.rfind(b"\n") + 1
    rest = data[last:].split(b"\n", 1)[0]
    kept = data[: last + max(6, len(rest) // 3)]
    count = kept.count(b"\n") + 1 - header_lines
    return kept, count, [BadRow(count, "cut-off", "", "reject")]
