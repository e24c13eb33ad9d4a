"""Business cases, investment agreements, pools' ledgers and bodies' budgets. Nothing about residents."""

from typing import ClassVar

from django.db import models

__all__ = [
    "BudgetReturn",
    "BusinessCase",
    "InvestmentDeal",
    "MoneyStep",
    "PoolEntry",
    "PoolLine",
    "SignedDeal",
]


class BusinessCase(models.Model):
    """A case for one intervention, with the figures that somebody changed.

    Shape:
        values: id of a figure → what it is in this case, as text; every other is the place's.
        reasons: id of a figure → why, or how it was measured.
        offered_by: who asked for a decision; decided_by: who made it.
        version: counted up at every change.
    """

    id = models.CharField(max_length=20, primary_key=True)
    title = models.CharField(max_length=200)
    intervention = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    written_by = models.CharField(max_length=60)
    offered_by = models.CharField(max_length=60, blank=True, default="")
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"case {self.pk}"


class InvestmentDeal(models.Model):
    """An agreement to invest together, drafted from an agreed case.

    Shape:
        fields: field of the template → words.
        partners: those who are to sign.
        case_version: the case's version that the fields were drafted from.
    """

    id = models.CharField(max_length=20, primary_key=True)
    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="deals")
    case_version = models.PositiveIntegerField()
    fields = models.JSONField(default=dict)
    partners = models.JSONField(default=list)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class SignedDeal(models.Model):
    """One partner's signature on one text; the database refuses to change or remove it."""

    deal = models.ForeignKey(InvestmentDeal, on_delete=models.PROTECT, related_name="signatures")
    partner = models.CharField(max_length=60)
    signed_by = models.CharField(max_length=60)
    text_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """One signature a partner and text, oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["deal", "partner", "text_hash"], name="signed_once")
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"


class MoneyStep(models.Model):
    """One thing that happened to a case or an agreement; never changed or removed.

    Shape:
        about: id of the case or agreement.
        words: as typed by whoever did it.
    """

    about = models.CharField(max_length=20, db_index=True)
    event = models.CharField(max_length=30)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class PoolEntry(models.Model):
    """One entry of a pool's ledger; the database refuses to change or remove it.

    Shape:
        number: counts up from 1 in each pool, without a gap.
        token: from the form, so that pressing twice enters once.
        reverses: number of the entry that this one takes back.
    """

    pool = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    on = models.DateField()
    words = models.CharField(max_length=200)
    reverses = models.PositiveIntegerField(null=True, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    token = models.CharField(max_length=40, unique=True)

    class Meta:
        """In order."""

        ordering: ClassVar[list[str]] = ["pool", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pool", "number"], name="pool_entry_number"),
            models.UniqueConstraint(fields=["pool", "reverses"], name="pool_entry_reversed_once"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number} of {self.pool}"


class PoolLine(models.Model):
    """One side of an entry; all lines of an entry add up to nothing, which the database holds."""

    entry = models.ForeignKey(PoolEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=80)
    pence = models.BigIntegerField()

    class Meta:
        """As written."""

        ordering: ClassVar[list[str]] = ["entry", "id"]

    def __str__(self) -> str:
        return f"line {self.pk}"


class BudgetReturn(models.Model):
    """One body's budget for one year as it was imported. A later one stands in its place.

    Shape:
        lines: plain values of `money.spend.BudgetLine`.
        content_hash: SHA-256 of the file.
    """

    body = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    lines = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    imported_by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["year", "body"], name="budget_of_year")
        ]

    def __str__(self) -> str:
        return f"budget {self.pk}"
