"""The ledger: which extracts are loaded, and as what.

One small JSON file an extract stands beside the partitions. Its appearance is the moment at
which a file counts as loaded: partitions and quarantine that no entry names are not read, and
the next load sweeps them away. So a kill at any moment leaves all of a file or nothing.
"""

import datetime as dt
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.intake.report import FileReport

__all__ = ["Confirmation", "Ledger", "lock_load", "write_aside"]

ASIDE = ".aside-"
_CONFIRMED = "confirmed"


class Confirmation(BaseModel):
    """A steward's word that one extract, with this very content, is whole.

    Attributes:
        rows: rows that it holds.
        expected: rows of the extract that it was measured against.
        confirmed_by: the account that confirmed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: str
    file_hash: str
    rows: int
    expected: int
    confirmed_by: str
    confirmed_at: dt.datetime


class Ledger:
    """The entries of one dataset.

    Args:
        data: the data folder.
        dataset: the dataset's id.
    """

    def __init__(self, data: DataFolder, dataset: str) -> None:
        self.partitions = data.partitions / dataset
        self.quarantine = data.quarantine / dataset

    def list(self) -> list[FileReport]:
        """Return every entry, oldest extract first."""
        entries = [
            FileReport.model_validate_json(path.read_text("utf-8"))
            for path in self.partitions.glob("*.json")
        ]
        return sorted(entries, key=lambda entry: (entry.extract_on, entry.file))

    def find(self, fingerprint: str) -> FileReport | None:
        """Return the entry of a file, contract and agreements as they are now."""
        return next((entry for entry in self.list() if entry.fingerprint == fingerprint), None)

    def enter(self, report: FileReport) -> None:
        """Commit what was loaded.

        It takes the place of earlier entries of the file name; but a refused file never takes
        the place of one that was loaded, so that a bad resend loses nothing.
        """
        self.make()
        write_aside(self._path(report), report.model_dump_json(indent=2) + "\n")
        for entry in self.list():
            is_older = entry.file == report.file and self._path(entry) != self._path(report)
            if is_older and report.status in ("loaded", entry.status):
                self._path(entry).unlink()

    def amend(self, report: FileReport) -> None:
        """Write an entry again, of the same file and content; no other entry is touched."""
        write_aside(self._path(report), report.model_dump_json(indent=2) + "\n")

    def confirm(self, word: Confirmation) -> None:
        """Keep a steward's word; it stays whatever is loaded afterwards."""
        folder = self.partitions / _CONFIRMED
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark = content_hash([word.file, word.file_hash])[:12]
        write_aside(folder / f"{mark}.json", word.model_dump_json(indent=2) + "\n")

    def confirmed(self) -> dict[tuple[str, str], Confirmation]:
        """Return every word given, by name and hash of the file."""
        words = (
            Confirmation.model_validate_json(path.read_text("utf-8"))
            for path in (self.partitions / _CONFIRMED).glob("*.json")
        )
        return {(word.file, word.file_hash): word for word in words}

    def make(self) -> None:
        """Make the dataset's folders."""
        for folder in (self.partitions, self.quarantine):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sweep(self) -> None:
        """Delete what a killed load left, and what a newer entry replaced."""
        entries = self.list()
        for folder, named in (
            (self.partitions, {entry.partition for entry in entries}),
            (
                self.quarantine,
                {name for entry in entries for name in (entry.quarantine, entry.held_flags)},
            ),
        ):
            for path in folder.glob("*.parquet"):
                if path.name not in named:
                    path.unlink()
        for path in self.partitions.glob(f"{ASIDE}*"):
            path.unlink()

    def _path(self, report: FileReport) -> Path:
        mark = content_hash([report.file, report.file_hash])[:12]
        return self.partitions / f"{report.extract_on}-{mark}.json"


@contextmanager
def lock_load(data: DataFolder) -> Iterator[None]:
    """Hold the right to load; only one process may.

    Raises:
        UnsafeActionError: if another load is running.
    """
    handle = os.open(data.partitions / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UnsafeActionError(
                "The inbox was not loaded.",
                "Another load is running on this data folder.",
                "Wait until it has ended, then try again.",
            ) from error
        yield
    finally:
        os.close(handle)


def write_aside(path: Path, text: str) -> None:
    """Write text beside its place and move it there in one step."""
    aside = path.with_name(f"{ASIDE}{secrets.token_hex(4)}")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
