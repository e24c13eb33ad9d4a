"""Importing bodies' budgets, and the newest of each for a year."""

import datetime as dt
import hashlib

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.money.spend import BudgetLine, ReadBudget, read_budget
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.money.models import BudgetReturn
from wholeplace.web.money.steps import tell

__all__ = ["areas_of", "budgets_of", "import_budget", "needs_of", "years_known"]


def needs_of(served: OpenPlace) -> dict[str, str]:
    """Return every need of the place, `framework/need` → its words."""
    return {
        f"{framework.id}/{need.id}": need.label
        for framework in served.place.frameworks
        for headline in framework.headlines
        for need in headline.needs
    }


def areas_of(served: OpenPlace) -> dict[str, str]:
    """Return code → name of every area that the snapshot holds; none before the first."""
    try:
        rows = served.snapshot_reader.rows(
            "SELECT DISTINCT area_code, name FROM areas ORDER BY area_code, name"
        )
    except NotFoundError:
        return {}
    return {str(row["area_code"]): str(row["name"]) for row in rows}


def import_budget(
    served: OpenPlace, viewer: Viewer, body: str, year: str, content: bytes, at: dt.datetime
) -> ReadBudget:
    """Take a body's budget file, if every row of it is sound.

    Returns:
        What was read, with every fault; nothing was kept where there is one.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    found = read_budget(content, needs=needs_of(served), areas=areas_of(served))
    if found.faults:
        return found
    digest = hashlib.sha256(content).hexdigest()
    newest = _newest(year).get(body)
    if newest is not None and newest.content_hash == digest:
        return found
    tell("money.budget-imported", viewer, body=body, year=year, hash=digest, rows=len(found.lines))
    with transaction.atomic():
        BudgetReturn.objects.create(
            body=body,
            year=year,
            lines=[each.as_plain() for each in found.lines],
            content_hash=digest,
            imported_by=viewer.user_id,
            at=at,
        )
    return found


def budgets_of(year: str) -> dict[str, tuple[BudgetLine, ...]]:
    """Return each body's newest budget of a year."""
    return {
        body: tuple(BudgetLine(**line) for line in each.lines)
        for body, each in _newest(year).items()
    }


def years_known() -> list[str]:
    """Return the years with a budget, newest first."""
    return sorted(set(BudgetReturn.objects.order_by().values_list("year", flat=True)), reverse=True)


def _newest(year: str) -> dict[str, BudgetReturn]:
    found: dict[str, BudgetReturn] = {}
    for each in BudgetReturn.objects.filter(year=year).order_by("at", "id"):
        found[each.body] = each
    return found
