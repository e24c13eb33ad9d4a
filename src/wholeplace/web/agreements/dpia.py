"""Impact assessments: all of them with where they stand, and one to read or print."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from wholeplace.agreements.law.dpia import (
    Dpia,
    DpiaState,
    Measure,
    Risk,
    dpia_faults,
    dpia_state,
    read_dpias,
    residual_of,
)
from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["list_dpias", "show_dpia", "show_dpia_of"]

_STATES: dict[DpiaState, tuple[str, str]] = {
    "signed-off": ("Signed off", "green"),
    "unsigned": ("Not signed off", "yellow"),
    "overdue": ("Review overdue", "orange"),
    "consult": ("Consult the Commissioner first", "red"),
}
_COLOURS = {"low": "green", "medium": "yellow", "high": "red"}


@dataclass(frozen=True)
class DpiaRow:
    """One assessment with where it stands and the agreements that name it."""

    dpia: Dpia
    state: str
    colour: str
    agreements: tuple[Agreement, ...]


@dataclass(frozen=True)
class RiskRow:
    """One risk with its measures and what is left of it."""

    risk: Risk
    colour: str
    measures: tuple[Measure, ...]
    residual: str
    residual_colour: str


@route(roles="signed-in", shows="operations")
@require_safe
def list_dpias(request: HttpRequest) -> HttpResponse:
    """Show every assessment, and every agreement that names one that is not there."""
    opened = current_place()
    dpias = read_dpias(opened.place)
    rows = [_row(opened, each) for each in dpias.values()]
    without = [each for each in opened.agreements if each.dpia not in dpias]
    return render(request, "agreements/dpias.html", {"rows": rows, "without": without})


@route(roles="signed-in", shows="operations")
@require_safe
def show_dpia(request: HttpRequest, dpia_ref: str) -> HttpResponse:
    """Show one assessment, step by step."""
    opened = current_place()
    dpia = read_dpias(opened.place).get(dpia_ref)
    if dpia is None:
        raise Http404
    row = _row(opened, dpia)
    faults = (
        dpia_faults(row.agreements[0], {dpia.ref: dpia}, opened.today) if row.agreements else ()
    )
    signed = dpia.sign_off
    shown = {
        "row": row,
        "faults": faults,
        "risks": [_risk_row(dpia, each) for each in dpia.risks],
        "signatures": [
            ("Measures approved by", signed.measures_approved_by),
            ("Residual risk approved by", signed.residual_risk_approved_by),
            ("Advice given by", signed.advice_by),
            ("Consultation reviewed by", signed.consultation_reviewed_by),
        ],
    }
    return render(request, "agreements/dpia.html", shown)


@route(roles="signed-in", shows="operations")
@require_safe
def show_dpia_of(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Lead from an agreement to its assessment, or say that there is none yet."""
    opened = current_place()
    agreement = next((each for each in opened.agreements if each.id == agreement_id), None)
    if agreement is None:
        raise Http404
    if agreement.dpia in read_dpias(opened.place):
        return redirect("agreements:dpia", dpia_ref=agreement.dpia)
    return render(request, "agreements/no_dpia.html", {"agreement": agreement})


def _row(opened: OpenPlace, dpia: Dpia) -> DpiaRow:
    named = tuple(each for each in opened.agreements if each.dpia == dpia.ref)
    return DpiaRow(dpia, *_STATES[dpia_state(dpia, opened.today)], named)


def _risk_row(dpia: Dpia, risk: Risk) -> RiskRow:
    left = residual_of(dpia, risk)
    measures = tuple(each for each in dpia.measures if each.risk == risk.id)
    return RiskRow(risk, _COLOURS[risk.overall], measures, left, _COLOURS[left])
