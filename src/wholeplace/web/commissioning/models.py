"""Contracts, the people whom they are for, and their payments."""

from typing import ClassVar

from django.db import models

__all__ = ["CohortMember", "Contract", "ContractStep", "Payment"]


class Contract(models.Model):
    """One contract or grant agreement.

    Shape:
        id: `K-0002`.
        terms: everything that it says, as JSON (`money.contracts.terms.ContractTerms`).
        terms_hash: SHA-256 of it, from the day it was frozen; empty before.
    """

    id = models.CharField(max_length=12, primary_key=True)
    organisation = models.CharField(max_length=60, db_index=True)
    state = models.CharField(max_length=20)
    terms = models.JSONField()
    terms_hash = models.CharField(max_length=64, blank=True, default="")
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=60, blank=True, default="")
    frozen_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"contract {self.pk}"


class CohortMember(models.Model):
    """One person of a frozen cohort; never shown, only measured and counted."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="members")
    person_id = models.CharField(max_length=80, db_index=True)

    class Meta:
        """Each person stands in a cohort once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "person_id"], name="cohort_member_once")
        ]

    def __str__(self) -> str:
        return f"cohort member {self.pk}"


class ContractStep(models.Model):
    """One thing that happened to a contract; never changed or removed."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class Payment(models.Model):
    """One payment that was computed, with all that it follows from.

    Shape:
        kind: `milestone` or `outcome`; milestone: its id.
        evidence: what shows that a milestone was reached, as typed.
        basis: for outcomes: observed, expected and fall, in thousandths; the hash of the terms.
        parts: provider to its part, in pence.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=12)
    milestone = models.CharField(max_length=60, blank=True, default="")
    evidence = models.TextField(blank=True, default="")
    basis = models.JSONField(default=dict)
    pence = models.PositiveBigIntegerField()
    central_pence = models.PositiveBigIntegerField(default=0)
    parts = models.JSONField()
    state = models.CharField(max_length=12)
    computed_by = models.CharField(max_length=60)
    computed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Oldest first; each milestone and the outcome is paid once."""

        ordering: ClassVar[list[str]] = ["computed_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "kind", "milestone"],
                condition=~models.Q(state="refused"),
                name="paid_once",
            )
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"
