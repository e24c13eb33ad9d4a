"""Series and their meetings: who is asked, when they meet, and the steps of a meeting's life."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from wholeplace.agreements.reasons.opening import Relationship
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.agenda import CADENCES, SERIES_KINDS
from wholeplace.teams.figures import figures
from wholeplace.teams.meeting import MEETING_LIFE
from wholeplace.teams.room import APOLOGIES, INVITED, LEFT, PRESENT
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.notices import tell
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.reasons import end_relationships, open_relationship
from wholeplace.web.teams.changes.opening import find_case
from wholeplace.web.teams.changes.taking import check_words, new_id, note_change, refuse, said
from wholeplace.web.teams.meetings.finding import (
    actors_at,
    ends_at,
    find_meeting,
    find_series,
    is_expected,
    keep_meeting_step,
    lock_meeting,
    running,
)
from wholeplace.web.teams.models import (
    AgendaItem,
    Attendance,
    Case,
    Meeting,
    MeetingSeries,
    ReferralPerson,
    SeriesMember,
)

__all__ = [
    "NewSeries", "answer_invitation", "ask_to_series", "drop_from_series", "invite", "people_on",
    "plan_meeting", "relate_room", "start_series", "take_meeting_step",
]  # fmt: skip

_WORDS = "Spoken of in a meeting that you are asked to"


@dataclass(frozen=True, repr=False)
class NewSeries:
    """A series as it is written. Fields as of `MeetingSeries`; name and venue name nobody."""

    kind: str
    name: str
    purpose: str
    cadence: str
    length_minutes: int
    venue: str
    chair: str
    case_id: str = ""


def start_series(viewer: Viewer, given: NewSeries, at: dt.datetime) -> MeetingSeries:
    """Start a series that the viewer's organisation runs, and that the viewer prepares.

    Raises:
        UnsafeActionError: if the chair cannot chair it, or it lacks something.
        NotFoundError: if it is about a case that is not the viewer's.
        AuditUnavailableError: if it cannot be recorded.
    """
    if given.kind not in SERIES_KINDS or given.cadence not in CADENCES or not said(given.name):
        raise refuse("Say what kind of meeting it is, its name, and how often it comes.")
    if (given.kind == "team-around-family") != bool(given.case_id):
        raise refuse("A team around a family meets about one case; the other kinds about several.")
    if given.case_id:
        find_case(viewer, given.case_id)
    chair = _working(given.chair)
    if chair is None or chair.organisation != viewer.organisation:
        raise refuse("The chair is of your organisation, and works with people.", "Choose one.")
    note_change("meeting.series-started", viewer, [], purpose=given.purpose)
    with transaction.atomic():
        made = MeetingSeries.objects.create(
            id=new_id(), kind=given.kind, name=said(given.name)[:120], purpose=given.purpose,
            organisation=viewer.organisation, cadence=given.cadence, case_id=given.case_id,
            length_minutes=given.length_minutes, venue=said(given.venue)[:200], chair=given.chair,
            coordinator=viewer.user_id, made_at=at,
        )  # fmt: skip
        for user_id in dict.fromkeys((given.chair, viewer.user_id)):
            user = _working(user_id)
            if user is not None:
                _keep_member(made, user, viewer.role if user_id == viewer.user_id else "", at)
    return made


def ask_to_series(viewer: Viewer, series_id: str, user_id: str, at: dt.datetime) -> SeriesMember:
    """Ask somebody of any partner to every meeting of a series from now on.

    Raises:
        NotFoundError: if the series is not the viewer's.
        UnsafeActionError: if they do not work with people, or are asked already.
    """
    series, user = find_series(viewer, series_id), _working(user_id)
    if user is None or series.members.filter(user_id=user_id).exists():
        raise refuse("They are asked already, or do not work with people.", "Choose another.")
    note_change("meeting.series-asked", viewer, [], series=series.pk, worker=user_id)
    return _keep_member(series, user, "", at)


def drop_from_series(viewer: Viewer, series_id: str, user_id: str) -> None:
    """Stop asking somebody to a series; meetings that they are asked to already stay.

    Raises:
        NotFoundError: if the series is not the viewer's.
        UnsafeActionError: if they run it.
    """
    series = find_series(viewer, series_id)
    if user_id in (series.chair, series.coordinator):
        raise refuse("Whoever chairs or prepares a series is of it.")
    note_change("meeting.series-dropped", viewer, [], series=series.pk, worker=user_id)
    series.members.filter(user_id=user_id).delete()


def plan_meeting(
    viewer: Viewer, series_id: str, starts_at: dt.datetime, at: dt.datetime
) -> Meeting:
    """Plan a meeting of a series; everybody of the series is asked.

    Raises:
        NotFoundError: if the series is not the viewer's.
        UnsafeActionError: if the series meets at that instant already.
        AuditUnavailableError: if it cannot be recorded.
    """
    series = find_series(viewer, series_id)
    if series.meetings.filter(starts_at=starts_at).exclude(state="cancelled").exists():
        raise refuse("The series meets at that time already.", "Choose another time.")
    made = Meeting(
        id=new_id(), series=series, starts_at=starts_at, length_minutes=series.length_minutes,
        venue=series.venue, state=MEETING_LIFE.first, chair=series.chair,
        coordinator=series.coordinator, version=0,
    )  # fmt: skip
    note_change("meeting.planned", viewer, [], meeting=made.pk, series=series.pk)
    with transaction.atomic():
        made.save(force_insert=True)
        Attendance.objects.bulk_create(
            [
                Attendance(
                    meeting=made, user_id=each.user_id, organisation=each.organisation,
                    role=each.role, standing=INVITED, changed_at=at,
                )
                for each in series.members.all()
            ]
        )  # fmt: skip
        keep_meeting_step(made, viewer, "plan", at)
        others = [each.user_id for each in made.people.all() if each.user_id != viewer.user_id]
        tell(others, "meeting-planned", made.pk, at)
    return made


def invite(viewer: Viewer, meeting_id: str, user_id: str, at: dt.datetime) -> Attendance:
    """Ask somebody to one meeting; where packs are out, they may read theirs from now on.

    Raises:
        NotFoundError, UnsafeActionError: as every change of a meeting.
    """
    with transaction.atomic():
        found, user = running(viewer, meeting_id), _working(user_id)
        if found.state not in ("planned", "packs-issued", "held") or user is None:
            raise refuse("They do not work with people, or the meeting is over.")
        if found.people.filter(user_id=user_id).exists():
            raise refuse("They are asked already.", "Choose somebody else.")
        note_change("meeting.asked", viewer, [], meeting=found.pk, worker=user_id)
        made = Attendance.objects.create(
            meeting=found, user_id=user_id, organisation=user.organisation,
            role=_role_of(user), standing=INVITED, changed_at=at,
        )  # fmt: skip
        if found.state in ("packs-issued", "held"):
            relate_room(found, [made], at, by=viewer.user_id)
        keep_meeting_step(found, viewer, "ask", at)
        tell([user_id], "meeting-planned", found.pk, at)
    return made


def answer_invitation(viewer: Viewer, meeting_id: str, *, comes: bool, at: dt.datetime) -> None:
    """Say that one comes, or send apologies; with apologies one's pack is closed.

    Raises:
        NotFoundError, UnsafeActionError: as every change of a meeting.
    """
    with transaction.atomic():
        find_meeting(viewer, meeting_id)
        found = lock_meeting(meeting_id)
        mine = found.people.filter(user_id=viewer.user_id).first()
        if mine is None or found.state not in ("planned", "packs-issued"):
            raise refuse("It has begun, or you are not asked to it.")
        note_change("meeting.answered", viewer, [], meeting=found.pk, comes=comes)
        mine.standing, mine.changed_at = (INVITED if comes else APOLOGIES), at
        mine.save()
        if found.state == "packs-issued" and comes:
            relate_room(found, [mine], at, by=viewer.user_id)
        elif not comes and viewer.user_id not in (found.chair, found.coordinator):
            end_relationships("meeting", found.pk, at, by=viewer.user_id, user_ids=[viewer.user_id])
        keep_meeting_step(found, viewer, "answer", at)


def take_meeting_step(
    viewer: Viewer, meeting_id: str, event: str, version: int, words: str, at: dt.datetime
) -> Meeting:
    """Take one step of a meeting, save agreeing to its minutes, which each does for themselves.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError, AuditUnavailableError: as every
            change of a meeting.
    """
    with transaction.atomic():
        found = running(viewer, meeting_id, version)
        target = MEETING_LIFE.take(found.state, event, actors_at(found, viewer))
        step = next(s for s in MEETING_LIFE.steps if s.event == event)
        told = check_words(words, figures().least_characters) if "words" in step.asks else ""
        if event == "issue-packs" and not found.items.exists():
            raise refuse("There is nothing on the agenda.", "Put something on it first.")
        if event == "agree-minutes":
            raise refuse("Each who was there agrees for themselves.", "Open the minutes.")
        note_change(f"meeting.{event}", viewer, people_on(found), meeting=found.pk)
        found.state = target
        _after(found, event, viewer, at)
        keep_meeting_step(found, viewer, event, at, told)
    return found


def relate_room(
    found: Meeting, people: Iterable[Attendance], at: dt.datetime, *, by: str,
    items: Sequence[AgendaItem] | None = None,
) -> None:  # fmt: skip
    """Give some of those who are asked a reason to look at whom the agenda is about, for a time.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    until = max(at, ends_at(found)) + dt.timedelta(days=figures().meeting_days)
    about = people_on(found, items)
    for each in people:
        for person_id in about:
            related = Relationship(
                each.user_id, person_id, "meeting", found.pk, _WORDS, at, found.series.purpose,
                until,
            )  # fmt: skip
            open_relationship(related, each.organisation, by=by)


