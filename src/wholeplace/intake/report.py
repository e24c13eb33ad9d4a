"""What a load did, file by file: kept as JSON beside the partitions, read by web and CLI.

Nothing in it is a personal value: it holds names of files, columns and rules, and counts.
"""

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder

__all__ = ["DatasetReport", "Dropped", "FileReport", "LoadReport", "ReasonCount", "read_report"]

REPORT_NAME = "load_report.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Dropped(_Part):
    """A column or event kind that was not stored, and why."""

    name: str
    why: str
    rows: int | None = None


class ReasonCount(_Part):
    """How often one rule was broken in a file.

    Attributes:
        action: `rejected` (the row is in quarantine), `blanked` (the row is kept without the
            value) or `unreadable` (the row could not be told into columns).
    """

    action: Literal["rejected", "blanked", "unreadable"]
    column: str
    rule: str
    words: str
    count: int


class FileReport(_Part):
    """One extract: what it held and what became of it.

    Attributes:
        status: `loaded`, or `refused` when no row of it could be trusted.
        is_new: True when this load read it; False when an earlier one had.
        is_whole: True when every row was accepted and nothing hints at a lost end, so that
            a row's absence from it means something.
        short_of: where this full extract holds far fewer rows than the one before, how many
            that one held, and then it is not whole; 0 elsewhere (`wholeness.py`).
        is_arrived: False when the file is no longer in the inbox.
        rows_read: records in the file; always accepted + rejected + unreadable.
        withheld: accepted rows that were not stored, since the deletions ledger names whom they
            are about.
        partition: name of its Parquet file of accepted rows; empty when there is none.
        quarantine: name of its Parquet file of faults; empty when there is none.
        held_flags: name of its Parquet file of flags that rejected rows set; it stands in the
            quarantine and holds source ids.
    """

    dataset: str
    partner: str
    file: str
    extract_on: dt.date
    file_hash: str
    fingerprint: str
    status: Literal["loaded", "refused"]
    is_new: bool = True
    is_whole: bool = False
    short_of: int = 0
    is_arrived: bool = True
    rows_read: int = 0
    accepted: int = 0
    rejected: int = 0
    unreadable: int = 0
    blanked: int = 0
    withheld: int = 0
    reasons: tuple[ReasonCount, ...] = ()
    columns_unknown: tuple[str, ...] = ()
    columns_absent: tuple[str, ...] = ()
    columns_dropped: tuple[Dropped, ...] = ()
    events_dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    why_refused: str = ""
    do_next: str = ""
    seconds: float = 0.0
    partition: str = ""
    quarantine: str = ""
    held_flags: str = ""

    @property
    def is_short(self) -> bool:
        """Whether the extract may have been cut short, and no steward has confirmed it."""
        return self.short_of > 0


class DatasetReport(_Part):
    """One dataset with all its files, oldest extract first."""

    dataset: str
    title: str
    partner: str
    files: tuple[FileReport, ...] = ()

    @property
    def newest(self) -> FileReport | None:
        """The newest extract that was loaded."""
        loaded = [file for file in self.files if file.status == "loaded"]
        return loaded[-1] if loaded else None

    @property
    def newest_believed(self) -> FileReport | None:
        """The newest extract that was loaded and does not look as if it was cut short."""
        believed = [file for file in self.files if file.status == "loaded" and not file.is_short]
        return believed[-1] if believed else None

    @property
    def accepted(self) -> int:
        """Accepted rows of all its files."""
        return sum(file.accepted for file in self.files)

    @property
    def faulty(self) -> int:
        """Rejected and unreadable rows of all its files."""
        return sum(file.rejected + file.unreadable for file in self.files)


class LoadReport(_Part):
    """Everything that the inbox holds, after a load.

    Attributes:
        unknown_files: files that no dataset expects, as `partner/name`.
        seconds: how long the load took.
    """

    loaded_at: dt.datetime
    datasets: tuple[DatasetReport, ...]
    unknown_files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def files(self) -> tuple[FileReport, ...]:
        """Every file of every dataset."""
        return tuple(file for dataset in self.datasets for file in dataset.files)

    @property
    def new_files(self) -> tuple[FileReport, ...]:
        """Files that this load read."""
        return tuple(file for file in self.files if file.is_new)

    @property
    def inputs(self) -> dict[str, str]:
        """File hash by extract, for a snapshot's manifest."""
        return {f"{file.dataset}/{file.file}": file.file_hash for file in self.files}


def read_report(data: DataFolder) -> LoadReport:
    """Return the report of the last load.

    Raises:
        NotFoundError: if nothing was loaded yet.
    """
    path: Path = data.partitions / REPORT_NAME
    if not path.exists():
        raise NotFoundError(
            "There is no load report.",
            "Nothing has been loaded yet.",
            "Run `wholeplace intake load`.",
        )
    return LoadReport.model_validate_json(path.read_text("utf-8"))
