"""Finding a meeting, who somebody is to it, and keeping what happened."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.teams.meeting import MEETING_LIFE, meeting_actors
from wholeplace.teams.room import APOLOGIES, PRESENT
from wholeplace.web.teams.changes.taking import last_change, refuse
from wholeplace.web.teams.models import Attendance, Meeting, MeetingSeries, MeetingStep

__all__ = [
    "actors_at", "ends_at", "find_meeting", "find_series", "is_expected", "keep_meeting_step",
    "lock_meeting", "present_at", "running",
]  # fmt: skip


def find_meeting(viewer: Viewer, meeting_id: str) -> Meeting:
    """Return a meeting that the viewer runs, or is asked to for the partner that they act for.

    Raises:
        NotFoundError: if there is none; the same for a meeting that is not theirs.
    """
    found = Meeting.objects.select_related("series").filter(pk=meeting_id).first()
    if found is None or not (_runs(viewer, found) or _is_asked(viewer, found)):
        raise NotFoundError("There is no such meeting.")
    return found


def find_series(viewer: Viewer, series_id: str) -> MeetingSeries:
    """Return a series that the viewer chairs or prepares.

    Raises:
        NotFoundError: if there is none; the same for a series of others.
    """
    found = MeetingSeries.objects.filter(pk=series_id, organisation=viewer.organisation).first()
    if found is None or viewer.user_id not in (found.chair, found.coordinator):
        raise NotFoundError("There is no such series of meetings.")
    return found


def lock_meeting(meeting_id: str) -> Meeting:
    """Return a meeting that nobody else changes until this transaction ends."""
    # The series is read anew: a lock on both rows would make meetings of one series wait.
    return Meeting.objects.select_for_update().get(pk=meeting_id)


def running(viewer: Viewer, meeting_id: str, version: int | None = None) -> Meeting:
    """Return a locked meeting that the viewer runs; part of the caller's transaction.

    Raises:
        NotFoundError, ChangedMeanwhileError: as every change of a meeting.
        UnsafeActionError: if the viewer only takes part.
    """
    find_meeting(viewer, meeting_id)
    found = lock_meeting(meeting_id)
    if not _runs(viewer, found):
        raise refuse("Only the chair and the coordinator change a meeting.", "Ask one of them.")
    if version is not None:
        last = found.steps.last()
        told = last_change(MEETING_LIFE, found.state, last.at, last.event) if last else ""
        check_version(found.version, version, [told] if told else [])
    return found


def actors_at(found: Meeting, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to a meeting, by the table's words."""
    present = frozenset(
        found.people.filter(came=True, organisation=viewer.organisation).values_list(
            "user_id", flat=True
        )
    )
    if not (_runs(viewer, found) or _is_asked(viewer, found)):
        return frozenset()
    return meeting_actors(
        viewer, chair=found.chair, coordinator=found.coordinator, present=present,
        minutes_by=found.minutes_by,
    )  # fmt: skip


def present_at(found: Meeting) -> list[Attendance]:
    """Return who is in the room now."""
    return list(found.people.filter(standing=PRESENT))


def is_expected(each: Attendance) -> bool:
    """Tell whether somebody is asked, and did not send apologies."""
    return each.standing != APOLOGIES


def ends_at(found: Meeting) -> dt.datetime:
    """Return when a meeting is planned to end."""
    return found.starts_at + dt.timedelta(minutes=found.length_minutes)


def keep_meeting_step(
    found: Meeting, viewer: Viewer, event: str, at: dt.datetime, words: str = ""
) -> None:
    """Count the version up, and keep that something happened."""
    found.version += 1
    found.save()
    MeetingStep.objects.create(
        meeting=found, event=event, by=viewer.user_id, at=at, words=words, version=found.version
    )


def _runs(viewer: Viewer, found: Meeting) -> bool:
    is_theirs = viewer.organisation == found.series.organisation
    return is_theirs and viewer.user_id in (found.chair, found.coordinator)


def _is_asked(viewer: Viewer, found: Meeting) -> bool:
    return found.people.filter(user_id=viewer.user_id, organisation=viewer.organisation).exists()
