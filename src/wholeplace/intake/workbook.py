"""XLSX extracts: one sheet, with perhaps a title above the header.

A workbook has typed cells, but the contract speaks of text. Each cell is written back as the
text that the contract expects, so that one set of checks serves every format: a real date in
the column's own date pattern, 3.0 as 3, a yes as the first text that means yes.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from wholeplace.foundation.machine import is_of_machine
from wholeplace.intake.aside import Aside
from wholeplace.intake.header import match_header
from wholeplace.intake.reading import FileRefusedError, Reading
from wholeplace.partnership.definitions import Dataset, ExtractField

__all__ = ["read_workbook", "text_of_cell"]

_FIRST_DAY = dt.date(1899, 12, 30)
_MOST_DAY_NUMBER = 2_958_465  # 31 December 9999


def read_workbook(dataset: Dataset, path: Path, aside: Aside) -> Reading:
    """Read one sheet of a workbook.

    Raises:
        FileRefusedError: if the workbook is damaged or lacks the sheet.
        HeaderRefusedError: if the header does not match the contract.
    """
    rows = iter(_sheet_rows(dataset, path))
    for _ in range(dataset.file.header_row - 1):
        next(rows, None)
    first = next(rows, None)
    if first is None:
        raise FileRefusedError(
            "The sheet is empty.", "It has no header row.", "Ask the partner to send it again."
        )
    header = match_header(dataset, _names(first))
    blank_rows = 0
    for number, row in enumerate(rows, start=1):
        if all(cell in ("", None) for cell in row):
            blank_rows += 1
            continue
        values = [
            None if position is None else text_of_cell(field, row[position])
            for field, position in zip(dataset.fields, header.positions, strict=True)
        ]
        if any(value and "\0" in value for value in values):
            aside.write_fault(number, "holds NUL bytes")
        else:
            aside.write_row(number, values)
    notes = (f"{blank_rows} empty rows were passed over.",) if blank_rows else ()
    return aside.finish(header, notes)


def text_of_cell(field: ExtractField, cell: Any) -> str | None:
    """Return the text that the contract expects for a typed cell."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        texts = field.true_values if cell else field.false_values
        return texts[0] if field.type == "boolean" and texts else str(cell).lower()
    if isinstance(cell, dt.datetime):
        return _text_of_moment(field, cell)
    if isinstance(cell, dt.date):
        return _text_of_moment(field, dt.datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and field.type == "date" and 0 < cell <= _MOST_DAY_NUMBER:
        # A day whose cell lost its date format is the number of days since the end of 1899.
        day = _FIRST_DAY + dt.timedelta(days=cell)
        return _text_of_moment(field, dt.datetime(day.year, day.month, day.day))  # noqa: DTZ001
    return str(cell)


def _text_of_moment(field: ExtractField, moment: dt.datetime) -> str:
    if field.type in ("date", "datetime") and field.format != "default":
        # `strftime` leaves out the leading zeros of early years on some systems.
        form = field.format.replace("%Y", f"{moment.year:04d}")
        return moment.strftime(form)
    has_time = field.type == "datetime" or moment.time() != dt.time()
    return moment.isoformat() if has_time else moment.date().isoformat()


def _names(row: list[Any]) -> list[str]:
    names = ["" if cell is None else str(cell) for cell in row]
    while names and not names[-1].strip():
        names.pop()
    return names


def _sheet_rows(dataset: Dataset, path: Path) -> Any:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        name = dataset.file.sheet or book.sheet_names[0]
        sheet = book.get_sheet_by_name(name)
        # Without this, rows above the first filled cell are left out and the header moves.
        return sheet.to_python(skip_empty_area=False)
    except (python_calamine.WorksheetNotFound, IndexError) as error:
        raise FileRefusedError(
            f"The workbook has no sheet {dataset.file.sheet or ''}".rstrip() + ".",
            "The contract names the sheet to read.",
            "Ask the partner for the sheet, or mend its name in the dataset file.",
        ) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if is_of_machine(error):
            raise
        raise FileRefusedError(
            "The workbook cannot be opened.",
            "It is damaged, cut short, locked by a password, or not an XLSX file.",
            "Ask the partner to send it again.",
        ) from error
    except BaseException as error:
        # The reader is compiled; a damaged file can make it panic instead of raise.
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefusedError(
            "The workbook cannot be opened.",
            "It is damaged.",
            "Ask the partner to send it again.",
        ) from error
