"""Pages of series and meetings: the list, who is asked, the agenda, the calendar file."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.teams.agenda import CADENCES, CAUSES, SERIES_KINDS, next_start
from wholeplace.teams.meeting import MEETING_LIFE
from wholeplace.teams.room import STANDINGS
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.purposes import PEOPLE_ROLES, purposes_for
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.meetings import agenda, planning
from wholeplace.web.teams.meetings.calendar import calendar_file
from wholeplace.web.teams.meetings.finding import actors_at, find_meeting, find_series
from wholeplace.web.teams.meetings.forms import MeetingForm, SeriesForm, StepForm
from wholeplace.web.teams.meetings.sight import UNNAMED, gather, show_alone
from wholeplace.web.teams.meetings.start import GONE, Start, begin, names_of
from wholeplace.web.teams.models import Meeting, MeetingSeries

__all__ = [
    "invitation",
    "list_meetings",
    "meeting_step",
    "new_series",
    "series",
    "series_step",
    "show_meeting",
]  # fmt: skip

_OVER = ("minutes-agreed", "cancelled")
_COLOURS = {"planned": "blue", "packs-issued": "yellow", "held": "green", "cancelled": "grey"}


@route(roles=PEOPLE_ROLES, shows="operations")
@require_safe
def list_meetings(request: HttpRequest) -> HttpResponse:
    """My meetings: to come, under way, and past; and the series that I run."""
    start = begin(request)
    me = start.viewer.user_id
    mine = Meeting.objects.select_related("series").filter(
        Q(people__user_id=me, people__organisation=start.viewer.organisation)
        | Q(series__organisation=start.viewer.organisation, chair=me)
        | Q(series__organisation=start.viewer.organisation, coordinator=me)
    ).distinct()  # fmt: skip
    rows = [_row(each, start) for each in mine[:100]]
    shown = {
        "coming": [each for each in reversed(rows) if each["meeting"].state not in _OVER],
        "past": [each for each in rows if each["meeting"].state in _OVER],
        "series": MeetingSeries.objects.filter(
            Q(chair=me) | Q(coordinator=me), organisation=start.viewer.organisation
        ),
        "kinds": SERIES_KINDS,
    }
    return render(request, "teams/meetings/list.html", shown)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def new_series(request: HttpRequest) -> HttpResponse:
    """Start a series."""
    start = begin(request)
    colleagues = User.objects.filter(organisation=start.viewer.organisation, is_active=True)
    chairs = [
        (str(each.pk), f"{each.name}, {each.job}")
        for each in colleagues.order_by("name")
        if PEOPLE_ROLES & set(each.roles)
    ]
    purposes = purposes_for(start.place.rules(start.today), start.viewer)
    form = SeriesForm(request.POST or None, purposes=purposes, chairs=chairs)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.start_series(
                start.viewer, planning.NewSeries(**form.cleaned_data), start.at
            )
        except UnsafeActionError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            messages.success(request, "The series is there. Ask others to it, and plan a meeting.")
            return redirect("teams:meeting-series", series_id=made.pk)
    return render(request, "teams/meetings/new_series.html", {"form": form})


@route(roles=PEOPLE_ROLES, shows="operations")
@require_safe
def series(request: HttpRequest, series_id: str) -> HttpResponse:
    """One series: who is asked, and when it meets."""
    start = begin(request)
    return _series(request, start, find_series(start.viewer, series_id))


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def series_step(request: HttpRequest, series_id: str) -> HttpResponse:
    """Ask somebody to a series, stop asking them, or plan a meeting."""
    start, given = begin(request), _given(request)
    held = find_series(start.viewer, series_id)
    form = MeetingForm(request.POST) if given["event"] == "plan" else None
    if form is not None and not form.is_valid():
        return _series(request, start, held, form=form, status=422)
    try:
        if form is not None:
            there = dt.datetime.combine(
                form.cleaned_data["on"], form.cleaned_data["begins"], tzinfo=start.zone
            )
            made = planning.plan_meeting(
                start.viewer, series_id, there.astimezone(dt.UTC), start.at
            )
            messages.success(request, "The meeting is planned, and everybody was told.")
            return redirect("teams:meeting", meeting_id=made.pk)
        if given["event"] == "ask":
            planning.ask_to_series(start.viewer, series_id, given["user"], start.at)
        elif given["event"] == "drop":
            planning.drop_from_series(start.viewer, series_id, given["user"])
        else:
            raise Http404
    except UnsafeActionError as error:
        return _series(request, start, held, error=error, status=_status(error))
    messages.success(request, "Who is asked was changed.")
    return redirect("teams:meeting-series", series_id=series_id)


@route(roles=PEOPLE_ROLES, shows="personal")
@require_safe
def show_meeting(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """One meeting: who comes, what is spoken of, and what may be done."""
    start = begin(request)
    return _meeting(request, start, find_meeting(start.viewer, meeting_id))


@route(roles=PEOPLE_ROLES, shows="personal")
@require_POST
def meeting_step(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """Take a step of a meeting, or change its agenda and who comes."""
    start, given = begin(request), _given(request)
    found = find_meeting(start.viewer, meeting_id)
    change = _CHANGES.get(given["event"], _step)
    try:
        change(start, found.pk, given)
    except UnsafeActionError as error:
        fresh = find_meeting(start.viewer, meeting_id)
        return _meeting(request, start, fresh, error=error, status=_status(error))
    messages.success(request, "Done. It stands in the record.")
    if given["event"] == "hold":
        return redirect("teams:meeting-room", meeting_id=found.pk)
    return redirect("teams:meeting", meeting_id=found.pk)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_safe
def invitation(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """Give the calendar file of a meeting."""
    start = begin(request)
    found = find_meeting(start.viewer, meeting_id)
    url = request.build_absolute_uri(reverse("teams:meeting", args=[found.pk]))
    response = HttpResponse(calendar_file(found, url, start.at), content_type="text/calendar")
    response["Content-Disposition"] = f'attachment; filename="meeting-{found.pk}.ics"'
    return response


def _given(request: HttpRequest) -> dict[str, Any]:
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    return {name: value if value is not None else 0 for name, value in form.cleaned_data.items()}


Change = Callable[[Start, str, Mapping[str, Any]], Any]
_CHANGES: dict[str, Change] = {
    "fill": lambda s, m, g: agenda.fill_agenda(s.viewer, m, g["version"], s.at),
    "add": lambda s, m, g: agenda.add_case(s.viewer, m, g["version"], g["wanted"].strip(), s.at),
    "off": lambda s, m, g: agenda.remove_item(s.viewer, m, g["version"], g["item"], s.at),
    "earlier": lambda s, m, g: agenda.move_item(s.viewer, m, g["version"], g["item"], s.at),
    "minutes": lambda s, m, g: agenda.set_minutes(
        s.viewer, m, g["version"], g["item"], g["minutes"], s.at
    ),
    "ask": lambda s, m, g: planning.invite(s.viewer, m, g["user"], s.at),
    "come": lambda s, m, _: planning.answer_invitation(s.viewer, m, comes=True, at=s.at),
    "apologise": lambda s, m, _: planning.answer_invitation(s.viewer, m, comes=False, at=s.at),
}


def _step(start: Start, meeting_id: str, given: Mapping[str, Any]) -> None:
    planning.take_meeting_step(
        start.viewer, meeting_id, given["event"], given["version"], given["words"], start.at
    )


def _status(error: UnsafeActionError) -> int:
    return 409 if isinstance(error, ChangedMeanwhileError) else 422


def _row(each: Meeting, start: Start) -> dict[str, Any]:
    return {
        "meeting": each,
        "when": start.when(each.starts_at),
        "state": MEETING_LIFE.states[each.state],
        "colour": _COLOURS.get(each.state, "grey"),
        "kind": SERIES_KINDS[each.series.kind],
    }


def _series(
    request: HttpRequest, start: Start, held: MeetingSeries, *, form: MeetingForm | None = None,
    error: UnsafeActionError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    members = list(held.members.all())
    users = names_of(each.user_id for each in members)
    last = held.meetings.first()
    day = next_start(last.starts_at.date(), held.cadence, start.today) if last else start.today
    begins = last.starts_at.astimezone(start.zone).strftime("%H:%M") if last else "10:00"
    shown = {
        "series": held,
        "kind": SERIES_KINDS[held.kind],
        "cadence": held.cadence,
        "days": CADENCES[held.cadence],
        "purpose": start.terms.words("purpose", held.purpose),
        "members": [
            {
                "user_id": each.user_id,
                "name": users[each.user_id].name if each.user_id in users else GONE,
                "job": users[each.user_id].job if each.user_id in users else "",
                "partner": start.partner(each.organisation),
                "runs": each.user_id in (held.chair, held.coordinator),
            }
            for each in members
        ],
        "others": _others(start, {each.user_id for each in members}),
        "meetings": [_row(each, start) for each in held.meetings.all()[:20]],
        "form": form or MeetingForm(initial={"on": day, "begins": begins}),
        "error": error,
    }
    return render(request, "teams/meetings/series.html", shown, status=status)


def _others(start: Start, asked: set[str]) -> list[tuple[str, str]]:
    """Return who else works with people, of any partner."""
    users = User.objects.filter(is_active=True).order_by("organisation", "name")
    return [
        (str(each.pk), f"{each.name}, {each.job} ({start.partner(each.organisation)})")
        for each in users
        if PEOPLE_ROLES & set(each.roles) and str(each.pk) not in asked and not each.suspended_at
    ]


def _meeting(
    request: HttpRequest, start: Start, found: Meeting, *, error: UnsafeActionError | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actors = actors_at(found, start.viewer)
    runs = start.viewer.user_id in (found.chair, found.coordinator)
    items = list(found.items.all())
    # Who only takes part reads whom it is about once the packs are out; their reasons say so.
    seen = show_alone(request, start, found, gather(start.place, found, items, with_content=False), "meeting")  # fmt: skip
    people = list(found.people.all())
    users = names_of([*(each.user_id for each in people), found.chair, found.coordinator])
    proposed = agenda.propose_agenda(found) if runs and found.state == "planned" else None
    steps = [s for s in MEETING_LIFE.steps_from(found.state, actors) if s.event != "agree-minutes"]
    mine = next((each for each in people if each.user_id == start.viewer.user_id), None)
    shown = {
        **_row(found, start),
        "runs": runs,
        "items": [
            {
                "item": each,
                "name": seen.names.get(each.person_id, UNNAMED),
                "causes": [CAUSES[cause] for cause in each.causes if cause in CAUSES],
            }
            for each in items
        ],
        "used": sum(each.minutes for each in items),
        "proposed": proposed,
        "causes": CAUSES,
        "left_over": _lines(proposed.left_over) if proposed else [],
        "waiting": _lines(proposed.lines) if proposed else [],
        "people": [
            {
                "name": users[each.user_id].name if each.user_id in users else GONE,
                "job": users[each.user_id].job if each.user_id in users else "",
                "partner": start.partner(each.organisation),
                "standing": STANDINGS[each.standing],
                "chairs": each.user_id == found.chair,
                "agreed": each.agreed_version == found.minutes_version,
                "came": each.came,
            }
            for each in people
        ],
        "mine": mine,
        "steps": steps if runs else [],
        "others": _others(start, {each.user_id for each in people}) if runs else [],
        "has_pack": found.state in ("packs-issued", "held"),
        "has_minutes": found.state in ("held", "minutes-agreed"),
        "error": error,
        "purpose": start.terms.words("purpose", found.series.purpose),
    }
    return render(request, "teams/meetings/meeting.html", shown, status=status)


def _lines(lines: Any) -> list[dict[str, Any]]:
    return [
        {
            "number": each.case or each.referral,
            "what": "Case" if each.case else "Referral",
            "causes": [CAUSES[cause] for cause in each.causes],
            "since": each.since,
            "minutes": each.minutes,
        }
        for each in lines
    ]
