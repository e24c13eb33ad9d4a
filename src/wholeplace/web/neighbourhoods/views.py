"""Pages of funds and neighbourhood boards."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.outcomes.areas.allocation import allocate_fund
from wholeplace.outcomes.areas.boards import BoardOutcome, board_outcomes, board_spend
from wholeplace.outcomes.areas.floors import FLOOR_WORDS, FloorResult, check_floor
from wholeplace.outcomes.progress import PROGRESS_WORDS
from wholeplace.partnership import PlaceFolder
from wholeplace.partnership.programmes.areas import NeighbourhoodBoard
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.look.trend import Series, Trend, draw_trend

__all__ = ["board", "fund", "list_all"]

_STATE_COLOURS = {
    "met": "green",
    "on-course": "blue",
    "behind": "yellow",
    "worse": "red",
    "not-measured": "grey",
}
_PRIORITY_WORDS = {
    "not-begun": "Not begun",
    "under-way": "Under way",
    "done": "Done",
    "not-chosen": "Not chosen",
}


@route(roles="signed-in", shows="operations")
@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """Every fund and every board of the place."""
    place = current_place().place
    return render(
        request,
        "neighbourhoods/list.html",
        {"funds": place.funds, "boards": place.boards, "place_name": place.place.name},
    )


@route(roles="signed-in", shows="operations")
@require_safe
def fund(request: HttpRequest, renewal_fund: str) -> HttpResponse:
    """A fund: what each area gets and why, and how each stands against the floors."""
    place = current_place().place
    found = next((each for each in place.funds if each.fund == renewal_fund), None)
    framework = place.framework(found.framework) if found else None
    if found is None or framework is None:
        raise Http404
    names = area_names(place, found.area_set)
    terms = framework.allocation
    shares = allocate_fund(found, terms.formula if terms else "excess")
    years = list(found.fund_pence)
    return render(
        request,
        "neighbourhoods/fund.html",
        {
            "fund": found,
            "framework": framework,
            "terms": terms,
            "years": years,
            "totals": [found.fund_pence[year] for year in years],
            "total": sum(found.fund_pence.values()),
            "rows": [
                {
                    "share": each,
                    "name": names.get(each.code, each.code),
                    "amounts": [each.pence[year] for year in years],
                }
                for each in shares
            ],
            "eligible": sum(each.is_eligible for each in shares),
            "floors": [_floor(check_floor(each), names) for each in found.floors],
            "outcomes": {each.id: each.label for each in framework.headlines},
        },
    )


def _floor(result: FloorResult, names: dict[str, str]) -> dict[str, Any]:
    target, worst = result.target, result.areas[0]
    lines = [
        Series(names.get(worst.code, worst.code), target.values[worst.code]),
        Series("Average", target.comparator),
        Series("Floor", dict.fromkeys(target.comparator, target.floor_tenths)),
    ]
    return {
        "result": result,
        "rows": [
            {
                "area": each,
                "name": names.get(each.code, each.code),
                "state": FLOOR_WORDS[each.state],
                "gap": _gap_words(each.gap_tenths),
            }
            for each in result.areas
        ],
        "chart": draw_trend(
            f"{target.label}: the area furthest from the floor", target.unit, lines
        ),
        "worst": names.get(worst.code, worst.code),
    }


def _gap_words(gap_tenths: int | None) -> str:
    if gap_tenths is None:
        return "not known"
    return (
        f"{abs(gap_tenths) / 10:.1f} {'behind' if gap_tenths > 0 else 'ahead'}"
        if gap_tenths
        else "none"
    )


@route(roles="signed-in", shows="operations")
@require_safe
def board(request: HttpRequest, board_id: str) -> HttpResponse:
    """A neighbourhood board: who sits on it, what residents put first, outcomes and money."""
    place = current_place().place
    found = next((each for each in place.boards if each.board == board_id), None)
    framework = place.framework(found.framework) if found else None
    if found is None or framework is None:
        raise Http404
    labels = {each.id: each.label for each in framework.headlines}
    spend = board_spend(found)
    residents = sum(each.kind == "resident" for each in found.members)
    return render(
        request,
        "neighbourhoods/board.html",
        {
            "board": found,
            "framework": framework,
            "area": area_names(place, found.area_set).get(found.area, found.area),
            "residents_on_it": residents,
            "has_majority": 2 * residents > len(found.members),
            "priorities": [
                {
                    "priority": each,
                    "outcome": labels.get(each.outcome, each.outcome),
                    "state": _PRIORITY_WORDS[each.progress],
                }
                for each in sorted(found.priorities, key=lambda each: each.rank)
            ],
            "outcomes": [_outcome(each, found, labels) for each in board_outcomes(found)],
            "spend": spend,
            "by_outcome": [
                (labels.get(key, key), own, other) for key, (own, other) in spend.by_outcome.items()
            ],
        },
    )


def _outcome(
    each: BoardOutcome, board: NeighbourhoodBoard, labels: dict[str, str]
) -> dict[str, Any]:
    series = each.series
    years = sorted({*series.values, *series.comparator, board.last_year})
    return {
        "found": each,
        "label": series.label,
        "outcome": labels.get(series.outcome, series.outcome),
        "state": PROGRESS_WORDS[each.progress.state],
        "colour": _STATE_COLOURS[each.progress.state],
        "gap": _gap_words(each.gap_tenths),
        "first_gap": _gap_words(each.first_gap_tenths),
        "chart": _chart(each, board, years),
        "rows": [(year, series.values.get(year), series.comparator.get(year)) for year in years],
    }


def _chart(each: BoardOutcome, board: NeighbourhoodBoard, years: list[str]) -> Trend:
    series = each.series
    lines = [
        Series(board.title.removesuffix(" neighbourhood board"), series.values),
        Series(series.comparator_name, series.comparator),
        Series(
            "Course",
            {
                series.baseline: series.values[series.baseline],
                series.target_year: series.target_tenths,
            },
        ),
    ]
    return draw_trend(series.label, series.unit, lines, all_years=years)


def area_names(place: PlaceFolder, area_set: str) -> dict[str, str]:
    """Return the names of an area set's areas by their codes."""
    known = place.area_sets.get(area_set)
    if known is None:
        return {}
    shapes = json.loads(place.area_file(known.boundaries).read_text("utf-8"))
    return {
        str(each["properties"]["code"]): str(each["properties"]["name"])
        for each in shapes["features"]
    }
