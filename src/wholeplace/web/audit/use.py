"""The page "How clauses are used": what to prune, and what to renegotiate."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.agreements.account.clause_use import (
    RepeatedRefusal,
    UseReport,
    round_count,
    use_figures,
)
from wholeplace.agreements.deciding.decision import NearMissKind
from wholeplace.agreements.deciding.rules import OWN_DATA, BoundClause, Rules
from wholeplace.agreements.texts.wording import and_list, in_sentence
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.roles import acting_role
from wholeplace.web.audit.folding import read_report
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["as_mapping", "clause_use"]

_PERIODS = {"30": "30 days", "90": "90 days", "365": "a year"}
_SHOWN = 40
_BUT_FOR: dict[NearMissKind, str] = {
    "role": "another role would see it",
    "purpose": "it would be seen for another purpose",
    "standing": "the agreement is not in force",
    "consent": "with consent it would be seen",
    "factors": "with enough known difficulties in the household it would be seen",
    "reason": "with a live reason it would be seen",
}


@route(roles=["data-protection-officer", "programme-lead", "signatory"], shows="counts")
@require_safe
def clause_use(request: HttpRequest) -> HttpResponse:
    """Show which clauses nobody used, what was refused repeatedly, and what is seen most."""
    user, place = request.user, current_place()
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    days = request.GET.get("days", "")
    days = days if days in _PERIODS else "90"
    # A signatory answers for one partner's agreements, and reads of those alone.
    partner = user.organisation if acting_role(request) == "signatory" else ""
    record("audit.use-viewed", actor=str(user.pk), organisation=user.organisation, days=days)
    rules = place.rules(place.today)
    starts_on = place.today - dt.timedelta(days=int(days) - 1)
    report = read_report(rules, starts_on, place.today, partner)
    shown = {
        **_shown(report, rules),
        "report": report,
        "periods": _PERIODS,
        "days": days,
        "partner": rules.terms.words("partner", partner) if partner else "",
        "repeated": use_figures().repeated,
    }
    return render(request, "audit/use.html", shown)


def as_mapping(report: UseReport, rules: Rules) -> dict[str, Any]:
    """Return the report for programs; counts about residents are rounded here too."""
    return {
        "starts_on": report.starts_on.isoformat(),
        "ends_on": report.ends_on.isoformat(),
        "ruleset": rules.hash,
        "unused": [each.ref for each in report.unused],
        "used": [
            {"clause": each.bound.ref, "sights": round_count(each.sights)} for each in report.used
        ],
        "refused": [
            {
                "organisation": each.organisation,
                "role": each.role,
                "purpose": each.purpose,
                "source": each.source,
                "field": each.field,
                "blocks": list(each.blocks),
                "requests": round_count(each.requests),
                "practitioners": _few(each.practitioners),
                "near_misses": [
                    {"but_for": one.but_for, "clause": one.clause} for one in each.near_misses
                ],
            }
            for each in report.refusals
        ],
        "seen": [
            {
                "source": each.source,
                "field": each.field,
                "agreement": each.agreement,
                "sights": round_count(each.sights),
            }
            for each in report.seen
        ],
    }


def _shown(report: UseReport, rules: Rules) -> dict[str, Any]:
    unused: dict[str, list[dict[str, Any]]] = {}
    refusals = _refusals(report, rules)
    for bound in report.unused:
        unused.setdefault(bound.agreement.title, []).append(_clause(bound, rules))
    return {
        "unused": unused,
        "used": [
            {**_clause(each.bound, rules), "sights": round_count(each.sights)}
            for each in report.used[:_SHOWN]
        ],
        "refusals": refusals[:_SHOWN],
        "refusals_left": max(0, len(refusals) - _SHOWN),
        "seen": [
            {
                "source": rules.terms.words("partner", each.source),
                "field": rules.terms.words("field", each.field),
                "agreement": _title(each.agreement, rules),
                "sights": round_count(each.sights),
            }
            for each in report.seen[:_SHOWN]
        ],
    }


def _clause(bound: BoundClause, rules: Rules) -> dict[str, Any]:
    terms, clause = rules.terms, bound.clause
    return {
        "ref": bound.ref,
        "agreement_id": bound.agreement.id,
        "id": clause.id,
        "source": terms.words("partner", clause.source),
        "recipients": and_list(terms.words("partner", each) for each in bound.recipients),
        "purpose": in_sentence(terms.words("purpose", clause.purpose)),
        "fields": and_list(in_sentence(terms.words("field", each)) for each in clause.fields),
        "since": bound.agreement.starts_on,
        "needs_consent": clause.consent == "required",
    }


def _refusals(report: UseReport, rules: Rules) -> list[dict[str, Any]]:
    """Return what was refused, fields together where the same people were as near to seeing them."""
    alike: dict[tuple[Any, ...], list[RepeatedRefusal]] = {}
    for each in report.refusals:
        near = frozenset((one.clause, one.but_for) for one in each.near_misses)
        key = (each.organisation, each.role, each.purpose, each.source, near)
        alike.setdefault(key, []).append(each)
    # Those that one change would answer come first: they can be renegotiated.
    ordered = sorted(alike.values(), key=lambda together: not together[0].near_misses)
    return [_refusal(together, rules) for together in ordered]


def _refusal(together: Sequence[RepeatedRefusal], rules: Rules) -> dict[str, Any]:
    terms, first = rules.terms, together[0]
    return {
        "organisation": terms.words("partner", first.organisation),
        "role": in_sentence(terms.words("role", first.role)),
        "purpose": in_sentence(terms.words("purpose", first.purpose)),
        "source": terms.words("partner", first.source),
        "fields": and_list(
            sorted({in_sentence(terms.words("field", each.field)) for each in together})
        ),
        "requests": round_count(max(each.requests for each in together)),
        "practitioners": _few(max(each.practitioners for each in together)),
        "near": [
            {
                "clause": each.clause,
                "agreement_id": each.clause.partition("/")[0],
                "id": each.clause.partition("/")[2],
                "words": _BUT_FOR[each.but_for],
            }
            for each in _once(first)
        ],
    }


def _once(refusal: RepeatedRefusal) -> Iterable[Any]:
    return {(each.clause, each.but_for): each for each in refusal.near_misses}.values()


def _few(count: int) -> str:
    few = use_figures().few_practitioners
    return f"fewer than {few}" if count < few else str(count)


def _title(agreement: str, rules: Rules) -> str:
    if agreement == OWN_DATA:
        return "Its own use"
    found = rules.agreements.get(agreement)
    return found.title if found else f"{agreement} (ended)"
