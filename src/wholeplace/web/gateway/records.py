"""Signatures, suspensions and flags in the database: Django's side of `agreements.records`."""

import datetime as dt
import threading
import zlib
from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from django.db import connection, transaction
from django.db.models import Count, Max

from wholeplace.agreements import Anchor, Statement
from wholeplace.agreements.standing.records import SignOff, Suspension, Termination
from wholeplace.agreements.subjects.flags import FlagKind, FlagValue
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.models import (
    FlagAnchor,
    FlagStatement,
    RecordedSignOff,
    RecordedSuspension,
    RecordedTermination,
)

__all__ = ["DjangoFlagStatements", "DjangoSignOffs", "hold_agreement"]

_LOCK_FAMILY = 0x6C696665  # any number that nothing else in this database locks


def hold_agreement(agreement_id: str) -> None:
    """Let nobody else sign, fix or reopen an agreement until this transaction ends."""
    with connection.cursor() as cursor:
        number = zlib.crc32(agreement_id.encode()) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_FAMILY, number])


class DjangoSignOffs:
    """Keeps the promises of `agreements.records.SignOffs`; each change stands in the trail first."""

    def sign_offs(self, agreement_id: str) -> list[SignOff]:
        """Return every signature to any text of the agreement that counts, oldest first."""
        found = RecordedSignOff.objects.filter(agreement_id=agreement_id, voided_at=None)
        return [
            SignOff(each.agreement_id, each.hash, each.partner, each.signatory, each.signed_at)
            for each in found
        ]

    def suspensions(self, agreement_id: str) -> list[Suspension]:
        """Return every suspension of the agreement, lifted or not, oldest first."""
        found = RecordedSuspension.objects.filter(agreement_id=agreement_id)
        return [
            Suspension(
                each.agreement_id,
                each.partner,
                each.suspended_by,
                each.suspended_at,
                each.reason,
                each.lifted_at,
            )
            for each in found
        ]

    def terminations(self, agreement_id: str) -> list[Termination]:
        """Return every notice to end the agreement, withdrawn or not, oldest first."""
        found = RecordedTermination.objects.filter(agreement_id=agreement_id)
        return [
            Termination(
                each.agreement_id,
                each.partner,
                each.given_by,
                each.given_at,
                each.last_on,
                each.reason,
                each.withdrawn_at,
            )
            for each in found
        ]

    def sign(self, sign_off: SignOff) -> None:
        """Record a signature."""
        record(
            "agreement.signed",
            actor=sign_off.signatory,
            organisation=sign_off.partner,
            agreement=sign_off.agreement_id,
            hash=sign_off.hash,
        )
        RecordedSignOff.objects.create(
            agreement_id=sign_off.agreement_id,
            hash=sign_off.hash,
            partner=sign_off.partner,
            signatory=sign_off.signatory,
            signed_at=sign_off.signed_at,
        )

    def suspend(self, suspension: Suspension) -> None:
        """Record a suspension; it works from the next page on."""
        record(
            "agreement.suspended",
            actor=suspension.suspended_by,
            organisation=suspension.partner,
            agreement=suspension.agreement_id,
        )
        RecordedSuspension.objects.create(
            agreement_id=suspension.agreement_id,
            partner=suspension.partner,
            suspended_by=suspension.suspended_by,
            suspended_at=suspension.suspended_at,
            reason=suspension.reason,
            lifted_at=suspension.lifted_at,
        )

    def lift(
        self, agreement_id: str, partner: str, lifted_at: dt.datetime, *, lifted_by: str = "system"
    ) -> None:
        """Lift what this partner suspended; what others suspended stays."""
        with transaction.atomic():
            found = RecordedSuspension.objects.select_for_update().filter(
                agreement_id=agreement_id, partner=partner, lifted_at=None
            )
            if not found.exists():
                return
            record(
                "agreement.resumed", actor=lifted_by, organisation=partner, agreement=agreement_id
            )
            found.update(lifted_at=lifted_at)

    def terminate(self, termination: Termination) -> None:
        """Record a notice to end an agreement; the trail holds its day, never its words."""
        record(
            "agreement.notice-given",
            actor=termination.given_by,
            organisation=termination.partner,
            agreement=termination.agreement_id,
            last_on=termination.last_on.isoformat(),
        )
        RecordedTermination.objects.create(
            agreement_id=termination.agreement_id,
            partner=termination.partner,
            given_by=termination.given_by,
            given_at=termination.given_at,
            last_on=termination.last_on,
            reason=termination.reason,
            withdrawn_at=termination.withdrawn_at,
        )

    def withdraw_notice(
        self, agreement_id: str, partner: str, withdrawn_at: dt.datetime, *, withdrawn_by: str
    ) -> None:
        """Take back this partner's notice; what others gave stays."""
        with transaction.atomic():
            found = RecordedTermination.objects.select_for_update().filter(
                agreement_id=agreement_id, partner=partner, withdrawn_at=None
            )
            if not found.exists():
                return
            record(
                "agreement.notice-withdrawn",
                actor=withdrawn_by,
                organisation=partner,
                agreement=agreement_id,
            )
            found.update(withdrawn_at=withdrawn_at)

    def void(self, agreement_id: str, voided_at: dt.datetime) -> int:
        """Make every signature to an agreement void; return how many there were.

        Part of taking its text back to a draft, which stands in the trail by itself.
        """
        found = RecordedSignOff.objects.filter(agreement_id=agreement_id, voided_at=None)
        return found.update(voided_at=voided_at)

    def version(self) -> tuple[object, ...]:
        """Return what changes whenever a signature, suspension or notice does; short queries."""
        signed = RecordedSignOff.objects.aggregate(Count("id"), Max("id"), Count("voided_at"))
        stopped = RecordedSuspension.objects.aggregate(Count("id"), Max("id"), Count("lifted_at"))
        ended = RecordedTermination.objects.aggregate(Count("id"), Max("id"), Count("withdrawn_at"))
        return (*signed.values(), *stopped.values(), *ended.values())


