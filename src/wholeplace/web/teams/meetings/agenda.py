"""What waits to be spoken of, and putting it on an agenda."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Min

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.action import OPEN_ACTION
from wholeplace.teams.agenda import Agenda, Candidate, Line, compose_agenda
from wholeplace.teams.case import ENDED
from wholeplace.teams.figures import figures
from wholeplace.teams.referral import WAITING
from wholeplace.web.teams.changes.taking import note_change, refuse
from wholeplace.web.teams.meetings.finding import keep_meeting_step, running
from wholeplace.web.teams.meetings.planning import relate_room
from wholeplace.web.teams.models import (
    Action,
    AgendaItem,
    Case,
    CasePerson,
    Dissent,
    Meeting,
    MeetingSeries,
    Referral,
)

__all__ = ["add_case", "fill_agenda", "move_item", "propose_agenda", "remove_item", "set_minutes"]


def propose_agenda(found: Meeting) -> Agenda:
    """Return what the time that is left would be best given to; what is on already is left out."""
    on = {(each.case_id, each.referral_id) for each in found.items.all()}
    used = sum(each.minutes for each in found.items.all())
    waiting = [
        each
        for each in _candidates(found.series, found.starts_at.date())
        if (each.case, each.referral) not in on
    ]
    return compose_agenda(waiting, max(0, found.length_minutes - used))


def fill_agenda(viewer: Viewer, meeting_id: str, version: int, at: dt.datetime) -> Meeting:
    """Put on what is proposed and fits.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError, AuditUnavailableError: as every
            change of a meeting.
    """
    with transaction.atomic():
        found = _planned(viewer, meeting_id, version)
        _put_on(found, viewer, propose_agenda(found).lines, at)
    return found


def add_case(
    viewer: Viewer, meeting_id: str, version: int, wanted: str, at: dt.datetime
) -> Meeting:
    """Put one case or referral on by its number, whether or not it fits.

    Shape:
        wanted: number of a case that the organisation holds, or of a referral to it.

    Raises:
        As `fill_agenda`.
    """
    with transaction.atomic():
        found = _planned(viewer, meeting_id, version)
        agenda = propose_agenda(found)
        lines = (*agenda.lines, *agenda.left_over)
        line = next((each for each in lines if wanted in (each.case, each.referral)), None)
        if line is None:
            case = Case.objects.filter(
                pk=wanted, holder=viewer.organisation, purpose=found.series.purpose
            ).exclude(state__in=ENDED).first()  # fmt: skip
            main = case.people.filter(is_main=True).first() if case else None
            if case is None or main is None or found.items.filter(case_id=wanted).exists():
                raise refuse("There is no such case to put on.", "Check its number.")
            line = Line(
                main.person_id, ("chosen",), found.starts_at.date(),
                figures().agenda_minutes["chosen"], case.pk,
            )  # fmt: skip
        _put_on(found, viewer, [line], at)
    return found


def remove_item(
    viewer: Viewer, meeting_id: str, version: int, item: int, at: dt.datetime
) -> Meeting:
    """Take an item off. It waits again, for this meeting or the next.

    Raises:
        As `fill_agenda`.
    """
    with transaction.atomic():
        found = _planned(viewer, meeting_id, version)
        gone = _item(found, item)
        note_change("meeting.item-off", viewer, [gone.person_id], meeting=found.pk)
        gone.delete()
        keep_meeting_step(found, viewer, "item-off", at)
    return found


def move_item(viewer: Viewer, meeting_id: str, version: int, item: int, at: dt.datetime) -> Meeting:
    """Let an item be spoken of one place earlier.

    Raises:
        As `fill_agenda`.
    """
    with transaction.atomic():
        found = _planned(viewer, meeting_id, version)
        moved = _item(found, item)
        before = found.items.filter(place__lt=moved.place).last()
        if before is not None:
            moved.place, before.place = before.place, moved.place
            moved.save(update_fields=["place"])
            before.save(update_fields=["place"])
            note_change("meeting.item-moved", viewer, [moved.person_id], meeting=found.pk)
            keep_meeting_step(found, viewer, "item-moved", at)
    return found


def set_minutes(
    viewer: Viewer, meeting_id: str, version: int, item: int, minutes: int, at: dt.datetime
) -> Meeting:
    """Give an item so many minutes.

    Raises:
        As `fill_agenda`.
    """
    with transaction.atomic():
        found = _planned(viewer, meeting_id, version)
        timed = _item(found, item)
        if not 1 <= minutes <= found.length_minutes:
            raise refuse(f"Give it from 1 to {found.length_minutes} minutes.")
        note_change("meeting.item-timed", viewer, [timed.person_id], meeting=found.pk)
        timed.minutes = minutes
        timed.save(update_fields=["minutes"])
        keep_meeting_step(found, viewer, "item-timed", at)
    return found


def _put_on(found: Meeting, viewer: Viewer, lines: Sequence[Line], at: dt.datetime) -> None:
    if not lines:
        raise refuse("Nothing that waits fits into the time that is left.", "Put it on by hand.")
    last = found.items.last()
    first = (last.place if last else 0) + 1
    note_change("meeting.items-on", viewer, [each.person_id for each in lines], meeting=found.pk)
    made = [
        AgendaItem.objects.create(
            meeting=found, place=first + number, person_id=each.person_id, case_id=each.case,
            referral_id=each.referral, causes=list(each.causes), since=each.since,
            minutes=each.minutes,
        )
        for number, each in enumerate(lines)
    ]  # fmt: skip
    runs = found.people.filter(user_id__in=(found.chair, found.coordinator))
    relate_room(found, runs, at, by=viewer.user_id, items=made)
    keep_meeting_step(found, viewer, "items-on", at)


def _planned(viewer: Viewer, meeting_id: str, version: int) -> Meeting:
    found = running(viewer, meeting_id, version)
    if found.state != "planned":
        raise refuse("The packs are out.", "Take them back to change the agenda.")
    return found


def _item(found: Meeting, item: int) -> AgendaItem:
    held = found.items.filter(pk=item).first()
    if held is None:
        raise refuse("It is not on the agenda.")
    return held


def _candidates(series: MeetingSeries, on: dt.date) -> list[Candidate]:
    cases = Case.objects.filter(holder=series.organisation, purpose=series.purpose).exclude(
        state__in=ENDED
    )
    if series.case_id:
        cases = cases.filter(pk=series.case_id)
    mains = dict(
        CasePerson.objects.filter(case__in=cases, is_main=True, removed_at=None).values_list(
            "case_id", "person_id"
        )
    )
    found = [
        Candidate(mains[case_id], cause, since, case=case_id)
        for cause, since, case_id in _causes_of(series, on)
        if case_id in mains
    ]
    if series.case_id:
        known = {each.case for each in found}
        return found + [
            Candidate(person, "chosen", on, case=each)
            for each, person in mains.items()
            if each not in known
        ]
    return found + _referrals(series, on)


def _causes_of(series: MeetingSeries, on: dt.date) -> list[tuple[str, dt.date, str]]:
    """Return cause, since when, and case, of all that is due."""
    held = {"holder": series.organisation, "purpose": series.purpose}
    late = (
        Action.objects.filter(
            state__in=OPEN_ACTION, due_on__lt=on,
            **{f"goal__case__{name}": value for name, value in held.items()},
        )
        .values("goal__case_id").order_by().annotate(first=Min("due_on"))
    )  # fmt: skip
    due = Case.objects.filter(review_on__lte=on, **held).values_list("review_on", "pk")
    open_dissent = Dissent.objects.filter(
        settled_at=None, escalate_on__lte=on,
        decision__item__meeting__series__organisation=series.organisation,
        decision__item__meeting__series__purpose=series.purpose,
    ).values_list("escalate_on", "decision__item__case_id")  # fmt: skip
    return [
        *(("overdue", each["first"], each["goal__case_id"]) for each in late),
        *(("review", day, case) for day, case in due if day),
        *(("escalation", day, case) for day, case in open_dissent if case),
    ]


def _referrals(series: MeetingSeries, on: dt.date) -> list[Candidate]:
    waiting = Referral.objects.filter(
        receiver=series.organisation, purpose=series.purpose, state__in=WAITING
    ).exclude(person_id="")
    return [
        Candidate(
            each.person_id, "escalation" if each.escalated_at else "referral",
            (each.sent_at or each.made_at).date() if each.sent_at else on, referral=each.pk,
        )
        for each in waiting
    ]  # fmt: skip
