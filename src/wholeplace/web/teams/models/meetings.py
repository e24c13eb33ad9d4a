"""Meetings: series, who comes, what is spoken of, what was said, decided and disagreed with."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

__all__ = [
    "AgendaItem", "Attendance", "Decision", "Dissent", "Meeting", "MeetingSeries", "MeetingStep",
    "SeriesMember",
]  # fmt: skip


class MeetingSeries(models.Model):
    """Meetings that come again, and who is asked to each.

    Shape:
        id: opaque; stands in addresses.
        kind: one of `SERIES_KINDS`.
        purpose: the one purpose for which those who meet may look.
        organisation: partner that runs it, in whose name its minutes stand.
        cadence: one of `CADENCES`.
        case_id: the one case that a team around a family meets about; empty otherwise.
        name, venue: name nobody; they stand on pages of everybody who is asked.
        chair, coordinator: user ids.
    """

    id = models.CharField(max_length=20, primary_key=True)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, db_index=True)
    cadence = models.CharField(max_length=20)
    length_minutes = models.PositiveSmallIntegerField()
    venue = models.CharField(max_length=200, blank=True, default="")
    case_id = models.CharField(max_length=20, blank=True, default="", db_index=True)
    chair = models.CharField(max_length=60, db_index=True)
    coordinator = models.CharField(max_length=60, db_index=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By name."""

        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return f"series {self.pk}"


class SeriesMember(models.Model):
    """Somebody who is asked to every meeting of a series, for one partner in one role."""

    series = models.ForeignKey(MeetingSeries, on_delete=models.CASCADE, related_name="members")
    user_id = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    class Meta:
        """Each once."""

        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "user_id"], name="teams_once_in_a_series")
        ]

    def __str__(self) -> str:
        return f"member {self.pk} of a series"


class Meeting(models.Model):
    """One meeting.

    Shape:
        starts_at: UTC instant.
        minutes_by: user id of who writes the minutes; nobody agrees to their own.
        version: counted up at every change of the meeting, its agenda and who comes.
        minutes_version: counted up at every change of the minutes; people agree to one.
    """

    id = models.CharField(max_length=20, primary_key=True)
    series = models.ForeignKey(MeetingSeries, on_delete=models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField(db_index=True)
    length_minutes = models.PositiveSmallIntegerField()
    venue = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=20, db_index=True)
    chair = models.CharField(max_length=60, db_index=True)
    coordinator = models.CharField(max_length=60, db_index=True)
    minutes_by = models.CharField(max_length=60, blank=True, default="")
    held_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    minutes_version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-starts_at", "id"]

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class MeetingStep(models.Model):
    """One thing that happened to a meeting; never changed. Its words name no resident."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=30)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField()

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @classmethod
    def erase_people(cls, _person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Stay with the meeting: nothing of any resident stands here."""
        return 0


class Attendance(models.Model):
    """How one person stands to a meeting.

    Shape:
        role: in which they act there, and are shown what they are shown.
        standing: one of `STANDINGS`.
        agreed_version: version of the minutes that they agreed to; 0 while they have not.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="people")
    user_id = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    standing = models.CharField(max_length=20)
    came = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    agreed_version = models.PositiveIntegerField(default=0)

    class Meta:
        """Each once."""

        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "user_id"], name="teams_once_at_a_meeting")
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class AgendaItem(models.Model):
    """One family, or one referral, spoken of in a meeting.

    Shape:
        person_id: the main person.
        case_id, referral_id: one of the two; no foreign keys, so that erasure takes rows in any order.
        causes: of `CAUSES`.
        discussion, family_voice: as typed; shown by the gateway alone.
        version: of the minutes of this item.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    person_id = models.CharField(max_length=80, db_index=True)
    case_id = models.CharField(max_length=20, blank=True, default="", db_index=True)
    referral_id = models.CharField(max_length=20, blank=True, default="", db_index=True)
    causes = models.JSONField(default=list)
    since = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    discussion = models.TextField(blank=True, default="")
    family_voice = models.TextField(blank=True, default="")
    written_by = models.CharField(max_length=60, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order in which they are spoken of; each case once."""

        ordering: ClassVar[list[str]] = ["place", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "case_id", "referral_id"], name="teams_once_on_an_agenda"
            )
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"


class Decision(models.Model):
    """One thing that a meeting decided about a family; never changed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="decisions")
    person_id = models.CharField(max_length=80, db_index=True)
    words = models.TextField()
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Dissent(models.Model):
    """That somebody does not agree with a decision, who settles it, and by when it goes further.

    Shape:
        by, organisation: who disagrees, and for whom.
        owner: user id of who settles it.
        escalate_on: the day on which it comes back to the agenda, unless it is settled.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="dissents")
    person_id = models.CharField(max_length=80, db_index=True)
    words = models.TextField()
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    owner = models.CharField(max_length=60, db_index=True)
    escalate_on = models.DateField(db_index=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=60, blank=True, default="")
    settled_words = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"dissent {self.pk}"
