"""Business cases: what one comes to, changing its figures, deciding on it."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.money.benefits import (
    appraise,
    draw_chances,
    flows_of,
    parameters_of,
    totals_of,
    vary_each,
    workings_of,
)
from wholeplace.money.benefits.flows import draw_flows
from wholeplace.money.benefits.totals import band_of_ratio
from wholeplace.money.investment import CASE_LIFE, case_actors
from wholeplace.money.pictures import draw_histogram
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.money.cases import (
    change_figures,
    find_case,
    intervention_of,
    is_measured,
    measure_figures,
    start_case,
    take_case_step,
)
from wholeplace.web.money.counting import MONEY_ROLES, has_counting_clauses
from wholeplace.web.money.forms import CaseForm, FiguresForm, StepForm
from wholeplace.web.money.models import BusinessCase, MoneyStep
from wholeplace.web.money.place_money import (
    find_intervention,
    names_of,
    place_money,
    settings_of,
)
from wholeplace.web.money.steps import people_named
from wholeplace.web.money.views import viewer_who

__all__ = [
    "case_step",
    "edit_figures",
    "list_cases",
    "measure",
    "new_case",
    "sheet",
    "show_case",
]

_WRITERS = frozenset({"finance-lead", "commissioner", "programme-lead"})
_COLOURS = {"draft": "grey", "offered": "yellow", "agreed": "green", "withdrawn": "red"}
EVENT_WORDS = {
    "start": "started it",
    "change": "changed figures",
    "measure": "measured figures from linked records",
    "offer": "asked for a decision",
    "agree": "agreed it",
    "return": "sent it back",
    "reopen": "took it up again",
    "withdraw": "withdrew it",
    "restore": "took it up again",
}
DEAL_WORDS = {
    "draft": "drafted it from the case",
    "change": "changed",
    "offer": "asked partners to sign",
    "recall": "took it back to change it",
    "sign": "signed it",
    "complete": "was the last to sign: it is in force",
    "end": "ended it",
}


@route(roles=MONEY_ROLES, shows="operations")
@require_safe
def list_cases(request: HttpRequest) -> HttpResponse:
    """Every case of the partnership."""
    served = current_place()
    money = place_money(served)
    lines = [
        {
            "case": each,
            "state": CASE_LIFE.states[each.state],
            "colour": _COLOURS[each.state],
            "intervention": money.interventions.get(each.intervention),
        }
        for each in BusinessCase.objects.all()[:200]
    ]
    shown = {"lines": lines, "can_start": viewer_who(request).role in _WRITERS and money.settings}
    return render(request, "money/cases.html", shown)


@route(roles=_WRITERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """Start a case with the place's own figures."""
    served, viewer = current_place(), viewer_who(request)
    offered = [(each.id, each.title) for each in place_money(served).interventions.values()]
    form = CaseForm(request.POST or None, interventions=offered)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        case = start_case(served, viewer, given["intervention"], given["title"], _now())
        messages.success(request, "The case was started with the place’s own figures.")
        return redirect("money:case", case.id)
    return render(request, "money/new_case.html", {"form": form, "has_any": bool(offered)})


@route(roles=MONEY_ROLES, shows="counts")
@require_safe
def show_case(request: HttpRequest, business_case_id: str) -> HttpResponse:
    """What a case comes to: who pays, who gains, when, how sure, and from which sources."""
    return _show(request, find_case(business_case_id))


@route(roles=MONEY_ROLES, shows="operations")
@require_POST
def case_step(request: HttpRequest, business_case_id: str) -> HttpResponse:
    """Ask for a decision, decide, send back or withdraw."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        take_case_step(
            viewer_who(request),
            business_case_id,
            given["event"],
            given["version"],
            given["words"],
            _now(),
        )
    except UnsafeActionError as error:
        return _show(request, find_case(business_case_id), error=error, typed=given)
    messages.success(request, "Done. It stands in the record.")
    return redirect("money:case", business_case_id)


@route(roles=_WRITERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_figures(request: HttpRequest, business_case_id: str) -> HttpResponse:
    """Change figures of a draft."""
    served, viewer = current_place(), viewer_who(request)
    case = find_case(business_case_id)
    parameters = parameters_of(intervention_of(served, case))
    status, error = 200, None
    if request.method == "POST":
        form = FiguresForm(request.POST, parameters=parameters)
        if form.is_valid():
            given = form.cleaned_data
            try:
                change_figures(
                    served,
                    viewer,
                    business_case_id,
                    given["version"],
                    form.values(),
                    given["why"],
                    _now(),
                )
            except UnsafeActionError as refused:
                error = refused
                status = 409 if isinstance(refused, ChangedMeanwhileError) else 422
            else:
                messages.success(
                    request, "The figures were changed, and the case worked out again."
                )
                return redirect("money:case", business_case_id)
    else:
        form = FiguresForm(parameters=parameters, initial={"version": case.version})
    shown = {"form": form, "case": case, "error": error}
    return render(request, "money/figures.html", shown, status=status)


@route(roles=_WRITERS, shows="counts")
@require_POST
def measure(request: HttpRequest, business_case_id: str) -> HttpResponse:
    """Measure what can be measured from the linked records."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    version = form.cleaned_data["version"]
    try:
        done = measure_figures(
            current_place(), viewer_who(request), business_case_id, version, _now()
        )
    except UnsafeActionError as error:
        return _show(request, find_case(business_case_id), error=error)
    if done:
        messages.success(request, f"Measured: {'; '.join(done)}.")
    else:
        messages.warning(request, "No figure of this case can be measured yet.")
    return redirect("money:case", business_case_id)


