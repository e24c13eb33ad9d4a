"""The SQL engine and the plain reference say the same of every random family, under random rules."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wholeplace.foundation.store import Store
from wholeplace.outcomes.claims.engine import check_claims, facts_table
from wholeplace.outcomes.claims.facts import FamilyFacts, fact_kinds
from wholeplace.outcomes.claims.judging import judge_claim
from wholeplace.partnership import list_frameworks, load_framework
from wholeplace.partnership.programmes.terms import (
    ClaimRoute,
    ClaimRule,
    ClaimTerms,
    FactTest,
)

FIRST = dt.date(2024, 1, 1)
days = st.none() | st.integers(0, 400).map(lambda n: FIRST + dt.timedelta(days=n))
counts = st.none() | st.integers(0, 12)
yes_no = st.none() | st.booleans()
_VALUES = {"day": days, "count": counts, "yes-no": yes_no}
CLAIMS = [
    (each.id, each.version)
    for each in list_frameworks()
    if load_framework(each.id, each.version).claims is not None
]


def terms_of(framework: tuple[str, str]) -> ClaimTerms:
    terms = load_framework(*framework).claims
    assert terms is not None
    return terms


def families(terms: ClaimTerms, number: int) -> st.SearchStrategy[list[FamilyFacts]]:
    kinds = fact_kinds(terms)
    values = st.fixed_dictionaries({name: _VALUES[kind] for name, kind in kinds.items()})
    return st.lists(values, min_size=number, max_size=number).map(
        lambda rows: [FamilyFacts(f"F-{n:05d}", row) for n, row in enumerate(rows)]
    )


def agree(store: Store, terms: ClaimTerms, found: list[FamilyFacts]) -> None:
    store.register("claim_facts", facts_table(terms, found))
    check_claims(store, terms)
    rules = {(r["ref"], r["rule"]): r["passed"] for r in store.rows("FROM claim_rules")}
    verdicts = {row["ref"]: row for row in store.rows("FROM claim_verdicts")}
    assert len(verdicts) == len(found)
    for facts in found:
        plain = judge_claim(terms, facts)
        assert {each.rule.id: each.passed for each in plain.rules} == {
            each.id: rules[facts.ref, each.id] for each in terms.rules
        }
        verdict = verdicts[facts.ref]
        assert verdict["is_eligible"] == plain.is_eligible
        assert verdict["is_valid"] == plain.is_valid
        assert verdict["routes"] == ",".join(each.id for each in plain.routes)


_COUNTS = ("needs_at_start", "headlines_at_start", "needs_unmet", "in_work_days")
_DAYS = ("joined_on", "assessed_on", "planned_on", "closed_on")
tests = st.one_of(
    st.builds(FactTest, fact=st.sampled_from(_COUNTS), at_least=st.integers(0, 6)),
    st.builds(FactTest, fact=st.sampled_from(_COUNTS), at_most=st.integers(0, 6)),
    st.builds(FactTest, fact=st.sampled_from(("has_lead", "expects_child")), equals=st.booleans()),
    st.builds(FactTest, fact=st.sampled_from(_DAYS + _COUNTS), known=st.booleans()),
    st.builds(
        FactTest,
        fact=st.sampled_from(_DAYS),
        not_before=st.sampled_from(_DAYS),
        by_days=st.integers(0, 200),
    ),
    st.builds(
        FactTest,
        fact=st.sampled_from(_COUNTS),
        falls_by_percent=st.integers(1, 100),
        since=st.sampled_from(_COUNTS),
    ),
)
alternatives = st.lists(st.lists(tests, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)


@st.composite
def random_terms(draw: Any) -> ClaimTerms:
    lists = draw(st.lists(alternatives, min_size=1, max_size=5))
    rules = tuple(
        ClaimRule(
            id=f"rule-{n}",
            label="A rule",
            stage=draw(st.sampled_from(("eligibility", "result"))),
            either=tuple(each),
            mend="",
            source="",
        )
        for n, each in enumerate(lists)
    )
    ids = [each.id for each in rules]
    routes = tuple(
        ClaimRoute(
            id=f"route-{n}",
            label="A route",
            rules=tuple(draw(st.lists(st.sampled_from(ids), unique=True))),
            is_extra=draw(st.booleans()),
        )
        for n in range(draw(st.integers(1, 3)))
    )
    return ClaimTerms(sustained_days=0, rules=rules, routes=routes)


# 25 worlds of 200 families: 5,000 random families, each under random rules.
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_engines_agree_under_random_rules(data: Any) -> None:
    terms = data.draw(random_terms())
    kinds = fact_kinds(terms)
    seed = random.Random(data.draw(st.integers(0, 2**32)))
    found = [FamilyFacts(f"F-{n:05d}", _random_values(seed, kinds)) for n in range(200)]
    with Store(threads=1) as store:
        agree(store, terms, found)


def _random_values(chance: random.Random, kinds: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, kind in kinds.items():
        if chance.random() < 0.15:
            made[name] = None
        elif kind == "day":
            made[name] = FIRST + dt.timedelta(days=chance.randrange(400))
        elif kind == "yes-no":
            made[name] = chance.random() < 0.5
        else:
            made[name] = chance.randrange(13)
    return made


@pytest.mark.parametrize("framework", CLAIMS, ids=" ".join)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_engines_agree_on_each_framework(framework: tuple[str, str], data: Any) -> None:
    terms = terms_of(framework)
    with Store(threads=1) as store:
        agree(store, terms, data.draw(families(terms, 5)))
