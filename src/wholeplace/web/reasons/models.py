"""What the pages on reasons keep: steps of reviews, questions to a second person, requests."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

from wholeplace.web.gateway.models import OpenReason

__all__ = ["FieldReply", "InformationRequest", "ReviewStep", "SealedAsk"]


class ReviewStep(models.Model):
    """One step of one review; steps are added and never changed.

    Shape:
        move: `ask`, `tell`, `justify`, `find-fault`.
        done: what is done about it, where the reason was not justified.
    """

    reason_id = models.CharField(max_length=40, db_index=True)
    move = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    at = models.DateTimeField()
    note = models.TextField()
    done = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @classmethod
    def erase_people(cls, person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Delete the steps on reasons about these people, whose notes may name them.

        Their reasons may have gone before, so steps on no reason that is left go too.
        """
        left = OpenReason.objects.exclude(person_id__in=person_ids).values("id")
        gone, _ = cls.objects.exclude(reason_id__in=left).delete()
        return gone


class SealedAsk(models.Model):
    """One wish to break the glass on somebody whom no search finds.

    The same row is kept where somebody is sealed and where there is nobody, and both look the
    same to whoever asked until a second person answers.

    Shape:
        id: opaque, also in the trail.
        person_id: who is meant; empty where there is nobody.
        outcome: `confirmed`, `refused`, or empty.
        reason_id: of the reason that a confirmation opened.
    """

    id = models.CharField(max_length=40, primary_key=True)
    person_id = models.CharField(max_length=80, blank=True, default="", db_index=True)
    purpose = models.CharField(max_length=60)
    text = models.TextField()
    asked_by = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason_id = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-asked_at"]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class InformationRequest(models.Model):
    """One question by one user to one partner about one person.

    Shape:
        id: opaque, also in the trail.
        fields: vocabulary fields asked for, each with the level and clauses under which:
            `[{"field", "level", "clauses"}]`.
        reason_id: the asker's reason when they asked, as it stands in the trail.
        urgency: `emergency`, `urgent`, `routine`.
        state: as in `agreements.information_request`.
        link_hash: SHA-256 of the link's secret; empty where there is no live link.
        code_hash: slow hash of the code that is told by telephone.
        decided_name, decided_position: of whoever decided, as they wrote it.
        decided_by: user id, or `link`.
    """

    id = models.CharField(max_length=40, primary_key=True)
    person_id = models.CharField(max_length=80, db_index=True)
    purpose = models.CharField(max_length=60)
    partner = models.CharField(max_length=60, db_index=True)
    fields = models.JSONField(default=list)
    question = models.TextField()
    necessity = models.TextField()
    urgency = models.CharField(max_length=20)
    reason_id = models.CharField(max_length=80)
    reason_kind = models.CharField(max_length=30)
    asked_by = models.CharField(max_length=60, db_index=True)
    asker_name = models.CharField(max_length=120)
    asker_position = models.CharField(max_length=120)
    organisation = models.CharField(max_length=60, db_index=True)
    role = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="sent", db_index=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_name = models.CharField(max_length=120, blank=True, default="")
    decided_position = models.CharField(max_length=120, blank=True, default="")
    decision_note = models.TextField(blank=True, default="")
    link_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    code_hash = models.CharField(max_length=200, blank=True, default="")
    link_failures = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-asked_at"]

    def __str__(self) -> str:
        return f"request {self.pk}"


class FieldReply(models.Model):
    """What was answered on one field of a request.

    Shape:
        outcome: `given`, `not-held`, `refused`; `refusal` is the kind of the latter.
        sealed_text: text and day, encrypted under the deployment's key; empty where nothing
            was given.
    """

    request = models.ForeignKey(InformationRequest, models.CASCADE, related_name="replies")
    person_id = models.CharField(max_length=80, db_index=True)
    field = models.CharField(max_length=80)
    outcome = models.CharField(max_length=20)
    refusal = models.CharField(max_length=30, blank=True, default="")
    sealed_text = models.BinaryField(blank=True, default=b"")

    class Meta:
        """In the order asked; one a field."""

        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "field"], name="one_reply_a_field")
        ]

    def __str__(self) -> str:
        return f"reply {self.pk}"
