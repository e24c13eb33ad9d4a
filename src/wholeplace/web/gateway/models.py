"""What people record about agreements, why they look, and flags that they state on screen."""

from typing import ClassVar

from django.db import models

__all__ = [
    "AlertsRead",
    "Caseload",
    "CaseloadSource",
    "FlagAnchor",
    "FlagStatement",
    "Notice",
    "OpenReason",
    "RecordedSignOff",
    "RecordedSuspension",
    "RecordedTermination",
    "WorkingRelationship",
]


class RecordedSignOff(models.Model):
    """One party's signature on one text.

    Shape:
        voided_at: when the text went back to a draft; the signature counts no more.
    """

    agreement_id = models.CharField(max_length=60, db_index=True)
    hash = models.CharField(max_length=64)
    partner = models.CharField(max_length=60)
    signatory = models.CharField(max_length=60)
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first; one signature of a party to a text."""

        ordering: ClassVar[list[str]] = ["signed_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agreement_id", "hash", "partner"],
                condition=models.Q(voided_at=None),
                name="one_signature_a_text",
            )
        ]

    def __str__(self) -> str:
        return f"sign-off {self.pk}"


class RecordedSuspension(models.Model):
    """One party's stop to an agreement."""

    agreement_id = models.CharField(max_length=60, db_index=True)
    partner = models.CharField(max_length=60)
    suspended_by = models.CharField(max_length=60)
    suspended_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["suspended_at", "id"]

    def __str__(self) -> str:
        return f"suspension {self.pk}"


class RecordedTermination(models.Model):
    """One party's notice that an agreement ends."""

    agreement_id = models.CharField(max_length=60, db_index=True)
    partner = models.CharField(max_length=60)
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    last_on = models.DateField()
    reason = models.TextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["given_at", "id"]

    def __str__(self) -> str:
        return f"termination {self.pk}"


class OpenReason(models.Model):
    """One person's reason to look at one other person, for a limited time.

    Shape:
        id: opaque, also in the trail.
        text: what they typed; reviewers see it, the trail does not hold it.
        confirmed_by: user id of the second person, where the glass was broken on somebody sealed;
            `lifts_seal` is then true.
        reviewed_in: the partner whose people review it: the viewer's own, or for a sealed
            person the one that sealed them, so that nobody else learns of the seal.
        review_state: `waiting`, `asked`, `justified`, `not-justified`; empty where the sample
            leaves it out.
    """

    id = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=30)
    text = models.TextField()
    person_id = models.CharField(max_length=80, db_index=True)
    purpose = models.CharField(max_length=60)
    opened_by = models.CharField(max_length=60, db_index=True)
    organisation = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    role = models.CharField(max_length=60, blank=True, default="")
    lifts_seal = models.BooleanField(default=False)
    confirmed_by = models.CharField(max_length=60, blank=True, default="")
    reviewed_in = models.CharField(max_length=60, blank=True, default="", db_index=True)
    review_state = models.CharField(max_length=20, blank=True, default="", db_index=True)
    review_due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-opened_at"]

    def __str__(self) -> str:
        return f"reason {self.pk}"


class Caseload(models.Model):
    """One person with whom one user works, by their own organisation's extracts."""

    user_id = models.CharField(max_length=60)
    person_id = models.CharField(max_length=80)
    snapshot_id = models.CharField(max_length=60, db_index=True)

    class Meta:
        """One row a user and person."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "person_id"], name="one_row_a_pair")
        ]

    def __str__(self) -> str:
        return f"caseload {self.pk}"


class WorkingRelationship(models.Model):
    """That one user works with one person, by a request, referral or case that somebody keeps.

    Shape:
        source_id: of that request, referral or case.
        text: why, in words that name nobody.
    """

    user_id = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    person_id = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60, blank=True, default="")
    text = models.TextField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One row a user, person and source; found by user."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user_id", "person_id", "kind", "source_id"], name="one_row_a_relationship"
            )
        ]

    def __str__(self) -> str:
        return f"relationship {self.pk}"


class Notice(models.Model):
    """Something that one user is told, about a reason, request or question; never a value.

    Shape:
        kind: what happened, for example `break-glass`.
        about: id of the reason, request or question.
    """

    user_id = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=40)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; told once."""

        ordering: ClassVar[list[str]] = ["-told_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "kind", "about"], name="told_once")
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class CaseloadSource(models.Model):
    """The snapshot from which the caseloads were last read, and for how many users."""

    snapshot_id = models.CharField(max_length=60, primary_key=True)
    users = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"caseload source {self.pk}"


class FlagStatement(models.Model):
    """One thing said on screen about one person's flags; never changed, erased with the person.

    Shape:
        ref: opaque; stands in the trail and in addresses.
        value: yes, no or unknown; empty where it says nothing of the flag itself.
        act: set, changed, withdrawn, lift-asked, lift-refused, lifted, corrected or checked.
        person_id: who it was about at that time; the anchors say who that is now.
        organisation, role: for whom and as what the user spoke.
        said_on: the day on which the resident said it, where it is theirs to say.
        how: in-person, phone, form or online; how the resident was asked.
        words: exactly what the resident agreed or objected to.
        consenter: self, or parent (somebody with parental responsibility).
        review_on: when somebody should look at it again.
        holds_until: last day of a consent; afterwards it counts as not known.
        guardians: user ids that a seal leaves.
        replaces: refs of the statements in whose place it stands.
    """

    ref = models.CharField(max_length=40, unique=True)
    flag = models.CharField(max_length=30)
    purpose = models.CharField(max_length=60, blank=True, default="")
    value = models.CharField(max_length=10, blank=True, default="")
    act = models.CharField(max_length=20)
    person_id = models.CharField(max_length=80, db_index=True)
    organisation = models.CharField(max_length=60)
    stated_by = models.CharField(max_length=60)
    role = models.CharField(max_length=60, blank=True, default="")
    stated_at = models.DateTimeField()
    said_on = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=20, blank=True, default="")
    words = models.TextField(blank=True, default="")
    consenter = models.CharField(max_length=20, blank=True, default="")
    consenter_name = models.CharField(max_length=120, blank=True, default="")
    why = models.TextField(blank=True, default="")
    evidence = models.TextField(blank=True, default="")
    review_on = models.DateField(null=True, blank=True)
    holds_until = models.DateField(null=True, blank=True)
    guardians = models.JSONField(default=list)
    replaces = models.JSONField(default=list)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"flag statement {self.pk}"


class FlagAnchor(models.Model):
    """One partner's own id of the person whom a statement is about.

    Shape:
        statement: the statement's ref; no foreign key, so that erasure may take rows in any order.
        is_chosen: whether the statement is anchored here; the others are what it reached when made.
    """

    statement = models.CharField(max_length=40, db_index=True)
    person_id = models.CharField(max_length=80, db_index=True)
    dataset = models.CharField(max_length=80)
    source_id = models.CharField(max_length=200)
    is_chosen = models.BooleanField()

    class Meta:
        """Found by the partner's id too."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dataset", "source_id"], name="flag_anchor_by_source")
        ]

    def __str__(self) -> str:
        return f"flag anchor {self.pk}"


class AlertsRead(models.Model):
    """Up to which entry of the trail a user has read who asked for people they guard."""

    user_id = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"alerts read {self.pk}"
