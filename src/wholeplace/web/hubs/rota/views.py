"""Pages of the rota: who is here today, the week at a hub, one's own times."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.places.hubs.rota.calendar import write_calendar
from wholeplace.places.hubs.rota.shifts import COLLEAGUE, OWNER, SWAP_LIFE
from wholeplace.places.hubs.sites import HubSite
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.routes import route
from wholeplace.web.hubs.access import Beginning, begin, people_of
from wholeplace.web.hubs.forms import VersionForm
from wholeplace.web.hubs.handing.reading import waiting_for
from wholeplace.web.hubs.models import HubPresence, RotaChange, RotaSeries
from wholeplace.web.hubs.rota.changes import (
    add_series,
    answer_swap,
    arrive,
    ask_swap,
    end_series,
    find_series,
    leave,
    take_back,
    take_day_off,
)
from wholeplace.web.hubs.rota.forms import WEEKDAYS, DayForm, SeriesForm
from wholeplace.web.hubs.rota.reading import Here, read_shifts, shifts_of, who_is_here

__all__ = ["add", "calendar", "day", "mark", "mine", "restore", "swap", "today", "until", "week"]

_WEEKS_AHEAD = 8
_FURTHEST_DAYS = 3_653


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Who is at each hub today, and whom one can hand somebody over to."""
    start = begin(request)
    terms = start.served.terms
    hubs = [
        {
            "hub": hub,
            "people": [_here_row(each, start, terms) for each in who_is_here(hub.id, start.today)],
            "am_here": _am_here(start, hub),
        }
        for hub in start.hubs
    ]
    context = {
        "hubs": hubs, "day": start.today, "waiting": waiting_for(start.viewer),
        "swaps": _swaps(start),
    }  # fmt: skip
    return render(request, "hubs/today.html", context)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def mark(request: HttpRequest, site_id: str) -> HttpResponse:
    """Say that one is at a hub, or has left it."""
    start = begin(request)
    if site_id not in {each.id for each in start.hubs}:
        raise Http404
    if request.POST.get("left"):
        leave(start.viewer, site_id, start.today, start.at)
        messages.success(request, "Your colleagues see that you have left.")
    else:
        arrive(start.viewer, site_id, start.today, start.at)
        messages.success(request, "Your colleagues see that you are here.")
    return redirect("hubs:today")


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def week(request: HttpRequest, site_id: str) -> HttpResponse:
    """Who is at one hub in a week, day by day; printable."""
    start = begin(request)
    hub = next((each for each in start.hubs if each.id == site_id), None)
    if hub is None:
        raise Http404
    first = _monday(request.GET.get("from", ""), start.today)
    shifts = read_shifts(first, first + dt.timedelta(days=6), site_id)
    users, terms = people_of(each.user_id for each in shifts), start.served.terms
    days = [
        {
            "on": on,
            "shifts": [
                {"shift": each, "user": users[each.user_id],
                 "partner": terms.words("partner", users[each.user_id].organisation)}
                for each in shifts
                if each.on == on and each.user_id in users
            ],
        }
        for on in (first + dt.timedelta(days=n) for n in range(7))
    ]  # fmt: skip
    around = {"before": first - dt.timedelta(days=7), "after": first + dt.timedelta(days=7)}
    return render(
        request, "hubs/week.html", {"hub": hub, "days": days, "today": start.today, **around}
    )


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own times at hubs, the coming weeks, and swaps."""
    start = begin(request)
    names = {each.id: each.name for each in start.sites.sites} if start.sites else {}
    series = RotaSeries.objects.filter(user_id=start.viewer.user_id).exclude(
        until_on__lt=start.today
    )
    last = start.today + dt.timedelta(weeks=_WEEKS_AHEAD)
    context = {
        "series": [
            {
                "series": each,
                "hub": names.get(each.site_id, each.site_id),
                "weekday": WEEKDAYS[each.weekday],
            }
            for each in series
        ],
        "shifts": [
            {"shift": each, "hub": names.get(each.site, each.site)}
            for each in shifts_of(start.viewer.user_id, start.today, last)[:12]
        ],
        "changes": _own_changes(start, names),
        "swaps": _swaps(start),
        "hubs": start.hubs,
    }
    return render(request, "hubs/mine.html", context)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Say that one is at a hub every week."""
    start = begin(request)
    if not start.hubs:
        return redirect("hubs:mine")
    form = SeriesForm(
        request.POST or None, hubs=[(each.id, each.name) for each in start.hubs], today=start.today
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_series(start.viewer, form.cleaned_data)
        except WholeplaceError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "It is on the rota.")
            return redirect("hubs:mine")
    return render(request, "hubs/add.html", {"form": form}, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def until(request: HttpRequest, rota_id: str) -> HttpResponse:
    """Take a time off one's rota, from today on."""
    start, form = begin(request), VersionForm(request.POST)
    yesterday = start.today - dt.timedelta(days=1)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    _try(
        request,
        lambda: end_series(start.viewer, rota_id, version, yesterday),
        "It is off the rota.",
    )
    return redirect("hubs:mine")


@route(roles=PEOPLE_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, rota_id: str) -> HttpResponse:
    """Change one day of one's own series: away, or a colleague instead."""
    start = begin(request)
    try:
        found = find_series(start.viewer, rota_id)
    except NotFoundError as error:
        raise Http404 from error
    colleagues = _colleagues(start)
    form = DayForm(
        request.POST or None, days=_days_of(found, start.today),
        colleagues=[(str(each.pk), f"{each.name}, {each.job}" if each.job else each.name) for each in colleagues],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            _change_day(start, rota_id, form, colleagues)
        except WholeplaceError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "Your rota was changed.")
            return redirect("hubs:mine")
    context = {"form": form, "series": found, "weekday": WEEKDAYS[found.weekday]}
    return render(request, "hubs/day.html", context, status=422 if form.errors else 200)


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def swap(request: HttpRequest, change_id: int) -> HttpResponse:
    """Agree to a swap, decline it, or take it back."""
    start, form = begin(request), VersionForm(request.POST)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {"event": "", "version": 0}
    _try(
        request,
        lambda: answer_swap(start.viewer, change_id, given["event"], given["version"], start.at),
        "Your colleague was told.",
    )
    return redirect("hubs:mine")


@route(roles=PEOPLE_ROLES, shows="operations")
@require_POST
def restore(request: HttpRequest, change_id: int) -> HttpResponse:
    """Be there after all on a day that one had taken off."""
    start = begin(request)
    _try(request, lambda: take_back(start.viewer, change_id), "You are on the rota again that day.")
    return redirect("hubs:mine")


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own shifts as a calendar file; it names nobody."""
    start = begin(request)
    last = start.today + dt.timedelta(weeks=_WEEKS_AHEAD)
    hubs = {each.id: (each.name, each.address) for each in start.sites.sites} if start.sites else {}
    text = write_calendar(
        shifts_of(start.viewer.user_id, start.today, last), hubs,
        start.served.place.place.time_zone, start.at,
    )  # fmt: skip
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="hub-rota.ics"'
    return answer


def _here_row(each: Here, start: Beginning, terms: Any) -> dict[str, Any]:
    is_me = str(each.user.pk) == start.viewer.user_id
    return {
        "here": each,
        "user": each.user,
        "partner": terms.words("partner", each.user.organisation),
        "can_hand_over": each.is_here
        and not is_me
        and each.user.organisation != start.viewer.organisation,
        "is_me": is_me,
    }


def _am_here(start: Beginning, hub: HubSite) -> bool:
    return HubPresence.objects.filter(
        site_id=hub.id, user_id=start.viewer.user_id, on=start.today, left_at=None
    ).exists()


def _swaps(start: Beginning) -> list[dict[str, Any]]:
    """Return swaps that wait for this user's answer."""
    found = RotaChange.objects.filter(
        cover=start.viewer.user_id, kind="swap", state="asked", on__gte=start.today
    ).select_related("series")
    users = people_of(each.series.user_id for each in found)
    names = {each.id: each.name for each in start.sites.sites} if start.sites else {}
    return [
        {
            "change": each,
            "by": users.get(each.series.user_id),
            "hub": names.get(each.series.site_id, each.series.site_id),
            "steps": SWAP_LIFE.steps_from(each.state, {COLLEAGUE}),
        }
        for each in found
    ]


def _own_changes(start: Beginning, names: dict[str, str]) -> list[dict[str, Any]]:
    found = RotaChange.objects.filter(
        series__user_id=start.viewer.user_id, on__gte=start.today
    ).select_related("series")
    users = people_of(each.cover for each in found)
    return [
        {
            "change": each,
            "hub": names.get(each.series.site_id, each.series.site_id),
            "cover": users.get(each.cover),
            "state": SWAP_LIFE.states.get(each.state, "Away"),
            "steps": SWAP_LIFE.steps_from(each.state, {OWNER}) if each.kind == "swap" else (),
            "can_restore": each.state not in ("asked", "agreed"),
        }
        for each in found
    ]


def _change_day(start: Beginning, rota_id: str, form: DayForm, colleagues: Sequence[User]) -> None:
    who, on = form.cleaned_data["who"], form.cleaned_data["on"]
    if not who:
        take_day_off(start.viewer, rota_id, on)
        return
    colleague = next(each for each in colleagues if str(each.pk) == who)
    ask_swap(start.viewer, rota_id, on, colleague, start.at)


def _colleagues(start: Beginning) -> list[User]:
    found = User.objects.filter(organisation=start.viewer.organisation, is_active=True)
    return [
        each
        for each in found.exclude(pk=start.user.pk).order_by("name")
        if set(each.roles) & PEOPLE_ROLES
    ]


def _days_of(found: RotaSeries, today: dt.date) -> list[tuple[str, str]]:
    first = max(today, found.from_on)
    first += dt.timedelta(days=(found.weekday - first.weekday()) % 7)
    days = [first + dt.timedelta(weeks=n) for n in range(_WEEKS_AHEAD)]
    return [
        (each.isoformat(), f"{WEEKDAYS[each.weekday()]} {each.day} {each:%B}")
        for each in days
        if found.until_on is None or each <= found.until_on
    ]


def _monday(typed: str, today: dt.date) -> dt.date:
    try:
        wanted = dt.date.fromisoformat(typed) if typed else today
    except ValueError as error:
        raise Http404 from error
    # A rota years away is nobody's, and the calendar ends somewhere.
    if abs((wanted - today).days) > _FURTHEST_DAYS:
        raise Http404
    return wanted - dt.timedelta(days=wanted.weekday())


def _try(request: HttpRequest, change: Callable[[], object], done: str) -> None:
    try:
        change()
    except NotFoundError as error:
        raise Http404 from error
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, done)
