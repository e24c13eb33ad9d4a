"""Duplication seen: what counts as twice, week by week, whatever the order in which it is found."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.teams.figures import figures
from wholeplace.teams.overlap import Seen, find_overlap

DAY = dt.date(2026, 11, 25)
things = st.builds(
    Seen,
    st.sampled_from(["involvement", "assessment", "contact"]),
    st.sampled_from(["police", "school", "clinic", "housing", "council"]),
    st.dates(DAY - dt.timedelta(days=120), DAY),
    st.booleans(),
)


@given(st.lists(things, max_size=12), st.booleans(), st.randoms(use_true_random=False))
def test_order_changes_nothing_and_counts_are_those_of_the_things(
    seen: list[Seen], has_lead: bool, random: object
) -> None:
    found = find_overlap(seen, has_lead=has_lead)
    shuffled = list(seen)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = find_overlap(shuffled, has_lead=has_lead)
    assert again.weeks == found.weeks and again.at_work == found.at_work
    assert sorted(again.assessed_twice) == sorted(found.assessed_twice)
    for week in found.weeks:
        mine = [
            each for each in seen
            if each.kind == "contact" and 0 <= (each.on - week.monday).days < 7
        ]  # fmt: skip
        assert week.total == len(mine) and len({each.partner for each in mine}) > 1


@given(st.lists(things, max_size=12))
def test_nobody_leads_is_said_of_many_at_work_alone(seen: list[Seen]) -> None:
    found = find_overlap(seen, has_lead=False)
    assert found.lacks_lead == (len(found.at_work) >= figures().many_services)
    assert not find_overlap(seen, has_lead=True).lacks_lead


def test_one_partner_assessing_twice_is_no_overlap() -> None:
    one = Seen("assessment", "clinic", DAY)
    two = Seen("assessment", "clinic", DAY - dt.timedelta(days=3))
    other = Seen("assessment", "school", DAY - dt.timedelta(days=figures().overlap_days))
    old = Seen("assessment", "council", DAY - dt.timedelta(days=figures().overlap_days + 4))
    assert find_overlap([one, two], has_lead=True).assessed_twice == ()
    assert find_overlap([one, other], has_lead=True).assessed_twice == (("clinic", "school", DAY),)
    assert find_overlap([one, old], has_lead=True).assessed_twice == ()
