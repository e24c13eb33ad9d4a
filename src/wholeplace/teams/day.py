"""Somebody's day: what waits for them, sorted into few heaps, the most pressing first.

Every page of it is worked out from what stands; nothing is kept, so nothing can be out of date.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.action import OPEN_ACTION, is_overdue
from wholeplace.teams.figures import figures
from wholeplace.teams.records import DayAction, DayCase, DayReferral, TeamRecords
from wholeplace.teams.referral import Waiting, lateness_of

__all__ = ["Day", "compose_day"]


@dataclass(frozen=True)
class Day:
    """What waits for one person.

    Attributes:
        overdue, soon, later: their own actions, by when they are due.
        to_agree: asked of them, or of their organisation, and not yet agreed to.
        waiting_on: what others are to do, in cases that they lead or that they proposed; overdue
            first.
        reviews: cases of theirs to be reviewed by the end of the days that count as soon.
        family: cases in which a word of the family waits for an answer.
        to_triage: referrals to their organisation that nobody has decided on; late first.
        asked: referrals that they sent, and about which they are asked.
        no_lead: cases that they give out, or are of, and that nobody leads.
        to_close: cases that wait for a second approver who is not the asker.
    """

    overdue: tuple[DayAction, ...] = ()
    soon: tuple[DayAction, ...] = ()
    later: tuple[DayAction, ...] = ()
    to_agree: tuple[DayAction, ...] = ()
    waiting_on: tuple[DayAction, ...] = ()
    reviews: tuple[DayCase, ...] = ()
    family: tuple[DayCase, ...] = ()
    to_triage: tuple[DayReferral, ...] = ()
    asked: tuple[DayReferral, ...] = ()
    no_lead: tuple[DayCase, ...] = ()
    to_close: tuple[DayCase, ...] = ()

    @property
    def pressing(self) -> int:
        """How many things should not wait: what a reminder counts."""
        return (
            len(self.overdue)
            + len(self.to_agree)
            + len(self.reviews)
            + len(self.family)
            + len(self.to_triage)
            + len(self.asked)
            + len(self.no_lead)
            + len(self.to_close)
        )


def compose_day(records: TeamRecords, viewer: Viewer, today: dt.date, at: dt.datetime) -> Day:
    """Return somebody's day.

    Args:
        records: where it is kept.
        viewer: in the role they act in.
        today: the day it is at the place.
        at: UTC instant.
    """
    actions = [each for each in records.actions_of(viewer) if each.state in OPEN_ACTION]
    cases = records.cases_of(viewer)
    referrals = records.referrals_of(viewer)
    mine = [each for each in actions if each.owner == viewer.user_id and each.state != "proposed"]
    soon_until = today + dt.timedelta(days=figures().soon_days)
    overdue = [each for each in mine if is_overdue(each.state, each.due_on, today)]
    ahead = [each for each in mine if each not in overdue]
    gives_out = viewer.role in figures().holder_roles
    theirs = [each for each in cases if viewer.user_id in each.team]
    held = [each for each in cases if gives_out and each.holder == viewer.organisation]
    return Day(
        overdue=_by_due(overdue),
        soon=_by_due(each for each in ahead if each.due_on <= soon_until),
        later=_by_due(each for each in ahead if each.due_on > soon_until),
        to_agree=_by_due(each for each in actions if _is_to_agree(each, viewer)),
        waiting_on=_waiting_on(actions, viewer, today),
        reviews=tuple(
            each for each in theirs
            if each.lead == viewer.user_id and each.review_on and each.review_on <= soon_until
        ),
        family=tuple(each for each in theirs if each.lead == viewer.user_id and each.family_waits),
        to_triage=_to_triage(referrals, viewer, at),
        asked=tuple(
            each for each in referrals
            if each.state == "info-requested" and each.sent_by == viewer.user_id
        ),
        no_lead=tuple(dict.fromkeys(e for e in (*held, *theirs) if not e.lead)),
        to_close=tuple(
            each for each in held
            if each.state == "closing" and viewer.user_id not in (each.closing_by, each.lead)
        ),
    )  # fmt: skip


def _is_to_agree(action: DayAction, viewer: Viewer) -> bool:
    is_asked = action.owner == viewer.user_id or (
        not action.owner and action.organisation == viewer.organisation
    )
    return action.state == "proposed" and is_asked


def _waiting_on(actions: list[DayAction], viewer: Viewer, today: dt.date) -> tuple[DayAction, ...]:
    those = [
        each
        for each in actions
        if each.owner != viewer.user_id
        and not _is_to_agree(each, viewer)
        and viewer.user_id in (each.lead, each.proposed_by)
    ]
    those.sort(
        key=lambda each: (not is_overdue(each.state, each.due_on, today), each.due_on, each.id)
    )
    return tuple(those)


def _to_triage(
    referrals: Sequence[DayReferral], viewer: Viewer, at: dt.datetime
) -> tuple[DayReferral, ...]:
    """Return what nobody has decided on; a triager's own that was looked at stays theirs alone."""
    if viewer.role not in figures().triage_roles:
        return ()
    those = [
        each
        for each in referrals
        if each.receiver == viewer.organisation
        and each.sent_by != viewer.user_id
        and (
            each.state == "sent"
            or (each.state in ("acknowledged", "accepted") and each.triaged_by == viewer.user_id)
        )
    ]

    def order(each: DayReferral) -> tuple[bool, dt.datetime, str]:
        late = lateness_of(Waiting(each.state, each.due_at, each.paused), at)
        return (not late, each.due_at or at, each.id)

    return tuple(sorted(those, key=order))


def _by_due(actions: Iterable[DayAction]) -> tuple[DayAction, ...]:
    return tuple(sorted(actions, key=lambda each: (each.due_on, each.id)))
