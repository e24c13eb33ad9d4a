"""What is kept so that residents reach their own account, ask about it, and come to no harm by it."""

from typing import ClassVar

from django.db import models

__all__ = ["AccessCode", "Anchor", "CodeAttempt", "ResidentRequest", "WithholdingMark"]


class AccessCode(models.Model):
    """A code that somebody handed over after checking who a person is.

    Shape:
        person_id: id of the person on the day of the check; who it is now follows the anchors.
        code_hash, birth_hash: keyed hashes; neither the code nor the date is kept.
        how: how identity was checked, one of `codes.HOW_CHECKED`.
        wrong: how often the right code came with a wrong date of birth.
        user_id: the account that was opened with it; empty until it is used.
        closed_at: when it was ended by hand, or by another code for the same person.
    """

    person_id = models.CharField(max_length=80, db_index=True)
    code_hash = models.CharField(max_length=64, unique=True)
    birth_hash = models.CharField(max_length=64)
    how = models.CharField(max_length=30)
    given_by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    user_id = models.CharField(max_length=60, blank=True, default="", db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-given_at", "-id"]

    def __str__(self) -> str:
        return f"code {self.pk}"


class Anchor(models.Model):
    """One record that stood under the person when identity was checked.

    Linkage may move a record to another person; the account follows all of them together, and is
    closed when they part.
    """

    code = models.ForeignKey(AccessCode, on_delete=models.CASCADE, related_name="anchors")
    dataset = models.CharField(max_length=60)
    source_id = models.CharField(max_length=200)

    class Meta:
        """Found by record, for erasure."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dataset", "source_id"], name="residents_anchor_record")
        ]

    def __str__(self) -> str:
        return f"anchor {self.pk}"


class CodeAttempt(models.Model):
    """One try of a code, for the limit at one address; rows older than a day are swept away."""

    address_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Found by address and time."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address_hash", "at"], name="residents_attempt_address")
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class WithholdingMark(models.Model):
    """Something that is left out of a person's account, because telling would endanger somebody.

    Shape:
        kind, value: as `agreements.withholding.Mark`.
        why: in words; read by the second person alone.
        state: one of `withholding.STATES`.
        version: counts up with every change.
    """

    person_id = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=30)
    value = models.CharField(max_length=200, blank=True, default="")
    why = models.TextField()
    organisation = models.CharField(max_length=60)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    review_on = models.DateField()
    state = models.CharField(max_length=20, default="proposed")
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Those to be looked at first stand first."""

        ordering: ClassVar[list[str]] = ["review_on", "id"]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class ResidentRequest(models.Model):
    """A question, correction or complaint of a resident about their record.

    Shape:
        user_id: the resident's account.
        state: one of `requests.STATES`.
        due_on: the day by which it is to be answered.
        version: counts up with every change.
    """

    person_id = models.CharField(max_length=80, db_index=True)
    user_id = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=30)
    text = models.TextField()
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=20, default="received")
    answer = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"request {self.pk}"
