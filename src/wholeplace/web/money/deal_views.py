"""Investment agreements: drafted from a case, filled in, signed by every partner that pays."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.money.investment import DEAL_LIFE, FIELDS, deal_actors, missing_fields
from wholeplace.web.accounts.fresh import ask_to_confirm, consume_confirmation, is_confirmed
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.money.case_views import DEAL_WORDS, history_of
from wholeplace.web.money.counting import MONEY_ROLES
from wholeplace.web.money.deals import (
    change_deal,
    draft_deal,
    find_deal,
    hash_of,
    sign_deal,
    signed_partners,
    take_deal_step,
)
from wholeplace.web.money.forms import DealForm, StepForm
from wholeplace.web.money.models import InvestmentDeal
from wholeplace.web.money.place_money import names_of
from wholeplace.web.money.steps import people_named
from wholeplace.web.money.views import viewer_who

__all__ = ["deal_step", "draft", "edit_deal", "list_deals", "show_deal", "sign"]

_READERS = MONEY_ROLES | {"signatory"}
_WRITERS = frozenset({"finance-lead", "commissioner"})
_COLOURS = {"draft": "grey", "signing": "yellow", "in-force": "green", "ended": "red"}


@route(roles=_READERS, shows="operations")
@require_safe
def list_deals(request: HttpRequest) -> HttpResponse:
    """Every investment agreement, and who has signed."""
    lines = [
        {
            "deal": each,
            "state": DEAL_LIFE.states[each.state],
            "colour": _COLOURS[each.state],
            "signed": len(signed_partners(each)),
        }
        for each in InvestmentDeal.objects.select_related("case")[:200]
    ]
    return render(request, "money/deals.html", {"lines": lines})


@route(roles=_WRITERS, shows="operations")
@require_POST
def draft(request: HttpRequest, business_case_id: str) -> HttpResponse:
    """Draft an agreement from an agreed case."""
    try:
        deal = draft_deal(current_place(), viewer_who(request), business_case_id, _now())
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
        return redirect("money:case", business_case_id)
    messages.success(request, "The agreement was drafted from the case. Fill in what is left.")
    return redirect("money:deal", deal.id)


@route(roles=_READERS, shows="operations")
@require_safe
def show_deal(request: HttpRequest, deal_id: str) -> HttpResponse:
    """One agreement as it would be, or was, signed."""
    return _show(request, find_deal(deal_id))


@route(roles=_WRITERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_deal(request: HttpRequest, deal_id: str) -> HttpResponse:
    """Fill in the fields of a draft."""
    deal, error, status = find_deal(deal_id), None, 200
    form = DealForm(request.POST or None, initial={**deal.fields, "version": deal.version})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            change_deal(viewer_who(request), deal_id, given.pop("version"), given, _now())
        except UnsafeActionError as refused:
            error = refused
            status = 409 if isinstance(refused, ChangedMeanwhileError) else 422
        else:
            messages.success(request, "The agreement was changed.")
            return redirect("money:deal", deal_id)
    shown = {"form": form, "deal": deal, "error": error}
    return render(request, "money/deal_words.html", shown, status=status)


@route(roles=_READERS, shows="operations")
@require_POST
def deal_step(request: HttpRequest, deal_id: str) -> HttpResponse:
    """Offer an agreement, take it back or end it."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        take_deal_step(
            viewer_who(request), deal_id, given["event"], given["version"], given["words"], _now()
        )
    except UnsafeActionError as error:
        return _show(request, find_deal(deal_id), error=error, typed=given)
    messages.success(request, "Done. It stands in the record.")
    return redirect("money:deal", deal_id)


@route(roles=["signatory"], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, deal_id: str) -> HttpResponse:
    """Sign one text for one's organisation, after proving again who one is."""
    deal, viewer = find_deal(deal_id), viewer_who(request)
    text_hash = hash_of(deal)
    action = f"money.sign:{deal_id}:{text_hash}"
    here = reverse("money:sign-deal", args=[deal_id])
    may_sign = (
        deal.state == "signing"
        and viewer.organisation in deal.partners
        and viewer.organisation not in signed_partners(deal)
    )
    if request.method == "POST":
        try:
            if may_sign and request.POST.get("hash", "") == text_hash:
                if not is_confirmed(request, action):
                    whose = names_of(current_place()).get(viewer.organisation, viewer.organisation)
                    words = (
                        f"sign the investment agreement “{deal.fields['programme']}” for {whose}"
                    )
                    return ask_to_confirm(request, action, words, here)
                if not consume_confirmation(request, action):
                    return redirect(here)
            is_whole = sign_deal(viewer, deal_id, request.POST.get("hash", ""), _now())
        except UnsafeActionError as error:
            return _show(request, find_deal(deal_id), error=error)
        messages.success(
            request,
            "You signed it, and everybody has: the agreement is in force."
            if is_whole
            else "You signed it for your organisation.",
        )
        return redirect("money:deal", deal_id)
    shown = {
        "deal": deal,
        "rows": _rows(deal),
        "hash": text_hash,
        "may_sign": may_sign,
        "is_confirmed": is_confirmed(request, action),
        "names": names_of(current_place()),
    }
    return render(request, "money/sign.html", shown)


def _show(
    request: HttpRequest,
    deal: InvestmentDeal,
    *,
    error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    viewer, names = viewer_who(request), names_of(current_place())
    signed = signed_partners(deal)
    people = people_named(each.signed_by for each in signed.values())
    actors = deal_actors(viewer.role, viewer.organisation, tuple(deal.partners))
    steps = [each for each in DEAL_LIFE.steps_from(deal.state, actors) if each.event != "sign"]
    status = 200 if error is None else 409 if isinstance(error, ChangedMeanwhileError) else 422
    shown = {
        "deal": deal,
        "state": DEAL_LIFE.states[deal.state],
        "colour": _COLOURS[deal.state],
        "rows": _rows(deal),
        "missing": missing_fields(deal.fields),
        "hash": hash_of(deal),
        "signatures": [
            {
                "partner": names.get(each, each),
                "signature": signed.get(each),
                "by": people.get(signed[each].signed_by, "") if each in signed else "",
            }
            for each in deal.partners
        ],
        "steps": steps,
        "can_change": deal.state == "draft" and viewer.role in _WRITERS,
        "can_sign": deal.state == "signing"
        and viewer.role == "signatory"
        and viewer.organisation in deal.partners
        and viewer.organisation not in signed,
        "may_see_case": viewer.role in MONEY_ROLES,
        "history": history_of(deal.id, DEAL_WORDS),
        "error": error,
        "typed": typed or {},
    }
    return render(request, "money/deal.html", shown, status=status)


def _rows(deal: InvestmentDeal) -> list[tuple[str, str]]:
    return [(each.label, deal.fields.get(each.id, "")) for each in FIELDS]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
