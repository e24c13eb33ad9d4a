"""Carrying out an erasure, step by step; whatever stops it, asking again goes on to its end.

Every step can be done twice. The deletions ledger is written first: from then on no load, run,
restore or backup lets the person back in, even if nothing else had been done yet.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from wholeplace.foundation.deletions import Anchor, Deletions, LedgerEntry
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import Store
from wholeplace.intake.deleting import delete_stored, enter_receipt
from wholeplace.intake.ledger import Ledger, lock_load
from wholeplace.pipeline.erasing import erase_from_snapshots
from wholeplace.pipeline.lock import hold_run_lock
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import destroy_subject_key, record
from wholeplace.web.retention.models import ErasureRequest
from wholeplace.web.retention.requests import move
from wholeplace.web.retention.sweeping import PERSON, sweep_database

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["apply_to_files", "carry_out"]


def carry_out(
    place: "OpenPlace",
    request_id: str,
    by: str,
    *,
    step: Callable[[str], None] = lambda _: None,
) -> ErasureRequest:
    """Erase whoever an approved request is about; go on where an earlier try stopped.

    Args:
        place: the place.
        request_id: the request.
        by: who carries it out; `system` for a command.
        step: told the name of each step before it begins.

    Raises:
        UnsafeActionError: if the request is not approved, or a run is going on.
    """
    at = dt.datetime.now(dt.UTC)
    found = ErasureRequest.objects.get(pk=request_id)
    if found.state == "done":
        return found
    if found.state not in ("approved", "erasing"):
        raise UnsafeActionError(
            "Nobody was erased.",
            "The request is not approved.",
            "A second person approves it on the page Erasure.",
        )
    with hold_run_lock(place.data, at):
        deletions = Deletions(place.data)
        if found.state == "approved":
            step("people")
            found.person_ids = _people_gone(place, found)
            move(found, "erasing", by)
        anchors = _anchors(found)
        step("ledger")
        entry = _enter(deletions, found, anchors, at)
        step("files")
        counts = apply_to_files(place, deletions, at)
        step("database")
        swept = sweep_database(found.person_ids, anchors, but=found.pk)
        step("keys")
        keys = sum(destroy_subject_key(each) for each in found.person_ids)
        step("receipt")
        counts |= {"database": sum(swept.values()), "keys": keys}
        _close(found, entry, counts, by)
        step("done")
    return found


def apply_to_files(place: "OpenPlace", deletions: Deletions, at: dt.datetime) -> dict[str, int]:
    """Take whoever the deletions ledger names out of partitions, quarantine and snapshots.

    Call it while holding the run lock.
    """
    rows = 0
    with lock_load(place.data):
        for name, dataset in sorted(place.place.datasets.items()):
            ledger = Ledger(place.data, name)
            removed = delete_stored(
                dataset, ledger, deletions, receipt=lambda each: enter_receipt(deletions, each)
            )
            ledger.sweep()
            rows += sum(each.rows for each in removed)
    erased = erase_from_snapshots(place.data, deletions, at, place=place.place)
    return {
        "partitions": rows,
        "snapshots": len(erased),
        "tables": sum(sum(each.rows.values()) for each in erased),
    }


def _anchors(found: ErasureRequest) -> frozenset[Anchor]:
    agreed = {each.partner for each in found.answers.all() if each.answer == "erase"}
    return frozenset(
        (dataset, source) for partner, dataset, source in found.anchors if partner in agreed
    )


def _people_gone(place: "OpenPlace", found: ErasureRequest) -> list[str]:
    """Return every id, in any kept snapshot, of people of whom nothing will be left."""
    anchors = _anchors(found)
    every = {(dataset, source) for _, dataset, source in found.anchors}
    gone = {found.person_id} if found.person_id and anchors == every else set()
    for snapshot in Snapshots(place.data.snapshots).list():
        if "person_records" not in snapshot.tables:
            continue
        with Store(memory_limit_mb=256, threads=1) as store:
            store.view_parquet("person_records", snapshot.table("person_records"))
            rows = store.rows(
                "SELECT person_id, dataset, source_id FROM person_records WHERE person_id IN ("
                "SELECT person_id FROM person_records WHERE source_id IN ("
                "SELECT unnest($ids)))",
                {"ids": sorted({source for _, source in anchors})},
            )
        held: dict[str, set[Anchor]] = {}
        for row in rows:
            held.setdefault(row["person_id"], set()).add((row["dataset"], row["source_id"]))
        gone |= {person for person, pairs in held.items() if pairs <= anchors}
    return sorted(gone)


def _enter(
    deletions: Deletions, found: ErasureRequest, anchors: frozenset[Anchor], at: dt.datetime
) -> LedgerEntry:
    """Enter the erasure in the deletions ledger, once."""
    for entry in deletions.entries():
        if entry.event.get("request") == found.pk:
            return entry
    kind = "withdrawn" if found.why in ("withdrawn-record", "partner-left") else "erased"
    named = {*anchors, *((PERSON, each) for each in found.person_ids)}
    return deletions.append_anchors(
        kind,
        at,
        named,
        request=found.pk,
        why=found.why,
        datasets=len({each[0] for each in anchors}),
    )


def _close(found: ErasureRequest, entry: LedgerEntry, counts: dict[str, int], by: str) -> None:
    """Leave the receipt, and let go of whom the request was about."""
    told = {"kind": "erasure.receipt", "request": found.pk}
    if not Entry.objects.filter(event__contains=told).exists():
        record(
            "erasure.receipt",
            actor=by,
            request=found.pk,
            why=found.why,
            ledger_position=entry.position,
            ledger_hash=entry.hash,
            rows=counts,
        )
    found.person_id, found.anchors, found.person_ids, found.words = "", [], [], ""
    found.counts, found.ledger_position, found.ledger_hash = counts, entry.position, entry.hash
    found.done_at = dt.datetime.now(dt.UTC)
    move(found, "done", by)
