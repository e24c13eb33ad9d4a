"""Parquet extracts: typed columns, read as the text that the contract expects."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wholeplace.foundation.machine import is_of_machine
from wholeplace.foundation.store import quote_name, quote_text
from wholeplace.intake.aside import ODD_MARKS
from wholeplace.intake.header import match_header
from wholeplace.intake.reading import FileRefusedError, Reading
from wholeplace.partnership.definitions import Dataset, ExtractField

__all__ = ["read_parquet"]


def read_parquet(dataset: Dataset, path: Path) -> Reading:
    """Return the reading of a Parquet file.

    Raises:
        FileRefusedError: if the file is damaged or cut short.
        HeaderRefusedError: if its columns do not match the contract.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        if is_of_machine(error):
            raise
        raise FileRefusedError(
            "The file cannot be read as Parquet.",
            "It is damaged, cut short, or in another format.",
            "Ask the partner to send it again.",
        ) from error
    header = match_header(dataset, schema.names)
    columns = ["row_number() OVER () AS row_number"]
    for place, (field, position) in enumerate(zip(dataset.fields, header.positions, strict=True)):
        text = "NULL::VARCHAR" if position is None else _text(field, schema.field(position))
        columns.append(f"{text} AS column_{place}")
    source = f"(SELECT {', '.join(columns)} FROM read_parquet({quote_text(str(path))}))"
    return Reading(source, rows, header)


def _text(field: ExtractField, column: pa.Field) -> str:
    """Return the column as text, in the date pattern and yes-or-no texts of the contract."""
    name = quote_name(column.name)
    if pa.types.is_boolean(column.type) and field.type == "boolean":
        yes = quote_text(next(iter(field.true_values), "true"))
        no = quote_text(next(iter(field.false_values), "false"))
        return f"CASE WHEN {name} THEN {yes} WHEN NOT {name} THEN {no} END"
    is_moment = pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)
    if is_moment and field.type in ("date", "datetime"):
        form = field.format
        if form == "default":
            form = "%Y-%m-%d" if field.type == "date" else "%Y-%m-%dT%H:%M:%S"
        return f"strftime({name}, {quote_text(form)})"
    if pa.types.is_floating(column.type):
        return (
            f"CASE WHEN {name} = trunc({name}) AND abs({name}) < 1e15 "
            f"THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
        )
    # Marks are taken off in two steps, because the engine's trim of given marks is slow.
    text = f"CAST({name} AS VARCHAR)"
    odd = f"regexp_matches({text}, '^[\\t\\r\\n\\x{{feff}}]|[\\t\\r\\n\\x{{feff}}]$')"
    return f"CASE WHEN {odd} THEN trim({text}, {quote_text(ODD_MARKS)}) ELSE {text} END"
