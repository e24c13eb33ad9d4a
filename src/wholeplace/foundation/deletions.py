"""The deletions ledger: what was deleted, provable without keeping it, and never let back in.

A file of lines in the data folder's `ledger/`, appended to and flushed to disk, each line's
hash covering the line before. An erasure names nobody: it holds *digests* of anchors (dataset
and source id) under a key of the deployment. Whoever has the ledger alone learns how many and
when; whoever has an extract, a partition, a snapshot or a backup *and* the key can tell which
of its rows must not be there. Deletion wins over history: a backup never brings a ledger back
that is shorter than the one that stands.

Law: UK GDPR Articles 5(1)(e) (storage limitation), 5(2) (accountability), 17 (erasure) and 19.
"""

import datetime as dt
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholeplace.foundation.canonical import canonical_json
from wholeplace.foundation.chain import CHAIN_START, chain_hash, verify_chain
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder

__all__ = ["NOBODY_ERASED", "Anchor", "Deletions", "LedgerEntry", "newer_ledger"]

Anchor = tuple[str, str]
"""Dataset and source id: what a partner calls one person in one dataset."""

_FILE, _KEY = "deletions.jsonl", "deletions"
_CHECKED = b"wholeplace deletions ledger"
_ADDS, _LIFTS = ("erased", "withdrawn"), "readmitted"


@dataclass(frozen=True)
class LedgerEntry:
    """One deletion in its place.

    Attributes:
        position: 1, 2, 3 … without gaps.
        event: what was deleted: `kind` (opened, erased, withdrawn, retention, unneeded,
            quarantine or readmitted), `at`, counts, and the digests of an erasure.
        hash: `foundation.chain.chain_hash` of the hash before and the event.
    """

    position: int
    event: Mapping[str, Any]
    previous: str
    hash: str

    @property
    def kind(self) -> str:
        """What kind of deletion it is."""
        return str(self.event["kind"])


