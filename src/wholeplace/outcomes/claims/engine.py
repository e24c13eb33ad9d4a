"""Claim rules over any number of families at once, in SQL through the store.

Enters a table `claim_facts`: grain ref; a column for each fact of `facts.fact_kinds` (days as DATE,
counts as BIGINT, yes or no as BOOLEAN, NULL where not known). Leaves `claim_rules` (grain ref, rule)
and `claim_verdicts` (grain ref; routes are the ids of those earned, with commas between). What a rule means is written in `judging.py`; a law holds the two
equal. Only the words of the tests become SQL; every value goes in as a parameter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.store import SqlFile, Store, quote_name
from wholeplace.outcomes.claims.facts import FamilyFacts, fact_kinds
from wholeplace.partnership.programmes.terms import ClaimRule, ClaimTerms, FactTest

__all__ = ["check_claims", "facts_table"]

_TYPES = {"day": pa.date32(), "yes-no": pa.bool_(), "count": pa.int64()}


def facts_table(terms: ClaimTerms, facts: Iterable[FamilyFacts]) -> pa.Table:
    """Return the facts of some families as table `claim_facts`."""
    kinds = fact_kinds(terms)
    rows = [{"ref": each.ref, **{name: each.values.get(name) for name in kinds}} for each in facts]
    schema = pa.schema(
        [
            pa.field("ref", pa.string(), nullable=False),
            *(pa.field(name, _TYPES[kind]) for name, kind in kinds.items()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


@dataclass
class _Rules:
    params: dict[str, Any] = field(default_factory=dict)

    def add(self, value: Any) -> str:
        name = f"v{len(self.params)}"
        self.params[name] = value
        return f"${name}"


def check_claims(store: Store, terms: ClaimTerms) -> int:
    """Build `claim_rules` and `claim_verdicts` from `claim_facts`; return how many families.

    Raises:
        WholeplaceError: if a rule asks for a fact that there is not.
    """
    _check_facts(terms)
    rules = _Rules()
    wide = ", ".join(f"({_rule_sql(rules, rule)}) AS {quote_name(rule.id)}" for rule in terms.rules)
    wide_file = SqlFile(
        "claim_tests",
        f"SELECT ref, {wide} FROM claim_facts",
        ("ref",),
        ("claim_facts",),
        tuple(rules.params),
        "",
    )
    store.materialise(wide_file, rules.params)
    columns = ", ".join(quote_name(rule.id) for rule in terms.rules)
    store.run(
        "CREATE OR REPLACE TABLE claim_rules AS "
        f"SELECT ref, rule, passed FROM (UNPIVOT claim_tests ON {columns} INTO NAME rule VALUE passed)"
    )
    eligible = [rule.id for rule in terms.rules if rule.stage == "eligibility"]
    routes = [
        (route, " AND ".join(quote_name(each) for each in route.rules) or "true")
        for route in terms.routes
    ]
    is_valid = " OR ".join(f"({test})" for route, test in routes if not route.is_extra) or "false"
    earned = _Rules()
    listed = ", ".join(
        f"CASE WHEN {test} THEN {earned.add(route.id)}::VARCHAR END" for route, test in routes
    )
    verdicts = SqlFile(
        "claim_verdicts",
        f"SELECT ref, {' AND '.join(quote_name(each) for each in eligible) or 'true'} AS is_eligible, "
        f"{is_valid} AS is_valid, concat_ws(',', {listed}) AS routes "
        "FROM claim_tests",
        ("ref",),
        ("claim_tests",),
        tuple(earned.params),
        "",
    )
    return store.materialise(verdicts, earned.params)


def _check_facts(terms: ClaimTerms) -> None:
    kinds = fact_kinds(terms)
    asked = {
        name
        for rule in terms.rules
        for tests in rule.alternatives
        for test in tests
        for name in (test.fact, test.not_before, test.since)
        if name is not None
    }
    if unknown := sorted(asked - kinds.keys()):
        raise WholeplaceError(
            "The claims were not checked.",
            f"The rules ask for facts that there are not: {', '.join(unknown)}.",
            "Correct the rules, or count the facts in the framework's `counts`.",
        )


def _rule_sql(rules: _Rules, rule: ClaimRule) -> str:
    return " OR ".join(f"({_tests_sql(rules, tests)})" for tests in rule.alternatives)


def _tests_sql(rules: _Rules, tests: Sequence[FactTest]) -> str:
    # A fact that is not known is NULL and every comparison with it too: no test passes by it.
    return " AND ".join(f"coalesce({_test_sql(rules, test)}, false)" for test in tests)


def _test_sql(rules: _Rules, test: FactTest) -> str:
    fact = quote_name(test.fact)
    if test.known is not None:
        return f"({fact} IS NOT NULL) = {rules.add(test.known)}"
    if test.equals is not None:
        return f"{fact} = {rules.add(test.equals)}"
    if test.at_least is not None:
        return f"{fact} >= {rules.add(test.at_least)}"
    if test.at_most is not None:
        return f"{fact} <= {rules.add(test.at_most)}"
    if test.not_before is not None:
        return f"{fact} >= {quote_name(test.not_before)} + {rules.add(test.by_days)}::INTEGER"
    left = 100 - (test.falls_by_percent or 0)
    return f"{fact} * 100 <= {quote_name(str(test.since))} * {rules.add(left)}"
