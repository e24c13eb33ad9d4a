"""Intake: partners' extracts, checked, minimised and laid out in the standard shapes.

Enters: files in the inbox, the datasets of the place folder, and for each partner the fields
that a clause in force covers. Leaves: immutable Parquet partitions of accepted rows, a
quarantine that says what is wrong with each other row and never its values, a load report,
and the tables `records`, `record_rows`, `events` and `flags` (`shapes.py`).

Promises: every record of a file is accepted, rejected or unreadable, and counted as one of
the three; loading twice changes nothing; a kill leaves all of a file or nothing; a column
that nobody may see is not stored; a bad file ends in words, never in a crash; a report
quotes no value. Law: UK GDPR Article 5(1)(c) (data minimisation), 5(1)(d) (accuracy) and
5(1)(f) (security). Standard: Table Schema v2 (Data Package).

    inbox.py        which file is which extract
    header.py       its header against the contract
    physical.py     its form, proved from its bytes
    delimited.py  workbook.py  json_lines.py  columnar.py    reading it as text
    rules.py  check_sql.py  identifier_sql.py  reference.py  checking it
    minimise.py     what may be kept
    covered.py      the same, of the standard tables, and cutting them down to it
    wholeness.py    whether a full extract is as long as expected
    examining.py    one file, from its bytes to what came of it
    partition.py  ledger.py  loading.py  report.py           keeping it
    stored.py       what partitions hold, with every column of the contract
    ageing.py  deleting.py   taking out what is past its date, or erased
    lapse.py        taking out what has lapsed, where a file cannot be loaded again
    staging_sql.py  standard.py  sql/                        the standard tables
    table_schema.py the contract as Table Schema JSON
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholeplace.intake.covered import Covered, cut_standard, find_covered
    from wholeplace.intake.loading import check_extract, load_inbox
    from wholeplace.intake.quarantine import QuarantinedFault, read_quarantine
    from wholeplace.intake.report import DatasetReport, FileReport, LoadReport, read_report
    from wholeplace.intake.standard import build_standard
    from wholeplace.intake.table_schema import export_table_schema
    from wholeplace.intake.wholeness import confirm_extract

__all__ = [
    "Covered",
    "DatasetReport",
    "FileReport",
    "LoadReport",
    "QuarantinedFault",
    "build_standard",
    "check_extract",
    "confirm_extract",
    "cut_standard",
    "export_table_schema",
    "find_covered",
    "load_inbox",
    "read_quarantine",
    "read_report",
]

_HOMES = {
    "Covered": "covered",
    "DatasetReport": "report",
    "FileReport": "report",
    "LoadReport": "report",
    "QuarantinedFault": "quarantine",
    "build_standard": "standard",
    "check_extract": "loading",
    "confirm_extract": "wholeness",
    "cut_standard": "covered",
    "find_covered": "covered",
    "load_inbox": "loading",
    "read_quarantine": "quarantine",
    "read_report": "report",
    "export_table_schema": "table_schema",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the room costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
