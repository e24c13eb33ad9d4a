"""Loading the inbox: every extract that is new, or whose contract or agreements changed.

Two standard-of-proof rules hold throughout: the number of records read is proved apart from
the engine, and a file counts as loaded only when its ledger entry appears, last of all.
"""

import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from wholeplace.agreements.deciding.retention import Keeping
from wholeplace.foundation.canonical import content_hash, file_hash
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.machine import MachineError, tell_machine_errors
from wholeplace.foundation.store import StoreExhaustedError
from wholeplace.intake.deleting import delete_stored, enter_receipt
from wholeplace.intake.examining import HELD_FLAGS, examine_file
from wholeplace.intake.inbox import Extract, Inbox, list_inbox
from wholeplace.intake.lapse import cut_down
from wholeplace.intake.ledger import ASIDE, Ledger, lock_load, write_aside
from wholeplace.intake.minimise import Minimised, minimise_dataset
from wholeplace.intake.report import REPORT_NAME, DatasetReport, FileReport, LoadReport
from wholeplace.intake.wholeness import list_judged, short_notes
from wholeplace.partnership.definitions import Dataset

__all__ = ["HasDatasets", "check_extract", "load_inbox"]

FORMAT_VERSION = 2
"""Changes when partitions are written otherwise; every file is then loaded again."""


class HasDatasets(Protocol):
    """What intake needs of a place folder."""

    @property
    def datasets(self) -> Mapping[str, Dataset]:
        """Every dataset by its id."""
        ...


def load_inbox(
    place: HasDatasets,
    data: DataFolder,
    kept: Callable[[str], frozenset[str]],
    *,
    progress: Callable[[str], None] | None = None,
    keeping: Keeping | None = None,
) -> LoadReport:
    """Load every extract of the inbox that is not loaded yet, and report on all.

    Loading twice changes nothing. Where what may be kept has changed, the files concerned are
    loaded again; where a file has left the inbox, or was sent again and refused, its
    partition is cut down from itself. Nothing is stored of whom the deletions ledger names;
    what is past its date is taken out, with a receipt in that ledger.

    Args:
        place: the place folder.
        data: the data folder.
        kept: partner → vocabulary fields that a clause in force covers.
        progress: told, in words, of each file that is read.
        keeping: for how long what is covered is kept; nothing is past its date where absent.

    Raises:
        UnsafeActionError: if another load is running, or the deletions ledger does not hold.
        MachineError: if the disk is full, memory ran out or the like. What was loaded before
            stays loaded; nothing is said of the file that was being read, and the next load
            reads it.
    """
    with tell_machine_errors("The inbox was not loaded."):
        return _load_inbox(place, data, kept, progress, keeping)


