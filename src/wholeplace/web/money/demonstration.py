"""Budgets, a case, an agreement and a pool's first entries, so that no page of money opens empty."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.money.investment import missing_fields
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.money.budgets import import_budget
from wholeplace.web.money.cases import start_case, take_case_step
from wholeplace.web.money.deals import change_deal, draft_deal, take_deal_step
from wholeplace.web.money.entering import post_entry
from wholeplace.web.money.models import BudgetReturn, BusinessCase, PoolEntry
from wholeplace.web.money.place_money import place_money

__all__ = ["make_examples"]

_YEAR = "2026/27"
_FILLED = {
    "performance": "The partnership board looks at families reached and at who gains, each quarter",
    "return_now": "Not known: nobody compared anything before",
    "reinvestment": "Half of what is cashable goes back into the pool from the third year on",
    "milestones": "30 families by October; the first comparison after a year",
    "leads": "Head of early help; community trust’s service manager; public protection inspector; "
    "neighbourhood manager",
    "definitions": "A family is a household with children. A headline need is one of the framework’s ten.",
}


def make_examples(place: OpenPlace) -> None:
    """Make each example once, through the same functions as people do."""
    money = place_money(place)
    finance, commissioner = _viewer("finance-lead"), _viewer("commissioner")
    if finance is None or commissioner is None or money.settings is None:
        return
    at = dt.datetime.now(dt.UTC)
    if not BudgetReturn.objects.exists():
        for path in sorted((place.folder / "money").glob("budget-*.csv")):
            body = path.stem.removeprefix("budget-")
            import_budget(place, finance, body, _YEAR, path.read_bytes(), at)
    if not BusinessCase.objects.exists() and money.interventions:
        _make_case(place, finance, commissioner, at)
    for pool in money.pools.values():
        if PoolEntry.objects.filter(pool=pool.id).exists():
            continue
        day = min(at.date(), pool.starts_on)
        for number, each in enumerate(pool.contributions):
            post_entry(
                pool, finance, "contribution", f"partner:{each.partner}", each.pence, day,
                "Contribution for the year", f"example-{pool.id}-{number}", at,
            )  # fmt: skip
        post_entry(
            pool, finance, "set-aside", "risk-pool", pool.risk_pool_pence, day,
            "Risk pool for the year", f"example-{pool.id}-risk", at,
        )  # fmt: skip
        post_entry(
            pool, finance, "spend", f"scheme:{pool.schemes[0].id}", 350_000, day,
            "Keyworkers, first month", f"example-{pool.id}-spend", at,
        )  # fmt: skip


def _make_case(place: OpenPlace, finance: Viewer, commissioner: Viewer, at: dt.datetime) -> None:
    first = next(iter(place_money(place).interventions.values()))
    start_case(place, finance, first.id, f"{first.title}: after the grant", at)
    case = start_case(place, finance, first.id, f"{first.title}: three years together", at)
    case = take_case_step(finance, case.id, "offer", case.version, "", at)
    case = take_case_step(commissioner, case.id, "agree", case.version, "", at)
    deal = draft_deal(place, commissioner, case.id, at)
    deal = change_deal(commissioner, deal.id, deal.version, {**deal.fields, **_FILLED}, at)
    if not missing_fields(deal.fields):
        take_deal_step(commissioner, deal.id, "offer", deal.version, "", at)


def _viewer(role: str) -> Viewer | None:
    people = User.objects.filter(is_active=True).exclude(persona="").order_by("id")
    found = next((user for user in people if role in user.roles), None)
    return Viewer(str(found.pk), found.organisation, role) if found else None