def people_on(found: Meeting, items: Sequence[AgendaItem] | None = None) -> list[str]:
    """Return everybody whom an agenda is about: households of its cases and referrals."""
    those = list(found.items.all()) if items is None else list(items)
    people = dict.fromkeys(each.person_id for each in those)
    cases = Case.objects.filter(pk__in=[each.case_id for each in those if each.case_id])
    for case in cases:
        people |= dict.fromkeys(
            case.people.filter(removed_at=None).values_list("person_id", flat=True)
        )
    referrals = [each.referral_id for each in those if each.referral_id]
    named = ReferralPerson.objects.filter(referral_id__in=referrals, is_known=True)
    return list(people | dict.fromkeys(named.values_list("person_id", flat=True)))


def _after(found: Meeting, event: str, viewer: Viewer, at: dt.datetime) -> None:
    if event == "issue-packs":
        asked = [each for each in found.people.all() if is_expected(each)]
        relate_room(found, asked, at, by=viewer.user_id)
        tell([each.user_id for each in asked], "meeting-packs", found.pk, at)
    elif event in ("plan-again", "cancel"):
        others = found.people.exclude(user_id__in=(found.chair, found.coordinator))
        kept = None if event == "cancel" else list(others.values_list("user_id", flat=True))
        end_relationships("meeting", found.pk, at, by=viewer.user_id, user_ids=kept)
        tell(others.values_list("user_id", flat=True), f"meeting-{event}", found.pk, at)
    elif event == "hold":
        found.held_at, found.minutes_by = at, found.coordinator
        begins = found.people.filter(user_id=viewer.user_id)
        begins.update(standing=PRESENT, came=True, changed_at=at)
    elif event == "correct-minutes":
        found.agreed_at = None
        found.minutes_version += 1
        found.people.filter(standing=PRESENT).update(standing=LEFT)


def _keep_member(series: MeetingSeries, user: User, role: str, at: dt.datetime) -> SeriesMember:
    return SeriesMember.objects.create(
        series=series, user_id=str(user.pk), organisation=user.organisation,
        role=role or _role_of(user), added_at=at,
    )  # fmt: skip


def _working(user_id: str) -> User | None:
    """Return an active user who works with people."""
    user = User.objects.filter(pk=int(user_id) if user_id.isdigit() else 0, is_active=True).first()
    if user is None or user.suspended_at or not PEOPLE_ROLES & set(user.roles):
        return None
    return user


def _role_of(user: User) -> str:
    """Return the first role in which somebody works with people."""
    return str(next(each for each in user.roles if each in PEOPLE_ROLES))
