"""CSV extracts: the fast reader for files of plain form, the careful one for all others.

The careful reader goes line by line. A line that cannot be read (wrong bytes, a quote never
closed, too few or too many values) costs itself and nothing else: reading goes on at the next
line. What it reads it writes aside as a plain file, which the fast reader then takes.
"""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from wholeplace.intake.aside import Aside
from wholeplace.intake.header import Header, HeaderRefusedError, match_header
from wholeplace.intake.physical import MOST_LINE_BYTES, count_plain_records
from wholeplace.intake.reading import FileRefusedError, Reading, csv_source
from wholeplace.partnership.definitions import Dataset

__all__ = ["read_delimited_carefully", "read_delimited_fast"]

_BOM = b"\xef\xbb\xbf"
_MOST_LINES_IN_RECORD = 100
_UNCLEAN = ('"', "\t", "\r", "\ufeff")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_delimited_fast(dataset: Dataset, path: Path) -> Reading | None:
    """Return the reading of a file of plain form, or None where it is not plain.

    Raises:
        FileRefusedError: if the file is empty or in another encoding altogether.
        HeaderRefusedError: if the header does not match the contract.
    """
    header = read_header(dataset, path)
    form = dataset.file
    if form.encoding != "utf-8":
        return None
    rows = count_plain_records(path, form.delimiter, form.header_row)
    if rows is None:
        return None
    columns = ["row_number() OVER () AS row_number"]
    for place, position in enumerate(header.positions):
        value = "NULL::VARCHAR" if position is None else f"c{position}"
        columns.append(f"{value} AS column_{place}")
    names = [f"c{place}" for place in range(header.width)]
    source = csv_source(path, names, form.delimiter, columns, skip=form.header_row)
    return Reading(source, rows, header, notes=_end_notes(path))


def read_delimited_carefully(dataset: Dataset, path: Path, aside: Aside) -> Reading:
    """Read a file line by line, keeping every row that can be told from its neighbours.

    Raises:
        FileRefusedError: if the file is empty or in another encoding altogether.
        HeaderRefusedError: if the header does not match the contract.
    """
    header = read_header(dataset, path)
    records = _Records(dataset, header.width)
    with path.open("rb") as stream:
        for _ in range(dataset.file.header_row):
            stream.readline()
        places = header.positions
        for number, values, fault in records.read(stream):
            if values is None:
                aside.write_fault(number, fault)
                continue
            write = aside.write_clean_row if records.is_clean else aside.write_row
            write(number, [None if p is None else values[p] for p in places])
    notes = list(_end_notes(path))
    if records.blank_lines:
        notes.append(f"{records.blank_lines} empty lines were passed over.")
    is_cut = records.is_last_faulty and bool(notes) and notes[0].startswith("The last line")
    return aside.finish(header, tuple(notes), is_cut=is_cut)


