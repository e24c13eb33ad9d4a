"""A sheet: one table of figures on its way out, as CSV or as a workbook.

What people type may begin with a sign that a spreadsheet takes for a formula; every text is
written so that none ever runs (OWASP, CSV injection). Workbooks carry no hidden sheet, no
hidden column and no name of whoever made them.
"""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import Literal

from wholeplace.foundation.protected import ProtectedTable

__all__ = ["FORMATS", "Cell", "Sheet", "SheetFormat", "write_sheet"]

Cell = str | int | float | None
SheetFormat = Literal["csv", "xlsx"]

FORMATS: dict[SheetFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Each format with its media type."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MADE_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Sheet:
    """One table with what must be read beside it.

    Attributes:
        title: what the figures are.
        notes: how they were made, rounded and hidden; one sentence or more each.
        columns: heads of the columns.
        rows: cells; a hidden figure is words, never a number.
        counts: positions of the columns that hold counts of residents.
        tables: the protected tables that the figures were taken from, for the attack.
    """

    title: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    counts: tuple[int, ...] = ()
    tables: tuple[ProtectedTable, ...] = ()


def write_sheet(sheet: Sheet, form: SheetFormat, mark: tuple[str, ...]) -> bytes:
    """Return a sheet as a file, with the mark of the request that it answers in it.

    Args:
        sheet: the table.
        form: `csv` or `xlsx`.
        mark: lines that say for whom and for what the file was made; they stand first.
    """
    above = [sheet.title, *mark, *sheet.notes]
    return _csv(sheet, above) if form == "csv" else _xlsx(sheet, above)


def _csv(sheet: Sheet, above: list[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_harmless(line)] for line in above)
    writer.writerow([])
    writer.writerow([_harmless(each) for each in sheet.columns])
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    # With a byte order mark, as spreadsheets otherwise take it for another encoding.
    return out.getvalue().encode("utf-8-sig")


def _xlsx(sheet: Sheet, above: list[str]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    page = book.active
    if page is None:
        raise TypeError("a new workbook has a sheet")
    page.title = "Figures"
    for line in above:
        page.append([_harmless(line)])
    page.append([])
    page.append([_harmless(each) for each in sheet.columns])
    for cell in (page["A1"], *page[page.max_row]):
        cell.font = Font(bold=True)
    for row in sheet.rows:
        page.append([_harmless(cell) for cell in row])
    # Printed pages carry the mark as well.
    page.oddFooter.center.text = above[1] if len(above) > 1 else sheet.title
    book.properties.creator = "Wholeplace"
    book.properties.created = book.properties.modified = _MADE_AT
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell
