"""Contracts: what keeps them from being frozen, and what is paid. Published figures reproduced."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.money.contracts.contracts import TERMS, TODAY

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.money.contracts.life import (
    CONTRACT_LIFE,
    PAYMENT_LIFE,
    SECOND,
    WRITER,
    contract_actors,
)
from wholeplace.money.contracts.payments import co_fund, outcome_due, relative_fall, split_payment
from wholeplace.money.contracts.terms import (
    WHOLE_SHARE,
    Provider,
    find_faults,
    hash_members,
    hash_terms,
)


def test_peterborough_bond_cohort_one_was_below_its_threshold_and_the_pool_above() -> None:
    """Civil Society; Pioneers Post: 142 against 155 for each 100, threshold 10 per cent; pooled 9 ≥ 7.5."""
    fall = relative_fall(Fraction(142), Fraction(155))
    assert fall is not None and round(float(fall) * 100, 2) == 8.39
    assert fall * 1000 < 100, "below 10 per cent: no payment for the cohort alone"
    assert Fraction(9, 100) * 1000 >= 75, "the pooled cohorts reach 7.5 per cent: paid"
    price = TERMS.price.model_copy(update={"least_fall_tenths": 100})
    missed = TERMS.model_copy(
        update={
            "price": price,
            "cohort": TERMS.cohort.model_copy(update={"size": 1000}),
            "counterfactual": TERMS.counterfactual.model_copy(update={"rate_per_1000": 155}),
        }
    )
    assert outcome_due(missed, 142).pence == 0
    pooled = missed.model_copy(update={"price": price.model_copy(update={"least_fall_tenths": 75})})
    assert outcome_due(pooled, 142).people == 13


def test_life_chances_fund_brings_the_local_share_with_it() -> None:
    """Manchester Community Central: £80m at 20 per cent gives £320m local and £400m in all."""
    assert co_fund(8_000_000_000, 20) == (32_000_000_000, 40_000_000_000)


def test_what_is_paid_follows_from_what_was_measured() -> None:
    due = outcome_due(TERMS, 50)
    assert (due.expected, due.people) == (78, 28)
    assert due.pence == 28 * 120_000 and due.central_pence == due.pence // 5
    assert due.local_pence + due.central_pence == due.pence
    assert outcome_due(TERMS, 0).pence == 6_000_000, "never more than the most"
    assert outcome_due(TERMS, 0).is_held and outcome_due(TERMS, 95).is_held
    assert outcome_due(TERMS, 90).pence == 0, "more than expected is no outcome"
    erased = outcome_due(TERMS, 50, measured=80)
    assert erased.expected == Fraction(624, 10) and erased.people == 12, (
        "nobody gone counts as helped"
    )
    for observed, measured in ((101, None), (50, 49), (50, 101)):
        with pytest.raises(UnsafeActionError):
            outcome_due(TERMS, observed, measured)


@given(st.integers(0, 100), st.integers(0, 100))
def test_fewer_with_the_need_never_pays_less(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert outcome_due(TERMS, fewer).pence >= outcome_due(TERMS, more).pence


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=6),
    st.integers(0, 10**12),
)
def test_a_payment_is_shared_to_the_penny(weights: list[int], pence: int) -> None:
    whole = sum(weights)
    points = [weight * WHOLE_SHARE // whole for weight in weights]
    points[0] += WHOLE_SHARE - sum(points)
    providers = tuple(
        Provider(org_id=f"GB-CHC-{n}", name="P", share_points=each) for n, each in enumerate(points)
    )
    parts = split_payment(TERMS.model_copy(update={"providers": providers}), pence)
    assert sum(parts.values()) == pence
    for provider in providers:
        exact = Fraction(pence * provider.share_points, WHOLE_SHARE)
        assert abs(parts[provider.org_id] - exact) < 1


def test_shares_that_do_not_make_the_whole_are_refused() -> None:
    short = TERMS.model_copy(update={"providers": TERMS.providers[:2]})
    assert any("85 per cent" in each for each in find_faults(short, TODAY))
    with pytest.raises(UnsafeActionError):
        split_payment(short, 100)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"joint_working": ("one-plan",)}, "Joint working is not written in"),
        ({"starts_on": TODAY}, "not in the future"),
        ({"measured_on": dt.date(2026, 1, 31)}, "before work begins"),
        ({"ends_on": dt.date(2026, 1, 31)}, "not after the first"),
        ({"social_value": {"stays": 90}}, "make 100 together"),
        ({"providers": ()}, "Each provider stands once"),
    ],
)
def test_what_keeps_a_contract_from_being_frozen(changed: dict[str, object], said: str) -> None:
    assert not find_faults(TERMS, TODAY)
    assert any(said in each for each in find_faults(TERMS.model_copy(update=changed), TODAY))


def test_any_other_word_is_another_hash() -> None:
    assert hash_terms(TERMS) == hash_terms(
        type(TERMS).model_validate(TERMS.model_dump(mode="json"))
    )
    others = {
        hash_terms(TERMS.model_copy(update=each))
        for each in (
            {"measured_on": dt.date(2027, 2, 2)},
            {"counterfactual": TERMS.counterfactual.model_copy(update={"rate_per_1000": 781})},
            {"cohort": TERMS.cohort.model_copy(update={"members_hash": "1" * 64})},
        )
    }
    assert len(others) == 3 and hash_terms(TERMS) not in others
    assert hash_members(["b", "a", "b"]) == hash_members(["a", "b"]) != hash_members(["a"])


def test_whoever_writes_does_not_freeze_and_whoever_computes_does_not_approve() -> None:
    for life, event in ((CONTRACT_LIFE, "freeze"), (PAYMENT_LIFE, "approve")):
        step = next(each for each in life.steps if each.event == event)
        assert step.actors == {SECOND}
    mine = contract_actors("1", "a", "commissioner", written_by="1", of="a")
    theirs = contract_actors("2", "a", "finance-lead", written_by="1", of="a")
    assert (mine, theirs) == ({WRITER}, {SECOND})
    assert not contract_actors("2", "b", "commissioner", written_by="1", of="a")
    assert not contract_actors("2", "a", "analyst", written_by="1", of="a")


def test_nothing_leads_back_from_frozen_to_a_draft() -> None:
    reached, before = {"frozen"}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {each.target for each in CONTRACT_LIFE.steps if reached & set(each.sources)}
    assert reached == {"frozen", "running", "ended"}
