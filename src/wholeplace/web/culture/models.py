"""Rounds of the pulse: counters of answers, never answers; marks, never names."""

from typing import ClassVar

from django.db import models

__all__ = ["PulseAction", "PulseCount", "PulseMark", "PulseRound"]


class PulseRound(models.Model):
    """One round of the pulse.

    Shape:
        id: opaque; stands in addresses and in the ledger of what was shown.
        key: under which marks are made while it is open; destroyed when it closes.
    """

    id = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=80)
    opened_on = models.DateField()
    closes_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    opened_by = models.CharField(max_length=60)
    key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["opened_on", "id"]

    def __str__(self) -> str:
        return f"round {self.pk}"


class PulseCount(models.Model):
    """How many of one organisation and role gave one answer to one statement.

    No row of these is anybody's; there is no time on it, and at the end of a round all are written
    anew in one order, so that not even the order in which the engine keeps them tells anything.
    """

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="counts")
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    statement = models.CharField(max_length=40)
    answer = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        """One row for each that is counted."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["round", "organisation", "role", "statement", "answer"],
                name="culture_one_counter",
            )
        ]

    def __str__(self) -> str:
        return f"count {self.pk}"


class PulseMark(models.Model):
    """That somebody has answered: a keyed hash, so that nobody answers twice.

    Shape:
        mark: HMAC of the user under the round's key. Once that is destroyed it names nobody, and
            it is deleted with it.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="marks")

    def __str__(self) -> str:
        return "mark"


class PulseAction(models.Model):
    """One thing that the partnership agreed to do after a round, shown beside the next ones."""

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="actions")
    words = models.CharField(max_length=300)
    organisation = models.CharField(max_length=60)
    due_on = models.DateField()
    agreed_on = models.DateField()
    agreed_by = models.CharField(max_length=60)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        """By when it is due."""

        ordering: ClassVar[list[str]] = ["due_on", "id"]

    def __str__(self) -> str:
        return f"action {self.pk}"
