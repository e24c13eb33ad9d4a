"""Minutes: what was said, decided and disagreed with, and that those who were there agree."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.teams.figures import figures
from wholeplace.teams.meeting import ATTENDEE, CHAIR, MEETING_LIFE
from wholeplace.web.gateway.notices import tell
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.teams.changes.planning import NewAction, add_action
from wholeplace.web.teams.changes.taking import check_words, note_change, refuse, said
from wholeplace.web.teams.meetings.finding import (
    actors_at,
    ends_at,
    find_meeting,
    keep_meeting_step,
    lock_meeting,
)
from wholeplace.web.teams.meetings.room import is_present
from wholeplace.web.teams.models import Action, AgendaItem, Decision, Dissent, Meeting

__all__ = [
    "NewDissent", "agree_minutes", "decide_in_room", "disagree", "may_write", "propose_in_room",
    "settle_dissent", "still_to_agree", "write_minutes",
]  # fmt: skip


@dataclass(frozen=True, repr=False)
class NewDissent:
    """A disagreement as it is written.

    Attributes:
        owner: user id of who settles it: somebody who was asked to the meeting.
        escalate_on: by when, or it comes back to the agenda.
    """

    words: str
    owner: str
    escalate_on: dt.date


def write_minutes(
    viewer: Viewer, meeting_id: str, item: int, version: int, discussion: str, family_voice: str,
    at: dt.datetime,
) -> AgendaItem:  # fmt: skip
    """Keep what was said of one family, and what the family says, as it now stands.

    Shape:
        version: of the item's minutes, as the writer saw them.

    Raises:
        NotFoundError: if it is not the viewer's.
        ChangedMeanwhileError: if somebody else wrote meanwhile; nothing was kept then.
        UnsafeActionError: if the viewer is not in the room, or the meeting is not under way.
    """
    with transaction.atomic():
        found, held = _writing(viewer, meeting_id, item)
        check_version(held.version, version, ["Somebody else in the room wrote here meanwhile."])
        note_change("meeting.minutes-written", viewer, [held.person_id], meeting=found.pk)
        held.discussion, held.family_voice = said(discussion), said(family_voice)
        held.written_by, held.version = viewer.user_id, held.version + 1
        held.save()
        _count_minutes(found, viewer, "write", at)
    return held


def decide_in_room(
    viewer: Viewer, meeting_id: str, item: int, words: str, at: dt.datetime
) -> Decision:
    """Keep a decision. Two people may write one at the same time: it changes nobody else's.

    Raises:
        NotFoundError, UnsafeActionError: as `write_minutes`.
    """
    with transaction.atomic():
        found, held = _writing(viewer, meeting_id, item)
        told = check_words(words, figures().least_characters, "what was decided")
        note_change("meeting.decided", viewer, [held.person_id], meeting=found.pk)
        made = Decision.objects.create(
            item=held, person_id=held.person_id, words=told, by=viewer.user_id,
            organisation=viewer.organisation, at=at,
        )  # fmt: skip
        _count_minutes(found, viewer, "decide", at)
    return made


def disagree(
    viewer: Viewer, meeting_id: str, decision: int, given: NewDissent, at: dt.datetime
) -> Dissent:
    """Keep that the viewer does not agree with a decision, who settles it and by when.

    Raises:
        NotFoundError, UnsafeActionError: as `write_minutes`; also where nobody settles it, or its
            day has passed.
    """
    with transaction.atomic():
        about = Decision.objects.filter(pk=decision, item__meeting_id=meeting_id).first()
        if about is None:
            raise NotFoundError("There is no such decision.")
        found, held = _writing(viewer, meeting_id, about.item_id)
        told = check_words(given.words, figures().least_characters, "why you do not agree")
        if not found.people.filter(user_id=given.owner).exists():
            raise refuse("Say who settles it: somebody who was asked.", "Choose one of them.")
        if given.escalate_on <= current_place().today:
            raise refuse("Leave time to settle it.", "Choose a day from tomorrow on.")
        note_change("meeting.disagreed", viewer, [held.person_id], meeting=found.pk)
        made = Dissent.objects.create(
            decision=about, person_id=held.person_id, words=told, by=viewer.user_id,
            organisation=viewer.organisation, owner=given.owner, escalate_on=given.escalate_on,
            at=at,
        )  # fmt: skip
        _count_minutes(found, viewer, "disagree", at)
        if given.owner != viewer.user_id:
            tell([given.owner], "meeting-dissent", found.pk, at)
    return made


def settle_dissent(
    viewer: Viewer, meeting_id: str, dissent: int, version: int, words: str, at: dt.datetime
) -> Dissent:
    """Say how a disagreement was settled; only its owner does, and whoever disagreed.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError: as `write_minutes`.
    """
    with transaction.atomic():
        found = find_meeting(viewer, meeting_id)
        held = Dissent.objects.select_for_update().filter(
            pk=dissent, decision__item__meeting_id=found.pk
        ).first()  # fmt: skip
        if held is None:
            raise NotFoundError("There is no such disagreement.")
        check_version(held.version, version, ["Somebody else settled it."])
        if viewer.user_id not in (held.owner, held.by) or held.settled_at:
            raise refuse("Only who owns it, or who disagreed, says how it was settled.")
        told = check_words(words, figures().least_characters, "how it was settled")
        note_change("meeting.settled", viewer, [held.person_id], meeting=found.pk)
        held.settled_at, held.settled_by, held.settled_words = at, viewer.user_id, told
        held.version += 1
        held.save()
    return held


def propose_in_room(
    viewer: Viewer, meeting_id: str, item: int, given: NewAction, at: dt.datetime
) -> Action:
    """Let an action be born in the room: it is the plan's from this moment, typed once.

    Raises:
        NotFoundError, UnsafeActionError: as `write_minutes`, and as every action of a plan.
    """
    with transaction.atomic():
        found, held = _writing(viewer, meeting_id, item)
        if not held.case_id:
            raise refuse("No case has begun yet.", "Accept the referral first.")
        born = NewAction(
            given.goal, given.what, given.organisation, given.owner, given.due_on, found.pk
        )
        made = add_action(viewer, held.case_id, born, at)
        _count_minutes(found, viewer, "propose", at)
    return made


def agree_minutes(viewer: Viewer, meeting_id: str, version: int, at: dt.datetime) -> Meeting:
    """Agree to the minutes as they stand; with the last who was there, they are agreed.

    Once a week has passed the chair need not wait for those who say nothing; who did not answer
    stands in the minutes.

    Shape:
        version: of the minutes, as the viewer read them.

    Raises:
        NotFoundError: if the meeting is not the viewer's.
        ChangedMeanwhileError: if the minutes changed since.
        UnsafeActionError: if the viewer was not there, or wrote them.
    """
    with transaction.atomic():
        find_meeting(viewer, meeting_id)
        found = lock_meeting(meeting_id)
        check_version(found.minutes_version, version, ["Somebody changed the minutes."])
        actors = actors_at(found, viewer) & {CHAIR, ATTENDEE}
        target = MEETING_LIFE.take(found.state, "agree-minutes", actors)
        note_change("meeting.minutes-agreed-to", viewer, [], meeting=found.pk, minutes=version)
        mine = found.people.filter(user_id=viewer.user_id, came=True)
        if not mine.update(agreed_version=version, changed_at=at):
            raise refuse("You were not there.")
        waits = still_to_agree(found)
        is_over = at > ends_at(found) + dt.timedelta(days=figures().meeting_days)
        if not waits or (CHAIR in actors and is_over):
            found.state, found.agreed_at = target, at
        keep_meeting_step(found, viewer, "agree-minutes", at)
    return found


def still_to_agree(found: Meeting) -> list[str]:
    """Return the user ids of those who were there and have not agreed to the minutes yet."""
    return list(
        found.people.filter(came=True)
        .exclude(user_id=found.minutes_by)
        .exclude(agreed_version=found.minutes_version)
        .values_list("user_id", flat=True)
    )


def may_write(found: Meeting, viewer: Viewer) -> bool:
    """Tell whether the viewer writes in the minutes now."""
    return found.state == "held" and is_present(found, viewer)


def _writing(viewer: Viewer, meeting_id: str, item: int) -> tuple[Meeting, AgendaItem]:
    find_meeting(viewer, meeting_id)
    found = lock_meeting(meeting_id)
    if not may_write(found, viewer):
        raise refuse("Only those in the room write, while the meeting is under way.")
    held = found.items.filter(pk=item).first()
    if held is None:
        raise NotFoundError("There is no such item.")
    return found, held


def _count_minutes(found: Meeting, viewer: Viewer, event: str, at: dt.datetime) -> None:
    found.minutes_version += 1
    keep_meeting_step(found, viewer, event, at)
