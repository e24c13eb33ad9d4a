"""Requests to erase somebody, and what each partner that holds them answers."""

from typing import ClassVar

from django.db import models

__all__ = ["ErasureRequest", "PartnerAnswer"]


class ErasureRequest(models.Model):
    """A request to erase a person or one record.

    Shape:
        id: opaque; stands in the trail and in the deletions ledger.
        person_id, anchors, person_ids, words: whom it is about; emptied once it is done, so that
            what is left names nobody. `anchors` holds [partner, dataset, source id].
        version: counts changes; a second editor is told.
        counts: rows gone, by where they stood.
    """

    id = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=10)
    person_id = models.CharField(max_length=80, blank=True, default="", db_index=True)
    anchors = models.JSONField(default=list)
    person_ids = models.JSONField(default=list)
    why = models.CharField(max_length=30)
    words = models.TextField(blank=True, default="")
    state = models.CharField(max_length=12, db_index=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    counts = models.JSONField(default=dict)
    ledger_position = models.PositiveIntegerField(default=0)
    ledger_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "id"]

    def __str__(self) -> str:
        return f"erasure request {self.pk}"


class PartnerAnswer(models.Model):
    """What one partner decides about its own records: erase them, or keep them and why."""

    request = models.ForeignKey(ErasureRequest, on_delete=models.CASCADE, related_name="answers")
    partner = models.CharField(max_length=60)
    answer = models.CharField(max_length=10)
    exemption = models.CharField(max_length=30, blank=True, default="")
    answered_by = models.CharField(max_length=60)
    answered_at = models.DateTimeField()

    class Meta:
        """One answer a partner."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "partner"], name="one_answer_a_partner")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
