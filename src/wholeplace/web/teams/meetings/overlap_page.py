"""What is done twice for the families that one works with, from what one may see of them."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.texts.agreement import Level
from wholeplace.foundation.errors import NotFoundError
from wholeplace.people.read import read_person
from wholeplace.teams.case import ENDED
from wholeplace.teams.overlap import KIND_OF_FIELD, Seen, find_overlap
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import Beginning, begin
from wholeplace.web.teams.casework import gather_notes
from wholeplace.web.teams.changes.opening import people_of
from wholeplace.web.teams.models import Case, Note
from wholeplace.web.teams.sight import UNNAMED, Gathered, Told, show

__all__ = ["overlap"]

_MOST = 12
_NOTES = ("contact", "visit")


@route(roles=PEOPLE_ROLES, shows="personal")
@require_safe
def overlap(request: HttpRequest) -> HttpResponse:
    """Families of one's cases for whom something is done twice."""
    start = begin(request)
    cases = Case.objects.filter(
        members__user_id=start.viewer.user_id, members__left_at=None
    ).exclude(state__in=ENDED)  # fmt: skip
    total = cases.count()
    rows = [_row(request, start, each) for each in cases[:_MOST]]
    shown = {
        "rows": [each for each in rows if each["overlap"].is_any],
        "total": total,
        "most": _MOST,
    }
    return render(request, "teams/overlap.html", shown)


def _row(request: HttpRequest, start: Beginning, case: Case) -> dict[str, Any]:
    people, gathered = people_of(case), Gathered()
    gather_notes(gathered, case, start.viewer, people)
    for person_id in people:
        try:
            whole = read_person(start.place.snapshot_reader, person_id)
        except NotFoundError:
            continue
        for each in (*whole.involvements, *whole.timeline):
            if each.field in KIND_OF_FIELD and set(each.also_about) <= set(people):
                gathered.add(each)
    told = show(request, start, "overlap", case.purpose, people, gathered)
    seen = [one for each in told.revealed.items if (one := _seen(each, gathered))]
    has_lead = case.members.filter(left_at=None, is_lead=True).exists()
    found = find_overlap(seen, has_lead=has_lead)
    return {
        "case": case,
        "name": _name(told, people),
        "overlap": found,
        "has_lead": has_lead,
        "at_work": [start.partner(each) for each in found.at_work],
        "twice": [
            (start.partner(later), start.partner(earlier), on)
            for later, earlier, on in found.assessed_twice
        ],
        "weeks": [
            (week, [(start.partner(name), number) for name, number in week.by_partner])
            for week in found.weeks[:8]
        ],
    }  # fmt: skip


def _seen(item: SeenItem, gathered: Gathered) -> Seen | None:
    """Return what an item tells, where it may be read in full; a summary has no day to tell."""
    kind = KIND_OF_FIELD.get(item.field)
    if kind is None or item.level < Level.DETAIL or not item.start_on:
        return None
    origin = gathered.origins.get(item.key)
    if isinstance(origin, Note) and origin.kind not in _NOTES:
        return None
    partner = origin.organisation if isinstance(origin, Note) else item.partner
    return Seen(kind, partner, dt.date.fromisoformat(item.start_on[:10]), is_open=not item.end_on)


def _name(told: Told, people: list[str]) -> str:
    return told.names.get(people[0], UNNAMED) if people else UNNAMED
