"""Drafts of agreements: who drafts them, every version, and what reviewers say.

The text itself stands in `agreements/drafts/<id>.yaml` of the place folder. Whether a draft was
fixed for signing is told by where its file stands, and from then on by signatures and dates; none
of that is stored here.
"""

from typing import ClassVar

from django.db import models

__all__ = ["Comment", "Draft", "DraftVersion", "Readiness"]


class Draft(models.Model):
    """One text that is being written or reviewed, or was.

    Shape:
        owner: organisation that drafts it.
        stage: `draft`, `review` or `withdrawn`; what follows is told by its file and signatures.
        version: number of the newest version; each save is one.
        sent_at: when the parties first saw it.
    """

    agreement_id = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300, blank=True, default="")
    owner = models.CharField(max_length=60)
    stage = models.CharField(max_length=20, default="draft")
    version = models.IntegerField(default=1)
    started_by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Last changed first."""

        ordering: ClassVar[list[str]] = ["-changed_at", "id"]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftVersion(models.Model):
    """One version of a draft's text, kept whole.

    Shape:
        what: what was done, in a few words.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()
    what = models.CharField(max_length=200)
    saved_by = models.CharField(max_length=60)
    saved_at = models.DateTimeField()

    class Meta:
        """Newest first; each number once."""

        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"draft version {self.pk}"


class Comment(models.Model):
    """What a reviewer says on a whole draft or on one clause, or a reply to it.

    Shape:
        clause: id of the clause; empty for the whole.
        version: of the draft, when it was written.
        reply_to: the comment that it answers; None where it begins.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="comments")
    clause = models.CharField(max_length=120, blank=True, default="")
    version = models.IntegerField()
    text = models.TextField()
    written_by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    reply_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    resolved_by = models.CharField(max_length=60, blank=True, default="")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["written_at", "id"]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Readiness(models.Model):
    """A party's word that it is ready to sign one version of a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="readiness")
    partner = models.CharField(max_length=60)
    version = models.IntegerField()
    said_by = models.CharField(max_length=60)
    said_at = models.DateTimeField()

    class Meta:
        """Each party once a version."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["draft", "partner", "version"], name="one_word_a_party_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"readiness {self.pk}"
