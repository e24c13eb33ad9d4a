"""What is written down in a case: notes and assessments. Neither is ever changed."""

from typing import ClassVar

from django.db import models

from wholeplace.web.teams.models.cases import Case

__all__ = ["Assessment", "Note"]


class Note(models.Model):
    """One note about one person of a case.

    Shape:
        kind: one of `NOTE_KINDS`.
        text: as typed; shown by the gateway alone.
        on: the day on which what it tells of happened.
        readers: one of `READERS`; `named` holds user ids.
        replaces: number of the note that it corrects.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    person_id = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=30)
    text = models.TextField()
    on = models.DateField()
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    at = models.DateTimeField()
    readers = models.CharField(max_length=20)
    named = models.JSONField(default=list)
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections"
    )

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-on", "-at", "-id"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Assessment(models.Model):
    """How a family is, headline by headline, on one day.

    Shape:
        person_id: the main person of the case on that day.
        views: one `HeadlineView` a headline, as plain data.
        wishes: what the family wants to be different, in its words.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    person_id = models.CharField(max_length=80, db_index=True)
    on = models.DateField()
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    at = models.DateTimeField()
    views = models.JSONField(default=list)
    wishes = models.TextField(blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-on", "-at", "-id"]

    def __str__(self) -> str:
        return f"assessment {self.pk}"
