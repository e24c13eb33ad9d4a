"""How the programme does: of families that joined, for how many it held, month by month.

Counts of families by month are counts of people's affairs, so they leave through disclosure
control: fewer than eight are not told.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.foundation.disclosure import protect_counts
from wholeplace.outcomes.progress import PROGRESS_WORDS, Target, measure_progress
from wholeplace.partnership.programmes.areas import CohortTarget
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.outcomes.checking import facts_of
from wholeplace.web.outcomes.models import Family
from wholeplace.web.outcomes.views.words import viewer_or_404

__all__ = ["progress"]

_STATES = ("Still open", "Ended, not yet half a year", "Held", "Did not hold", "Not checked")


@route(
    roles=frozenset({"programme-lead", "finance-lead", "board-member", "commissioner", "auditor"}),
    shows="counts",
)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Families by the year in which they joined, and what became of them; small counts hidden."""
    viewer = viewer_or_404(request)
    families = list(Family.objects.filter(organisation=viewer.organisation))
    counts: dict[tuple[str, str], int] = defaultdict(int)
    years = sorted({_year(each.joined_on) for each in families if each.joined_on})
    for family in families:
        if family.joined_on:
            counts[_year(family.joined_on), _state(family)] += 1
    rows: list[dict[str, Any]] = []
    note = ""
    if years:
        table = protect_counts(
            {(year, state): counts.get((year, state), 0) for year in years for state in _STATES}
        )
        note = f"Counts of {table.threshold} or fewer are not shown, and the others are rounded."
        rows = [
            {
                "year": year,
                "cells": [table.count(year, state) for state in _STATES],
                "total": table.row_total(year),
            }
            for year in years
        ]
    place = current_place()
    return render(
        request,
        "outcomes/progress.html",
        {
            "rows": rows,
            "states": _STATES,
            "note": note,
            "as_of": place.today,
            "targets": [_against(each, rows, place.today) for each in place.place.targets],
        },
    )


def _against(target: CohortTarget, rows: list[dict[str, Any]], today: dt.date) -> dict[str, Any]:
    """Return a target with where it stands, from what the table shows and nothing else."""
    shown = [(row["cells"][2].shown, row["cells"][3].shown) for row in rows]
    held = sum(each or 0 for each, _ in shown)
    known = held + sum(each or 0 for _, each in shown)
    is_told = known > 0 and all(None not in each for each in shown)
    value = round(1000 * held / known) if is_told else None
    course = Target(
        target.baseline_on,
        target.baseline_tenths,
        target.target_on,
        target.target_tenths,
        "higher",
        target.points,
    )
    progress = measure_progress(course, today, value)
    return {
        "target": target,
        "progress": progress,
        "expected_tenths": round(progress.expected_tenths),
        "state": PROGRESS_WORDS[progress.state],
    }


def _year(day: dt.date) -> str:
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def _state(family: Family) -> str:
    if family.closed_on is None:
        return _STATES[0]
    facts = facts_of(family)
    if not facts:
        return _STATES[4]
    if facts.get("needs_unmet"):
        return _STATES[3]
    return _STATES[2] if facts.get("has_held_long_enough") else _STATES[1]
