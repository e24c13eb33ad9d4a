"""Pages of commissioning: writing, freezing, paying, publishing."""

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.money.contracts.joint import requirements, social_questions
from wholeplace.money.contracts.life import BUYING_ROLES, CONTRACT_LIFE, PAYMENT_LIFE, SECOND
from wholeplace.money.contracts.open_formats import grants_package, release_package
from wholeplace.money.contracts.payments import least_shown
from wholeplace.money.contracts.terms import ContractTerms, find_faults
from wholeplace.web.accounts.models import User
from wholeplace.web.commissioning.cohorts import countable_needs
from wholeplace.web.commissioning.contracting import (
    actors_of,
    compute_milestone,
    compute_outcome,
    decide_payment,
    find_contract,
    find_need,
    payment_actors,
    take_step,
    terms_of,
    write_contract,
)
from wholeplace.web.commissioning.forms import ContractForm, EvidenceForm, StepForm, initial_of
from wholeplace.web.commissioning.models import Contract, Payment
from wholeplace.web.commissioning.publishing import published_contracts
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = [
    "change",
    "grants",
    "list_contracts",
    "milestone",
    "open_contracting",
    "outcome",
    "payment",
    "show",
    "step",
    "write",
]

_COLOURS = {"draft": "grey", "checking": "yellow", "frozen": "blue", "running": "green"}
_DONE = {
    "write": "wrote it",
    "change": "changed it",
    "offer": "asked for it to be frozen",
    "return": "sent it back",
    "freeze": "froze it",
    "begin": "said that work has begun",
    "end": "ended it",
    "withdraw": "withdrew it",
}


@route(roles=BUYING_ROLES, shows="operations")
@require_safe
def list_contracts(request: HttpRequest) -> HttpResponse:
    """Every contract of the buying organisation."""
    viewer = _viewer(request)
    rows = Contract.objects.filter(organisation=viewer.organisation)
    lines = [_line(each) for each in rows]
    waiting = [
        each for each in lines
        if each["contract"].state == "checking" and SECOND in actors_of(each["contract"], viewer)
    ]  # fmt: skip
    payments = list(
        Payment.objects.filter(contract__organisation=viewer.organisation, state="computed")
        .exclude(computed_by=viewer.user_id)
        .select_related("contract")
    )
    return render(
        request,
        "commissioning/list.html",
        {"lines": lines, "waiting": waiting, "payments": payments},
    )


def _line(contract: Contract) -> dict[str, Any]:
    return {
        "contract": contract,
        "terms": ContractTerms.model_validate(contract.terms),
        "state": CONTRACT_LIFE.states[contract.state],
        "colour": _COLOURS.get(contract.state, "grey"),
    }


