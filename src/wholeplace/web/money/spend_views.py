"""The count of all public money in the place, and importing a body's budget."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.money.pictures import draw_bars
from wholeplace.money.spend import SpendCount, count_spend, spend_on_families
from wholeplace.money.spend.budgets import COLUMNS, THEMES, RowFault
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.money.budgets import (
    areas_of,
    budgets_of,
    import_budget,
    needs_of,
    years_known,
)
from wholeplace.web.money.counting import MONEY_ROLES, read_counts
from wholeplace.web.money.forms import BudgetForm
from wholeplace.web.money.place_money import names_of
from wholeplace.web.money.views import viewer_who

__all__ = ["import_file", "spending"]


@route(roles=MONEY_ROLES, shows="counts")
@require_safe
def spending(request: HttpRequest) -> HttpResponse:
    """Everything that bodies spend here in a year: by body, theme, need and area."""
    served, viewer, years = current_place(), viewer_who(request), years_known()
    shown: dict[str, Any] = {"years": years, "can_import": viewer.role == "finance-lead"}
    if not years:
        return render(request, "money/spending.html", shown)
    year = request.GET.get("year") or years[0]
    if year not in years:
        raise Http404
    budgets, names = budgets_of(year), names_of(served)
    count = count_spend(budgets)
    counts = read_counts(served, viewer, why_asked="spending")
    shown |= {
        "year": year,
        "count": count,
        "rows": _rows(count, names),
        "themes": [(each, THEMES[each], count.of_theme(each)) for each in count.themes],
        "bars": draw_bars({names.get(each, each): count.of_body(each) for each in count.bodies}),
        "overlaps": count.overlaps,
        "areas": [
            (areas_of(served).get(each, each), pence)
            for each, pence in sorted(count.by_area.items())
            if each
        ],
        "without": [each.name for each in served.place.partners.values() if each.id not in budgets],
        "needs": needs_of(served),
        "names": names,
        "counts": counts,
    }
    if counts.households is not None:
        households = counts.households
        families = spend_on_families(budgets, households.needs, households.several)
        shown |= {
            "households": households,
            "families": families,
            "family_rows": [
                (names.get(each, each), pence, families.per_household(pence))
                for each, pence in families.by_body.items()
            ],
            "family_each": families.per_household(families.total_pence),
        }
    return render(request, "money/spending.html", shown)


@route(roles=["finance-lead"], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Import one body's budget; a file with any fault is not taken, and every fault is named."""
    served = current_place()
    bodies = [(each.id, each.name) for each in served.place.partners.values()]
    form = BudgetForm(request.POST or None, request.FILES or None, bodies=bodies)
    faults: tuple[RowFault, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        found = import_budget(
            served, viewer_who(request), given["body"], given["year"], given["file"].read(),
            dt.datetime.now(dt.UTC),
        )  # fmt: skip
        faults = found.faults
        if not faults:
            messages.success(request, f"{len(found.lines)} rows were taken.")
            return redirect(f"{reverse('money:spending')}?year={given['year']}")
    shown = {"form": form, "faults": faults, "columns": COLUMNS, "themes": THEMES}
    return render(request, "money/import.html", shown, status=422 if faults else 200)


def _rows(count: SpendCount, names: Any) -> list[tuple[str, list[int], int]]:
    return [
        (
            names.get(body, body),
            [count.cells.get((body, theme), 0) for theme in count.themes],
            count.of_body(body),
        )
        for body in count.bodies
    ]
