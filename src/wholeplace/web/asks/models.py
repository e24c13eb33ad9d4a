"""Asks of the place, and what happened to each."""

from typing import ClassVar

from django.db import models

__all__ = ["Ask", "AskStep"]


class Ask(models.Model):
    """One ask or barrier. None is about a resident, and none may name one.

    Shape:
        id: `A-0007`, in order; stands in addresses and in the register.
        kind: `ask` or `barrier`.
        evidence: what shows that it matters, as typed; `costs`: what it costs whom, as typed.
        counterpart: user id of whoever must answer; counterpart_job: their job as published.
        answer: one of `partnership.asks.ANSWERS`; empty until answered.
        version: counted up at every change.
    """

    id = models.CharField(max_length=12, primary_key=True)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=160)
    wanted = models.TextField()
    evidence = models.TextField()
    costs = models.TextField(blank=True, default="")
    counterpart = models.CharField(max_length=60, db_index=True)
    counterpart_job = models.CharField(max_length=160)
    asked_by = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60, db_index=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=20)
    answer = models.CharField(max_length=20, blank=True, default="")
    answer_words = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class AskStep(models.Model):
    """One thing that happened to an ask; never changed or removed."""

    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    answer = models.CharField(max_length=20, blank=True, default="")
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"
