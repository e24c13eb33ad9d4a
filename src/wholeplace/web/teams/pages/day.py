"""My day: what waits for me; and how I want to be reminded of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.teams.action import ACTION_LIFE, days_overdue
from wholeplace.teams.day import compose_day
from wholeplace.teams.records import DayAction, DayCase, DayReferral
from wholeplace.teams.referral import REFERRAL_LIFE, URGENCIES, Waiting, lateness_of
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import PEOPLE_ROLES, Beginning, begin, people_called
from wholeplace.web.teams.changes.triaging import sweep_late
from wholeplace.web.teams.forms import MailForm
from wholeplace.web.teams.models import Action, Case, MailChoice
from wholeplace.web.teams.plan_page import ACTION_COLOURS
from wholeplace.web.teams.records import DjangoTeamRecords
from wholeplace.web.teams.reminders import choice_of
from wholeplace.web.teams.sight import UNNAMED, Gathered, Told, event_item, show

__all__ = ["day", "mail"]

_MOST = 100


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """What waits for me today."""
    start = begin(request)
    sweep_late(start.at)
    found = compose_day(DjangoTeamRecords(), start.viewer, start.today, start.at)
    heaps = {
        name: getattr(found, name)[:_MOST]
        for name in ("overdue", "to_agree", "soon", "later", "waiting_on")
    }
    told = _reveal(request, start, [each for heap in heaps.values() for each in heap], found)
    named = people_called(each.owner for heap in heaps.values() for each in heap)
    context: dict[str, Any] = {
        "day": found,
        "heaps": [
            (title, empty, [_action(each, told, named, start) for each in heaps[name]])
            for name, title, empty in _HEAPS
        ],
        "reviews": [_case(each, told, start) for each in found.reviews],
        "family": [_case(each, told, start) for each in found.family],
        "no_lead": [_case(each, told, start) for each in found.no_lead],
        "to_close": [_case(each, told, start) for each in found.to_close],
        "to_triage": [_referral(each, start) for each in found.to_triage],
        "asked": [_referral(each, start) for each in found.asked],
        "is_empty": not found.pressing and not any(heaps.values()),
    }
    return render(request, "teams/day.html", context)


@route(roles=PEOPLE_ROLES, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """How I want to be reminded by e-mail."""
    start = begin(request)
    held = choice_of(start.viewer.user_id)
    first = {"often": held.often, "quiet_from": held.quiet_from, "quiet_to": held.quiet_to}
    form = MailForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        viewer = start.viewer
        record("account.reminders-chosen", actor=viewer.user_id, organisation=viewer.organisation)
        MailChoice.objects.update_or_create(user_id=start.viewer.user_id, defaults=form.hours())
        messages.success(request, "Your choice was kept.")
        return redirect("teams:day")
    return render(request, "teams/mail.html", {"form": form}, status=422 if form.errors else 200)


_HEAPS = (
    ("overdue", "Overdue", "Nothing of yours is overdue."),
    ("to_agree", "Asked of you, and not yet agreed", ""),
    ("soon", "Due within a week", "Nothing is due within a week."),
    ("waiting_on", "What you wait for", "You wait for nobody."),
    ("later", "Later", ""),
)


def _reveal(
    request: HttpRequest, start: Beginning, actions: list[DayAction], found: Any
) -> dict[str, Told]:
    """Return what may be shown, by purpose: names, and what each action is."""
    cases = {each.id: each for name in ("reviews", "family", "no_lead", "to_close") for each in getattr(found, name)}  # fmt: skip
    ids = {each.case for each in actions} | set(cases)
    purposes = {each.pk: each for each in Case.objects.filter(pk__in=ids)}
    rows = {each.pk: each for each in Action.objects.filter(pk__in=[a.id for a in actions])}
    gathered: dict[str, Gathered] = {}
    people: dict[str, list[str]] = {}
    for each in actions:
        case, row = purposes[each.case], rows[each.id]
        partner = each.organisation if each.organisation == start.viewer.organisation else case.holder  # fmt: skip
        day = row.proposed_at.date().isoformat()
        item = event_item(
            partner, "casework.plan", each.person_id, day, "Action", {"words": row.what}
        )
        gathered.setdefault(case.purpose, Gathered()).add(item, row)
        people.setdefault(case.purpose, []).append(each.person_id)
    for one in cases.values():
        if one.person_id:
            people.setdefault(purposes[one.id].purpose, []).append(one.person_id)
    shown = {
        purpose: show(request, start, "my-day", purpose, those, gathered.get(purpose, Gathered()))
        for purpose, those in people.items()
    }
    return {case_id: shown[case.purpose] for case_id, case in purposes.items() if case.purpose in shown}  # fmt: skip


def _action(each: DayAction, told: dict[str, Told], named: Any, start: Beginning) -> dict[str, Any]:
    seen = told.get(each.case)
    row = next((r for r in seen.origins if getattr(r, "pk", "") == each.id), None) if seen else None
    owner = named.get(each.owner)
    return {
        "id": each.id,
        "name": seen.names.get(each.person_id, UNNAMED) if seen else UNNAMED,
        "what": seen.words(row, "words") if seen and row is not None else "",
        "due_on": each.due_on,
        "days_overdue": days_overdue(each.state, each.due_on, start.today),
        "owner": owner.name if owner else "Nobody named yet",
        "organisation": start.partner(each.organisation),
        "state": ACTION_LIFE.states[each.state],
        "colour": ACTION_COLOURS.get(each.state, "grey"),
        "is_mine": each.owner == start.viewer.user_id,
    }


def _case(each: DayCase, told: dict[str, Told], start: Beginning) -> dict[str, Any]:
    seen = told.get(each.id)
    return {
        "id": each.id,
        "name": seen.names.get(each.person_id, "") if seen else "",
        "review_on": each.review_on,
        "is_late": bool(each.review_on and each.review_on < start.today),
        "family_waits": each.family_waits,
        "holder": start.partner(each.holder),
    }


def _referral(each: DayReferral, start: Beginning) -> dict[str, Any]:
    due = each.due_at + each.paused if each.due_at else None
    return {
        "id": each.id,
        "from": start.partner(each.sender),
        "to": start.partner(each.receiver),
        "state": REFERRAL_LIFE.states[each.state],
        "urgency": URGENCIES.get(each.urgency, ""),
        "due": due,
        "late": lateness_of(Waiting(each.state, each.due_at, each.paused), start.at),
    }
