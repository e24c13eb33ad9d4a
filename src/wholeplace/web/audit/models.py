"""The trail folded by day: how often each clause decided, and what was refused to whom."""

from typing import ClassVar

from django.db import models

__all__ = ["ClauseUseDay", "FoldedTo", "RefusalDay"]


class FoldedTo(models.Model):
    """How far the trail has been folded: one row.

    Shape:
        position: the last entry that is counted.
        seal: its hash, so that another trail is never taken for this one.
    """

    position = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"folded to {self.position}"


class ClauseUseDay(models.Model):
    """A day's sights by one clause of one field; about nobody in particular.

    Shape:
        grain: day, organisation, role, purpose, source, field, level, clause.
        sights: a person and a field, once a sight.
    """

    day = models.DateField()
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    field = models.CharField(max_length=80)
    level = models.CharField(max_length=20)
    clause = models.CharField(max_length=130)
    sights = models.BigIntegerField()

    class Meta:
        """One row a grain, found by day."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "organisation",
                    "role",
                    "purpose",
                    "source",
                    "field",
                    "level",
                    "clause",
                ],
                name="one_use_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"clause use {self.pk}"


class RefusalDay(models.Model):
    """A day's refusals of one field to one practitioner; about no resident.

    Shape:
        grain: day, organisation, role, purpose, source, field, blocks, actor.
        requests: a person and a page for which it was asked.
    """

    day = models.DateField()
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    field = models.CharField(max_length=80)
    blocks = models.CharField(max_length=120, blank=True, default="")
    actor = models.CharField(max_length=60)
    requests = models.BigIntegerField()

    class Meta:
        """One row a grain, found by day."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "organisation",
                    "role",
                    "purpose",
                    "source",
                    "field",
                    "blocks",
                    "actor",
                ],
                name="one_refusal_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"refusal {self.pk}"
