"""Words that pages of outcomes share: rules, facts and evidence as people read them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest

from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.outcomes.claims.judging import RuleResult, TestResult
from wholeplace.partnership.claim_departures import describe_test
from wholeplace.partnership.programmes.terms import ClaimTerms
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.outcomes.checking import Checked

__all__ = ["names_of", "rule_lines", "say_fact", "viewer_or_404"]


def viewer_or_404(request: HttpRequest) -> Viewer:
    """Return who looks; a page that admits somebody always has one."""
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer


def names_of(user_ids: Iterable[str]) -> dict[str, str]:
    """Return users' names by their ids."""
    keys = [int(each) for each in user_ids if each.isdigit()]
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)}


def say_fact(value: Any) -> str:
    """Return a fact as people read it."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def rule_lines(
    terms: ClaimTerms, checked: Checked, seen: Mapping[str, SeenItem]
) -> list[dict[str, Any]]:
    """Return every rule with its tests, what was found, and the evidence that may be seen."""
    labels = {each.id: each.label for each in terms.counts}
    needs = {
        event_id: need.need
        for need in (*checked.facts.at_start, *checked.facts.since)
        for event_id in need.event_ids
    }
    words = {
        need.id: need.label for headline in checked.framework.headlines for need in headline.needs
    }
    return [
        {
            "result": each,
            "tests": [_test_line(test, labels) for test in each.tests],
            "evidence": _evidence(each, seen, needs, words),
            "unseen": len([e for e in each.evidence if e not in seen]),
        }
        for each in checked.judgement.rules
    ]


def _test_line(test: TestResult, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "passed": test.passed,
        "words": describe_test(test.test, labels),
        "found": say_fact(test.found),
    }


def _evidence(
    result: RuleResult, seen: Mapping[str, SeenItem], needs: dict[str, str], words: dict[str, str]
) -> list[dict[str, Any]]:
    terms = current_place().terms
    return [
        {
            "partner": terms.words("partner", seen[each].partner),
            "item": seen[each],
            "need": words.get(needs.get(each, ""), ""),
            "clauses": seen[each].clauses,
        }
        for each in result.evidence
        if each in seen
    ]
