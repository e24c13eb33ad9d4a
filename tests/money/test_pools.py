"""Pools: shares, ledger and settlement lose no penny and make none."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.money.larkbridge import larkbridge_money

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.money.pools import (
    Entry,
    Line,
    Pool,
    balances_of,
    check_entry,
    divide_pence,
    replay,
    settle,
)
from wholeplace.money.pools.ledger import CASH, RISK_POOL, accounts_of, entry_for

POOL = larkbridge_money().pools["family-pool"]
DAY = dt.date(2026, 5, 1)
KINDS = {
    "contribution": [f"partner:{each}" for each in POOL.partners],
    "call": [f"partner:{each}" for each in POOL.partners],
    "return": [f"partner:{each}" for each in POOL.partners],
    "spend": [f"scheme:{each.id}" for each in POOL.schemes],
    "set-aside": [RISK_POOL],
    "draw": [RISK_POOL],
}
moves = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.sampled_from(KINDS[kind]), st.integers(1, 5_000_000))
)
shares = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.decimals(min_value=0, max_value=1, places=4),
    min_size=1,
    max_size=8,
).filter(lambda found: sum(found.values()) > 0)


@given(st.integers(-(10**13), 10**13), shares)
def test_shares_lose_no_penny_and_nobody_is_more_than_a_penny_off(
    pence: int, given_shares: dict[str, Decimal]
) -> None:
    divided = divide_pence(pence, given_shares)
    assert sum(divided.values()) == pence
    total = sum(given_shares.values())
    for name, share in given_shares.items():
        assert abs(divided[name] - Decimal(pence) * share / total) < 1
        assert share or not divided[name]


@given(st.integers(-(10**9), 10**9), shares, st.randoms())
def test_the_order_of_partners_does_not_matter(
    pence: int, given_shares: dict[str, Decimal], random: object
) -> None:
    mixed = list(given_shares.items())
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert divide_pence(pence, dict(mixed)) == divide_pence(pence, given_shares)


@given(st.integers(0, 10**9), shares)
def test_a_loss_is_divided_as_a_gain_is(pence: int, given_shares: dict[str, Decimal]) -> None:
    gain, loss = divide_pence(pence, given_shares), divide_pence(-pence, given_shares)
    assert {name: -value for name, value in loss.items()} == gain


def test_impossible_shares_are_refused() -> None:
    for wrong in ({"a": Decimal(0)}, {"a": Decimal(2), "b": Decimal(-1)}):
        with pytest.raises(ValueError, match="shares"):
            divide_pence(100, wrong)


def enter(made: list[tuple[str, str, int]]) -> list[Entry]:
    """Make each move that may be made, as the site does."""
    entries: list[Entry] = []
    for kind, account, pence in made:
        lines = entry_for(kind, account, pence)
        try:
            check_entry(POOL, balances_of(entries), lines)
        except UnsafeActionError:
            continue
        entries.append(Entry(len(entries) + 1, kind, DAY, "A move", lines))
    return entries


@given(st.lists(moves, max_size=40))
def test_the_ledger_always_balances_and_replays_to_the_same_state(
    made: list[tuple[str, str, int]],
) -> None:
    entries = enter(made)
    balances = balances_of(entries)
    assert sum(balances.values()) == 0
    assert all(sum(line.pence for line in entry.lines) == 0 for entry in entries)
    replayed = replay(POOL, entries)
    assert {key: value for key, value in replayed.items() if value} == {
        key: value for key, value in balances.items() if value
    }
    assert replay(POOL, reversed(entries)) == replayed, "whatever order they are read in"


@given(st.lists(moves, max_size=40))
def test_cash_risk_pool_and_spending_are_what_partners_put_in(
    made: list[tuple[str, str, int]],
) -> None:
    balances = replay(POOL, enter(made))
    put_in = -sum(balances[f"partner:{each}"] for each in POOL.partners)
    spent = sum(balances[f"scheme:{each.id}"] for each in POOL.schemes)
    assert balances[CASH] + balances[RISK_POOL] + spent == put_in
    assert balances[CASH] >= 0 and balances[RISK_POOL] >= 0
    for scheme in POOL.schemes:
        assert balances[f"scheme:{scheme.id}"] <= scheme.cap_pence


@given(st.lists(moves, min_size=1, max_size=20))
def test_what_was_taken_back_is_as_if_it_had_never_been(made: list[tuple[str, str, int]]) -> None:
    entries = enter(made)
    if not entries:
        return
    last = entries[-1]
    back = tuple(Line(each.account, -each.pence) for each in last.lines)
    undone = [*entries, Entry(len(entries) + 1, "reversal", DAY, "A mistake", back, last.number)]
    before = {key: value for key, value in balances_of(entries[:-1]).items() if value}
    assert {key: value for key, value in balances_of(undone).items() if value} == before


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((Line(CASH, 100),), "does not equal"),
        ((Line(CASH, 100), Line("partner:police", -99)), "does not equal"),
        ((Line(CASH, 100), Line("partner:nobody", -100)), "no account"),
        ((Line(CASH, 0), Line("partner:police", 0)), "moves nothing"),
        ((Line(CASH, -100), Line("scheme:keyworkers", 100)), "more than the pool’s cash"),
        ((Line(RISK_POOL, -100), Line(CASH, 100)), "more than the risk pool"),
    ],
)
def test_lines_that_cannot_be_are_refused(lines: tuple[Line, ...], why: str) -> None:
    with pytest.raises(UnsafeActionError, match=why):
        check_entry(POOL, dict.fromkeys(accounts_of(POOL), 0), lines)


def test_a_scheme_is_not_spent_above_its_cap() -> None:
    held = dict.fromkeys(accounts_of(POOL), 0) | {CASH: 10**9}
    cap = POOL.schemes[0].cap_pence
    check_entry(POOL, held, entry_for("spend", "scheme:keyworkers", cap))
    with pytest.raises(UnsafeActionError, match="cap of Keyworkers"):
        check_entry(POOL, held, entry_for("spend", "scheme:keyworkers", cap + 1))


spending = st.fixed_dictionaries(
    {each.id: st.integers(0, each.budget_pence * 3) for each in POOL.schemes}
)


@given(spending, st.integers(0, 5_000_000))
def test_a_settlement_accounts_for_every_penny_once(spent: dict[str, int], risk: int) -> None:
    found = settle(POOL, spent, risk)
    taken = {each.step: each.pence for each in found.steps}
    over = sum(taken.get(each, 0) for each in POOL.overspend_order)
    under = sum(taken.get(each, 0) for each in POOL.underspend_order)
    assert over == found.over_pence
    offset = taken.get("offset-underspends", 0) + taken.get("cut-uncommitted", 0)
    assert under + offset == found.under_pence
    moved = taken.get("refill-risk-pool", 0) - taken.get("risk-pool", 0)
    assert found.risk_pool_pence == risk + moved >= 0
    for each in found.steps:
        assert each.pence >= 0
        assert not each.by or sum(each.by.values()) == each.pence
    budgets = sum(each.budget_pence for each in POOL.schemes)
    assert found.over_pence - found.under_pence == sum(spent.values()) - budgets


@given(spending, st.integers(0, 5_000_000))
def test_a_later_step_bears_nothing_while_an_earlier_one_could(
    spent: dict[str, int], risk: int
) -> None:
    found = settle(POOL, spent, risk)
    taken = {each.step: each.pence for each in found.steps}
    if taken.get("risk-pool"):
        assert taken["offset-underspends"] == found.under_pence
    if taken.get("partners-by-share"):
        assert taken["risk-pool"] == risk


def test_an_overspend_goes_through_the_order_of_the_pool() -> None:
    """The order of Rotherham's pools of 2015/16: offset, risk pool, cut, then the partners."""
    found = settle(POOL, {"keyworkers": 15_500_000, "specialists": 5_900_000}, 1_000_000)
    assert [(each.step, each.pence) for each in found.steps] == [
        ("offset-underspends", 100_000),
        ("risk-pool", 1_000_000),
        ("cut-uncommitted", 0),
        ("partners-by-share", 400_000),
    ]
    assert found.steps[-1].by == {
        "council-children": 260_000, "nhs-community": 68_000, "police": 48_000,
        "housing-association": 24_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"risk_pool_pence": 5}, "do not equal"),
        ({"overspend_order": ("risk-pool",)}, "must end with"),
        ({"underspend_order": ("refill-risk-pool",)}, "must not end with"),
    ],
)
def test_a_pool_that_does_not_add_up_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Pool.model_validate(POOL.model_dump() | change)


def test_risk_shares_add_up_to_exactly_one() -> None:
    facts = POOL.model_dump()
    facts["contributions"][0]["risk_share"] = "0.6499"
    with pytest.raises(ValidationError, match="exactly 1"):
        Pool.model_validate(facts)
