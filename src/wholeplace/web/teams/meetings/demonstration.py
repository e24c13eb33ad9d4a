"""A weekly meeting for the demonstration: one past with its minutes agreed, one to come."""

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.teams.changes.planning import NewAction
from wholeplace.web.teams.meetings import agenda, minutes, planning, room
from wholeplace.web.teams.models import AgendaItem, Case, Meeting, MeetingSeries

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_meetings"]

_CAST = ("amira-khan", "tom-ellis", "helen-marsh", "joan-obi", "rosa-finch", "dean-walsh")
_SAID = (
    "Jayden came in on four of five days last week. Ms Marsh meets him at the gate. The rent plan is "
    "drafted and not yet signed. Ms Obi saw Mia at home: she understands more than she says."
)
_FAMILY = (
    "“It is the first week that nobody rang about Jayden. I do not want the notice again before "
    "Christmas.” Leanne, asked by Ms Khan on the telephone the day before."
)
_DECIDED = (
    "The notice on the rent stays on hold until the next review, as long as the plan is kept.",
    "School does not fine for absence this term; Ms Marsh rings Ms Khan the same day if he is away.",
)
_NO = "A term without any consequence is what his year group sees too. We want this looked at in two weeks."


def make_meetings(place: "OpenPlace") -> None:
    """Make the series and its two meetings, once, where the town has a case to meet about."""
    users = {user.persona: user for user in User.objects.exclude(persona="")}
    case = Case.objects.filter(state="active").first()
    if case is None or MeetingSeries.objects.exists() or not set(_CAST) <= set(users):
        return
    cast = {
        each: Viewer(str(users[each].pk), users[each].organisation, users[each].roles[0])
        for each in _CAST
    }
    now, tom = timezone.now(), cast["tom-ellis"]
    new = planning.NewSeries(
        "multi-disciplinary", "Weaver Street hub, weekly", case.purpose, "weekly", 90,
        "Weaver Street hub, upper room", cast["amira-khan"].user_id,
    )  # fmt: skip
    series = planning.start_series(tom, new, now)
    for each in _CAST[2:]:
        planning.ask_to_series(tom, series.pk, cast[each].user_id, now)
    zone = ZoneInfo(place.place.place.time_zone)
    ten = dt.datetime.combine(place.today, dt.time(10), tzinfo=zone).astimezone(dt.UTC)
    _past(cast, series, case, ten - dt.timedelta(days=6), now)
    coming = planning.plan_meeting(tom, series.pk, ten + dt.timedelta(days=1), now)
    agenda.add_case(tom, coming.pk, coming.version, case.pk, now)
    coming.refresh_from_db()
    if agenda.propose_agenda(coming).lines:
        agenda.fill_agenda(tom, coming.pk, coming.version, now)


def _past(
    cast: dict[str, Viewer], series: MeetingSeries, case: Case, starts_at: dt.datetime,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Hold last week's meeting, write its minutes, and let those who were there agree."""
    tom, amira, helen = cast["tom-ellis"], cast["amira-khan"], cast["helen-marsh"]
    past = planning.plan_meeting(tom, series.pk, starts_at, now)
    planning.answer_invitation(cast["dean-walsh"], past.pk, comes=False, at=now)
    past.refresh_from_db()
    agenda.add_case(tom, past.pk, past.version, case.pk, now)
    for event, who in (("issue-packs", tom), ("hold", amira)):
        past.refresh_from_db()
        planning.take_meeting_step(who, past.pk, event, past.version, "", now)
    for each in ("tom-ellis", "helen-marsh", "joan-obi", "rosa-finch"):
        _join(past, amira, cast[each], now)
    item = AgendaItem.objects.get(meeting=past)
    minutes.write_minutes(tom, past.pk, item.pk, item.version, _SAID, _FAMILY, now)
    decisions = [minutes.decide_in_room(tom, past.pk, item.pk, each, now) for each in _DECIDED]
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=8)
    owner = amira.user_id
    minutes.disagree(helen, past.pk, decisions[1].pk, minutes.NewDissent(_NO, owner, until), now)
    _act(past, item, amira, case, cast["joan-obi"], until, now)
    past.refresh_from_db()
    for each in ("amira-khan", "helen-marsh", "joan-obi", "rosa-finch"):
        minutes.agree_minutes(cast[each], past.pk, past.minutes_version, now)


def _join(past: Meeting, chair: Viewer, joiner: Viewer, now: dt.datetime) -> None:
    room.knock(joiner, past.pk, now)
    room.narrow(chair, past.pk, joiner.user_id, now)
    mark = room.mark_of(past, room.drawn_for(past))
    room.let_in(chair, past.pk, joiner.user_id, mark, now)


def _act(
    past: Meeting, item: AgendaItem, lead: Viewer, case: Case, doer: Viewer, until: dt.date,
    now: dt.datetime,
) -> None:  # fmt: skip
    goal = case.goals.filter(outcome="").last()
    is_of_team = case.members.filter(user_id=doer.user_id, left_at=None).exists()
    if goal is not None and is_of_team:
        what = "Bring the speech therapist along to the next visit at home"
        new = NewAction(goal.pk, what, doer.organisation, doer.user_id, until)
        minutes.propose_in_room(lead, past.pk, item.pk, new, now)
