"""Receipts of deletions: from the ledger, told to the trail, and proved again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wholeplace.foundation.deletions import Deletions, LedgerEntry
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import Store, quote_text
from wholeplace.intake.ledger import Ledger
from wholeplace.intake.stored import source_id_column
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import record
from wholeplace.web.retention.sweeping import find_left
from wholeplace.web.retention.wording import KINDS, few, words_of

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["Receipt", "Verdict", "list_receipts", "tell_trail", "verify_deletions"]

_ERASURES = ("erased", "withdrawn", "readmitted")


@dataclass(frozen=True)
class Receipt:
    """One deletion, told without saying whose.

    Attributes:
        what: in words.
        about: dataset, snapshot or reason, in words.
        counted: how much went, in words; small numbers are not told apart.
        is_told: whether it stands in the trail too.
    """

    position: int
    at: dt.datetime
    kind: str
    what: str
    about: str
    counted: str
    hash: str
    request: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether deletions hold.

    Attributes:
        entries: entries of the ledger, its chain proved.
        erased: anchors and people that the ledger names.
        left: where something of somebody erased was found → how many; empty is best.
    """

    entries: int
    erased: int
    left: Mapping[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of anybody erased is left."""
        return not self.left


def list_receipts(place: "OpenPlace") -> list[Receipt]:
    """Return every deletion, newest first."""
    return [_receipt(each, place) for each in reversed(Deletions(place.data).entries())]


def tell_trail(place: "OpenPlace") -> int:
    """Tell the trail of every entry of the ledger that it does not hold yet; return how many."""
    told = Entry.objects.filter(event__contains={"kind": "deletion.receipt"}).order_by("-position")
    newest = told.first()
    last = int(newest.event["ledger_position"]) if newest else 0
    entries = [each for each in Deletions(place.data).entries() if each.position > last]
    for entry in entries:
        record(
            "deletion.receipt",
            actor="system",
            ledger_position=entry.position,
            ledger_hash=entry.hash,
            why=entry.kind,
            dataset=str(entry.event.get("dataset", "")),
            rows=int(entry.event.get("rows", 0)),
            values=int(entry.event.get("values", 0)),
        )
    return len(entries)


def verify_deletions(place: "OpenPlace") -> Verdict:
    """Prove the ledger's chain again, and that nothing kept matches anybody erased.

    Raises:
        UnsafeActionError: if the ledger was changed.
    """
    deletions = Deletions(place.data)
    entries, erased = deletions.entries(), deletions.erased()
    left: dict[str, int] = {}
    if erased:
        left |= _left_in_files(place, deletions)
        left |= find_left(deletions)
    return Verdict(len(entries), len(erased), {key: n for key, n in left.items() if n})


def _left_in_files(place: "OpenPlace", deletions: Deletions) -> dict[str, int]:
    left: dict[str, int] = {}
    with Store(memory_limit_mb=512) as store:
        for name, dataset in sorted(place.place.datasets.items()):
            ledger, column = Ledger(place.data, name), source_id_column(dataset)
            for path in sorted(ledger.partitions.glob("*.parquet")) if column else ():
                ids = _ids(store, path, f'CAST("{column}" AS VARCHAR)')
                left[f"partitions/{name}"] = left.get(f"partitions/{name}", 0) + len(
                    deletions.find_erased(name, ids)
                )
            for path in sorted(ledger.quarantine.glob("*.parquet")):
                is_flags = path.stem.partition("~")[0].endswith("-flags")
                ids = _ids(store, path, "source_id" if is_flags else "anchor")
                gone = (
                    deletions.find_erased(name, ids) if is_flags else set(ids) & deletions.erased()
                )
                left[f"quarantine/{name}"] = left.get(f"quarantine/{name}", 0) + len(gone)
        for snapshot in Snapshots(place.data.snapshots).list():
            for table in ("records", "events", "flags", "person_records"):
                if table in snapshot.tables:
                    rows = store.rows(
                        "SELECT DISTINCT dataset, source_id FROM "
                        f"read_parquet({quote_text(str(snapshot.table(table)))})"
                    )
                    key = f"snapshots/{snapshot.id}"
                    left[key] = left.get(key, 0) + sum(
                        deletions.digest(row["dataset"], row["source_id"]) in deletions.erased()
                        for row in rows
                    )
    return left


def _ids(store: Store, path: Any, column: str) -> list[str]:
    rows = store.rows(f"SELECT DISTINCT {column} AS id FROM read_parquet({quote_text(str(path))})")
    return [str(row["id"]) for row in rows if row["id"]]


def _receipt(entry: LedgerEntry, place: "OpenPlace") -> Receipt:
    event = entry.event
    known = place.place.datasets.get(str(event.get("dataset", "")))
    about = known.title if known else ""
    if event.get("snapshot"):
        about = "An earlier snapshot"
    if entry.kind in _ERASURES:
        kind = "readmissions" if entry.kind == "readmitted" else "reasons"
        about = words_of(kind).get(str(event.get("why", "")), "")
    rows, values = int(event.get("rows", 0)), int(event.get("values", 0))
    parts = [f"{few(rows)} rows"] if rows else []
    parts += [f"{few(values)} values"] if values else []
    return Receipt(
        entry.position,
        dt.datetime.fromisoformat(str(event["at"])),
        entry.kind,
        KINDS.get(entry.kind, entry.kind),
        about,
        " and ".join(parts),
        entry.hash,
        str(event.get("request", "")),
    )


def check_ledger(data: DataFolder) -> str:
    """Return what is wrong with the ledger, or nothing where it holds."""
    try:
        Deletions(data).erased()
    except UnsafeActionError as error:
        return f"{error.what} {error.why}"
    return ""
