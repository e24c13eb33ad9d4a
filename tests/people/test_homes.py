"""Law: what is said of who lives with whom comes from the partners that it names alone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.people.homes import share_addresses

PARTNERS = ("council", "police", "nhs")
MILL, FAR, UPRN = {"postcode": "LB1 4QT"}, {"postcode": "LB2 1AA"}, {"uprn": 10001}
NEWEST = dict.fromkeys(PARTNERS, dt.date(2026, 3, 1))


def row(partner, value, since=None, to="2026-03-01"):
    seen_from = dt.date.fromisoformat(since) if since else None
    return {"partner": partner, "value": value, "seen_from": seen_from, "seen_to": dt.date.fromisoformat(to) if to else None}  # fmt: skip


days = st.dates(dt.date(2020, 1, 1), dt.date(2026, 3, 1))
rows = st.lists(
    st.builds(
        lambda partner, value, since, to: {"partner": partner, "value": value, "seen_from": since, "seen_to": to},
        st.sampled_from(PARTNERS),
        st.sampled_from([MILL, FAR, UPRN, MILL | UPRN]),
        st.one_of(st.none(), days),
        st.one_of(st.none(), days),
    ),
    max_size=6,
)  # fmt: skip
newests = st.fixed_dictionaries({each: st.one_of(st.none(), days) for each in PARTNERS})


def told(found, seen):
    """Return what is shown to somebody who sees some partners' addresses, in any order."""
    return sorted(
        (each.row["partner"], each.partner, str(each.row["value"]), str(each.lives_from), str(each.lives_to))
        for each in found
        if {each.row["partner"], each.partner} <= seen
    )  # fmt: skip


@given(rows, rows, newests, rows, rows, newests, st.sets(st.sampled_from(PARTNERS)))
def test_what_hidden_partners_hold_never_changes_what_is_shown(
    mine, theirs, newest, my_others, their_others, others_newest, seen
):
    shown = told(share_addresses(mine, theirs, newest), seen)

    def replaced(held, others):
        kept = [each for each in held if each["partner"] in seen]
        return kept + [each for each in others if each["partner"] not in seen]

    changed = {each: (newest if each in seen else others_newest)[each] for each in PARTNERS}
    found = share_addresses(replaced(mine, my_others), replaced(theirs, their_others), changed)
    assert told(found, seen) == shown


# given: addresses of the person and of the housemate; expected: partners, from, to
SPEC = [
    ("one partner knows both", [row("council", MILL, "2020-01-01")], [row("council", MILL, "2022-06-30")], [("council", "council", "2022-06-30", "None")]),
    ("two partners know one each", [row("council", MILL, "2020-01-01")], [row("nhs", MILL, "2022-06-30")], [("nhs", "council", "2022-06-30", "None")]),
    ("the partner saw the mate move", [row("council", MILL, "2020-01-01")], [row("council", MILL, "2020-05-01"), row("council", FAR, "2023-01-01")], [("council", "council", "2020-05-01", "2022-12-31")]),
    ("another saw the mate move", [row("council", MILL, "2020-01-01")], [row("council", MILL, "2020-05-01"), row("police", FAR, "2023-01-01")], [("council", "council", "2020-05-01", "None")]),
    ("not seen of late", [row("council", MILL, "2020-01-01")], [row("council", MILL, "2020-05-01", "2021-02-03")], [("council", "council", "2020-05-01", "2021-02-03")]),
    ("one came after the other left", [row("council", MILL, "2020-01-01"), row("council", FAR, "2021-01-01")], [row("council", MILL, "2021-01-01")], []),
    ("the same home by its UPRN", [row("council", UPRN, "2020-01-01")], [row("council", MILL | UPRN, "2020-01-01")], [("council", "council", "2020-01-01", "None")]),
    ("no home in common", [row("council", FAR, "2020-01-01")], [row("council", MILL, "2020-01-01")], []),
    ("no day is given", [row("council", MILL)], [row("council", MILL)], [("council", "council", "None", "None")]),
]  # fmt: skip


@pytest.mark.parametrize(("_", "mine", "theirs", "expected"), SPEC, ids=[each[0] for each in SPEC])
def test_from_when_to_when(_, mine, theirs, expected):
    found = share_addresses(mine, theirs, NEWEST)
    shown = [(each.row["partner"], each.partner, str(each.lives_from), str(each.lives_to)) for each in found]  # fmt: skip
    assert shown == expected
