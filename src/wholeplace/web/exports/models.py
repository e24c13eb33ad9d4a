"""Requests to take figures out, with the file as it was checked, and what happened to each."""

from typing import ClassVar

from django.db import models

__all__ = ["ExportRequest", "ExportStep"]


class ExportRequest(models.Model):
    """One request for one file. The file is made when it is asked for and never changed.

    Shape:
        id: opaque; stands in the file, in the trail and in addresses.
        chosen: the report's parameters; ids of the place's own words, never a person's.
        why: what the figures are for; for_whom: who will read them. Both as typed.
        content: the file, byte for byte; content_hash its SHA-256.
        findings: what the check found; a request with any is refused before it is kept.
        version: counted up at every change.
    """

    id = models.CharField(max_length=20, primary_key=True)
    report = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    chosen = models.JSONField(default=dict)
    why = models.TextField()
    for_whom = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60, db_index=True)
    role = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    clauses = models.JSONField(default=list)
    snapshot_id = models.CharField(max_length=60)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "id"]

    def __str__(self) -> str:
        return f"export request {self.pk}"


class ExportStep(models.Model):
    """One thing that happened to a request; never changed or removed."""

    request = models.ForeignKey(ExportRequest, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"
