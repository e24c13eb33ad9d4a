"""Plans: frozen before outcomes are looked at, nothing known only later, departures kept."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.learning.studies import FROZEN_AT, LOOKED_AT, plan

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.learning.planning import (
    Candidate,
    Covariate,
    Fact,
    check_may_look,
    choose_cohort,
    freeze_plan,
    record_departure,
)

DAY = dt.date(2026, 1, 31)
DAYS = st.dates(dt.date(2025, 11, 1), dt.date(2026, 4, 30))
FACTS = st.lists(
    st.builds(Fact, st.sampled_from(["needs", "age"]), st.integers(0, 5).map(float), DAYS, DAYS),
    max_size=6,
).map(tuple)


def test_outcomes_are_looked_at_only_after_the_plan_is_frozen() -> None:
    frozen = freeze_plan(plan(), "p-1", FROZEN_AT)
    for held, at in ((None, LOOKED_AT), (frozen, FROZEN_AT), (frozen, FROZEN_AT - dt.timedelta(1))):
        with pytest.raises(UnsafeActionError, match="not frozen before"):
            check_may_look(held, plan(), at)
    assert check_may_look(frozen, plan(), LOOKED_AT).looked_at == LOOKED_AT


@pytest.mark.parametrize(
    "changes",
    [{"question": "Another?"}, {"window_days": 29}, {"method": "odds"}, {"confidence_percent": 90}],
    ids=str,
)
def test_another_plan_than_the_frozen_one_opens_nothing(changes: dict[str, object]) -> None:
    frozen = freeze_plan(plan(), "p-1", FROZEN_AT)
    with pytest.raises(UnsafeActionError, match="not the one that was frozen"):
        check_may_look(frozen, plan(**changes), LOOKED_AT)
    forged = dataclasses.replace(frozen, plan=plan(**changes))
    assert not forged.is_whole
    with pytest.raises(UnsafeActionError):
        check_may_look(forged, plan(**changes), LOOKED_AT)


def test_the_first_look_is_the_one_that_counts() -> None:
    frozen = check_may_look(freeze_plan(plan(), "p-1", FROZEN_AT), plan(), LOOKED_AT)
    again = check_may_look(frozen, plan(), LOOKED_AT + dt.timedelta(days=9))
    assert again.looked_at == LOOKED_AT


def test_departures_are_kept_in_order_and_none_can_be_taken_out() -> None:
    frozen = freeze_plan(plan(), "p-1", FROZEN_AT)
    early = record_departure(frozen, "One school left out", "It closed", "p-1", FROZEN_AT)
    assert not early.has_departed_after_looking
    looked = check_may_look(early, plan(), LOOKED_AT)
    late = record_departure(looked, "Odds instead", "No weights", "p-2", LOOKED_AT)
    assert late.has_departed_after_looking and late.is_whole
    assert not dataclasses.replace(late, departures=late.departures[1:]).is_whole
    edited = dataclasses.replace(late.departures[0], why="Another reason")
    assert not dataclasses.replace(late, departures=(edited, late.departures[1])).is_whole
    with pytest.raises(UnsafeActionError, match="dated before"):
        record_departure(late, "More", "Why", "p-1", FROZEN_AT)
    with pytest.raises(UnsafeActionError, match="what and why"):
        record_departure(late, "More", " ", "p-1", LOOKED_AT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"covariates": (Covariate("needs", dt.date(2026, 2, 1)),)}, "known only after"),
        ({"eligible_on": dt.date(2026, 3, 1)}, "do not follow"),
        ({"outcomes": ()}, "exactly one primary"),
        ({"theory": " "}, "its theory"),
        ({"confidence_percent": 100}, "confidence"),
        ({"window_days": -1}, "window"),
    ],
)
def test_a_plan_that_looks_ahead_or_lacks_something_is_refused(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(WholeplaceError, match=said):
        plan(**changes)


@given(FACTS, FACTS)
def test_nothing_recorded_or_happened_later_changes_who_is_chosen(
    facts: tuple[Fact, ...], more: tuple[Fact, ...]
) -> None:
    later = tuple(each for each in more if each.known_on > DAY or each.happened_on > DAY)

    def chosen(held: tuple[Fact, ...]) -> object:
        cohort = choose_cohort(
            [Candidate("a", held)], lambda known: known.get("needs", 0) >= 2, DAY, 28
        )
        return cohort.comparison, {each: dict(known) for each, known in cohort.known.items()}

    assert chosen(facts) == chosen(facts + later)


def test_whoever_was_reached_later_stays_in_the_comparison_and_is_told() -> None:
    def reached(name: str, days: int | None) -> Candidate:
        return Candidate(name, (), None if days is None else DAY + dt.timedelta(days=days))

    people = [reached("d", None), reached("c", 29), reached("b", 28), reached("a", -1)]
    cohort = choose_cohort(people, lambda _: True, DAY, 28)
    assert (cohort.reached, cohort.comparison, cohort.later_reached) == (
        ("b",), ("c", "d"), ("c",),
    )  # fmt: skip
    with pytest.raises(ValueError, match="twice"):
        choose_cohort([*people, reached("a", 3)], lambda _: True, DAY, 28)
