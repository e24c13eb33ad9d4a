"""The last look at a sheet before it leaves: whether anybody could be found in it.

Disclosure control has protected the counts before they come here. This looks at the sheet as it
will be read, trusting nobody: small numbers among the counts, what looks like a person's
identifier, contact or date of birth, and whether the protected tables behind it withstand the
attack of `recovery`. It can find what is plainly wrong; it cannot prove that nothing is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum.gb import nhs

from wholeplace.foundation.disclosure import recover_cells
from wholeplace.foundation.sheet import Cell, Sheet

__all__ = ["Finding", "check_sheet"]

_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_NINO = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b")
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"(?:\+44|\b0)(?: ?\d){9,10}\b")
_DAY = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b")
_DIGITS = re.compile(r"\b\d{3} ?\d{3} ?\d{4}\b")


@dataclass(frozen=True)
class Finding:
    """One thing that keeps a sheet from leaving; it never repeats the value.

    Attributes:
        what: what was found.
        where: row and column, counted from 1, or the part of the sheet.
    """

    what: str
    where: str


def check_sheet(sheet: Sheet, *, threshold: int = 7) -> tuple[Finding, ...]:
    """Return everything that keeps a sheet from leaving; nothing where it may.

    Args:
        sheet: as it would be written.
        threshold: the largest count that may never be shown.
    """
    return (*_small_counts(sheet, threshold), *_identifiers(sheet), *_attacked(sheet))


def _small_counts(sheet: Sheet, threshold: int) -> Iterator[Finding]:
    for number, row in enumerate(sheet.rows, start=1):
        for column in sheet.counts:
            cell = row[column]
            if isinstance(cell, bool) or not isinstance(cell, int | float):
                continue
            if 0 < cell <= threshold:
                yield Finding(f"a count of {threshold} or fewer", _place(sheet, number, column))
            elif cell != int(cell) or cell < 0:
                yield Finding("a count that is not a whole number", _place(sheet, number, column))


def _identifiers(sheet: Sheet) -> Iterator[Finding]:
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            for what in _kinds_in(cell):
                yield Finding(f"what looks like {what}", _place(sheet, number, column))
    for text in (sheet.title, *sheet.columns, *sheet.notes):
        for what in _kinds_in(text):
            if what != "a date of birth":  # the day that figures are of is no secret
                yield Finding(f"what looks like {what}", "the words above the table")


_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("a postcode", lambda text: bool(_POSTCODE.search(text))),
    ("a National Insurance number", lambda text: bool(_NINO.search(text))),
    ("a unique pupil number", lambda text: bool(_UPN.search(text))),
    ("an e-mail address", lambda text: bool(_EMAIL.search(text))),
    ("a telephone number", lambda text: bool(_PHONE.search(text))),
    ("a date of birth", lambda text: bool(_DAY.search(text))),
    ("an NHS number", lambda text: any(nhs.is_valid(each) for each in _DIGITS.findall(text))),
)


def _kinds_in(cell: Cell) -> list[str]:
    """Return the kinds of identifier that a cell looks like."""
    if isinstance(cell, int) and not isinstance(cell, bool) and nhs.is_valid(str(cell)):
        return ["an NHS number"]
    return [what for what, is_in in _KINDS if isinstance(cell, str) and is_in(cell)]


def _attacked(sheet: Sheet) -> Iterator[Finding]:
    for number, table in enumerate(sheet.tables, start=1):
        if recovered := recover_cells(table):
            what = f"{len(recovered)} hidden counts that can be worked out"
            yield Finding(what, f"table {number}")


def _place(sheet: Sheet, number: int, column: int) -> str:
    return f"row {number}, column {column + 1}"
