"""Places alike: laws of the distance, and reasons that are true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.places.peers import find_peers, hold_out_peers

NAMES = ("poverty", "age", "crime")
TABLES = st.lists(
    st.tuples(*(st.floats(-100, 100, allow_nan=False) for _ in NAMES)), min_size=5, max_size=12
).map(lambda rows: {f"p{n}": dict(zip(NAMES, row, strict=True)) for n, row in enumerate(rows)})


@given(TABLES)
def test_the_nearest_stands_first_and_nobody_is_their_own_peer(values):
    peers = find_peers(values, "p0", NAMES, count=20)
    assert len(peers) == len(values) - 1 and "p0" not in {each.code for each in peers}
    distances = [each.distance for each in peers]
    assert distances == sorted(distances) and all(each >= 0 for each in distances)


@given(TABLES)
def test_likeness_goes_both_ways(values):
    there = {each.code: each.distance for each in find_peers(values, "p0", NAMES, count=20)}
    back = {each.code: each.distance for each in find_peers(values, "p1", NAMES, count=20)}
    assert there["p1"] == pytest.approx(back["p0"])


@given(TABLES, st.floats(0.1, 50), st.floats(-50, 50))
def test_units_of_measure_change_nothing(values, times, plus):
    other = {code: {**held, "crime": times * held["crime"] + plus} for code, held in values.items()}
    one = find_peers(values, "p0", NAMES, count=20)
    two = find_peers(other, "p0", NAMES, count=20)
    assert {e.code: round(e.distance, 4) for e in one} == pytest.approx(
        {e.code: round(e.distance, 4) for e in two}, abs=1e-2
    )


@given(TABLES)
def test_reasons_are_the_values_themselves(values):
    for peer in find_peers(values, "p0", NAMES):
        spreads = [abs(each.spreads) for each in peer.alike]
        assert spreads == sorted(spreads) and peer.differ == peer.alike[::-1]
        for each in peer.alike:
            assert each.ours == values["p0"][each.indicator]
            assert each.theirs == values[peer.code][each.indicator]


def test_weights_choose_what_counts():
    values = {
        "here": {"a": 0, "b": 0}, "like-a": {"a": 0, "b": 9}, "like-b": {"a": 9, "b": 0},
        "far": {"a": 9, "b": 9},
    }  # fmt: skip
    assert find_peers(values, "here", ["a", "b"], weights={"b": 0})[0].code == "like-a"
    assert find_peers(values, "here", ["a", "b"], weights={"a": 0})[0].code == "like-b"
    assert 0 <= hold_out_peers(values, "here", ["a", "b"], count=1) <= 1


@pytest.mark.parametrize(
    ("code", "indicators", "error"),
    [
        ("nowhere", NAMES, NotFoundError),
        ("p0", (), WholeplaceError),
        ("p0", ("no",), NotFoundError),
    ],
)
def test_what_cannot_be_compared_is_named(code, indicators, error):
    values = {f"p{n}": dict.fromkeys(NAMES, float(n)) for n in range(5)}
    with pytest.raises(error):
        find_peers(values, code, indicators)
