"""Saved choices of hubs, the rota, presence, and handovers."""

from typing import ClassVar

from django.db import models

__all__ = ["Handover", "HubChoice", "HubPresence", "RotaChange", "RotaSeries"]


class HubChoice(models.Model):
    """One choice of hubs, as it was worked out; what was asked is never changed.

    Shape:
        asked: what was asked: ids of the place's own words and numbers, nobody's record.
        result: sites and figures by area, from protected counts alone.
        removed_at: when it was put away; it can be brought back.
        version: counted up at every change of title or removal.
    """

    id = models.CharField(max_length=20, primary_key=True)
    title = models.CharField(max_length=120)
    organisation = models.CharField(max_length=60, db_index=True)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    snapshot_id = models.CharField(max_length=60)
    asked = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"choice of hubs {self.pk}"


class RotaSeries(models.Model):
    """Somebody is at one hub every week on one day.

    Shape:
        site_id: of the place folder's `hubs/sites.yaml`.
        weekday: 0 is Monday.
        until_on: last day; null while it goes on.
    """

    id = models.CharField(max_length=20, primary_key=True)
    site_id = models.CharField(max_length=60, db_index=True)
    user_id = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    what = models.CharField(max_length=80)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    made_by = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By day, then by time."""

        ordering: ClassVar[list[str]] = ["weekday", "starts", "id"]

    def __str__(self) -> str:
        return f"series {self.pk}"


class RotaChange(models.Model):
    """What is otherwise on one day of a series: nobody there, or a colleague.

    Shape:
        kind: off or swap.
        state: of a swap, of `SWAP_LIFE`; empty for a day off.
        cover: user id of the colleague.
    """

    series = models.ForeignKey(RotaSeries, on_delete=models.CASCADE, related_name="changes")
    on = models.DateField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=12, blank=True, default="")
    cover = models.CharField(max_length=60, blank=True, default="", db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By day; one change of a day."""

        ordering: ClassVar[list[str]] = ["on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "on"], name="hubs_one_change_a_day")
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"


class HubPresence(models.Model):
    """Somebody was at a hub on a day, as they said."""

    site_id = models.CharField(max_length=60)
    user_id = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    on = models.DateField()
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """By arrival; once a day for each hub."""

        ordering: ClassVar[list[str]] = ["arrived_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["site_id", "user_id", "on"], name="hubs_present_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"presence {self.pk}"


class Handover(models.Model):
    """A resident handed over, with their agreement, to a colleague who was there.

    Shape:
        referral_id: the referral that it became; what is needed stands there and nowhere else.
    """

    id = models.CharField(max_length=20, primary_key=True)
    person_id = models.CharField(max_length=80, db_index=True)
    site_id = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    from_user = models.CharField(max_length=60, db_index=True)
    from_organisation = models.CharField(max_length=60)
    to_user = models.CharField(max_length=60, db_index=True)
    to_organisation = models.CharField(max_length=60)
    referral_id = models.CharField(max_length=20, db_index=True)
    made_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"handover {self.pk}"
