"""Rows and faults written aside as a plain file, for formats that the engine does not read."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from wholeplace.intake.header import Header
from wholeplace.intake.reading import Reading, csv_source

__all__ = ["ODD_MARKS", "Aside"]

_BREAKS = re.compile(r"[\r\n]+")
ODD_MARKS = " \t\r\n\u00a0\ufeff"
"""Marks taken off both ends of a value beyond the spaces that the engine takes off."""


class Aside:
    """A working folder's plain copy of the rows that could be read, and list of the others.

    Args:
        folder: a folder of this load alone; it goes when the load ends.
        width: how many fields a row has.
    """

    def __init__(self, folder: Path, width: int) -> None:
        self._width = width
        self._rows_path, self._faults_path = folder / "rows.csv", folder / "faults.csv"
        self._rows_stream = self._rows_path.open("w", encoding="utf-8", newline="")
        self._faults_stream = self._faults_path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._rows_stream, lineterminator="\n")
        self._faults = csv.writer(self._faults_stream, lineterminator="\n")
        self._row_count = self._fault_count = 0

    def __enter__(self) -> "Aside":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows_stream.close()
        self._faults_stream.close()

    def write_row(self, number: int, values: Sequence[str | None]) -> None:
        """Write a row that could be read; a line break inside a value becomes a space."""
        self.write_clean_row(number, [_on_one_line(value) for value in values])

    def write_clean_row(self, number: int, values: Sequence[str | None]) -> None:
        """Write a row whose values are known to hold no line break and no odd mark."""
        self._rows.writerow([number, *values])
        self._row_count += 1

    def write_fault(self, number: int, words: str) -> None:
        """Write down that a row could not be read, and why."""
        self._faults.writerow([number, words])
        self._fault_count += 1

    def finish(
        self, header: Header, notes: tuple[str, ...] = (), *, is_cut: bool = False
    ) -> Reading:
        """Close the files and return the reading."""
        self._rows_stream.close()
        self._faults_stream.close()
        names = ["row", *(f"c{place}" for place in range(self._width))]
        columns = ["try_cast(row AS BIGINT) AS row_number"]
        columns += [f"c{place} AS column_{place}" for place in range(self._width)]
        source = csv_source(self._rows_path, names, ",", columns, skip=0)
        faults = self._faults_path if self._fault_count else None
        return Reading(source, self._row_count, header, self._fault_count, faults, notes, is_cut)


def _on_one_line(value: str | None) -> str | None:
    if not value:
        return value
    value = value.strip(ODD_MARKS)
    return _BREAKS.sub(" ", value)
