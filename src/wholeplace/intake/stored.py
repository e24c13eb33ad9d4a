"""What partitions of one dataset hold, read back with every column of its contract."""

from collections.abc import Sequence

from wholeplace.foundation.store import Store, quote_name, quote_text
from wholeplace.intake.check_sql import SQL_TYPES
from wholeplace.intake.ledger import Ledger
from wholeplace.intake.report import FileReport
from wholeplace.partnership.definitions import Dataset

__all__ = ["EXTRACT_COLUMNS", "list_extracts", "source_id_column", "stored_rows_sql"]

EXTRACT_COLUMNS = (
    "dataset VARCHAR, file VARCHAR, extract_on DATE, file_order INTEGER, "
    "is_whole BOOLEAN, is_full BOOLEAN, path VARCHAR"
)
"""Columns of the working table `intake_extracts`."""


def list_extracts(
    store: Store, dataset: Dataset, ledger: Ledger, loaded: Sequence[FileReport]
) -> None:
    """Add a dataset's loaded extracts to the store's table `intake_extracts`, oldest first."""
    for order, entry in enumerate(loaded):
        store.run(
            "INSERT INTO intake_extracts VALUES ($dataset, $file, $day, $order, $whole, $full, $path)",
            {
                "dataset": dataset.id,
                "file": entry.file,
                "day": entry.extract_on,
                "order": order,
                "whole": entry.is_whole,
                "full": dataset.file.update == "full",
                "path": str(ledger.partitions / entry.partition),
            },
        )


def stored_rows_sql(store: Store, dataset: Dataset) -> str:
    """Return the SELECT of a dataset's rows with every column of its contract.

    A column that was not kept, or that an older contract did not have, is NULL. Besides these:
    `_row_number`, `_file`, `_extract_on` and `_file_order`.

    Args:
        store: holds `intake_extracts`.
        dataset: the contract.
    """
    paths = store.rows(
        "SELECT path FROM intake_extracts WHERE dataset = $dataset ORDER BY file_order",
        {"dataset": dataset.id},
    )
    listed = "[" + ", ".join(quote_text(row["path"]) for row in paths) + "]"
    read = f"read_parquet({listed}, union_by_name = true, filename = true)"
    held = {row["column_name"] for row in store.rows(f"DESCRIBE SELECT * FROM {read}")}
    columns = []
    for field in dataset.fields:
        kind = SQL_TYPES["integer" if field.check == "uprn" else field.type]
        name = quote_name(field.name)
        value = f"try_cast(p.{name} AS {kind})" if field.name in held else f"NULL::{kind}"
        columns.append(f"{value} AS {name}")
    return (
        f"SELECT p._row_number, x.file AS _file, x.extract_on AS _extract_on, "
        f"x.file_order AS _file_order, {', '.join(columns)} "
        f"FROM {read} AS p INNER JOIN intake_extracts AS x ON p.filename = x.path"
    )


def source_id_column(dataset: Dataset) -> str | None:
    """Return the column that feeds the source id, or None where the contract has none."""
    return next((f.name for f in dataset.fields if f.feeds == "record.source_id"), None)
