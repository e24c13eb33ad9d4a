"""Working a choice out: demand, travel, the choice, what it costs whom; kept as it was found."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wholeplace.agreements import PLANNING
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.places.hubs.choosing import choose_hubs, next_best
from wholeplace.places.hubs.demand import HubDemand, area_middles, read_demand
from wholeplace.places.hubs.effects import Effects, measure_effects, trips_today
from wholeplace.places.hubs.problem import Choice, HubProblem, Matrix
from wholeplace.places.hubs.sites import HubSite, SitesFile
from wholeplace.places.hubs.travel import read_distances, straight_lines
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.hubs.access import new_id
from wholeplace.web.hubs.models import HubChoice
from wholeplace.web.hubs.planning.figures import planning_figures
from wholeplace.web.hubs.planning.rights import PlanningRights

__all__ = ["finest_first", "work_out"]


@dataclass(frozen=True, eq=False)
class _Ground:
    demand: HubDemand
    sites: Sequence[HubSite]
    problem: HubProblem
    today: Matrix | None


def work_out(
    served: OpenPlace,
    viewer: Viewer,
    rights: PlanningRights,
    sites: SitesFile,
    asked: Mapping[str, Any],
    title: str,
    at: dt.datetime,
) -> HubChoice:
    """Choose hubs, and keep what was asked and found.

    Args:
        served: the place.
        viewer: whose clauses the counts are made under.
        rights: of the viewer, which let it.
        sites: of the place folder.
        asked: as `ChoiceForm.asked`.
        title: the choice's name; one is made where it is empty.
        at: UTC instant.

    Raises:
        NoChoiceError: if no choice does what is asked.
        NotFoundError: if nothing was counted.
        AuditUnavailableError: if it cannot be recorded.
    """
    record(
        "hubs.chosen", actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        purpose=PLANNING, asked=dict(asked), clauses=list(rights.clauses),
    )  # fmt: skip
    ground = _ground(served, viewer, sites, asked)
    choice = choose_hubs(ground.problem, planning_figures().seconds)
    effects = measure_effects(ground.problem, choice, ground.today)
    return HubChoice.objects.create(
        id=new_id(),
        title=title or f"{asked['count']} hubs, {rights.words(asked['used']).lower()}"[:120],
        organisation=viewer.organisation,
        made_by=viewer.user_id,
        made_at=at,
        snapshot_id=served.snapshot.id,
        asked=dict(asked),
        result=_result(ground, choice, effects),
    )


def finest_first(served: OpenPlace) -> list[tuple[str, str]]:
    """Return id and title of the sets of areas, the one with the most areas first."""
    rows = served.snapshot_reader.rows("SELECT area_set, count(*) AS areas FROM areas GROUP BY ALL")
    counts = {row["area_set"]: int(row["areas"]) for row in rows}
    known = [each for each in served.place.area_sets.values() if each.id in counts]
    known.sort(key=lambda each: (-counts[each.id], each.title))
    return [(each.id, each.title) for each in known]


def _ground(
    served: OpenPlace, viewer: Viewer, sites: SitesFile, asked: Mapping[str, Any]
) -> _Ground:
    area_set = served.place.area_sets.get(asked["areas"])
    if area_set is None:
        raise NotFoundError("There is no such set of areas.")
    reader = served.snapshot_reader
    edition = f"{reader.snapshot.id} {reader.snapshot.manifest.get('cut_at', '')}".strip()
    demand = read_demand(
        reader, viewer.organisation, area_set.id, asked["used"],
        edition=edition, releases=served.data.ledger / "releases",
    )  # fmt: skip
    middles = area_middles(served.place, area_set)
    origins = [middles[each.area.code] for each in demand.areas]
    distance = straight_lines(origins, [each.point for each in sites.sites])
    if sites.distances:
        codes = [each.area.code for each in demand.areas]
        distance = read_distances(
            served.place.area_file(sites.distances), codes, [each.id for each in sites.sites]
        )
    return _Ground(
        demand, sites.sites, _problem(demand, sites.sites, distance, asked),
        _today(sites, origins, asked["used"]),
    )  # fmt: skip


def _problem(
    demand: HubDemand, sites: Sequence[HubSite], distance: Matrix, asked: Mapping[str, Any]
) -> HubProblem:
    numbers = {each.id: number for number, each in enumerate(sites)}
    people = np.array([each.reckoned for each in demand.areas], float)
    allowed = None
    if "+" in asked["used"]:
        bundle = set(asked["used"].split("+"))
        fits = np.array([bundle <= set(each.hosts) for each in sites])
        allowed = np.broadcast_to(fits, distance.shape).copy()
    return HubProblem(
        distance, people, asked["count"],
        frozenset(numbers[each] for each in asked["keep"] if each in numbers),
        frozenset(numbers[each] for each in asked["barred"] if each in numbers),
        allowed,
        np.array([each.can_take for each in sites], float) if asked["heed_room"] else None,
        asked["cap_m"],
    )  # fmt: skip


def _today(sites: SitesFile, origins: Sequence[Any], used: str) -> Matrix | None:
    """Return one way to each service's nearest office today, where offices are known.

    People who use two or three of many services: as many trips of the average length.
    """
    partners = sorted({each.partner for each in sites.offices})
    wanted = used.split("+") if "+" in used else partners
    if not wanted or not set(wanted) <= set(partners):
        return None
    trips = trips_today(
        [
            straight_lines(origins, [o.point for o in sites.offices if o.partner == partner])
            for partner in wanted
        ]
    )
    if "+" in used:
        return trips
    count = 3 if used.startswith("three") else 2
    return np.repeat(trips.mean(axis=1, keepdims=True), count, axis=1)


def _result(ground: _Ground, choice: Choice, effects: Effects) -> dict[str, Any]:
    sites, demand = ground.sites, ground.demand
    total = max(sum(each.reckoned for each in demand.areas), 1)
    return {
        "sites": [
            {
                "id": sites[number].id,
                "name": sites[number].name,
                "share": round(100 * used / total),
                "is_kept": number in ground.problem.must_keep,
            }
            for number, used in zip(choice.sites, effects.used_by, strict=True)
        ],
        "rows": [
            {
                "code": row.area.code,
                "name": row.area.name,
                "people": str(row.people),
                "shown": row.people.shown,
                "hub": sites[effect.hub].id,
                "hub_name": sites[effect.hub].name,
                "travel_m": round(effect.travel_m),
                "today_m": round(effect.today_m) if effect.trips_m else None,
                "is_worst_off": effect.is_worst_off,
            }
            for row, effect in zip(demand.areas, effects.rows, strict=True)
        ],
        "mean_m": round(effects.mean_m),
        "worst_off_m": round(effects.worst_off_m),
        "furthest_m": round(effects.furthest_m),
        "today_m": None if effects.today_m is None else round(effects.today_m),
        "trips": effects.trips,
        "people": str(demand.total),
        "hidden": demand.hidden,
        "threshold": demand.threshold,
        "base": demand.base,
        "error_at_most": demand.error_at_most,
        "gap_percent": round(100 * choice.gap_share, 2),
        "is_proved": choice.is_proved,
        "seconds": round(choice.seconds, 1),
        "method": choice.method,
        "next": _next(ground, choice),
    }


def _next(ground: _Ground, choice: Choice) -> list[dict[str, Any]]:
    """Return what would take each site's place, and how much further people would go then."""
    people = max(float(ground.problem.people.sum()), 1.0)
    found = []
    for each in next_best(ground.problem, choice):
        more = (each.choice.person_m - choice.person_m) / people if each.choice else None
        found.append(
            {
                "lost": ground.sites[each.lost].name,
                "site": ground.sites[each.site].name if each.site is not None else "",
                "more_m": None if more is None else round(more),
            }
        )
    return found
