"""Plans: goals, the actions for each, and what the family says of them."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

from wholeplace.web.teams.models.cases import Case

__all__ = ["Action", "ActionStep", "FamilyWord", "Goal"]


class Goal(models.Model):
    """One goal of a plan; it names a need and the outcome that it leads to.

    Shape:
        person_id: whose goal it is.
        need, headline: of the case's framework.
        words: what is to be different, as the family says it.
        seen_when: how everybody will see it.
        outcome: one of `OUTCOMES`, with what came of it in words; empty while it is worked on.
        sustained: `yes` or `no`, where somebody looked afterwards.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="goals")
    person_id = models.CharField(max_length=80, db_index=True)
    need = models.CharField(max_length=80)
    headline = models.CharField(max_length=60)
    words = models.TextField()
    seen_when = models.TextField()
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True, default="")
    outcome_words = models.TextField(blank=True, default="")
    outcome_by = models.CharField(max_length=60, blank=True, default="")
    outcome_at = models.DateTimeField(null=True, blank=True)
    sustained = models.CharField(max_length=10, blank=True, default="")
    sustained_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"goal {self.pk}"


class Action(models.Model):
    """One thing that one person of one organisation does by one day.

    Shape:
        id: opaque; stands in the trail and in addresses.
        organisation, owner: whose it is; owner is a user id, empty until the organisation says who.
        meeting: id of the meeting in which it was born; empty where it was not.
        evidence: by what it is seen to be done, or why it was not; as typed.
        not_done_kind: one of `NOT_DONE_KINDS`.
    """

    id = models.CharField(max_length=20, primary_key=True)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="actions")
    person_id = models.CharField(max_length=80, db_index=True)
    what = models.TextField()
    organisation = models.CharField(max_length=60, db_index=True)
    owner = models.CharField(max_length=60, blank=True, default="", db_index=True)
    due_on = models.DateField(db_index=True)
    state = models.CharField(max_length=20, db_index=True)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    meeting = models.CharField(max_length=20, blank=True, default="", db_index=True)
    evidence = models.TextField(blank=True, default="")
    not_done_kind = models.CharField(max_length=30, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What is due first stands first."""

        ordering: ClassVar[list[str]] = ["due_on", "id"]

    def __str__(self) -> str:
        return f"action {self.pk}"


class ActionStep(models.Model):
    """One thing that happened to an action; never changed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @classmethod
    def erase_people(cls, _person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Stay as long as the action does; its words are of it, and go with it."""
        return 0


class FamilyWord(models.Model):
    """What somebody of the family says of the plan; never changed, answered beside it.

    Shape:
        person_id: who says it.
        user_id: their account.
        goal: what it is about; none where it is the whole plan.
        kind: one of `FAMILY_WORDS`.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="family_words")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="family_words")  # fmt: skip
    person_id = models.CharField(max_length=80, db_index=True)
    user_id = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=20)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"word of the family {self.pk}"