def _load_inbox(
    place: HasDatasets,
    data: DataFolder,
    kept: Callable[[str], frozenset[str]],
    progress: Callable[[str], None] | None,
    keeping: Keeping | None,
) -> LoadReport:
    started = time.monotonic()
    data.make()
    deletions = Deletions(data)
    with lock_load(data):
        for left in data.partitions.glob(f"{ASIDE}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        inbox = list_inbox(data.inbox, place.datasets.values())
        reports = tuple(
            _load_dataset(dataset, inbox, data, kept(dataset.partner), progress, deletions, keeping)
            for _, dataset in sorted(place.datasets.items())
        )
        report = LoadReport(
            loaded_at=dt.datetime.now(dt.UTC),
            datasets=reports,
            unknown_files=inbox.unknown,
            notes=(
                *(note for each in reports for note in short_notes(each.files)),
                *_orphan_notes(place, data),
            ),
            seconds=round(time.monotonic() - started, 3),
        )
        write_aside(data.partitions / REPORT_NAME, report.model_dump_json(indent=2) + "\n")
    return report


def check_extract(dataset: Dataset, path: Path, extract_on: dt.date, scratch: Path) -> FileReport:
    """Check one file against its contract without loading it. Nothing is kept.

    Args:
        dataset: the contract.
        path: the file.
        extract_on: its day.
        scratch: a folder to work in.
    """
    everything = frozenset(
        {event.kind for event in dataset.events}
        | {field.shares for field in dataset.fields if field.shares}
        | {"identity", "contact"}
    )
    minimised = minimise_dataset(dataset, everything)
    extract = Extract(dataset, path, extract_on)
    with _naming("checked", extract), tempfile.TemporaryDirectory(dir=scratch) as folder:
        work = Path(folder)
        return examine_file(extract, minimised, "", work, work / "partition", work / "quarantine")


def _load_dataset(
    dataset: Dataset,
    inbox: Inbox,
    data: DataFolder,
    covered: frozenset[str],
    progress: Callable[[str], None] | None,
    deletions: Deletions,
    keeping: Keeping | None,
) -> DatasetReport:
    ledger = Ledger(data, dataset.id)
    ledger.make()
    minimised = minimise_dataset(dataset, covered)
    contract = content_hash(_plain(dataset.model_dump(mode="json")))
    marks = [FORMAT_VERSION, contract, list(minimised.marks)]
    arrived: set[str] = set()
    fresh: set[str] = set()
    closed: list[FileReport] = []
    for extract in inbox.extracts:
        if extract.dataset.id != dataset.id:
            continue
        arrived.add(extract.path.name)
        try:
            digest = file_hash(extract.path)
        except (PermissionError, FileNotFoundError) as error:
            closed.append(_closed_file(extract, error))
            continue
        fingerprint = content_hash([extract.path.name, digest, *marks])
        if ledger.find(fingerprint):
            continue
        if progress:
            progress(f"Reading {dataset.partner}/{extract.path.name}")
        with _naming("loaded", extract):
            ledger.enter(_load_file(extract, minimised, fingerprint, ledger, digest, deletions))
        fresh.add(fingerprint)
    # Also where the file still lies there: it may have been sent again and refused, and then
    # the load before stays.
    for entry in ledger.list():
        if entry.partition:
            wanted = content_hash([entry.file, entry.file_hash, *marks])
            cut_down(dataset, minimised, entry, wanted, ledger, is_there=entry.file in arrived)
    ledger.sweep()
    delete_stored(
        dataset,
        ledger,
        deletions,
        keeping=keeping,
        receipt=lambda removed: enter_receipt(deletions, removed),
    )
    files = tuple(
        entry.model_copy(
            update={"is_new": entry.fingerprint in fresh, "is_arrived": entry.file in arrived}
        )
        for entry in list_judged(dataset, ledger)
    )
    in_order = sorted((*files, *closed), key=lambda file: (file.extract_on, file.file))
    return DatasetReport(
        dataset=dataset.id, title=dataset.title, partner=dataset.partner, files=tuple(in_order)
    )


@contextmanager
def _naming(done: str, extract: Extract) -> Iterator[None]:
    """Say at which file the machine failed."""
    what = f"{extract.dataset.partner}/{extract.path.name} was not {done}."
    with tell_machine_errors(what):
        try:
            yield
        except StoreExhaustedError as error:
            raise MachineError(what, error.why, error.do_next) from error


def _closed_file(extract: Extract, error: OSError) -> FileReport:
    """Report a file that cannot be opened. It is not entered: the next load tries it again."""
    said = os.strerror(error.errno or 0).lower()
    is_gone = isinstance(error, FileNotFoundError)
    return FileReport(
        dataset=extract.dataset.id,
        partner=extract.dataset.partner,
        file=extract.path.name,
        extract_on=extract.extract_on,
        file_hash="",
        fingerprint="",
        status="refused",
        why_refused=f"The file could not be opened: {said}.",
        do_next="It left the inbox while it was being loaded; put it back if it should be there."
        if is_gone
        else "Let the account that runs Wholeplace read it; the next load tries again.",
    )


def _load_file(
    extract: Extract,
    minimised: Minimised,
    fingerprint: str,
    ledger: Ledger,
    digest: str,
    deletions: Deletions,
) -> FileReport:
    """Read one file and put its partition and quarantine in place, unnamed by any entry yet."""
    name = f"{extract.extract_on}-{fingerprint[:12]}.parquet"
    folder = Path(tempfile.mkdtemp(prefix=ASIDE, dir=ledger.partitions.parent))
    try:
        partition, quarantine = folder / "partition", folder / "quarantine"
        report = examine_file(
            extract, minimised, fingerprint, folder, partition, quarantine, digest, deletions
        )
        if partition.exists() and report.status == "loaded":
            partition.replace(ledger.partitions / name)
            report = report.model_copy(update={"partition": name})
        if quarantine.exists():
            quarantine.replace(ledger.quarantine / name)
            report = report.model_copy(update={"quarantine": name})
        if (folder / HELD_FLAGS).exists() and report.status == "loaded":
            flags_name = name.replace(".parquet", "-flags.parquet")
            (folder / HELD_FLAGS).replace(ledger.quarantine / flags_name)
            report = report.model_copy(update={"held_flags": flags_name})
        return report
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _orphan_notes(place: HasDatasets, data: DataFolder) -> tuple[str, ...]:
    folders = sorted(path.name for path in data.partitions.iterdir() if path.is_dir())
    return tuple(
        f"Partitions of {name} are held, but the place folder has no such dataset; nothing reads them."
        for name in folders
        if name not in place.datasets and not name.startswith(".")
    )


def _plain(value: Any) -> Any:
    """Return a contract with its fractions as text, which the canonical form can hash."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return repr(value) if isinstance(value, float) else value
