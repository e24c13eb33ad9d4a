"""Cases: the household, the team round it, and what happened."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

__all__ = ["Case", "CaseJoining", "CaseMember", "CasePerson", "CaseStep"]


class Case(models.Model):
    """The work with one household.

    Shape:
        id: opaque; stands in the trail and in addresses.
        holder: partner that holds the case, and in whose name the team's shared record is kept.
        purpose: the one purpose for which its team may look.
        framework, framework_version: the rules that it began with; it keeps them.
        tier: how much help, one of `TIERS`.
        review_on: when it is looked at next; on hold, when that is looked at.
        closing_by: who asked for it to be closed.
        closed_at: when it ended, in whatever way.
        sustained_on: when somebody looks whether outcomes lasted; empty until it is closed.
        merged_into: the case that it became part of.
        version: counted up at every change of the case, its people, team or plan.
    """

    id = models.CharField(max_length=20, primary_key=True)
    holder = models.CharField(max_length=60, db_index=True)
    purpose = models.CharField(max_length=60)
    framework = models.CharField(max_length=60)
    framework_version = models.CharField(max_length=20)
    tier = models.CharField(max_length=20)
    state = models.CharField(max_length=20, db_index=True)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    review_on = models.DateField(null=True, blank=True)
    closing_by = models.CharField(max_length=60, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    sustained_on = models.DateField(null=True, blank=True)
    merged_into = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-opened_at", "id"]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @classmethod
    def erase_people(cls, person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Delete the cases whose every person is erased; others go on without them."""
        theirs = CasePerson.objects.filter(person_id__in=person_ids).values("case_id")
        others = CasePerson.objects.exclude(person_id__in=person_ids).values("case_id")
        empty = cls.objects.filter(models.Q(id__in=theirs) | models.Q(people=None))
        gone, _ = empty.exclude(id__in=others).delete()
        return gone


class CasePerson(models.Model):
    """One person of a case's household.

    Shape:
        reads_plan: whether they read the whole plan in their own account, and not only their own
            goals; whoever leads the case says so, for nobody may learn from it where another is.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="people")
    person_id = models.CharField(max_length=80, db_index=True)
    is_main = models.BooleanField(default=False)
    relation = models.CharField(max_length=80, blank=True, default="")
    reads_plan = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The main person first; each once."""

        ordering: ClassVar[list[str]] = ["-is_main", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "person_id"], name="teams_once_in_a_case")
        ]

    def __str__(self) -> str:
        return f"person of case {self.pk}"


class CaseMember(models.Model):
    """One person of the team round the family, for one time.

    Shape:
        organisation: for which they are of the team.
        job: what they do for the family, in words.
        left_why: `left`, `removed`, `access-ended`, `case-ended`; empty while they are of it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="members")
    user_id = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    job = models.CharField(max_length=120)
    is_lead = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    left_at = models.DateTimeField(null=True, blank=True)
    left_why = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        """The lead first; one live row a user and case, and one lead a case."""

        ordering: ClassVar[list[str]] = ["-is_lead", "joined_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "user_id"],
                condition=models.Q(left_at=None),
                name="teams_once_of_a_team",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(left_at=None, is_lead=True),
                name="teams_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class CaseStep(models.Model):
    """One thing that happened to a case; never changed.

    Shape:
        about: whom or what it was about: a user id, an action's id, a tier.
        words: as typed; shown by the gateway alone.
        version: the case's version afterwards.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=30)
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField()
    about = models.CharField(max_length=80, blank=True, default="")
    words = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @classmethod
    def erase_people(cls, _person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Stay as long as the case does; its words are of the case, and go with it."""
        return 0


class CaseJoining(models.Model):
    """That a case was merged into another, or split from it; it can be undone.

    Shape:
        kind: `merge` or `split`.
        case: the case that went on.
        other: the one that was merged into it, or split from it.
        moved: ids of the people, members and goals that moved, so that undoing moves them back.
    """

    kind = models.CharField(max_length=10)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="joinings")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="joined")
    moved = models.JSONField(default=dict)
    state_before = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"joining {self.pk}"

    @classmethod
    def erase_people(cls, _person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Go with the cases; nothing of anybody stands here but row numbers."""
        return 0
