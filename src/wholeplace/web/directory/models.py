"""What the directory keeps: services as received, imports, capacity, and decisions on doubles."""

from typing import ClassVar

from django.db import models

__all__ = ["CapacityChange", "DuplicatePair", "FeedImport", "ServiceCapacity", "SourceService"]


class SourceService(models.Model):
    """One service of one feed.

    Shape:
        id: its UUID here, minted from feed and source_id.
        received: the JSON as received; empty where the address is confidential, and then
            sealed_received holds it, encrypted under the deployment's key.
        document: in the standard's shape, without a confidential address.
        gone_at: since when its feed lists it no longer.
    """

    id = models.CharField(max_length=36, primary_key=True)
    feed = models.CharField(max_length=40, db_index=True)
    source_id = models.TextField()
    shape = models.CharField(max_length=4)
    received = models.TextField(blank=True, default="")
    sealed_received = models.BinaryField(blank=True, default=b"")
    document = models.JSONField()
    why_confidential = models.CharField(max_length=120, blank=True, default="")
    content_hash = models.CharField(max_length=64)
    faults = models.JSONField(default=list)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """By feed."""

        ordering: ClassVar[list[str]] = ["feed", "id"]

    def __str__(self) -> str:
        return f"service {self.pk}"


class FeedImport(models.Model):
    """One import of one feed.

    Shape:
        outcome: `whole`, `part` (something could not be read) or `failed`.
        counts: new, changed, same, back, gone, received, said.
        faults: `[{"code", "where", "count"}]`; never a value.
    """

    feed = models.CharField(max_length=40, db_index=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=10)
    counts = models.JSONField(default=dict)
    faults = models.JSONField(default=list)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-began_at", "-id"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ServiceCapacity(models.Model):
    """What a service's own organisation last said of its capacity.

    Shape:
        state: of `directory.CAPACITY_STATES`.
        version: counted up at every change.
    """

    service_id = models.CharField(max_length=36, primary_key=True)
    state = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True, default="")
    checked_on = models.DateField()
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"capacity of {self.pk}"


class CapacityChange(models.Model):
    """One thing that was said of a service's capacity; never changed or removed."""

    service_id = models.CharField(max_length=36, db_index=True)
    state = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"change {self.pk}"


class DuplicatePair(models.Model):
    """Two services that may be one, and what a person decided.

    Shape:
        state: `waiting`, `same` or `different`.
        shown: whose listing is shown, where they are the same.
    """

    first = models.CharField(max_length=36)
    second = models.CharField(max_length=36)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="waiting", db_index=True)
    shown = models.CharField(max_length=36, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The likeliest first."""

        ordering: ClassVar[list[str]] = ["-score", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_services")
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"