class DjangoFlagStatements:
    """Keeps the promises of `agreements.records.FlagStatements`.

    Statements are only ever added, so those that were read once are kept and only newer ones
    are fetched; after an erasure all are read again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, list[Statement]] = (0, [])

    def version(self) -> tuple[object, ...]:
        """Return how many there are and the newest; one short query."""
        found = FlagStatement.objects.aggregate(Count("id"), Max("id"))
        return (found["id__count"], found["id__max"])

    def statements(self) -> list[Statement]:
        """Return every statement ever made, oldest first."""
        count, newest = cast("tuple[int, int | None]", self.version())
        with self._lock:
            last, kept = self._kept
            added = _read(last)
            if len(kept) + len(added) != count:
                kept, added = [], _read(0)
            self._kept = (newest or 0, kept + added)
            return list(self._kept[1])


def _read(after: int) -> list[Statement]:
    rows = list(FlagStatement.objects.filter(id__gt=after).order_by("id"))
    if not rows:
        return []
    anchors: dict[str, list[FlagAnchor]] = defaultdict(list)
    held = FlagAnchor.objects.all()
    if after:
        held = held.filter(statement__in=[each.ref for each in rows])
    for each in held:
        anchors[each.statement].append(each)
    return [_statement(each, anchors[each.ref]) for each in rows]


def _statement(row: FlagStatement, anchors: Iterable[FlagAnchor]) -> Statement:
    at = [(Anchor(each.dataset, each.source_id), each.is_chosen) for each in anchors]
    return Statement(
        id=row.ref,
        flag=cast("FlagKind", row.flag),
        value=cast("FlagValue", row.value),
        purpose=row.purpose,
        partner=row.organisation,
        person_id=row.person_id,
        anchors=frozenset(anchor for anchor, is_chosen in at if is_chosen),
        reached=frozenset(anchor for anchor, _ in at),
        replaces=tuple(row.replaces),
        guardians=frozenset(map(str, row.guardians)),
        holds_until=row.holds_until,
    )
