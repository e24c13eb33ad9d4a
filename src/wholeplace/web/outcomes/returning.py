"""Returns to the centre: made from the case list, kept as sent, reconciled later line by line."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.outcomes.claims.returns import (
    CaseLine,
    Difference,
    LineResult,
    make_return,
    reconcile_return,
)
from wholeplace.partnership.definitions import Framework
from wholeplace.web.chain.trail import record
from wholeplace.web.outcomes.models import Family, SentReturn

__all__ = ["case_list", "count_return", "reconcile", "send_return"]


def case_list(organisation: str, framework: str) -> list[CaseLine]:
    """Return every family of a framework as the case list has it now."""
    families = (
        Family.objects.filter(organisation=organisation, framework__framework=framework)
        .select_related("framework")
        .prefetch_related("claims")
    )
    return [_line(each) for each in families]


def _line(family: Family) -> CaseLine:
    claims = [each for each in family.claims.all() if each.state not in ("refused", "withdrawn")]
    newest = max(claims, key=lambda each: each.id, default=None)
    eligible = {
        rule["id"]
        for rule in family.framework.text["claims"]["rules"]
        if rule["stage"] == "eligibility"
    }
    failed = family.last_failed
    return CaseLine(
        family.ref,
        family.joined_on,
        family.closed_on,
        failed is not None and not eligible & set(failed),
        newest.claimed_on if newest else None,
        newest.paid_on if newest else None,
        newest.back_on if newest else None,
        newest.pence if newest else 0,
    )


def count_return(
    organisation: str, framework: Framework, first_on: dt.date, last_on: dt.date
) -> tuple[LineResult, ...]:
    """Return every line of the return for a period, counted from the case list now."""
    cases = case_list(organisation, framework.id)
    return make_return(framework.returns, cases, first_on, last_on)


def send_return(
    viewer: Viewer, framework: Framework, first_on: dt.date, last_on: dt.date, at: dt.datetime
) -> SentReturn:
    """Keep the return of a period as it is sent; a period is sent once.

    Raises:
        UnsafeActionError: if it was sent already, or its last day has not passed.
    """
    if SentReturn.objects.filter(
        organisation=viewer.organisation, framework=framework.id, first_on=first_on, last_on=last_on
    ).exists():
        raise UnsafeActionError(
            "The return was not sent.",
            "This period was sent already.",
            "Reconcile the one that was sent; what differs goes into the next.",
        )
    cases = {each.ref: each for each in case_list(viewer.organisation, framework.id)}
    results = count_return(viewer.organisation, framework, first_on, last_on)
    lines = {
        each.line.id: {
            ref: cases[ref].pence if each.line.counts == "pence-claimed" else 1 for ref in each.refs
        }
        for each in results
    }
    record(
        "return.sent",
        actor=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        framework=framework.id,
        first_on=first_on.isoformat(),
        last_on=last_on.isoformat(),
        lines={each.line.id: each.value for each in results},
    )
    return SentReturn.objects.create(
        framework=framework.id,
        organisation=viewer.organisation,
        first_on=first_on,
        last_on=last_on,
        lines=lines,
        sent_by=viewer.user_id,
        sent_at=at,
    )


def reconcile(
    sent: SentReturn, framework: Framework
) -> tuple[tuple[LineResult, ...], tuple[Difference, ...]]:
    """Return each line as it would be counted now, and every family by which it differs."""
    now = count_return(sent.organisation, framework, sent.first_on, sent.last_on)
    cases = case_list(sent.organisation, framework.id)
    return now, reconcile_return(sent.lines, now, cases)
