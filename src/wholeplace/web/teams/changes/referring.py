"""The sender's side of a referral: write it, send it, answer, withdraw it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.teams.figures import figures
from wholeplace.teams.referral import (
    REFERRAL_LIFE,
    URGENCIES,
    Parties,
    referral_actors,
    triage_due_at,
)
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.notices import tell, users_with
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.teams.changes.relating import end_referral_reasons, relate_to_referral
from wholeplace.web.teams.changes.taking import (
    check_words,
    last_change,
    new_id,
    note_change,
    refuse,
    said,
)
from wholeplace.web.teams.models import Referral, ReferralPerson, ReferralStep

__all__ = [
    "Told",
    "draft_referral",
    "edit_draft",
    "find_referral",
    "keep_step",
    "parties_of",
    "send_referral",
    "take_sender_step",
]


@dataclass(frozen=True, repr=False)
class Told:
    """What a sender says in a referral, as typed.

    Attributes:
        receiver: partner that is asked.
        agreed: `yes`, `not-asked` or `no`.
        relations: person id to how they are related to the main person, as typed.
    """

    receiver: str
    purpose: str
    urgency: str
    why: str
    agreed: str
    wanted: str = ""
    family_says: str = ""
    agreed_why: str = ""
    contact_safety: str = ""
    relations: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> dict[str, str]:
        """Return what is kept of it.

        Raises:
            UnsafeActionError: if it says too little, or that nobody was asked without saying why.
        """
        if self.urgency not in URGENCIES or self.agreed not in ("yes", "not-asked", "no"):
            raise refuse("It does not say how urgent it is, or whether the person agrees.")
        why_not = said(self.agreed_why)
        if self.agreed != "yes":
            why_not = check_words(
                why_not, figures().reason_characters, "why it is sent without their agreement"
            )
        return {
            "receiver": self.receiver,
            "purpose": self.purpose,
            "urgency": self.urgency,
            "why": check_words(self.why, figures().reason_characters, "why you ask"),
            "wanted": said(self.wanted),
            "family_says": said(self.family_says),
            "agreed": self.agreed,
            "agreed_why": why_not,
            "contact_safety": said(self.contact_safety),
        }


def draft_referral(
    user: User, viewer: Viewer, person_ids: Sequence[str], told: Told, at: dt.datetime
) -> Referral:
    """Keep a referral that is being written, about people for whom the sender has a reason now.

    Shape:
        user: the sender, for whom to reach.
        viewer: the same in the role they act in.
        person_ids: the main person first, then those of the household whom it is about too.
        told: what it says.
        at: UTC instant.

    Raises:
        UnsafeActionError: if the sender has no live reason for one of them, or it says too little.
        AuditUnavailableError: if it cannot be recorded.
    """
    people = list(dict.fromkeys(person_ids))
    columns = told.columns()
    _check_reasons(viewer, people, told.purpose, at)
    made = Referral(
        id=new_id(), person_id=people[0], how="practitioner", sent_by=viewer.user_id,
        sender=viewer.organisation, sender_role=viewer.role, sender_name=user.name,
        sender_job=user.job, sender_contact=user.email, state=REFERRAL_LIFE.first, made_at=at,
        **columns,
    )  # fmt: skip
    note_change("referral.drafted", viewer, people, referral=made.pk, receiver=told.receiver)
    with transaction.atomic():
        made.save(force_insert=True)
        _keep_people(made, people, told.relations)
    return made


def edit_draft(
    viewer: Viewer, referral_id: str, version: int, person_ids: Sequence[str], told: Told,
    at: dt.datetime,
) -> Referral:  # fmt: skip
    """Change a referral that was not sent yet.

    Raises:
        NotFoundError: if there is no such referral of this sender's.
        ChangedMeanwhileError: if it changed since the sender saw it.
        UnsafeActionError: if it was sent, or as in `draft_referral`.
    """
    people, columns = list(dict.fromkeys(person_ids)), told.columns()
    with transaction.atomic():
        found = find_referral(viewer, referral_id, lock=True)
        if found.state != "draft" or found.sent_by != viewer.user_id:
            raise refuse("Only a referral that is still being written can be changed.")
        check_version(found.version, version, ["You changed it in another window."])
        _check_reasons(viewer, people, told.purpose, at)
        note_change("referral.edited", viewer, people, referral=found.pk)
        for name, value in columns.items():
            setattr(found, name, value)
        found.person_id, found.version = people[0], found.version + 1
        found.save()
        found.people.all().delete()
        _keep_people(found, people, told.relations)
    return found


def send_referral(viewer: Viewer, referral_id: str, version: int, at: dt.datetime) -> Referral:
    """Send a referral: who it is about is frozen, and the receiver's people are told.

    Raises:
        NotFoundError: if there is no such referral of this sender's.
        ChangedMeanwhileError: if it changed since the sender saw it.
        UnsafeActionError: if it is not a draft of theirs, or a reason for somebody has ended.
        AuditUnavailableError: if it cannot be recorded; nothing was sent then.
    """
    with transaction.atomic():
        found = find_referral(viewer, referral_id, lock=True)
        target = REFERRAL_LIFE.take(found.state, "send", actors_for(viewer, found))
        check_version(found.version, version, ["You changed it in another window."])
        people = [each.person_id for each in found.people.all()]
        _check_reasons(viewer, people, found.purpose, at)
        note_change(
            "referral.sent", viewer, people, referral=found.pk, receiver=found.receiver,
            purpose=found.purpose, urgency=found.urgency, agreed=found.agreed,
        )  # fmt: skip
        found.state, found.version = target, found.version + 1
        found.sent_at, found.due_at = at, triage_due_at(found.urgency, at)
        found.save()
        keep_step(found, viewer, "send", at)
        relate_to_referral(found, viewer.user_id, viewer.organisation, at, by=viewer.user_id)
        tell_receiver(found, at)
    return found


def take_sender_step(
    viewer: Viewer, referral_id: str, event: str, version: int, words: str, at: dt.datetime,
    *, own_person: str = "",
) -> Referral:  # fmt: skip
    """Answer, withdraw, or say that the person no longer agrees.

    Shape:
        own_person: whose own account it is, where the resident says so themselves.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError: as `send_referral`.
    """
    with transaction.atomic():
        found = find_referral(viewer, referral_id, lock=True, own_person=own_person)
        actors = actors_for(viewer, found, own_person)
        target = REFERRAL_LIFE.take(found.state, event, actors)
        check_version(found.version, version, [words_of_last(found)])
        told = check_words(words, figures().least_characters) if event == "answer" else said(words)
        people = [each.person_id for each in found.people.all()]
        note_change(f"referral.{event}", viewer, people, referral=found.pk)
        if event == "answer" and found.paused_since:
            found.paused_seconds += int((at - found.paused_since).total_seconds())
            found.paused_since = None
        found.state, found.version = target, found.version + 1
        if target in REFERRAL_LIFE.ends:
            found.ended_at = at
        found.save()
        keep_step(found, viewer, event, at, told)
        if target in REFERRAL_LIFE.ends:
            end_referral_reasons(found, at, by=viewer.user_id)
        if found.triaged_by:
            tell([found.triaged_by], "referral-changed", found.pk, at)
    return found


def find_referral(
    viewer: Viewer, referral_id: str, *, lock: bool = False, own_person: str = ""
) -> Referral:
    """Return a referral to which the viewer is somebody.

    Raises:
        NotFoundError: if there is none; the same for a referral that is not theirs.
    """
    rows = Referral.objects.select_for_update() if lock else Referral.objects
    found = rows.filter(pk=referral_id).first()
    if found is None or not actors_for(viewer, found, own_person):
        raise NotFoundError("There is no such referral.")
    if found.state == "draft" and found.sent_by != viewer.user_id:
        raise NotFoundError("There is no such referral.")
    return found


def parties_of(found: Referral) -> Parties:
    """Return whose a referral is."""
    return Parties(found.sent_by, found.sender, found.receiver, found.person_id)


def actors_for(viewer: Viewer, found: Referral, own_person: str = "") -> frozenset[str]:
    """Return what a viewer is to a referral."""
    return referral_actors(viewer, parties_of(found), own_person=own_person)


def keep_step(
    found: Referral, viewer: Viewer, event: str, at: dt.datetime, words: str = ""
) -> None:
    """Keep that something happened."""
    ReferralStep.objects.create(
        referral=found, event=event, by=viewer.user_id, organisation=viewer.organisation, at=at,
        words=words,
    )  # fmt: skip


def tell_receiver(found: Referral, at: dt.datetime) -> None:
    """Tell the receiver's people that a referral waits for them; its sender is not told."""
    those = users_with(figures().triage_roles, [found.receiver])
    tell([each for each in those if each != found.sent_by], "referral", found.pk, at)


def words_of_last(found: Referral) -> str:
    """Return what happened last, for whoever saw it before."""
    last: Any = found.steps.last()
    return last_change(
        REFERRAL_LIFE, found.state, last.at if last else None, last.event if last else ""
    )


def _keep_people(found: Referral, people: Sequence[str], relations: Mapping[str, str]) -> None:
    ReferralPerson.objects.bulk_create(
        [
            ReferralPerson(
                referral=found, person_id=each, is_main=place == 0,
                relation=said(relations.get(each, ""))[:80],
            )
            for place, each in enumerate(people)
        ]
    )  # fmt: skip


def _check_reasons(viewer: Viewer, people: Sequence[str], purpose: str, at: dt.datetime) -> None:
    live = live_reasons_for(viewer, people, at, purpose)
    if not people or set(people) - set(live):
        raise refuse(
            "You have no live reason for somebody whom it is about.",
            "Open the person’s page and say why you need to look, then refer them.",
        )
