"""Funds and their ends, the renewal case, and where figures come from."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.money.benefits import load_schedules
from wholeplace.money.benefits.published import find_conflicts, load_published, reviewed_on
from wholeplace.money.funds import cliffs_of, draft_renewal, draw_timeline
from wholeplace.money.unit_costs import (
    find_unit_cost,
    load_cost_source,
    load_deflator,
    load_unit_costs,
    parts_of,
)
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.money.counting import MONEY_ROLES, Counts, read_counts
from wholeplace.web.money.place_money import appraisals_of, names_of, place_money

__all__ = ["funds", "published", "renewal", "unit_cost", "unit_costs", "viewer_who"]


def viewer_who(request: HttpRequest) -> Viewer:
    """Return who asks; raises Http404 for nobody, whom the route lets in nowhere."""
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer


@route(roles=MONEY_ROLES, shows="counts")
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """Every fund and contract on one line of years, and the months in which money ends."""
    served, viewer = current_place(), viewer_who(request)
    money = place_money(served)
    shown: dict[str, Any] = {"names": names_of(served), "today": served.today}
    if not money.funds:
        return render(request, "money/funds.html", shown)
    counts = read_counts(served, viewer, why_asked="funds")
    cliffs = cliffs_of(
        money.funds.values(),
        served.today,
        appraisals=appraisals_of(money),
        count_families=counts.families_words,
    )
    shown |= {
        "timeline": draw_timeline(tuple(money.funds.values()), served.today),
        "cliffs": [{"cliff": each, "sentence": each.sentence(shown["names"])} for each in cliffs],
        "is_invented": any(each.invented for each in money.funds.values()),
        "counts": counts,
    }
    return render(request, "money/funds.html", shown)


@route(roles=MONEY_ROLES, shows="counts")
@require_safe
def renewal(request: HttpRequest, fund_id: str) -> HttpResponse:
    """One fund, and the case for renewing it as today's figures make it."""
    served, viewer = current_place(), viewer_who(request)
    money = place_money(served)
    fund = money.funds.get(fund_id)
    if fund is None:
        raise Http404
    counts: Counts = read_counts(served, viewer, why_asked="renewal")
    appraisals = appraisals_of(money)
    cliffs = cliffs_of(
        money.funds.values(), served.today, appraisals=appraisals,
        count_families=counts.families_words,
    )  # fmt: skip
    cliff = next((each for each in cliffs if fund in each.funds), None)
    names = names_of(served)
    case = draft_renewal(fund, cliff, appraisals.get(fund.intervention), names, served.today)
    shown = {"fund": fund, "renewal": case, "cliff": cliff, "names": names, "counts": counts}
    return render(request, "money/renewal.html", shown)


@route(roles=MONEY_ROLES | {"signatory"}, shows="operations")
@require_safe
def unit_costs(request: HttpRequest) -> HttpResponse:
    """Every unit cost with its source."""
    source = load_cost_source()
    listed = [each for each in load_unit_costs().values() if not each.part_of]
    shown = {"costs": listed, "source": source, "names": source.agencies}
    return render(request, "money/unit_costs.html", shown)


@route(roles=MONEY_ROLES | {"signatory"}, shows="operations")
@require_safe
def unit_cost(request: HttpRequest, cost_id: str) -> HttpResponse:
    """One unit cost: its value, year, bearer, parts, source and how it is restated."""
    try:
        cost = find_unit_cost(cost_id)
    except NotFoundError:
        raise Http404 from None
    served = current_place()
    money, deflator, source = place_money(served), load_deflator(), load_cost_source()
    to_year = money.settings.price_year if money.settings else deflator.years[-1]
    parts = parts_of(cost)
    whole = load_unit_costs().get(cost.part_of)
    shown = {
        "cost": cost,
        "whole": whole,
        "parts": parts if len(parts) > 1 else (),
        "parts_pence": sum(each.value_pence for each in parts),
        "source": source,
        "deflator": deflator,
        "to_year": to_year,
        "restated_pence": deflator.restate(cost.value_pence, cost.price_year, to_year),
        "factor": deflator.factor(cost.price_year, to_year),
        "confidence": source.confidence(cost.price_year, to_year),
        "names": names_of(served),
    }
    return render(request, "money/unit_cost.html", shown)


@route(roles=MONEY_ROLES | {"signatory"}, shows="operations")
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Figures that programmes published, worked out again, and where they contradict each other."""
    shown = {
        "figures": list(load_published().values()),
        "conflicts": find_conflicts(),
        "reviewed_on": reviewed_on(),
        "schedules": list(load_schedules().values()),
        "today": current_place().today,
    }
    return render(request, "money/published.html", shown)
