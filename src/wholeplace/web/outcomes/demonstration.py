"""Example families, claims, a sample and a return, made through the real functions."""

import datetime as dt
from typing import Any

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.outcomes.checking import check_family, keep_check
from wholeplace.web.outcomes.claiming import draw, make_claim, take_step
from wholeplace.web.outcomes.families import change_family, join_programme
from wholeplace.web.outcomes.models import Family
from wholeplace.web.outcomes.returning import send_return
from wholeplace.web.outcomes.sql_files import read_sql

__all__ = ["make_examples"]

_MOST_FAMILIES = 16
_BEGAN_DAYS_AGO, _ENDED_DAYS_AGO = 385, 184


def make_examples(place: OpenPlace) -> None:
    """Put families with several difficulties on the programme; claim, pay, audit and return some."""
    lead, finance, auditor = (
        _viewer(role) for role in ("programme-lead", "finance-lead", "auditor")
    )
    framework = place.place.framework("supporting-families")
    if lead is None or finance is None or framework is None or Family.objects.exists():
        return
    worker = next((u for u in _users() if "lead-practitioner" in u.roles), None)
    now = dt.datetime.now(dt.UTC)
    ready = []
    for number, (people, begun, ended) in enumerate(_families(place)):
        written: dict[str, Any] = {
            "joined_on": begun,
            "assessed_on": begun + dt.timedelta(days=9 + number % 5),
            "planned_on": begun + dt.timedelta(days=24 + number % 9),
            "closed_on": ended,
            "lead": str(worker.pk) if worker else "",
        }
        family = join_programme(lead, framework, people, written)
        checked = check_family(place, lead, family, now)
        keep_check(family, checked, now)
        if checked.judgement.is_valid:
            ready.append(family)
    if ready:
        # A plan that was agreed and never written down: what a programme lead puts right.
        first = ready.pop(0)
        changed = change_family(lead, first.ref, first.version, {"planned_on": None})
        keep_check(changed, check_family(place, lead, changed, now), now)
    _claim(place, lead, finance, [each.ref for each in ready], now)
    if auditor is not None:
        _try_to(lambda: draw(auditor, "Audit committee of 12 January", now))
    quarter = dt.date(place.today.year, (place.today.month - 1) // 3 * 3 + 1, 1)
    _try_to(lambda: send_return(lead, framework, quarter, place.today, now))


def _claim(
    place: OpenPlace, lead: Viewer, finance: Viewer, ready: list[str], now: dt.datetime
) -> None:
    """Claim all but the last that is ready; approve and pay most of them."""
    for number, ref in enumerate(ready[:-1] if len(ready) > 1 else ready):
        claim = make_claim(place, lead, ref, now)
        if number % 5 == 4:
            continue
        claim = take_step(finance, claim.id, "approve", claim.version, {}, now)
        take_step(finance, claim.id, "pay", claim.version, {}, now)


def _try_to(do: Any) -> None:
    try:
        do()
    except WholeplaceError:
        # A town with too few families has no example to show.
        return


def _families(place: OpenPlace) -> list[tuple[list[str], dt.date, dt.date | None]]:
    """Return families with several difficulties a year ago: members, first and last day.

    The work with every third has not ended; with the others it ended more than half a year ago.
    """
    begun = place.today - dt.timedelta(days=_BEGAN_DAYS_AGO)
    rows = place.snapshot_reader.rows_of(
        read_sql("families_with_difficulties"), {"begun_on": begun, "most": _MOST_FAMILIES}
    )
    return [
        (
            list(row["members"]),
            begun - dt.timedelta(days=number % 6),
            None
            if number % 3 == 1
            else place.today - dt.timedelta(days=_ENDED_DAYS_AGO + number % 5),
        )
        for number, row in enumerate(rows)
    ]


def _users() -> list[User]:
    return list(User.objects.filter(is_active=True).exclude(persona="").order_by("id"))


def _viewer(role: str) -> Viewer | None:
    found = next((each for each in _users() if role in each.roles), None)
    return Viewer(str(found.pk), found.organisation, role) if found else None
