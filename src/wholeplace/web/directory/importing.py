"""Importing a feed: read it all, work out what changes, record it, and change it in one step."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from wholeplace.directory.confidential import address_marks, withhold
from wholeplace.directory.duplicates import find_pairs
from wholeplace.directory.faults import FeedFault
from wholeplace.directory.feeds import (
    FeedDefinition,
    ImportPlan,
    Known,
    Prepared,
    Received,
    open_feed,
    plan_import,
    prepare_harvest,
    prepare_service,
    walk_feed,
)
from wholeplace.directory.feeds.peer import ReadsFeed
from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.chain.trail import record
from wholeplace.web.directory.models import DuplicatePair, FeedImport, SourceService
from wholeplace.web.directory.sealing import open_received, seal_received
from wholeplace.web.directory.shelf import open_catalogue, read_definition
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["ImportReport", "find_doubles", "import_feed", "import_feeds"]


@dataclass(frozen=True)
class ImportReport:
    """What one import did."""

    feed: str
    outcome: str
    counts: Mapping[str, int]
    faults: tuple[FeedFault, ...]


def import_feeds(
    place: OpenPlace, actor: str, at: dt.datetime, only: Iterable[str] = ()
) -> list[ImportReport]:
    """Import every feed that the place folder names, and look for doubles.

    Raises:
        NotFoundError: if one of `only` is no feed.
    """
    definition, wanted = read_definition(place), set(only)
    if unknown := wanted - {each.id for each in definition.feeds}:
        raise NotFoundError(
            f"There is no feed {', '.join(sorted(unknown))}.",
            "directory/feeds.yaml does not name it.",
            "Name one that it does.",
        )
    reports = [
        import_feed(each, open_feed(place.folder, each), actor, at)
        for each in definition.feeds
        if not wanted or each.id in wanted
    ]
    find_doubles(actor, at)
    return reports


def import_feed(
    definition: FeedDefinition, feed: ReadsFeed, actor: str, at: dt.datetime
) -> ImportReport:
    """Import one feed. Reading it changes nothing; what changes is one transaction.

    Raises:
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    harvest = walk_feed(feed)
    others = _secret_marks(definition.id)
    prepared = prepare_harvest(
        definition.id, harvest, definition.confidential, others, definition.not_confidential
    )
    with transaction.atomic():
        known = {
            row.id: Known(row.content_hash, row.gone_at is not None)
            for row in SourceService.objects.select_for_update()
            .filter(feed=definition.id)
            .only("id", "content_hash", "gone_at")
        }
        received = {each.id: each.content_hash for each in prepared}
        plan = plan_import(known, received, is_whole=harvest.is_whole)
        if plan.is_doubtful:
            harvest.faults.add("many-gone", "service")
        counts = _counts(plan, len(prepared), harvest.said_total)
        outcome = "failed" if not harvest.pages else "whole" if harvest.is_whole else "part"
        record(
            "directory.imported",
            actor=actor,
            feed=definition.id,
            outcome=outcome,
            counts={name: counts[name] for name in ("new", "changed", "back", "gone")},
        )
        _apply(definition.id, plan, prepared, at)
        _withhold_elsewhere(definition.id, prepared, at)
        FeedImport.objects.create(
            feed=definition.id,
            began_at=at,
            ended_at=dt.datetime.now(dt.UTC),
            outcome=outcome,
            counts=counts,
            faults=_plain(harvest.faults.listed()),
        )
    return ImportReport(definition.id, outcome, counts, harvest.faults.listed())


def find_doubles(actor: str, at: dt.datetime) -> int:
    """Put pairs that look like one service before a person; return how many are new.

    A pair that somebody decided on is never asked about again.
    """
    known = set(DuplicatePair.objects.values_list("first", "second"))
    found = [
        each
        for each in find_pairs(open_catalogue().singles)
        if (each.first, each.second) not in known
    ]
    if found:
        record("directory.doubles-found", actor=actor, pairs=len(found))
    DuplicatePair.objects.bulk_create(
        DuplicatePair(
            first=each.first,
            second=each.second,
            score=each.score,
            reasons=list(each.reasons),
            found_at=at,
        )
        for each in found
    )
    return len(found)


def _counts(plan: ImportPlan, received: int, said: int | None) -> dict[str, int]:
    return {
        "received": received,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": len(plan.same),
        "back": len(plan.back),
        "gone": len(plan.gone),
        **({} if said is None else {"said": said}),
    }


def _apply(feed: str, plan: ImportPlan, prepared: list[Prepared], at: dt.datetime) -> None:
    rows = {each.id: _row(feed, each, at) for each in prepared}
    SourceService.objects.bulk_create(rows[each] for each in plan.new)
    touched = [rows[each] for each in (*plan.changed, *plan.back)]
    fields = [
        "shape", "received", "sealed_received", "document", "why_confidential", "content_hash",
        "faults", "seen_at", "changed_at", "gone_at",
    ]  # fmt: skip
    SourceService.objects.bulk_update(touched, fields)
    SourceService.objects.filter(pk__in=plan.same).update(seen_at=at)
    SourceService.objects.filter(pk__in=plan.gone).update(gone_at=at, changed_at=at)
    # An address may have become confidential by what another feed says, with nothing changed here.
    for each in plan.same:
        if rows[each].why_confidential:
            _keep_secret_row(rows[each], at)


def _row(feed: str, each: Prepared, at: dt.datetime) -> SourceService:
    is_secret = bool(each.why_confidential)
    return SourceService(
        id=each.id,
        feed=feed,
        source_id=each.source_id,
        shape=each.shape,
        received="" if is_secret else each.received,
        sealed_received=seal_received(each.received, each.id) if is_secret else b"",
        document=each.document,
        why_confidential=each.why_confidential,
        content_hash=each.content_hash,
        faults=_plain(each.faults),
        first_seen_at=at,
        seen_at=at,
        changed_at=at,
        gone_at=None,
    )


def _keep_secret_row(row: SourceService, at: dt.datetime) -> None:
    SourceService.objects.filter(pk=row.id, why_confidential="").update(
        document=row.document,
        why_confidential=row.why_confidential,
        received="",
        sealed_received=row.sealed_received,
        changed_at=at,
    )


def _secret_marks(feed: str) -> frozenset[str]:
    """Return what the confidential addresses of other feeds are known by."""
    marks: set[str] = set()
    for row in SourceService.objects.exclude(feed=feed).exclude(why_confidential=""):
        marks |= _marks_of(row)
    return frozenset(marks)


def _marks_of(row: SourceService) -> frozenset[str]:
    raw = json.loads(open_received(bytes(row.sealed_received), row.id))
    found = prepare_service(row.feed, Received(row.source_id, raw, row.shape))
    return found.marks if found else frozenset()


def _withhold_elsewhere(feed: str, prepared: list[Prepared], at: dt.datetime) -> None:
    """Withhold, in other feeds too, each address that is confidential in this one."""
    marks = {mark for each in prepared if each.why_confidential for mark in each.marks}
    if not marks:
        return
    for row in SourceService.objects.exclude(feed=feed).filter(why_confidential=""):
        if not address_marks(row.document) & marks:
            continue
        row.sealed_received = seal_received(row.received, row.id)
        row.received, row.document = "", withhold(row.document)
        row.why_confidential = "It stands at a confidential address."
        row.changed_at = at
        row.save()


def _plain(faults: Iterable[FeedFault]) -> list[dict[str, Any]]:
    return [{"code": each.code, "where": each.where, "count": each.count} for each in faults]
