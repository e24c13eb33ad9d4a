"""Families on a programme, their claims, audits and returns."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

__all__ = [
    "AuditSample",
    "Claim",
    "ClaimStep",
    "Family",
    "FamilyMember",
    "KeptFramework",
    "SentReturn",
]


class KeptFramework(models.Model):
    """A framework as the place used it on some day; families keep the one that they joined under.

    Shape:
        hash: SHA-256 of the text.
        text: the framework with the place's own changes, as JSON.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    framework = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text = models.JSONField()

    def __str__(self) -> str:
        return f"framework {self.framework} {self.version}"


class Family(models.Model):
    """One family on a programme, by a number that says nothing of who they are.

    Shape:
        ref: `F-0012`.
        days: as workers wrote them down.
        lead: user id of the lead practitioner; empty where none is named.
        last_failed: ids of the rules that failed when it was last checked; None before.
        last_facts: values of the facts at that check, as JSON text.
        version: counted up at every change of what was written down.
    """

    ref = models.CharField(max_length=12, primary_key=True)
    organisation = models.CharField(max_length=60, db_index=True)
    framework = models.ForeignKey(KeptFramework, on_delete=models.PROTECT)
    joined_on = models.DateField(null=True, blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    lead = models.CharField(max_length=60, blank=True, default="")
    expects_child = models.BooleanField(null=True)
    progressed_to_work = models.BooleanField(null=True)
    last_failed = models.JSONField(null=True)
    last_facts = models.TextField(blank=True, default="")
    last_checked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By number."""

        ordering: ClassVar[list[str]] = ["ref"]

    def __str__(self) -> str:
        return f"family {self.ref}"


class FamilyMember(models.Model):
    """One member of a family on a programme."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="members")
    person_id = models.CharField(max_length=80, db_index=True)

    class Meta:
        """Each person stands in a family once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["family", "person_id"], name="member_once")
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"

    @classmethod
    def erase_people(cls, person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Delete the members, and what was found out about their families; what was paid stays."""
        theirs = cls.objects.filter(person_id__in=person_ids)
        families = list(theirs.values_list("family_id", flat=True))
        Family.objects.filter(ref__in=families).update(
            last_failed=None, last_facts="", last_checked_at=None
        )
        Claim.objects.filter(family_id__in=families).update(facts="")
        gone, _ = theirs.delete()
        return gone


class Claim(models.Model):
    """One claim for a result.

    Shape:
        id: `C-0003`.
        route: by which it was earned; pence: computed from the family's framework.
        facts: values at the check on which it rests, as JSON text; rules: their results.
        snapshot_id: of the data that it was checked against.
    """

    id = models.CharField(max_length=12, primary_key=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="claims")
    organisation = models.CharField(max_length=60, db_index=True)
    state = models.CharField(max_length=20)
    route = models.CharField(max_length=60)
    attachment_pence = models.PositiveIntegerField(default=0)
    result_pence = models.PositiveIntegerField(default=0)
    facts = models.TextField()
    snapshot_id = models.CharField(max_length=60)
    claimed_by = models.CharField(max_length=60)
    claimed_on = models.DateField()
    decided_by = models.CharField(max_length=60, blank=True, default="")
    paid_on = models.DateField(null=True, blank=True)
    back_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; one live claim a family."""

        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["family"],
                condition=~models.Q(state__in=["refused", "withdrawn", "paid-back"]),
                name="one_live_claim",
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"

    @property
    def pence(self) -> int:
        """Attachment and result together."""
        return self.attachment_pence + self.result_pence


class ClaimStep(models.Model):
    """One thing that happened to a claim; never changed or removed."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class AuditSample(models.Model):
    """A sample of claims that an auditor drew; anybody can draw it again from seed and claims."""

    seed = models.CharField(max_length=100)
    organisation = models.CharField(max_length=60, db_index=True)
    drawn_by = models.CharField(max_length=60)
    drawn_at = models.DateTimeField()
    among = models.JSONField()
    claims = models.JSONField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-drawn_at", "-id"]

    def __str__(self) -> str:
        return f"sample {self.pk}"


class SentReturn(models.Model):
    """A return as it was sent to the centre; never changed.

    Shape:
        lines: line id to the families counted, each with its amount in pence or 1.
    """

    framework = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, db_index=True)
    first_on = models.DateField()
    last_on = models.DateField()
    lines = models.JSONField()
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"return {self.pk}"
