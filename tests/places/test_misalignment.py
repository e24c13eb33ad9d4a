"""How boundaries fit: laws, and a line that is worth moving."""

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.places.converting.crosswalk import OUTSIDE, Unit
from wholeplace.places.converting.misalignment import compare_sets, find_moves, move_line

UNITS = st.lists(
    st.builds(
        Unit,
        source=st.sampled_from("AB"),
        target=st.sampled_from(["x", "y", OUTSIDE]),
        weight=st.integers(0, 500),
        group=st.just("g"),
    ),
    min_size=1,
    max_size=20,
)


@given(UNITS)
def test_everybody_is_in_one_fragment(units):
    found = compare_sets(units)
    assert sum(each.people for each in found.fragments) == found.people
    assert found.people == sum(unit.weight for unit in units)
    assert 0 <= found.outside <= found.people
    mains = [each for each in found.fragments if each.is_main]
    assert len({each.source for each in mains}) == len(mains)
    assert OUTSIDE not in {each.target for each in mains}


@given(UNITS)
def test_a_set_fits_itself(units):
    found = compare_sets(unit._replace(target=unit.source) for unit in units)
    lived_in = {unit.source for unit in units if unit.weight}
    assert found.outside == 0 and found.one_to_one == len(lived_in)


@given(UNITS)
def test_a_move_that_is_offered_helps(units):
    for move in find_moves(units):
        assert move.fewer > 0
        again = move_line(units, move.fragment.source, move.fragment.target, move.to)
        assert again == move


def test_a_corner_goes_to_the_neighbour_who_has_the_rest():
    units = [
        Unit("A", "x", 100, "1"), Unit("A", "y", 20, "2"), Unit("B", "y", 80, "3"),
    ]  # fmt: skip
    (move,) = find_moves(units)
    assert (move.fragment.source, move.fragment.target, move.to) == ("A", "y", "B")
    assert (move.people, move.outside_before, move.outside_after) == (20, 20, 0)
    assert find_moves(units, {"A": frozenset()}) == ()
