"""Two texts compared, drafts with faults at their places, and days ahead that people are told of."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import (
    MemorySignOffs,
    Termination,
    agreement_hash,
    check_draft,
    compare_agreements,
    find_deadlines,
    standings,
)
from wholeplace.agreements.drafting.draft import (
    agreement_of,
    blank_draft,
    next_version,
    parts_that_differ,
    read_draft_text,
    renewed_draft,
    write_draft_text,
)

from .worlds import SIGNED_AT, TERMS, TODAY, agreement, clause, signed, suspended, worlds

ONE_DAY = dt.timedelta(days=1)


def test_clauses_are_compared_by_their_ids() -> None:
    old = agreement("old", clause("kept"), clause("gone"), clause("other", level="detail"))
    new = agreement(
        "new", clause("new"), clause("other", level="summary", onward=True), clause("kept"),
        title="Another title",
    )  # fmt: skip
    found = compare_agreements(old, new, TERMS)
    assert [(each.id, each.kind) for each in found.clauses] == [
        ("new", "added"),
        ("other", "changed"),
        ("kept", "same"),
        ("gone", "removed"),
    ]
    assert [(each.what, each.before, each.after) for each in found.clauses[1].changes] == [
        ("How much", "detail", "summary"),
        ("Passing on", "not allowed", "allowed"),
    ]
    assert [each.what for each in found.whole] == ["Title"]
    assert compare_agreements(old, old.model_copy(update={"id": "x"}), TERMS).is_same


def test_a_party_that_leaves_is_a_change_of_the_whole() -> None:
    old = agreement()
    new = old.model_copy(update={"parties": old.parties[:2]})
    (change,) = compare_agreements(old, new, TERMS).whole
    assert (change.what, change.after) == ("Party: The Clinic", "not a party")


@given(worlds())
def test_a_renewed_text_is_the_same_but_for_what_says_that_it_is_new(world: Any) -> None:
    old = world.agreements[0]
    data = renewed_draft(old, {old.id, f"{old.id}-v2"}, TODAY, old.vocabulary)
    text = write_draft_text(data)
    read, faults = read_draft_text(text, "x")
    assert (read, faults) == (data, []), "what is written is what is read"
    assert write_draft_text(read or {}) == text
    made = agreement_of(data)
    assert made is not None
    assert (made.id, made.supersedes) == (f"{old.id}-v3", old.id)
    assert made.clauses == old.clauses and made.parties == old.parties
    assert made.ends_on > TODAY and made.starts_on <= made.review_on <= made.ends_on
    assert agreement_hash(made) != agreement_hash(old)


@pytest.mark.parametrize(("before", "after"), [("1.0", "2.0"), ("3", "4.0"), ("b", "b (new)")])
def test_versions_go_on(before: str, after: str) -> None:
    assert next_version(before) == after


def test_each_fault_stands_at_its_place() -> None:
    data = blank_draft("new-one", "A new one", "council", TODAY, 1)
    data |= {"why": "So.", "dpia": "D", "contact": "c", "purposes": ["safeguarding"]}
    data["parties"] = [
        {"partner": each, "lawful_basis": "6(1)(e)", "legal_power": "An Act"}
        for each in ("council", "police")
    ]
    data["clauses"] = [
        clause(name, purpose="safeguarding", fields=("contact",)).model_dump(mode="json")
        | {"level": "summary"}
        for name in ("a", "b")
    ]
    assert check_draft(data, TERMS) == []
    data["clauses"][1]["roles"] = ["practitioner", "wizard"]
    data["parties"][0]["lawful_basis"] = "6(9)"
    found = {each.path: each.what for each in check_draft(data, TERMS)}
    assert found == {
        ("clauses", 1, "roles", 1): "there is no role “wizard”",
        ("parties", 0, "lawful_basis"): "“6(9)” is not a lawful basis",
    }
    del data["starts_on"]
    assert [(each.path, each.what) for each in check_draft(data, TERMS)] == [
        ((), "`starts_on` is missing")
    ]
    assert check_draft(data | {"id": "drafts"}, TERMS)[-1].path == ("id",)


@given(st.dictionaries(st.sampled_from(["id", "clauses", "parties", "title", "x"]), st.one_of(st.none(), st.text(), st.lists(st.one_of(st.integers(), st.text(), st.dictionaries(st.text(max_size=3), st.text(max_size=3)))))))  # fmt: skip
def test_whatever_is_written_is_told_and_never_breaks(data: dict[str, Any]) -> None:
    faults = check_draft(data, TERMS)
    assert faults and all(each.words for each in faults)
    assert isinstance(parts_that_differ(data, {}), list)


def told(on: dt.date, *texts: Any, records: Any = None) -> list[tuple[str, int, int]]:
    records = records or signed(*texts)
    found = find_deadlines(texts, standings(texts, records, on), on)
    return [(each.kind, each.days_left, each.within_days) for each in found]


def test_people_are_warned_from_ninety_days_on() -> None:
    text = agreement(review_on=dt.date(2026, 12, 31))  # ends that day too
    end = text.ends_on
    assert told(end - 91 * ONE_DAY, text) == []
    for days, within in ((90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7)):
        expected = [("end", days, within), ("review", days, within)]
        assert told(end - days * ONE_DAY, text) == expected
    assert told(end + ONE_DAY, text) == [], "what has ended is no warning"


def test_an_overdue_review_is_told_until_it_ends() -> None:
    text = agreement()
    assert ("review", -10, 7) in told(text.review_on + 10 * ONE_DAY, text)


def test_only_agreements_that_run_or_will_are_told_of() -> None:
    text = agreement(ends_on=TODAY + 5 * ONE_DAY, review_on=TODAY)
    assert told(TODAY, text, records=MemorySignOffs()) == []
    records = signed(text)
    records.suspend(suspended(text.id, "police", SIGNED_AT))
    assert [kind for kind, _, _ in told(TODAY, text, records=records)] == ["review", "end"]


def test_a_notice_is_told_instead_of_the_end() -> None:
    text, last_on = agreement(), TODAY + 20 * ONE_DAY
    records = signed(text)
    records.terminate(Termination(text.id, "police", "s", SIGNED_AT, last_on))
    assert told(TODAY, text, records=records) == [("notice", 20, 30)]
