"""Examining one file: read it, check every row, and write aside what came of it."""

import time
from pathlib import Path
from typing import Any

from wholeplace.foundation.canonical import file_hash
from wholeplace.foundation.deletions import NOBODY_ERASED, Deletions
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.machine import MachineError, is_of_machine
from wholeplace.foundation.store import Store, StoreError, StoreExhaustedError
from wholeplace.intake.aside import Aside
from wholeplace.intake.inbox import Extract
from wholeplace.intake.minimise import Minimised
from wholeplace.intake.partition import (
    Checked,
    check_rows,
    count_event_rows,
    count_reasons,
    withhold_erased,
    write_held_flags,
    write_partition,
    write_quarantine,
)
from wholeplace.intake.reading import FileRefusedError, Reading
from wholeplace.intake.report import FileReport
from wholeplace.intake.rules import list_rules

__all__ = ["ENGINE_MEMORY_MB", "HELD_FLAGS", "examine_file"]

ENGINE_MEMORY_MB = 400
"""What the engine may hold before it spills to disk."""

HELD_FLAGS = "held-flags"
"""Name of the file, written aside, of flags that rejected rows state."""


def examine_file(
    extract: Extract,
    minimised: Minimised,
    fingerprint: str,
    folder: Path,
    partition: Path,
    quarantine: Path,
    digest: str | None = None,
    deletions: Deletions = NOBODY_ERASED,
) -> FileReport:
    """Read and check one file; write its accepted and rejected rows where told.

    It works in `folder`, and writes held flags there. The file's hash is worked out where it is
    not given as `digest`. Nothing is written of whom the deletions ledger names.

    Raises:
        MachineError: if the machine failed (a full disk, no memory); the file is not to blame.
    """
    started = time.monotonic()
    dataset = extract.dataset
    known: dict[str, Any] = {
        "dataset": dataset.id,
        "partner": dataset.partner,
        "file": extract.path.name,
        "extract_on": extract.extract_on,
        "file_hash": digest or file_hash(extract.path),
        "fingerprint": fingerprint,
        "columns_dropped": minimised.columns_dropped,
        "events_dropped": minimised.events_dropped,
    }
    try:
        found = _check_file(extract, minimised, folder, partition, quarantine, deletions)
        if file_hash(extract.path) != known["file_hash"]:
            raise FileRefusedError(
                "The file changed while it was being read.",
                "It may still have been arriving.",
                "Load it again once it has arrived whole.",
            )
        known |= {"status": "loaded"} | found
    except MachineError:
        raise
    except WholeplaceError as error:
        why = f"{error.what} {error.why}".strip()
        known |= {"status": "refused", "why_refused": why, "do_next": error.do_next}
    except OSError as error:
        if is_of_machine(error):
            raise
        why = "The file could not be read: its content is damaged."
        known |= {
            "status": "refused",
            "why_refused": why,
            "do_next": "Ask the partner to send it again.",
        }
    return FileReport(**known, seconds=round(time.monotonic() - started, 3))


def _check_file(
    extract: Extract,
    minimised: Minimised,
    folder: Path,
    partition: Path,
    quarantine: Path,
    deletions: Deletions,
) -> dict[str, Any]:
    """Check a file and write what came of it; return the figures of its report."""
    with Store(memory_limit_mb=ENGINE_MEMORY_MB, spill=folder) as store:
        checked = _check_in_engine(store, extract, folder)
        withheld = withhold_erased(store, checked, deletions)
        accepted = withheld + write_partition(store, checked, minimised, partition)
        write_quarantine(store, checked, extract.path.name, quarantine)
        if not write_held_flags(store, checked, folder / HELD_FLAGS):
            (folder / HELD_FLAGS).unlink(missing_ok=True)
        reasons = count_reasons(store, quarantine)
        events = count_event_rows(store, minimised)
    if not reasons:
        quarantine.unlink(missing_ok=True)
    reading = checked.reading
    rejected = reading.rows - accepted
    return {
        "rows_read": reading.rows + reading.unreadable,
        "accepted": accepted,
        "rejected": rejected,
        "withheld": withheld,
        "unreadable": reading.unreadable,
        "blanked": sum(reason.count for reason in reasons if reason.action == "blanked"),
        "reasons": reasons,
        "is_whole": not (rejected or reading.unreadable or reading.is_cut or not accepted),
        "columns_unknown": reading.header.extra,
        "columns_absent": reading.header.absent,
        "events_dropped": events,
        "notes": reading.notes,
    }


def _check_in_engine(store: Store, extract: Extract, folder: Path) -> Checked:
    """Read a file the fast way where its form allows, else the careful way."""
    dataset = extract.dataset
    rules = list_rules(dataset)
    if dataset.file.format == "csv":
        from wholeplace.intake.delimited import read_delimited_carefully, read_delimited_fast

        fast = read_delimited_fast(dataset, extract.path)
        if fast is not None:
            try:
                return check_rows(store, dataset, rules, fast)
            except StoreExhaustedError:
                raise
            except StoreError:
                # Some row is not of the header's width: the careful reader says which.
                pass
        with Aside(folder, len(dataset.fields)) as aside:
            reading = read_delimited_carefully(dataset, extract.path, aside)
        return check_rows(store, dataset, rules, reading)
    return check_rows(store, dataset, rules, _read_typed(extract, folder))


def _read_typed(extract: Extract, folder: Path) -> Reading:
    """Read a workbook, JSON lines or Parquet."""
    dataset, path = extract.dataset, extract.path
    if dataset.file.format == "parquet":
        from wholeplace.intake.columnar import read_parquet

        return read_parquet(dataset, path)
    with Aside(folder, len(dataset.fields)) as aside:
        if dataset.file.format == "xlsx":
            from wholeplace.intake.workbook import read_workbook

            return read_workbook(dataset, path, aside)
        from wholeplace.intake.json_lines import read_json_lines

        return read_json_lines(dataset, path, aside)
