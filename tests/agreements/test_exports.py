"""Who is what to an export request, and when its time is up."""

import datetime as dt

import pytest

from wholeplace.agreements import Viewer
from wholeplace.agreements.reasons.exports import (
    ASKER,
    DECIDER,
    EXPORT_LIFE,
    export_actors,
    export_ends_at,
    is_over,
)

AT = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("user", "organisation", "role", "may_see", "expected"),
    [
        ("asker", "council", "analyst", True, {ASKER}),
        ("asker", "council", "programme-lead", True, {ASKER}),
        ("asker", "council", "analyst", False, {ASKER}),
        ("other", "council", "programme-lead", True, {DECIDER}),
        ("other", "council", "programme-lead", False, set()),
        ("other", "police", "programme-lead", True, set()),
        ("other", "council", "practitioner", True, set()),
        ("other", "council", "data-protection-officer", True, set()),
        ("other", "council", "administrator", True, set()),
    ],
)
def test_a_second_person_is_a_colleague_who_may_see_the_figures(
    user: str, organisation: str, role: str, may_see: bool, expected: set[str]
) -> None:
    viewer = Viewer(user, organisation, role)
    assert export_actors(viewer, "asker", "council", may_see=may_see) == expected


def test_nobody_decides_on_what_they_asked_for() -> None:
    for state in EXPORT_LIFE.states:
        events = {step.event for step in EXPORT_LIFE.steps_from(state, {ASKER})}
        assert not events & {"approve", "refuse", "return", "revoke"}


def test_everything_that_is_refused_is_explained() -> None:
    assert all(
        "words" in s.asks for s in EXPORT_LIFE.steps if s.event in {"refuse", "revoke", "return"}
    )


def test_an_approval_ends_to_the_second() -> None:
    ends = export_ends_at(AT)
    assert ends - AT == dt.timedelta(days=14)
    assert not is_over(AT, ends - dt.timedelta(seconds=1))
    assert is_over(AT, ends)
    assert not is_over(None, ends)
