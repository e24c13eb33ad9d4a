"""Claim rules in plain Python: slow, short, and the judge of the SQL in `engine.py`.

Read this file to know exactly what a rule means. Every failed rule is listed, not the first alone,
with each test that failed, what was found and which events show it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholeplace.outcomes.claims.facts import Fact, FamilyFacts
from wholeplace.partnership.programmes.terms import ClaimRoute, ClaimRule, ClaimTerms, FactTest

__all__ = ["Judgement", "RuleResult", "TestResult", "judge_claim", "passes"]


@dataclass(frozen=True)
class TestResult:
    """One test of one rule."""

    __test__ = False

    test: FactTest
    passed: bool
    found: Fact
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class RuleResult:
    """One rule of a claim.

    Attributes:
        tests: of the list of tests that came nearest; all of them, passed or not.
    """

    rule: ClaimRule
    passed: bool
    tests: tuple[TestResult, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        """Events that the rule rests on."""
        return tuple(sorted({each for test in self.tests for each in test.evidence}))


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one family.

    Attributes:
        routes: routes whose rules all pass, in the order written.
    """

    ref: str
    rules: tuple[RuleResult, ...]
    routes: tuple[ClaimRoute, ...]

    @property
    def is_eligible(self) -> bool:
        """Whether every rule of eligibility passes."""
        return all(each.passed for each in self.rules if each.rule.stage == "eligibility")

    @property
    def is_valid(self) -> bool:
        """Whether a result may be claimed: some route that is no extra passes whole."""
        return any(not each.is_extra for each in self.routes)

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """Every rule that does not pass."""
        return tuple(each for each in self.rules if not each.passed)


def judge_claim(terms: ClaimTerms, facts: FamilyFacts) -> Judgement:
    """Return what every rule says of one family."""
    results = tuple(_judge_rule(rule, facts) for rule in terms.rules)
    passed = {each.rule.id for each in results if each.passed}
    routes = tuple(route for route in terms.routes if passed.issuperset(route.rules))
    return Judgement(facts.ref, results, routes)


def _judge_rule(rule: ClaimRule, facts: FamilyFacts) -> RuleResult:
    lists = [
        tuple(
            TestResult(
                test,
                passes(test, facts.values),
                facts.values.get(test.fact),
                tuple(facts.evidence.get(test.fact, ())),
            )
            for test in tests
        )
        for tests in rule.alternatives
    ]
    best = max(lists, key=_nearness)
    return RuleResult(rule, all(each.passed for each in best), best)


def _nearness(results: Sequence[TestResult]) -> tuple[bool, int]:
    return all(each.passed for each in results), sum(each.passed for each in results)


def passes(test: FactTest, values: Mapping[str, Fact]) -> bool:
    """Whether one test passes; a fact that is not known passes none but `known: false`."""
    value = values.get(test.fact)
    if test.known is not None:
        return (value is not None) == test.known
    if value is None:
        return False
    if test.equals is not None:
        return isinstance(value, bool) and value == test.equals
    if test.not_before is not None:
        other = values.get(test.not_before)
        if not isinstance(value, dt.date) or not isinstance(other, dt.date):
            return False
        return value >= other + dt.timedelta(days=test.by_days)
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    if test.at_least is not None:
        return value >= test.at_least
    if test.at_most is not None:
        return value <= test.at_most
    before = values.get(str(test.since))
    if isinstance(before, bool) or not isinstance(before, int) or test.falls_by_percent is None:
        return False
    # Whole numbers, so that both engines agree to the last case: a fall of p per cent or more.
    return value * 100 <= before * (100 - test.falls_by_percent)
