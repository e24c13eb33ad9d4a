"""The release ledger: what was published, when, to whom, as it was published.

It holds figures as they left and the boundaries that they were cut by, and nothing else: no exact
count, no person, no cell that was not published. So it tells nobody more than the releases
themselves do, and it is what an attacker who kept all of them knows. Each record names the
hash of the one before it, so that none can be taken out unseen.
"""

import datetime as dt
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholeplace.foundation.area_tables import AreaTable, ProtectedAreas
from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.protected import ProtectedCount

__all__ = ["Population", "Record", "ReleaseLedger"]

_FIRST = "0" * 64
_BETWEEN = "\u241f"


@dataclass(frozen=True, order=True)
class Population:
    """Which people were counted. Equal populations are the very same people.

    Attributes:
        what: what they are counted by, such as a need.
        evidence: on whose facts: two recipients with the same evidence have the same people.
        period: the month or day that the count is of.
        edition: the state of the data, such as a snapshot's id; a corrected count is another.
    """

    what: str
    evidence: str = ""
    period: str = ""
    edition: str = ""


@dataclass(frozen=True)
class Record:
    """One release, as it left.

    Attributes:
        released_at: UTC instant.
        recipient: for whom.
        title: what it was called.
        population: which people.
        table: the figures, with how they were cut.
        before: hash of the record before it.
    """

    released_at: dt.datetime
    recipient: str
    title: str
    population: Population
    table: ProtectedAreas
    before: str = _FIRST

    @property
    def hash(self) -> str:
        """The hash of everything in the record."""
        return content_hash(self.as_plain())

    def as_plain(self) -> dict[str, Any]:
        """Return the record as plain values, for JSON."""
        table = self.table
        return {
            "released_at": self.released_at.astimezone(dt.UTC).isoformat(),
            "recipient": self.recipient,
            "title": self.title,
            "population": vars(self.population).copy(),
            "shape": table.shape.as_plain(),
            "figures": {
                _BETWEEN.join(figure): count.shown if count.is_shown else count.hidden
                for figure, count in sorted(table.figures.items())
            },
            "threshold": table.threshold,
            "base": table.base,
            "zeros_are_safe": table.zeros_are_safe,
            "error_at_most": table.error_at_most,
            "before": self.before,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> "Record":
        """Return the record that `as_plain` wrote."""
        threshold = plain["threshold"]

        def count(value: Any) -> ProtectedCount:
            if isinstance(value, int):
                return ProtectedCount(value, "", threshold)
            return ProtectedCount(None, value, threshold)

        table = ProtectedAreas(
            AreaTable.of_plain(plain["shape"]),
            {tuple(key.split(_BETWEEN)): count(each) for key, each in plain["figures"].items()},
            threshold,
            plain["base"],
            plain["zeros_are_safe"],
            plain["error_at_most"],
        )
        return cls(
            dt.datetime.fromisoformat(plain["released_at"]),
            plain["recipient"],
            plain["title"],
            Population(**plain["population"]),
            table,
            plain["before"],
        )


class ReleaseLedger:
    """All releases of one place, or of one subject whose figures no other shares.

    Args:
        folder: where records stand, one file each; None keeps them in memory alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._kept: list[Record] = []

    def list(self) -> list[Record]:
        """Return every record, oldest first.

        Raises:
            WholeplaceError: if a record was changed or taken out.
        """
        if self.folder is None:
            return list(self._kept)
        before, records = _FIRST, []
        for path in sorted(self.folder.glob("[0-9]*.json")):
            record = Record.of_plain(json.loads(path.read_text("utf-8")))
            if record.before != before:
                raise WholeplaceError(
                    "The release ledger cannot be trusted.",
                    f"The record before {path.name} was changed or taken out.",
                    "Bring the ledger back from a backup before anything more is published.",
                )
            before = record.hash
            records.append(record)
        return records

    def last_hash(self) -> str:
        """Return what the next record names as the one before it."""
        records = self.list()
        return records[-1].hash if records else _FIRST

    def add(self, record: Record) -> None:
        """Commit a record; only then may its figures be shown. Call it inside `hold`."""
        if record.before != self.last_hash():
            raise WholeplaceError(
                "The release was not recorded.",
                "Another release was recorded while this one was being protected.",
                "Protect it again.",
            )
        if self.folder is None:
            self._kept.append(record)
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = len([*self.folder.glob("[0-9]*.json")]) + 1
        path = self.folder / f"{number:06}.json"
        aside = self.folder / f".aside-{secrets.token_hex(4)}"
        with aside.open("w", encoding="utf-8") as stream:
            json.dump(record.as_plain(), stream, ensure_ascii=False, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the right to publish; another process waits until this one is done."""
        if self.folder is None:
            yield
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
