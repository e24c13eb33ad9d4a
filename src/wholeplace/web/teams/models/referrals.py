"""Referrals, who they are about, and what happened to each."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

__all__ = ["Referral", "ReferralLink", "ReferralPerson", "ReferralStep"]


class Referral(models.Model):
    """One partner asks another to help somebody.

    Shape:
        id: opaque; stands in the trail and in addresses.
        person_id: the person whom it is mainly about; empty while nobody has said who it is.
        how: `practitioner`, `link` (a partner without an account) or `self` (the resident).
        sent_by: user id; empty where it came by a link.
        sender: partner for which it was sent; empty where a resident asks for themselves.
        sender_name, sender_job, sender_contact: whom to reach, as typed.
        receiver: partner that is asked.
        why, wanted, family_says: as typed; shown by the gateway alone.
        agreed: whether the person knows and agrees: `yes`, `not-asked`, `no`; agreed_why says more.
        contact_safety: how it is safe to reach them.
        paused_since, paused_seconds: while the sender is asked, the receiver's time stands still.
        decline_kind: one of `DECLINE_KINDS`.
        outcome: what the sender is told at the end.
        case_id: the case that it started; no foreign key, so that erasure may take rows in any order.
        redirected_from, redirected_to: the referral before, and the one after.
        escalated_at: when it was told further up that nobody had decided.
        version: counted up at every change.
    """

    id = models.CharField(max_length=20, primary_key=True)
    person_id = models.CharField(max_length=80, blank=True, default="", db_index=True)
    how = models.CharField(max_length=20)
    sent_by = models.CharField(max_length=60, blank=True, default="", db_index=True)
    sender = models.CharField(max_length=60, blank=True, default="", db_index=True)
    sender_role = models.CharField(max_length=60, blank=True, default="")
    sender_name = models.CharField(max_length=120, blank=True, default="")
    sender_job = models.CharField(max_length=120, blank=True, default="")
    sender_contact = models.CharField(max_length=200, blank=True, default="")
    receiver = models.CharField(max_length=60, db_index=True)
    purpose = models.CharField(max_length=60)
    urgency = models.CharField(max_length=20)
    why = models.TextField()
    wanted = models.TextField(blank=True, default="")
    family_says = models.TextField(blank=True, default="")
    agreed = models.CharField(max_length=20)
    agreed_why = models.TextField(blank=True, default="")
    contact_safety = models.TextField(blank=True, default="")
    state = models.CharField(max_length=20, db_index=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    triaged_by = models.CharField(max_length=60, blank=True, default="")
    decline_kind = models.CharField(max_length=30, blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    case_id = models.CharField(max_length=20, blank=True, default="", db_index=True)
    redirected_from = models.CharField(max_length=20, blank=True, default="")
    redirected_to = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        """Newest first; the queue is found by receiver and state."""

        ordering: ClassVar[list[str]] = ["-made_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["receiver", "state"], name="teams_referral_queue")
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


class ReferralPerson(models.Model):
    """One person whom a referral is about, frozen when it is sent.

    Shape:
        person_id: who it is; for somebody whom no partner's records give, an id of their own.
        is_known: whether a snapshot gave the person.
        typed_name, typed_born, typed_contact: as the sender wrote, where nobody looked them up;
            shown by the gateway alone, as what the sender holds.
        relation: to the person whom it is mainly about, as typed.
    """

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="people")
    person_id = models.CharField(max_length=80, db_index=True)
    is_main = models.BooleanField(default=False)
    is_known = models.BooleanField(default=True)
    relation = models.CharField(max_length=80, blank=True, default="")
    typed_name = models.CharField(max_length=160, blank=True, default="")
    typed_born = models.DateField(null=True, blank=True)
    typed_contact = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """The main person first; each once."""

        ordering: ClassVar[list[str]] = ["-is_main", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["referral", "person_id"], name="teams_once_in_a_referral"
            )
        ]

    def __str__(self) -> str:
        return f"person of referral {self.pk}"


class ReferralStep(models.Model):
    """One thing that happened to a referral; never changed."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField()
    words = models.TextField(blank=True, default="")

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @classmethod
    def erase_people(cls, _person_ids: Collection[str], _anchors: Collection[object]) -> int:
        """Stay as long as the referral does; its words are of it, and go with it."""
        return 0


class ReferralLink(models.Model):
    """A link by which somebody without an account sends one referral, and nothing else.

    Shape:
        partner: for which they speak.
        receiver: partner of whoever made the link, which the referral goes to.
        link_hash, code_hash: of the secret and of the code; neither is kept.
        referral_id: what was sent by it; the link is then dead.
    """

    partner = models.CharField(max_length=60)
    receiver = models.CharField(max_length=60, db_index=True)
    purpose = models.CharField(max_length=60)
    for_whom = models.CharField(max_length=120)
    made_by = models.CharField(max_length=60, db_index=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=200)
    failures = models.PositiveIntegerField(default=0)
    called_back_at = models.DateTimeField(null=True, blank=True)
    referral_id = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"link {self.pk}"
