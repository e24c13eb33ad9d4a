"""What reading one extract gives, whatever its format: rows of text with their numbers.

Readers know nothing of types or rules. They prove how many records the file holds, set aside
the records that cannot be read, and hand the rest to the engine as text.
"""

from dataclasses import dataclass, field
from pathlib import Path

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.store import quote_text
from wholeplace.intake.header import Header

__all__ = ["FileRefusedError", "Reading", "csv_source"]


class FileRefusedError(WholeplaceError):
    """A file as a whole cannot be loaded; none of its rows were."""


@dataclass(frozen=True)
class Reading:
    """The readable rows of one file.

    Attributes:
        source: SQL table expression with row_number and column_N text for the Nth field.
        rows: how many rows the source must give; the loader holds it to that.
        header: what was found in the header.
        unreadable: rows that could not be read at all.
        faults: CSV of row number and words for those rows.
        notes: what else the partner should know.
        is_cut: True where the file seems to have lost its end.
    """

    source: str
    rows: int
    header: Header
    unreadable: int = 0
    faults: Path | None = None
    notes: tuple[str, ...] = field(default=())
    is_cut: bool = False


def csv_source(
    path: Path, names: list[str], delimiter: str, columns: list[str], *, skip: int
) -> str:
    """Return the table expression that reads a CSV whose form has been proved.

    Args:
        path: the file, in UTF-8.
        names: one name for every column that the file has.
        delimiter: what stands between columns.
        columns: SQL expressions to select.
        skip: lines above the first row of data.
    """
    typed = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in names)
    return (
        f"(SELECT {', '.join(columns)} FROM read_csv({quote_text(str(path))}, "
        f"auto_detect = false, header = false, skip = {skip}, delim = {quote_text(delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{typed}}}))"
    )
