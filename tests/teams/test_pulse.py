"""The pulse: small groups hidden, organisations and roles safe together, shown once and for good."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.teams.pulse import ANSWERS, check_answers, statements, tell_round

AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
LEAST = 8
Counts = Mapping[tuple[str, str], Mapping[str, int]]
groups = st.dictionaries(
    st.tuples(st.sampled_from(["police", "school", "clinic"]), st.sampled_from(["lead", "worker"])),
    st.fixed_dictionaries({each: st.integers(0, 30) for each in ANSWERS}),
    min_size=1,
)


def total(counts: Counts, place: int, name: str) -> int:
    return sum(sum(each.values()) for group, each in counts.items() if group[place] == name)


@given(groups)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_group_below_the_minimum_is_ever_shown(
    tmp_path_factory: pytest.TempPathFactory, counts: Counts
) -> None:
    shown = tell_round("r1", "s", counts, tmp_path_factory.mktemp("pulse"), AT)
    for place, grouping in enumerate(("organisation", "role")):
        for group in shown.groups(grouping):
            exact = total(counts, place, group)
            people = shown.people(grouping, group)
            if exact < LEAST:
                assert not people.is_shown and shown.agree_share(grouping, group) is None
            for answer in ANSWERS:
                part = shown.answered(grouping, group, answer)
                mine = sum(e[answer] for g, e in counts.items() if g[place] == group)
                assert part.is_shown is False or (mine >= LEAST and part.shown % 5 == 0)


def test_a_round_is_shown_once_and_stays_as_it_was_shown(tmp_path: Path) -> None:
    counts = {("police", "worker"): {"agree": 20, "partly": 12, "disagree": 11}}
    first = tell_round("r1", "s", counts, tmp_path, AT)
    grown = {("police", "worker"): {"agree": 29, "partly": 12, "disagree": 11}}
    again = tell_round("r1", "s", grown, tmp_path, AT)
    assert again.table.figures == first.table.figures


def exact(counts: Counts, key: tuple[str, str, str]) -> int:
    grouping, group, answer = key
    return sum(
        number
        for (organisation, role), answers in counts.items()
        for each, number in answers.items()
        if group in {"organisation": organisation, "role": role}.get(grouping, group)
        and answer in ("", each)
    )


def test_one_person_more_in_the_next_round_cannot_be_told_from_nobody(tmp_path: Path) -> None:
    """Differencing over time: what is shown of two rounds fits both with and without one more.

    Rounding is by a secret of each ledger, so figures are held against both truths.
    """
    before = {
        ("police", "worker"): {"agree": 20, "partly": 12, "disagree": 11},
        ("school", "worker"): {"agree": 18, "partly": 16, "disagree": 9},
    }
    joined = {
        **before,
        ("police", "worker"): {"agree": 20, "partly": 12, "disagree": 12},
    }
    for folder, second in (("a", before), ("b", joined)):
        tell_round("r1", "s", before, tmp_path / folder, AT)
        shown = tell_round("r2", "s", second, tmp_path / folder, AT).table.figures
        assert any(each.is_shown for each in shown.values())
        for key, each in shown.items():
            if each.is_shown:
                assert abs(each.shown - exact(before, key)) <= 4, key
                assert abs(each.shown - exact(joined, key)) <= 4, key


def test_a_small_organisation_cannot_be_worked_out_from_roles(tmp_path: Path) -> None:
    counts = {
        ("police", "worker"): {"agree": 20, "partly": 12, "disagree": 11},
        ("school", "worker"): {"agree": 22, "partly": 10, "disagree": 14},
        ("charity", "worker"): {"agree": 2, "partly": 1, "disagree": 1},
    }
    shown = tell_round("r1", "s", counts, tmp_path, AT)
    assert not shown.people("organisation", "charity").is_shown
    parts = [shown.people("organisation", each).shown for each in ("police", "school")]
    everybody = shown.people("role", "worker").shown
    # Either something beside it is hidden too, or what is left can still be many numbers.
    assert None in parts or everybody is None or abs(everybody - sum(filter(None, parts)) - 4) <= 15


def test_every_statement_takes_one_of_three_answers() -> None:
    right = {each.id: "agree" for each in statements()}
    check_answers(right)
    for wrong in ({}, {**right, "more": "agree"}, {**right, statements()[0].id: "maybe"}):
        with pytest.raises(UnsafeActionError):
            check_answers(wrong)