@route(roles=BUYING_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a specification and its contract."""
    viewer = _viewer(request)
    form = _form(request, viewer)
    if request.method == "POST" and form.is_valid():
        contract = write_contract(viewer, _terms(form, viewer), dt.datetime.now(dt.UTC))
        return redirect("commissioning:show", contract_id=contract.id)
    return render(request, "commissioning/write.html", {"form": form})


@route(roles=BUYING_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, contract_id: str) -> HttpResponse:
    """Change a draft."""
    viewer = _viewer(request)
    contract = find_contract(viewer, contract_id)
    form = _form(request, viewer, initial_of(terms_of(contract)))
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            take_step(
                current_place(),
                viewer,
                contract.id,
                "change",
                int(version) if version.isdigit() else 0,
                {"terms": _terms(form, viewer)},
                dt.datetime.now(dt.UTC),
            )
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            return redirect("commissioning:show", contract_id=contract.id)
    return render(request, "commissioning/write.html", {"form": form, "contract": contract})


def _form(
    request: HttpRequest, viewer: Viewer, first: dict[str, Any] | None = None
) -> ContractForm:
    place = current_place()
    return ContractForm(
        request.POST or None,
        initial=first,
        needs=countable_needs(place, viewer, dt.datetime.now(dt.UTC)),
        agreements=[(each.id, each.title) for each in place.agreements],
    )


def _terms(form: ContractForm, viewer: Viewer) -> ContractTerms:
    place = current_place()
    framework, need = find_need(place, *str(form.cleaned_data["need"]).split("/", 1))
    return form.terms(place.terms.words("partner", viewer.organisation), framework, need)


@route(roles=BUYING_ROLES, shows="counts")
@require_safe
def show(request: HttpRequest, contract_id: str) -> HttpResponse:
    """One contract, whole, and what may be done."""
    return _show(request, contract_id)


@route(roles=BUYING_ROLES, shows="counts")
@require_POST
def step(request: HttpRequest, contract_id: str) -> HttpResponse:
    """Offer, freeze, send back, begin, end, withdraw."""
    viewer, form = _viewer(request), StepForm(request.POST)
    find_contract(viewer, contract_id)
    if form.is_valid():
        given = form.cleaned_data
        try:
            take_step(
                current_place(),
                viewer,
                contract_id,
                given["event"],
                given["version"],
                given,
                dt.datetime.now(dt.UTC),
            )
        except UnsafeActionError as error:
            return _show(request, contract_id, error, given, status=409)
    return redirect("commissioning:show", contract_id=contract_id)


@route(roles=BUYING_ROLES, shows="operations")
@require_POST
def milestone(request: HttpRequest, contract_id: str) -> HttpResponse:
    """Say that a milestone was reached, and by what; the payment is computed."""
    viewer, form = _viewer(request), EvidenceForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            compute_milestone(
                viewer, contract_id, given["milestone"], given["evidence"], dt.datetime.now(dt.UTC)
            )
        except UnsafeActionError as error:
            return _show(request, contract_id, error, status=409)
        messages.success(request, "The payment was computed. A colleague now decides on it.")
    return redirect("commissioning:show", contract_id=contract_id)


@route(roles=BUYING_ROLES, shows="counts")
@require_POST
def outcome(request: HttpRequest, contract_id: str) -> HttpResponse:
    """Measure the frozen cohort, and compute the payment for outcomes."""
    viewer = _viewer(request)
    try:
        made, due = compute_outcome(current_place(), viewer, contract_id, dt.datetime.now(dt.UTC))
    except UnsafeActionError as error:
        return _show(request, contract_id, error, status=409)
    if made is not None:
        messages.success(request, "The cohort was measured and the payment computed.")
    elif due.is_held:
        messages.warning(
            request,
            f"Measured. Fewer than {least_shown()} people either have the need or do not, so a "
            "payment would tell of them: nothing is computed. Measure a larger cohort together.",
        )
    else:
        messages.info(
            request,
            "Measured. The fall does not reach the least that is paid for, so nothing is due.",
        )
    return redirect("commissioning:show", contract_id=contract_id)


@route(roles=BUYING_ROLES, shows="operations")
@require_POST
def payment(request: HttpRequest, contract_id: str) -> HttpResponse:
    """Approve or refuse a payment that a colleague computed."""
    viewer, form = _viewer(request), StepForm(request.POST)
    number = request.POST.get("payment", "")
    if form.is_valid() and number.isdigit():
        given = form.cleaned_data
        try:
            decide_payment(
                viewer,
                contract_id,
                int(number),
                given["event"],
                given["version"],
                dt.datetime.now(dt.UTC),
            )
        except UnsafeActionError as error:
            return _show(request, contract_id, error, status=409)
    return redirect("commissioning:show", contract_id=contract_id)


@route(roles="anyone", shows="public")
@require_safe
def open_contracting(request: HttpRequest) -> HttpResponse:
    """Frozen contracts as an Open Contracting release package."""
    place = current_place()
    package = release_package(
        published_contracts(place),
        uri=request.build_absolute_uri(request.path),
        publisher=place.place.place.name,
        on=place.today,
    )
    return _json(package, "open-contracting.json")


@route(roles="anyone", shows="public")
@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    """Grants as 360Giving data."""
    return _json(grants_package(published_contracts(current_place())), "grants.json")


def _json(value: dict[str, Any], name: str) -> HttpResponse:
    answer = HttpResponse(
        json.dumps(value, ensure_ascii=False, indent=2), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _show(
    request: HttpRequest,
    contract_id: str,
    error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, place = _viewer(request), current_place()
    contract = find_contract(viewer, contract_id)
    terms = terms_of(contract)
    actors = actors_of(contract, viewer)
    payments = list(contract.payments.all())
    names = _names([*(e.by for e in contract.steps.all()), *(e.computed_by for e in payments)])
    chosen = set(terms.joint_working)
    held = {(each.kind, each.milestone) for each in payments if each.state != "refused"}
    open_steps = CONTRACT_LIFE.steps_from(contract.state, actors)
    return render(
        request,
        "commissioning/show.html",
        {
            "line": _line(contract),
            "contract": contract,
            "terms": terms,
            "agreement": next((a.title for a in place.agreements if a.id == terms.agreement), ""),
            "faults": find_faults(terms, place.today)
            if contract.state in ("draft", "checking")
            else (),
            "joint": [each for each in requirements() if each.id in chosen],
            "questions": [
                (each, terms.social_value[each.id])
                for each in social_questions()
                if each.id in terms.social_value
            ],
            "cohort_words": _cohort_words(terms),
            "milestones": [(each, ("milestone", each.id) in held) for each in terms.milestones],
            "can_measure": contract.state == "running" and ("outcome", "") not in held,
            "is_running": contract.state == "running",
            "payments": [_payment_line(each, viewer, terms, names) for each in payments],
            "steps": [each for each in open_steps if each.event != "change"],
            "can_change": any(each.event == "change" for each in open_steps),
            "history": [
                {"step": e, "by": names.get(e.by, "Somebody who has left"), "did": _DONE[e.event]}
                for e in contract.steps.all()
            ],
            "error": error,
            "typed": typed or {},
        },
        status=status,
    )


def _cohort_words(terms: ContractTerms) -> str:
    if not terms.cohort.members_hash:
        return "fixed when it is frozen"
    if terms.cohort.size < least_shown():
        return f"fewer than {least_shown()} people"
    return f"{terms.cohort.size} people"


def _payment_line(
    each: Payment, viewer: Viewer, terms: ContractTerms, names: dict[str, str]
) -> dict[str, Any]:
    providers = {one.org_id: one.name for one in terms.providers}
    labels = {one.id: one.label for one in terms.milestones}
    expected = each.basis.get("expected_thousandths")
    return {
        "payment": each,
        "what": labels.get(each.milestone, "Outcomes"),
        "by": names.get(each.computed_by, "Somebody who has left"),
        "state": PAYMENT_LIFE.states[each.state],
        "parts": [(providers.get(org, org), pence) for org, pence in each.parts.items()],
        "expected": f"{expected / 1000:.1f}" if expected is not None else "",
        "steps": list(PAYMENT_LIFE.steps_from(each.state, payment_actors(each, viewer))),
    }


def _names(user_ids: list[str]) -> dict[str, str]:
    keys = [int(each) for each in user_ids if each.isdigit()]
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)}


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer
