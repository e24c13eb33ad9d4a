"""What people answered about doubtful matches; anchored, so that erasure finds it."""

from typing import ClassVar

from django.db import models

__all__ = ["MatchAnchor", "MatchAnswer", "MatchReview", "MatchSample"]


class MatchReview(models.Model):
    """The review of one pair of two partners' own numbers.

    Shape:
        id: opaque and random; stands in the trail. It says nothing of the pair.
        needs_second: whether two people answer it, neither seeing the other's answer.
        datasets: the pair of datasets, "one | other".
        weight, probability, outcome: what linkage made of the pair when it was first answered
            or drawn.
        sample, band: the sample that it was drawn in, and its score band there.
        version: counted up at every change.
    """

    id = models.CharField(max_length=40, primary_key=True)
    state = models.CharField(max_length=20, db_index=True)
    needs_second = models.BooleanField(default=False)
    datasets = models.CharField(max_length=200)
    weight = models.FloatField()
    probability = models.FloatField()
    outcome = models.CharField(max_length=20)
    sample = models.CharField(max_length=40, blank=True, default="", db_index=True)
    band = models.CharField(max_length=60, blank=True, default="")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest change first."""

        ordering: ClassVar[list[str]] = ["-changed_at", "id"]

    def __str__(self) -> str:
        return f"match review {self.pk}"


class MatchAnchor(models.Model):
    """One side of a review. No foreign key, so that erasure may take rows in any order."""

    review = models.CharField(max_length=40, db_index=True)
    side = models.PositiveSmallIntegerField()
    dataset = models.CharField(max_length=80)
    source_id = models.CharField(max_length=200)

    class Meta:
        """Two sides a review; found by the partner's number too."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "side"], name="one_anchor_a_side")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dataset", "source_id"], name="match_anchor_by_source")
        ]

    def __str__(self) -> str:
        return f"match anchor {self.pk}"


class MatchAnswer(models.Model):
    """One person's answer; taken back, it stays and counts no more.

    Shape:
        answer: same, different or unsure.
        is_blind: whether it was given without sight of anybody else's, for agreement.
    """

    review = models.CharField(max_length=40, db_index=True)
    reviewer = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    answer = models.CharField(max_length=10)
    is_blind = models.BooleanField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first; one standing answer of a person to a pair."""

        ordering: ClassVar[list[str]] = ["given_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["review", "reviewer"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_answer",
            )
        ]

    def __str__(self) -> str:
        return f"match answer {self.pk}"


class MatchSample(models.Model):
    """Links drawn at random to find out how good links are.

    Shape:
        sizes: {"linked": {band: pairs}, "unlinked": {band: pairs}} when it was drawn.
    """

    id = models.CharField(max_length=40, primary_key=True)
    organisation = models.CharField(max_length=60)
    drawn_by = models.CharField(max_length=60)
    drawn_at = models.DateTimeField()
    snapshot_id = models.CharField(max_length=60)
    sizes = models.JSONField(default=dict)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-drawn_at"]

    def __str__(self) -> str:
        return f"match sample {self.pk}"
