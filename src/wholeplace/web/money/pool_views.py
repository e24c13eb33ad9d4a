"""Pooled funds: what each partner put in, the ledger, and how the year would be settled."""

import datetime as dt
import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.money.pools import Pool, replay, settle
from wholeplace.money.pools.ledger import CASH, RISK_POOL
from wholeplace.money.pools.settlement import STEP_WORDS
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.money.counting import MONEY_ROLES
from wholeplace.web.money.entering import (
    ENTRY_KINDS,
    balances_now,
    entries_of,
    post_entry,
    reverse_entry,
)
from wholeplace.web.money.forms import EntryForm
from wholeplace.web.money.models import PoolEntry
from wholeplace.web.money.place_money import names_of, place_money
from wholeplace.web.money.steps import people_named
from wholeplace.web.money.views import viewer_who

__all__ = ["enter", "list_pools", "show_pool", "take_back"]

_SHOWN = 200


@route(roles=MONEY_ROLES, shows="operations")
@require_safe
def list_pools(request: HttpRequest) -> HttpResponse:
    """Every pooled fund of the place."""
    served = current_place()
    lines = [
        {"pool": each, "balances": balances_now(each)}
        for each in place_money(served).pools.values()
    ]
    return render(request, "money/pools.html", {"lines": lines, "names": names_of(served)})


@route(roles=MONEY_ROLES, shows="operations")
@require_safe
def show_pool(request: HttpRequest, pool_id: str) -> HttpResponse:
    """One pool: its agreement, its balances, its ledger, and how the year would be settled."""
    return _show(request, _find(pool_id))


@route(roles=["finance-lead"], shows="operations")
@require_POST
def enter(request: HttpRequest, pool_id: str) -> HttpResponse:
    """Make an entry."""
    pool, viewer = _find(pool_id), viewer_who(request)
    form = EntryForm(request.POST, accounts=_accounts(pool))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = post_entry(
                pool, viewer, given["kind"], given["account"], given["pounds"], given["on"],
                given["words"], given["token"], _now(),
            )  # fmt: skip
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, f"Entry {made.number} was made.")
            return redirect("money:pool", pool_id)
    return _show(request, pool, form=form, status=422)


@route(roles=["finance-lead"], shows="operations")
@require_POST
def take_back(request: HttpRequest, pool_id: str, entry_number: int) -> HttpResponse:
    """Take an entry back by another."""
    pool, viewer = _find(pool_id), viewer_who(request)
    token = request.POST.get("token", "") or secrets.token_hex(16)
    try:
        made = reverse_entry(
            pool, viewer, entry_number, request.POST.get("words", ""), token[:40], _now()
        )
    except UnsafeActionError as error:
        return _show(request, pool, error=error, status=422)
    messages.success(request, f"Entry {entry_number} was taken back by entry {made.number}.")
    return redirect("money:pool", pool_id)


def _find(pool_id: str) -> Pool:
    found = place_money(current_place()).pools.get(pool_id)
    if found is None:
        raise Http404
    return found


def _accounts(pool: Pool) -> list[tuple[str, str]]:
    names = names_of(current_place())
    return [
        *((f"partner:{each}", names.get(each, each)) for each in pool.partners),
        *((f"scheme:{each.id}", f"Scheme: {each.title}") for each in pool.schemes),
        (RISK_POOL, "Risk pool"),
    ]


def _show(
    request: HttpRequest,
    pool: Pool,
    *,
    form: EntryForm | None = None,
    error: UnsafeActionError | None = None,
    status: int = 200,
) -> HttpResponse:
    served, viewer = current_place(), viewer_who(request)
    names, balances, entries = names_of(served), balances_now(pool), entries_of(pool)
    accounts = dict(_accounts(pool)) | {CASH: "Cash held by the host"}
    spent = {each.id: balances[f"scheme:{each.id}"] for each in pool.schemes}
    taken_back = {each.reverses for each in entries if each.reverses}
    rows = {each.number: each for each in PoolEntry.objects.filter(pool=pool.id).order_by("number")}
    people = people_named(each.by for each in rows.values())
    shown: dict[str, Any] = {
        "pool": pool,
        "names": names,
        "balances": [(accounts[key], pence) for key, pence in balances.items()],
        "total_pence": sum(balances.values()),
        "replays": replay(pool, entries) == balances,
        "entries": [
            {
                "entry": each,
                "kind": ENTRY_KINDS[each.kind],
                "lines": [
                    (accounts.get(line.account, line.account), line.pence) for line in each.lines
                ],
                "by": people.get(rows[each.number].by, "Somebody who has left"),
                "is_taken_back": each.number in taken_back,
            }
            for each in reversed(entries[-_SHOWN:])
        ],
        "paid_in": {each: -balances[f"partner:{each}"] for each in pool.partners},
        "spent": spent,
        "settlement": settle(pool, spent, balances[RISK_POOL]),
        "step_words": STEP_WORDS,
        "form": form
        or (EntryForm(accounts=_accounts(pool)) if viewer.role == "finance-lead" else None),
        "token": secrets.token_hex(16),
        "can_enter": viewer.role == "finance-lead",
        "error": error,
    }
    return render(request, "money/pool.html", shown, status=status)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
