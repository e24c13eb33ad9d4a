"""What people record about agreements, and why they look."""

from typing import ClassVar

from django.db import models

__all__ = [
    "Caseload",
    "CaseloadSource",
    "OpenReason",
    "RecordedSignOff",
    "RecordedSuspension",
    "RecordedTermination",
]


class RecordedSignOff(models.Model):
    """One party's signature on one text.

    Shape:
        voided_at: when the text went back to a draft; the signature counts no more.
    """

    agreement_id = models.CharField(max_length=60, db_index=True)
    hash = models.CharField(max_length=64)
    partner = models.CharField(max_length=60)
    signatory = models.CharField(max_length=60)
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first; one signature of a party to a text."""

        ordering: ClassVar[list[str]] = ["signed_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agreement_id", "hash", "partner"],
                condition=models.Q(voided_at=None),
                name="one_signature_a_text",
            )
        ]

    def __str__(self) -> str:
        return f"sign-off {self.pk}"


class RecordedSuspension(models.Model):
    """One party's stop to an agreement."""

    agreement_id = models.CharField(max_length=60, db_index=True)
    partner = models.CharField(max_length=60)
    suspended_by = models.CharField(max_length=60)
    suspended_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["suspended_at", "id"]

    def __str__(self) -> str:
        return f"suspension {self.pk}"


class RecordedTermination(models.Model):
    """One party's notice that an agreement ends."""

    agreement_id = models.CharField(max_length=60, db_index=True)
    partner = models.CharField(max_length=60)
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    last_on = models.DateField()
    reason = models.TextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["given_at", "id"]

    def __str__(self) -> str:
        return f"termination {self.pk}"


class OpenReason(models.Model):
    """One person's reason to look at one other person, for a limited time.

    Shape:
        id: opaque, also in the trail.
        text: what they typed; reviewers see it, the trail does not hold it.
    """

    id = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=30)
    text = models.TextField()
    person_id = models.CharField(max_length=80, db_index=True)
    purpose = models.CharField(max_length=60)
    opened_by = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-opened_at"]

    def __str__(self) -> str:
        return f"reason {self.pk}"


class Caseload(models.Model):
    """One person with whom one user works, by their own organisation's extracts."""

    user_id = models.CharField(max_length=60)
    person_id = models.CharField(max_length=80)
    snapshot_id = models.CharField(max_length=60, db_index=True)

    class Meta:
        """One row a user and person."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "person_id"], name="one_row_a_pair")
        ]

    def __str__(self) -> str:
        return f"caseload {self.pk}"


class CaseloadSource(models.Model):
    """The snapshot from which the caseloads were last read, and for how many users."""

    snapshot_id = models.CharField(max_length=60, primary_key=True)
    users = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"caseload source {self.pk}"
