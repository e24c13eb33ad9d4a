"""Writing the bytes of extracts: text, workbook, Parquet and JSON lines, the same each time.

The workbook writer is our own and small: the usual libraries stamp the time of day into the
file, and equal towns must give equal bytes.
"""

import datetime as dt
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["json_lines", "text_lines", "write_parquet", "write_workbook"]

_EPOCH = dt.date(1899, 12, 30)
_MOMENT = (2022, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def text_lines(rows: Sequence[Sequence[str]], delimiter: str) -> list[str]:
    """Return one line for each row of texts, quoted where a value holds delimiter or quote."""
    lines = []
    for row in rows:
        line = delimiter.join(row)
        if '"' in line or line.count(delimiter) != len(row) - 1:
            line = delimiter.join(_quoted(value, delimiter) for value in row)
        lines.append(line)
    return lines


def _quoted(value: str, delimiter: str) -> str:
    if delimiter in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def json_lines(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return one JSON object a row; absent values are left out."""
    return [
        json.dumps(
            {name: value for name, value in zip(names, row, strict=True) if value is not None},
            ensure_ascii=False,
            default=str,
        )
        for row in rows
    ]


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file."""
    pq.write_table(table, path, compression="zstd")


def write_workbook(
    path: Path,
    sheet: str,
    above: Sequence[str],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Write a workbook of one sheet: lines above, column names, rows; dates as real dates."""
    lines: list[Sequence[Any]] = [*((text,) for text in above), names, *rows]
    body = "".join(_sheet_row(number, row) for number, row in enumerate(lines, 1))
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, text.encode("utf-8"))


def _sheet_row(number: int, row: Sequence[Any]) -> str:
    cells = "".join(
        _cell(f"{_letters(index)}{number}", value)
        for index, value in enumerate(row)
        if value not in (None, "")
    )
    return f'<row r="{number}">{cells}</row>'


def _letters(index: int) -> str:
    rest, last = divmod(index, 26)
    return (chr(64 + rest) if rest else "") + chr(65 + last)


def _cell(reference: str, value: Any) -> str:
    if isinstance(value, dt.date):
        return f'<c r="{reference}" s="1"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
