"""Handing somebody over: the referral is born first, then the handover that points to it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.handovers import Handed, taker_of_handovers
from wholeplace.web.gateway.notices import tell
from wholeplace.web.hubs.access import new_id
from wholeplace.web.hubs.models import Handover, HubPresence

__all__ = ["Meeting", "find_handover", "find_present", "hand_over", "take_on"]


@dataclass(frozen=True)
class Meeting:
    """Where two colleagues are, and who the other one is."""

    site_id: str
    colleague: User


def find_present(viewer: Viewer, user_id: int, on: dt.date) -> Meeting:
    """Return a colleague of another organisation who is at a hub now.

    Raises:
        NotFoundError: if there is none; the same for somebody who is elsewhere.
    """
    said = HubPresence.objects.filter(user_id=str(user_id), on=on, left_at=None).last()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if said is None or user is None or user.organisation == viewer.organisation:
        raise NotFoundError("That colleague is not at a hub now.")
    return Meeting(said.site_id, user)


def hand_over(
    user: User, viewer: Viewer, meeting: Meeting, handed: Handed, at: dt.datetime
) -> Handover:
    """Hand somebody over who agreed: it is a referral from now on, and the colleague is told.

    Raises:
        UnsafeActionError: if the viewer is not at that hub now, or has no live reason.
        AuditUnavailableError: if it cannot be recorded; nothing was handed over then.
    """
    is_there = HubPresence.objects.filter(
        site_id=meeting.site_id,
        user_id=viewer.user_id,
        left_at=None,
        on__gte=at.date() - dt.timedelta(days=1),
    ).exists()
    if not is_there:
        raise UnsafeActionError(
            "Nothing was handed over.",
            "You have not said that you are at the same hub.",
            "Say on “Who is here today” that you are here, or send an ordinary referral.",
        )
    colleague = str(meeting.colleague.pk)
    with transaction.atomic():
        referral_id = taker_of_handovers().start(user, viewer, handed, at)
        made = Handover(
            id=new_id(), person_id=handed.person_id, site_id=meeting.site_id, purpose=handed.purpose,
            from_user=viewer.user_id, from_organisation=viewer.organisation, to_user=colleague,
            to_organisation=meeting.colleague.organisation, referral_id=referral_id, made_at=at,
        )  # fmt: skip
        record(
            "hubs.handed-over", actor=viewer.user_id, organisation=viewer.organisation,
            role=viewer.role, purpose=handed.purpose, handover=made.pk, referral=referral_id,
            worker=colleague, agreed="yes",
            subjects=[{"subject": subject_pseudonym(handed.person_id)}],
        )  # fmt: skip
        made.save(force_insert=True)
        tell([colleague], "handover", made.pk, at)
    return made


def take_on(viewer: Viewer, handover_id: str, version: int, at: dt.datetime) -> Handover:
    """Begin to work on a handover that was made to the viewer.

    Raises:
        NotFoundError: if it was not made to them.
        ChangedMeanwhileError, UnsafeActionError: as for any referral.
    """
    found = find_handover(viewer, handover_id)
    if found.to_user != viewer.user_id:
        raise NotFoundError("There is no such handover.")
    taker_of_handovers().take_on(viewer, found.referral_id, version, at)
    return found


def find_handover(viewer: Viewer, handover_id: str) -> Handover:
    """Return a handover that the viewer made or that was made to them.

    Raises:
        NotFoundError: if there is none; the same for somebody else's.
    """
    found = Handover.objects.filter(pk=handover_id).first()
    if found is None or viewer.user_id not in (found.from_user, found.to_user):
        raise NotFoundError("There is no such handover.")
    return found
