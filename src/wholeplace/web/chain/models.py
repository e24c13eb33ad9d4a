"""The trail's entries and the keys of the pseudonyms in it."""

from typing import ClassVar

from django.db import models

__all__ = ["Entry", "SubjectKey"]


class Entry(models.Model):
    """One event in its place.

    Shape:
        position: 1, 2, 3 … without gaps.
        event: what happened; text, whole numbers, lists and objects, never a personal value.
        previous: hash of the entry before (64 zeros before the first).
        hash: `foundation.chain.chain_hash(previous, event)`.

    The table is made by SQL (not by Django), so that no test or command empties it.
    """

    position = models.BigIntegerField(primary_key=True)
    event = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """Oldest first."""

        managed = False
        db_table = "chain_entry"
        ordering: ClassVar[list[str]] = ["position"]

    def __str__(self) -> str:
        return f"entry {self.position}"


class SubjectKey(models.Model):
    """The key that turns one person's id into the pseudonym that stands in the trail.

    Destroying it (erasure) leaves the trail whole and its entries about nobody.
    """

    person_id = models.CharField(max_length=80, primary_key=True)
    key = models.BinaryField(max_length=32)

    class Meta:
        """Kept out of Django's hands, like the entries."""

        managed = False
        db_table = "chain_subject_key"

    def __str__(self) -> str:
        return "subject key"