def read_header(dataset: Dataset, path: Path) -> Header:
    """Read and match the header of a delimited file.

    Raises:
        FileRefusedError: if there is no header that can be read.
        HeaderRefusedError: if it does not match the contract.
    """
    form = dataset.file
    with path.open("rb") as stream:
        lines = [stream.readline(MOST_LINE_BYTES) for _ in range(form.header_row)]
    if not lines[0]:
        raise FileRefusedError(
            "The file is empty.",
            "It has no header and no rows.",
            "Ask the partner to send it again.",
        )
    if lines[0].startswith(_UTF16):
        raise FileRefusedError(
            "The file is written in UTF-16.",
            f"The contract says {form.encoding}.",
            "Ask the partner to save it as CSV UTF-8.",
        )
    line = lines[-1].removeprefix(_BOM).rstrip(b"\r\n")
    try:
        text = line.decode(form.encoding)
        names = next(csv.reader([text], delimiter=form.delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefusedError(
            "The header cannot be read.",
            f"Line {form.header_row} is not {form.encoding} text or has an open quote.",
            "Ask the partner to send the file again as agreed.",
        ) from error
    if "\0" in text or not text.strip():
        raise HeaderRefusedError(
            "The header cannot be read.",
            f"Line {form.header_row} is empty or holds NUL bytes.",
            "Ask the partner to send the file again; check the header row in the dataset file.",
        )
    return match_header(dataset, names, form.delimiter)


class _Records:
    """The records of a byte stream, each with its number and its values or its fault."""

    def __init__(self, dataset: Dataset, width: int) -> None:
        self._encoding = dataset.file.encoding
        self._delimiter = dataset.file.delimiter
        self._width = width
        self._pending: deque[bytes] = deque()
        self.blank_lines = 0
        self.is_last_faulty = False
        self.is_clean = False

    def read(self, stream: IO[bytes]) -> Iterator[tuple[int, list[str] | None, str]]:
        number = 0
        while line := self._next_line(stream):
            if not line.strip(b"\r\n"):
                self.blank_lines += 1
                continue
            number += 1
            values, fault = self._split(line, stream)
            self.is_last_faulty = values is None
            yield number, values, fault

    def _next_line(self, stream: IO[bytes]) -> bytes:
        if self._pending:
            return self._pending.popleft()
        line = stream.readline(MOST_LINE_BYTES + 1)
        if len(line) > MOST_LINE_BYTES and not line.endswith(b"\n"):
            while (more := stream.readline(MOST_LINE_BYTES)) and not more.endswith(b"\n"):
                continue
        return line

    def _split(self, line: bytes, stream: IO[bytes]) -> tuple[list[str] | None, str]:
        text, fault = self._decode(line)
        if fault:
            return None, fault
        self.is_clean = not any(mark in text for mark in _UNCLEAN)
        if '"' not in text:
            return self._measured(text.split(self._delimiter))
        values = _parse(text, self._delimiter)
        if values == _OPEN:
            values = self._join_lines(text, stream)
        if isinstance(values, str):
            return None, "has a quotation mark that is not closed, or not at the edge of a value"
        return self._measured(values)

    def _decode(self, line: bytes) -> tuple[str, str]:
        if len(line) > MOST_LINE_BYTES:
            return "", f"is longer than {MOST_LINE_BYTES} bytes"
        if b"\0" in line:
            return "", "holds NUL bytes"
        try:
            return line.rstrip(b"\r\n").decode(self._encoding), ""
        except UnicodeDecodeError:
            return "", f"holds bytes that are not {self._encoding} text"

    def _join_lines(self, text: str, stream: IO[bytes]) -> list[str] | str:
        """Try to close an open quote with the lines below; give them back if it cannot be."""
        taken: list[bytes] = []
        values: list[str] | str = _OPEN
        while values == _OPEN and len(taken) < _MOST_LINES_IN_RECORD:
            line = self._next_line(stream)
            if not line:
                break
            taken.append(line)
            more, fault = self._decode(line)
            if fault:
                break
            # A line break inside a value is kept as a space, so that one row is one line.
            text = f"{text} {more}"
            if '"' in more:
                values = _parse(text, self._delimiter)
        if isinstance(values, str) or len(values) != self._width:
            self._pending.extendleft(reversed(taken))
            return _OPEN
        return values

    def _measured(self, values: list[str]) -> tuple[list[str] | None, str]:
        if len(values) == self._width:
            return values, ""
        few = "few" if len(values) < self._width else "many"
        return None, f"has too {few} values: {len(values)} where the header has {self._width}"


_OPEN = "open"
_MISPLACED = "misplaced"


def _parse(text: str, delimiter: str) -> list[str] | str:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return _OPEN if "unexpected end" in str(error) else _MISPLACED


def _end_notes(path: Path) -> tuple[str, ...]:
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        if stream.read(1) not in (b"\n", b"\r"):
            return ("The last line has no line end: the file may have been cut short.",)
    return ()
