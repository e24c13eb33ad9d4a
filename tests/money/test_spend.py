"""The count of public money: rows taken or refused with their reasons, and totals that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.protected import ProtectedCount
from wholeplace.larkbridge.definitions import place_source
from wholeplace.money.spend import (
    BudgetLine,
    NeedCount,
    count_spend,
    read_budget,
    spend_on_families,
)
from wholeplace.money.spend.budgets import THEMES

NEEDS = {"supporting-families/persistent-absence"}
HEAD = "line,service,theme,pounds,need,area\n"
lines = st.builds(
    BudgetLine,
    st.text("ABC123", min_size=1, max_size=4),
    st.just("A service"),
    st.sampled_from(sorted(THEMES)),
    st.integers(1, 10**10),
    st.sampled_from(["", "n/one", "n/two"]),
    st.sampled_from(["", "W1", "W2"]),
)
budgets = st.dictionaries(
    st.sampled_from(["police", "council", "nhs"]), st.lists(lines, max_size=6).map(tuple)
)


def read(text: str) -> object:
    return read_budget((HEAD + text).encode(), needs=NEEDS, areas={"W1"})


def test_a_sound_file_is_taken_whole() -> None:
    found = read(
        'C1,Attendance,education,"£330,000.50",supporting-families/persistent-absence,\n'
        "C2,Wardens,community,88000,,W1\n\n"
    )
    assert not found.faults and found.total_pence == 41_800_050  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C1,Attendance,education,-5,,", "pounds"), ("C1,Attendance,education,1.005,,", "pounds"),
        ("C1,Attendance,education,1e9,,", "pounds"), ("C1,Attendance,education,,,", "pounds"),
        ("C1,Attendance,schooling,5,,", "theme"), ("C1,,education,5,,", "service"),
        ("=C1,Attendance,education,5,,", "line"), ("C1,Attendance,education,5,no/such,", "need"),
        ("C1,Attendance,education,5,,W9", "area"), ("C1,Attendance,education,5", ""),
    ],
)  # fmt: skip
def test_each_fault_names_its_row_and_column(row: str, column: str) -> None:
    found = read(f"A1,Good,education,5,,\n{row}\n")
    (fault,) = found.faults  # type: ignore[attr-defined]
    assert (fault.row, fault.column) == (3, column) and fault.why


def test_every_fault_is_named_at_once_and_doubled_codes_too() -> None:
    found = read("C1,,education,x,,\nC1,Good,education,5,,\n")
    assert [(each.row, each.column) for each in found.faults] == [  # type: ignore[attr-defined]
        (2, "pounds"), (2, "service"), (3, "line"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"a,b\n1,2\n",
        HEAD.encode(),
        b"PK\x03\x04\x00\x00",
        (HEAD + '"x').encode(),
    ],
)
def test_what_is_no_budget_is_refused_in_words(content: bytes) -> None:
    found = read_budget(content, needs=(), areas=())
    assert not found.lines and len(found.faults) == 1


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    read_budget(content, needs=(), areas=())
    read_budget(HEAD.encode() + content, needs=(), areas=())


@given(budgets)
def test_every_way_of_adding_up_comes_to_the_same(
    given_budgets: dict[str, tuple[BudgetLine, ...]],
) -> None:
    count = count_spend(given_budgets)
    total = sum(each.pence for of in given_budgets.values() for each in of)
    assert count.total_pence == total
    assert sum(count.of_body(each) for each in count.bodies) == total
    assert sum(count.of_theme(each) for each in count.themes) == total
    assert sum(count.by_need.values()) == sum(count.by_area.values()) == total
    for overlap in count.overlaps:
        assert len(overlap.by) > 1 and overlap.pence == count.by_need[overlap.need]


@given(budgets, st.integers(8, 500), st.integers(0, 500))
def test_no_more_is_spent_around_families_than_at_all(
    given_budgets: dict[str, tuple[BudgetLine, ...]], everybody: int, several: int
) -> None:
    counts = [
        NeedCount("n/one", ProtectedCount(min(several, everybody)), ProtectedCount(everybody)),
        NeedCount("n/two", ProtectedCount(None, "small"), ProtectedCount(everybody)),
    ]
    found = spend_on_families(given_budgets, counts, ProtectedCount(20))
    own = {
        need: sum(e.pence for of in given_budgets.values() for e in of if e.need == need)
        for need in ("n/one", "n/two")
    }
    assert 0 <= found.total_pence <= own["n/one"] + len(found.by_body) * 6
    assert found.left_out.get("n/two", 0) == own["n/two"], "a hidden count is left out and named"


def test_hidden_households_give_no_amount_for_each() -> None:
    found = spend_on_families({}, [], ProtectedCount(None, "small"))
    assert found.per_household(100) is None


def test_larkbridges_budgets_are_sound() -> None:
    files = sorted((place_source() / "money").glob("budget-*.csv"))
    assert len(files) == 10
    text = b"".join(each.read_bytes() for each in files).decode()
    needs = {cell for cell in text.replace("\n", ",").split(",") if cell.startswith("supporting-")}
    for path in files:
        found = read_budget(path.read_bytes(), needs=needs, areas={"LBW04", "LBW05"})
        assert found.lines and not found.faults, path.name