class Deletions:
    """The deletions ledger of one data folder, read as it stands at every question.

    Args:
        data: the data folder.
    """

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self.path = data.ledger / _FILE
        self._read: tuple[tuple[int, int], frozenset[str]] | None = None
        self._key: bytes | None = None

    def entries(self) -> list[LedgerEntry]:
        """Return every entry, oldest first, the chain checked.

        Raises:
            UnsafeActionError: if the ledger was changed: then nothing may be published.
        """
        return read_entries(self.path)

    def erased(self) -> frozenset[str]:
        """Return the digests of everybody erased who was not readmitted since.

        Raises:
            UnsafeActionError: if the ledger was changed, or its key is another than it was made
                with: then nobody can tell who was erased, so nothing may be published.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return frozenset()
        stamp = (status.st_size, status.st_mtime_ns)
        if self._read is None or self._read[0] != stamp:
            entries = self.entries()
            self._check_key(entries)
            found: set[str] = set()
            for entry in entries:
                digests = entry.event.get("digests", ())
                if entry.kind in _ADDS:
                    found |= set(digests)
                elif entry.kind == _LIFTS:
                    found -= set(digests)
            self._read = (stamp, frozenset(found))
        return self._read[1]

    def digest(self, dataset: str, source_id: str) -> str:
        """Return what stands for an anchor in the ledger: HMAC-SHA-256 under the deployment's key."""
        text = f"{dataset}\x1f{source_id}".encode()
        return hmac.digest(self._secret(), text, hashlib.sha256).hex()

    def find_erased(self, dataset: str, source_ids: Iterable[str]) -> list[str]:
        """Return those source ids of a dataset that were erased; the key is needed only then."""
        erased = self.erased()
        if not erased:
            return []
        return [each for each in source_ids if self.digest(dataset, each) in erased]

    def append(self, kind: str, at: dt.datetime, **facts: Any) -> LedgerEntry:
        """Add one entry and return it once it is on the disk.

        Args:
            kind: see `LedgerEntry`.
            at: UTC instant.
            facts: counts, ids of clauses and requests; never a value, a name or a source id.

        Raises:
            UnsafeActionError: if the ledger was changed.
        """
        self._data.make()
        with self._held():
            entries = self.entries()
            if not entries:
                entries = [self._write(entries, {"kind": "opened", "at": _instant(at)})]
            return self._write(entries, {"kind": kind, "at": _instant(at), **facts})

    def append_anchors(
        self, kind: str, at: dt.datetime, anchors: Iterable[Anchor], **facts: Any
    ) -> LedgerEntry:
        """Add an entry about anchors, which stand in it as digests alone."""
        self._check_key(self.entries())
        digests = sorted({self.digest(*anchor) for anchor in anchors})
        check = self._key_check()
        return self.append(kind, at, digests=digests, key_check=check, **facts)

    def replace_with(self, other: Path) -> None:
        """Put a longer ledger, of which this one is the beginning, in the place of this one."""
        self._data.make()
        with self._held():
            _write_whole(self.path, other.read_bytes())
        self._read = None

    def _write(self, before: Sequence[LedgerEntry], event: Mapping[str, Any]) -> LedgerEntry:
        previous = before[-1].hash if before else CHAIN_START
        entry = LedgerEntry(len(before) + 1, event, previous, chain_hash(previous, event))
        line = {
            "position": entry.position,
            "previous": previous,
            "event": event,
            "hash": entry.hash,
        }
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # What a killed append left behind is no entry: it ends without a line's end.
            text = canonical_json(line) + b"\n"
            whole = self.path.read_bytes()
            if whole and not whole.endswith(b"\n"):
                os.ftruncate(handle, whole.rfind(b"\n") + 1)
            os.write(handle, text)
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _flush_folder(self.path.parent)
        return entry

    def _secret(self) -> bytes:
        if self._key is None:
            self._key = bytes.fromhex(_read_key(self._data))
        return self._key

    def _key_check(self) -> str:
        return hmac.digest(self._secret(), _CHECKED, hashlib.sha256).hex()

    def _check_key(self, entries: Sequence[LedgerEntry]) -> None:
        checks = {str(each.event["key_check"]) for each in entries if "key_check" in each.event}
        if checks and checks != {self._key_check()}:
            raise UnsafeActionError(
                "The deletions ledger cannot be applied.",
                "Its key (keys/deletions) is another than the one it was made with, so nobody can "
                "tell who was erased.",
                "Put the key back from your copy of the keys. Nothing is published until then.",
            )

    @contextmanager
    def _held(self) -> Iterator[None]:
        handle = os.open(self._data.ledger / ".deletions.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


class _NobodyErased(Deletions):
    """Stands where there is no ledger: when a file is only checked and nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__(DataFolder(Path(os.devnull)))

    def erased(self) -> frozenset[str]:
        """Return nobody."""
        return frozenset()

    def digest(self, dataset: str, source_id: str) -> str:
        """Return nothing: without a ledger there is no key."""
        return ""


NOBODY_ERASED: Deletions = _NobodyErased()
"""For work that keeps nothing."""


def read_entries(path: Path) -> list[LedgerEntry]:
    """Return the entries of a ledger's file, oldest first.

    Raises:
        UnsafeActionError: if the chain does not hold.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise _broken(0) from None
    entries = []
    # The last line of a killed append has no end and was never promised to anybody.
    for number, line in enumerate(text[: text.rfind("\n") + 1].splitlines(), start=1):
        try:
            held = json.loads(line)
            entry = LedgerEntry(held["position"], held["event"], held["previous"], held["hash"])
        except (ValueError, KeyError, TypeError):
            raise _broken(number) from None
        if entry.position != number:
            raise _broken(number)
        entries.append(entry)
    fault = verify_chain((each.previous, each.event, each.hash) for each in entries)
    if fault is not None:
        raise _broken(fault.position + 1)
    return entries


def newer_ledger(one: Path, other: Path) -> Path:
    """Return the one of two copies of a ledger that goes on where the other ends.

    Raises:
        UnsafeActionError: if neither is the beginning of the other.
    """
    first, second = read_entries(one), read_entries(other)
    shorter, longer = sorted((first, second), key=len)
    if [each.hash for each in longer[: len(shorter)]] != [each.hash for each in shorter]:
        raise UnsafeActionError(
            "The two deletions ledgers contradict each other.",
            "Each holds deletions that the other does not: they went separate ways.",
            "Keep both, and apply the deletions of each before anything is published.",
        )
    return one if len(first) >= len(second) else other


def _broken(position: int) -> UnsafeActionError:
    return UnsafeActionError(
        "The deletions ledger does not hold.",
        f"Entry {position} was changed, moved or removed.",
        "Put ledger/deletions.jsonl back from a copy. Nothing is published until then.",
    )


def _read_key(data: DataFolder) -> str:
    path = data.keys / _KEY
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    if any("key_check" in each.event for each in read_entries(data.ledger / _FILE)):
        raise UnsafeActionError(
            "The deletions ledger cannot be applied.",
            "Its key (keys/deletions) is missing, so nobody can tell who was erased.",
            "Put the key back from your copy of the keys. Nothing is published until then.",
        )
    data.make()
    aside = data.keys / f".{_KEY}-{secrets.token_hex(4)}"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        # A link fails where another process was first; then its key is the one.
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    _flush_folder(data.keys)
    return path.read_text("ascii").strip()


def _write_whole(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with aside.open("wb") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