@route(roles=MONEY_ROLES, shows="operations")
@require_safe
def sheet(request: HttpRequest, business_case_id: str) -> HttpResponse:
    """Give every amount of a case as a file for a spreadsheet: no figure here is about people."""
    served, case = current_place(), find_case(business_case_id)
    if is_measured(case):
        # A count that was measured leaves through the airlock alone.
        return _show(
            request,
            case,
            error=UnsafeActionError(
                "The file was not made.",
                "Some figures of this case are counts of residents.",
                "Ask for the counts under “Taking figures out”, or print the page.",
            ),
        )
    appraisal = appraise(intervention_of(served, case), settings_of(place_money(served)))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["line", "side", "agency", "unit_cost", "year", "pence", "discounted_pence"])
    for each in appraisal.amounts:
        writer.writerow(
            [each.line, each.side, each.agency, each.unit_cost, appraisal.year_words(each.year),
             each.pence, each.discounted_pence]
        )  # fmt: skip
    response = HttpResponse(
        out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="case-{case.id}.csv"'
    return response


def _show(
    request: HttpRequest,
    case: BusinessCase,
    *,
    error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    served, viewer = current_place(), viewer_who(request)
    if is_measured(case) and not has_counting_clauses(served, viewer):
        return render(request, "money/not_counted.html", {"case": case}, status=403)
    actors = case_actors(viewer.user_id, viewer.role, case.offered_by)
    status = 200 if error is None else 409 if isinstance(error, ChangedMeanwhileError) else 422
    shown: dict[str, Any] = {
        "case": case,
        "state": CASE_LIFE.states[case.state],
        "colour": _COLOURS[case.state],
        "steps": CASE_LIFE.steps_from(case.state, actors),
        "can_change": case.state == "draft" and viewer.role in _WRITERS,
        "can_draft": case.state == "agreed" and viewer.role in ("commissioner", "finance-lead"),
        "deals": list(case.deals.all()),
        "history": history_of(case.id),
        "error": error,
        "typed": typed or {},
        **_worked_out(served, case),
    }
    return render(request, "money/case.html", shown, status=status)


def _worked_out(served: OpenPlace, case: BusinessCase) -> dict[str, Any]:
    settings = settings_of(place_money(served))
    intervention = intervention_of(served, case)
    appraisal = appraise(intervention, settings)
    totals, flows = totals_of(appraisal), flows_of(appraisal)
    swings = [each for each in vary_each(intervention, settings) if each.width_pence]
    chances = draw_chances(intervention, settings)
    stated = {
        each.id: each.value
        for each in parameters_of(find_intervention(place_money(served), case.intervention))
    }
    return {
        "intervention": intervention,
        "appraisal": appraisal,
        "settings_": settings,
        "totals": totals,
        "band": band_of_ratio(totals.public_ratio),
        "flows": flows,
        "picture": draw_flows(flows),
        "year_words": [appraisal.year_words(year) for year in appraisal.years],
        "swings": swings[:8],
        "flipping": [each for each in swings if each.flips_within],
        "first_flip": next((each for each in swings if each.flips_at is not None), None),
        "chances": chances,
        "histogram": draw_histogram(chances.bins),
        "workings": workings_of(appraisal),
        "changed": [
            {"parameter": each, "was": stated[each.id], "why": case.reasons.get(each.id, "")}
            for each in parameters_of(intervention)
            if each.id in case.values and Decimal(case.values[each.id]) != stated[each.id]
        ],
        "names": names_of(served),
    }


def history_of(about: str, words: Mapping[str, str] = EVENT_WORDS) -> list[dict[str, Any]]:
    """Return what happened to a case or an agreement, oldest first, in words."""
    steps = list(MoneyStep.objects.filter(about=about))
    names = people_named(each.by for each in steps)
    return [
        {
            "step": each,
            "by": names.get(each.by, "Somebody who has left"),
            "did": words.get(each.event, each.event),
        }
        for each in steps
    ]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
