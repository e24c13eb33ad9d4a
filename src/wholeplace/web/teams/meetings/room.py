"""The door of the room: asking in, drawing the narrower view, letting in, leaving."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from wholeplace.agreements.gateway import Company
from wholeplace.agreements.subjects.request import Request, Viewer
from wholeplace.teams.room import (
    INVITED,
    LEFT,
    NARROWED,
    PRESENT,
    WAITING,
    check_drawn,
    company_mark,
)
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.notices import tell
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.teams.changes.taking import note_change, refuse
from wholeplace.web.teams.meetings.finding import find_meeting, keep_meeting_step, lock_meeting
from wholeplace.web.teams.meetings.planning import people_on
from wholeplace.web.teams.models import Attendance, Meeting

__all__ = [
    "company_at", "drawn_for", "is_present", "knock", "leave", "leave_every_room", "let_in",
    "mark_of", "narrow", "turn_away", "viewer_at",
]  # fmt: skip

_KEY = "wholeplace.room"


def knock(viewer: Viewer, meeting_id: str, at: dt.datetime) -> None:
    """Ask to be let into the room; the chair is told, and draws the narrower view first.

    Raises:
        NotFoundError: if the viewer is not asked to the meeting.
        UnsafeActionError: if it is not under way.
    """
    with transaction.atomic():
        found, mine = _at_door(viewer, meeting_id)
        if mine.standing in (PRESENT, WAITING, NARROWED):
            return
        note_change("meeting.knocked", viewer, [], meeting=found.pk)
        _stand(mine, WAITING, at)
        keep_meeting_step(found, viewer, "knock", at)
        tell([found.chair], "meeting-knock", found.pk, at)


def narrow(viewer: Viewer, meeting_id: str, user_id: str, at: dt.datetime) -> None:
    """Let the screen be drawn from now on as if somebody at the door were in the room.

    Raises:
        NotFoundError, UnsafeActionError: as every change of a room.
    """
    with transaction.atomic():
        found, joiner = _door(viewer, meeting_id, user_id)
        note_change("meeting.narrowed", viewer, [], meeting=found.pk, worker=user_id)
        _stand(joiner, NARROWED, at)
        keep_meeting_step(found, viewer, "narrow", at)


def let_in(viewer: Viewer, meeting_id: str, user_id: str, mark: str, at: dt.datetime) -> None:
    """Let somebody in, from a page that was drawn for everybody present and for them.

    Shape:
        mark: what that page carried; of any other company it lets nobody in.

    Raises:
        NotFoundError, UnsafeActionError: as every change of a room.
    """
    with transaction.atomic():
        found, joiner = _door(viewer, meeting_id, user_id)
        here = [each.user_id for each in drawn_for(found) if each.user_id != user_id]
        check_drawn(settings.SECRET_KEY + _KEY, found.pk, here, user_id, mark)
        if joiner.standing != NARROWED:
            raise refuse("The narrower view was not drawn.", "Draw it first.")
        note_change("meeting.joined", viewer, people_on(found), meeting=found.pk, worker=user_id)
        joiner.came = True
        _stand(joiner, PRESENT, at)
        keep_meeting_step(found, viewer, "join", at)


def turn_away(viewer: Viewer, meeting_id: str, user_id: str, at: dt.datetime) -> None:
    """Leave somebody at the door outside; the screen is as wide as before.

    Raises:
        NotFoundError, UnsafeActionError: as every change of a room.
    """
    with transaction.atomic():
        found, joiner = _door(viewer, meeting_id, user_id)
        note_change("meeting.turned-away", viewer, [], meeting=found.pk, worker=user_id)
        _stand(joiner, INVITED, at)
        keep_meeting_step(found, viewer, "turn-away", at)


def leave(viewer: Viewer, meeting_id: str, user_id: str, at: dt.datetime) -> None:
    """Leave the room, or note that somebody left; the screen is worked out anew.

    Raises:
        NotFoundError: if it is not the viewer's.
        UnsafeActionError: if it is another's place, or nobody would be left to chair.
    """
    with transaction.atomic():
        find_meeting(viewer, meeting_id)
        found = lock_meeting(meeting_id)
        gone = found.people.filter(user_id=user_id, standing=PRESENT).first()
        is_chair = viewer.user_id in (found.chair, found.coordinator)
        if gone is None or (user_id != viewer.user_id and not is_chair):
            raise refuse("Only they, or the chair, say that somebody left.")
        note_change("meeting.left", viewer, [], meeting=found.pk, worker=user_id)
        _stand(gone, LEFT, at)
        keep_meeting_step(found, viewer, "leave", at)


def leave_every_room(user_id: str, at: dt.datetime) -> int:
    """Take somebody whose access ends out of every room and off every list. Return how many."""
    theirs = Attendance.objects.filter(user_id=user_id)
    theirs.filter(standing__in=(PRESENT, WAITING, NARROWED)).update(standing=LEFT, changed_at=at)
    coming = theirs.filter(meeting__state__in=("planned", "packs-issued"))
    return coming.delete()[0]


def drawn_for(found: Meeting) -> list[Attendance]:
    """Return for whom the screen is drawn: who is in the room, and who is about to be."""
    return list(found.people.filter(standing__in=(PRESENT, NARROWED)))


def is_present(found: Meeting, viewer: Viewer) -> bool:
    """Tell whether the viewer is in the room, for the partner that they act for."""
    return found.people.filter(
        user_id=viewer.user_id, organisation=viewer.organisation, standing=PRESENT
    ).exists()


def mark_of(found: Meeting, people: Sequence[Attendance]) -> str:
    """Return the mark of a page that was drawn for some people."""
    key = settings.SECRET_KEY + _KEY
    return company_mark(key, found.pk, [each.user_id for each in people])


def company_at(
    people: Sequence[Attendance], person_ids: Sequence[str], purpose: str, at: dt.datetime
) -> list[Company]:
    """Return some people of a meeting as those who look at one screen, each with their reasons."""
    company = []
    for each in people:
        viewer = viewer_at(each)
        reasons = live_reasons_for(viewer, list(person_ids), at, purpose)
        company.append(Company(Request(viewer, purpose, None, at), reasons))
    return company


def viewer_at(each: Attendance) -> Viewer:
    """Return somebody of a meeting in the role that they have there, if they still have it.

    Without an account, the partner or the role any more, they see nothing, and so does a room
    that still counts them as present.
    """
    number = int(each.user_id) if each.user_id.isdigit() else 0
    user = User.objects.filter(pk=number, is_active=True, organisation=each.organisation).first()
    holds = user is not None and not user.suspended_at and each.role in user.roles
    return Viewer(each.user_id, each.organisation, each.role if holds else "")


def _at_door(viewer: Viewer, meeting_id: str) -> tuple[Meeting, Attendance]:
    find_meeting(viewer, meeting_id)
    found = lock_meeting(meeting_id)
    mine = found.people.filter(user_id=viewer.user_id, organisation=viewer.organisation).first()
    if found.state != "held" or mine is None:
        raise refuse("The meeting is not under way, or you are not asked to it.")
    if mine.role != viewer.role:
        mine.role = viewer.role
    return found, mine


def _door(viewer: Viewer, meeting_id: str, user_id: str) -> tuple[Meeting, Attendance]:
    find_meeting(viewer, meeting_id)
    found = lock_meeting(meeting_id)
    is_running = viewer.user_id in (found.chair, found.coordinator)
    if found.state != "held" or not is_running or not is_present(found, viewer):
        raise refuse("Only the chair, in the room, lets somebody in.")
    joiner = found.people.filter(user_id=user_id, standing__in=(WAITING, NARROWED)).first()
    if joiner is None:
        raise refuse("Nobody of that name is at the door.")
    return found, joiner


def _stand(each: Attendance, standing: str, at: dt.datetime) -> None:
    each.standing, each.changed_at = standing, at
    each.save()
