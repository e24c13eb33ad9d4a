"""Which ids a person's records ever went by."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.linkage.identity import IdentityEvent
from wholeplace.people.earlier_ids import EarlierId, earlier_ids


def on(day: int) -> dt.date:
    return dt.date(2026, 1, 1) + dt.timedelta(days=day)


def moved(kind: str, day: int, old: str, new: str | None) -> IdentityEvent:
    return IdentityEvent(on(day), kind, old, new, 1)


def test_a_person_who_was_never_linked_anew_has_one_id() -> None:
    assert earlier_ids("p", []) == [EarlierId("p", None, None)]


def test_a_merge_brings_the_other_id_along_and_what_that_one_had_before() -> None:
    events = [moved("merged", 1, "a", "b"), moved("merged", 5, "b", "p")]
    assert earlier_ids("p", events) == [
        EarlierId("p", None, None),
        EarlierId("a", on(1), None),
        EarlierId("b", on(5), None),
    ]


def test_after_a_split_both_keep_the_time_before_and_neither_is_told_what_was_seen() -> None:
    events = [moved("split", 5, "old", "new")]
    assert earlier_ids("new", events) == [
        EarlierId("new", None, None),
        EarlierId("old", on(5), on(5)),
    ]
    assert earlier_ids("old", events) == [EarlierId("old", None, on(5))]


def test_what_merged_into_records_that_were_split_later_is_mixed_too() -> None:
    events = [moved("merged", 1, "a", "old"), moved("split", 5, "old", "new")]
    assert EarlierId("a", on(1), on(5)) in earlier_ids("new", events)


def test_what_came_to_the_old_id_after_the_split_is_not_theirs() -> None:
    events = [moved("split", 5, "old", "new"), moved("merged", 9, "later", "old")]
    assert "later" not in {each.person_id for each in earlier_ids("new", events)}


def test_an_id_that_ended_scattered_over_two_is_mixed_for_both() -> None:
    events = [moved("merged", 3, "old", "one"), moved("merged", 3, "old", "two")]
    for person in ("one", "two"):
        assert EarlierId("old", on(3), on(3)) in earlier_ids(person, events)


def test_a_retired_id_comes_from_nowhere() -> None:
    assert earlier_ids("p", [moved("retired", 3, "q", None)]) == [EarlierId("p", None, None)]


@given(
    st.lists(
        st.builds(
            moved, st.sampled_from(["merged", "split"]), st.integers(0, 30),
            st.sampled_from("abcdef"), st.sampled_from("abcdef"),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_it_ends_whatever_happened_and_no_order_matters(events: list[IdentityEvent]) -> None:
    events = [each for each in events if each.old_id != each.new_id]
    found = earlier_ids("a", events)
    assert found[0].person_id == "a" and found[0].until_on is None
    assert len({each.person_id for each in found}) == len(found)
    assert found == earlier_ids("a", list(reversed(events)))
