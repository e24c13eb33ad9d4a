"""Example families, claims, a sample and a return, made through the real functions."""

import datetime as dt
from collections import defaultdict
from typing import Any

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.outcomes.checking import check_family, keep_check
from wholeplace.web.outcomes.claiming import draw, make_claim, take_step
from wholeplace.web.outcomes.families import join_programme
from wholeplace.web.outcomes.models import Family
from wholeplace.web.outcomes.returning import send_return

__all__ = ["make_examples"]

_SERVICES = ("Larkbridge Together (intensive)", "Early help family support")
_MOST_FAMILIES = 40


def make_examples(place: OpenPlace) -> None:
    """Put families whom early help worked with on the programme; claim, pay, audit and return some."""
    lead, finance, auditor = (
        _viewer(role) for role in ("programme-lead", "finance-lead", "auditor")
    )
    framework = place.place.framework("supporting-families")
    if lead is None or finance is None or framework is None or Family.objects.exists():
        return
    worker = next((u for u in _users() if "lead-practitioner" in u.roles), None)
    now = dt.datetime.now(dt.UTC)
    ready = []
    for number, (people, begun, ended) in enumerate(_worked_with(place)):
        written: dict[str, Any] = {
            "joined_on": begun,
            "assessed_on": begun + dt.timedelta(days=9 + number % 5),
            # Every fourth plan was agreed and never written down: that is what a lead puts right.
            "planned_on": None if number % 4 == 1 else begun + dt.timedelta(days=24 + number % 9),
            "closed_on": ended,
            "lead": str(worker.pk) if worker and number % 7 != 3 else "",
        }
        family = join_programme(lead, framework, people, written)
        checked = check_family(place, lead, family, now)
        keep_check(family, checked, now)
        if checked.judgement.is_valid:
            ready.append(family.ref)
    _claim(place, lead, finance, ready, now)
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


def _worked_with(place: OpenPlace) -> list[tuple[list[str], dt.date, dt.date | None]]:
    """Return families with an early help case: members of the household, first and last day."""
    rows = place.snapshot_reader.rows(
        "SELECT i.person_id, h.household_id, i.start_on, i.end_on FROM involvements i "
        "INNER JOIN household_members h ON h.person_id = i.person_id "
        "WHERE i.service IN ($first, $second) ORDER BY i.start_on, h.household_id, i.person_id",
        {"first": _SERVICES[0], "second": _SERVICES[1]},
    )
    cases: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        cases[row["household_id"]].append(row)
    found = []
    for household, theirs in cases.items():
        members = place.snapshot_reader.rows(
            "SELECT DISTINCT person_id FROM household_members WHERE household_id = $household "
            "ORDER BY person_id",
            {"household": household},
        )
        begun = min(each["start_on"] for each in theirs)
        ends = [each["end_on"] for each in theirs]
        ended = None if None in ends else max(ends)
        found.append(([each["person_id"] for each in members], begun, ended))
    found.sort(key=lambda each: (each[1], each[0]))
    # Those that ended first come first, so that some have held for half a year.
    ended_first = sorted(found, key=lambda each: (each[2] is None, each[2] or each[1], each[0]))
    return ended_first[:_MOST_FAMILIES]


def _users() -> list[User]:
    return list(User.objects.filter(is_active=True).exclude(persona="").order_by("id"))


def _viewer(role: str) -> Viewer | None:
    found = next((each for each in _users() if role in each.roles), None)
    return Viewer(str(found.pk), found.organisation, role) if found else None
