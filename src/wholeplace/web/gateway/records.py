"""Signatures and suspensions in the database: Django's side of `agreements.records`."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max

from wholeplace.agreements.records import SignOff, Suspension
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.models import RecordedSignOff, RecordedSuspension

__all__ = ["DjangoSignOffs"]


class DjangoSignOffs:
    """Keeps the promises of `agreements.records.SignOffs`; each change stands in the trail first."""

    def sign_offs(self, agreement_id: str) -> list[SignOff]:
        """Return every signature to any text of the agreement, oldest first."""
        found = RecordedSignOff.objects.filter(agreement_id=agreement_id)
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

    def version(self) -> tuple[object, ...]:
        """Return what changes whenever a signature or suspension does; two short queries."""
        signed = RecordedSignOff.objects.aggregate(Count("id"), Max("id"))
        stopped = RecordedSuspension.objects.aggregate(Count("id"), Max("id"), Count("lifted_at"))
        return (*signed.values(), *stopped.values())
