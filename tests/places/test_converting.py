"""Converting figures: laws that hold for any boundaries, then known cases."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.places.converting.counts import convert_amounts, convert_counts, convert_rates
from wholeplace.places.converting.crosswalk import OUTSIDE, Unit, build_crosswalk, join_finest
from wholeplace.places.converting.figures import error_figures

CODES = st.sampled_from(["A", "B", "C", "D"])
UNITS = st.lists(
    st.builds(
        Unit,
        source=CODES,
        target=st.sampled_from(["x", "y", "z", OUTSIDE]),
        weight=st.floats(0, 1e4),
        group=st.sampled_from(["g1", "g2", "g3", "g4", "g5"]),
    ),
    min_size=1,
    max_size=25,
)
MANY = st.integers(0, 10**6)


def counts_of(crosswalk, drawn):
    return {code: drawn[number] for number, code in enumerate(crosswalk.sources)}


def everywhere(found):
    return [*found.figures.values(), *([found.outside] if found.outside else [])]


@given(UNITS, st.lists(MANY, min_size=4, max_size=4))
def test_whole_people_stay_whole_and_none_is_lost(units, drawn):
    crosswalk = build_crosswalk("one", "two", units, "postcode")
    counts = counts_of(crosswalk, drawn)
    found = convert_counts(crosswalk, counts)
    assert sum(each.value for each in everywhere(found)) == sum(counts.values()) == found.total
    for each in everywhere(found):
        assert each.value == int(each.value) >= 0
        assert 0 <= each.low <= each.value <= each.high


@given(UNITS, st.lists(st.floats(0, 1e9), min_size=4, max_size=4))
def test_amounts_keep_their_sum(units, drawn):
    crosswalk = build_crosswalk("one", "two", units, "postcode")
    amounts = counts_of(crosswalk, drawn)
    found = convert_amounts(crosswalk, amounts)
    total = math.fsum(each.value for each in everywhere(found))
    assert total == pytest.approx(math.fsum(amounts.values()), rel=1e-14, abs=1e-9)


@given(UNITS, st.lists(MANY, min_size=4, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing(units, drawn, random):
    crosswalk = build_crosswalk("one", "two", units, "postcode")
    counts = counts_of(crosswalk, drawn)
    mixed = list(units)
    random.shuffle(mixed)
    again = convert_counts(build_crosswalk("one", "two", mixed, "postcode"), counts)
    here = convert_counts(crosswalk, counts)
    assert [each.how for each in everywhere(here)] == [each.how for each in everywhere(again)]
    for one, two in zip(everywhere(here), everywhere(again), strict=True):
        # Sums of floats differ in their last bit, so a tie may fall to the neighbour.
        assert abs(one.value - two.value) <= 1


@given(UNITS, st.lists(MANY, min_size=4, max_size=4))
def test_whole_areas_are_counted_and_there_is_no_doubt(units, drawn):
    nested = [unit._replace(target={"A": "x", "B": "x"}.get(unit.source, "y")) for unit in units]
    crosswalk = build_crosswalk("one", "two", nested, "postcode")
    counts = counts_of(crosswalk, drawn)
    found = convert_counts(crosswalk, counts)
    for code, each in found.figures.items():
        assert (each.how, each.low, each.high) == ("counted", each.value, each.value)
        inside = ("A", "B") if code == "x" else ("C", "D")
        assert each.value == sum(counts.get(source, 0) for source in inside)


@given(UNITS)
def test_shares_are_shares_and_doubt_is_never_below_nothing(units):
    crosswalk = build_crosswalk("one", "two", units, "postcode")
    assert crosswalk.shares.sum(axis=1) == pytest.approx(1)
    for table in (crosswalk.shares, crosswalk.between, crosswalk.within):
        assert (table.data >= 0).all()


@given(UNITS, st.lists(st.integers(0, 1000), min_size=4, max_size=4))
def test_a_rate_is_its_own_numerator_over_its_own_denominator(units, drawn):
    crosswalk = build_crosswalk("one", "two", units, "postcode")
    above = counts_of(crosswalk, drawn)
    below = {code: count + 7 for code, count in above.items()}
    rates = convert_rates(crosswalk, above, below, per=1000)
    tops, bottoms = convert_counts(crosswalk, above), convert_counts(crosswalk, below)
    for code, rate in rates.items():
        bottom = bottoms.figures[code].value
        if not bottom:
            assert rate.value is None
            continue
        assert rate.value == pytest.approx(1000 * tops.figures[code].value / bottom)
        assert 0 <= rate.low <= rate.value <= rate.high


@given(UNITS)
def test_there_and_back_the_jackknife_is_what_leaving_out_shows(units):
    """The variance between groups, worked out the slow way: leave each group out in turn."""
    assume(all(unit.weight > 0.01 for unit in units))
    crosswalk = build_crosswalk("one", "two", units, "postcode")
    for row, source in enumerate(crosswalk.sources):
        mine = [unit for unit in units if unit.source == source]
        total = sum(unit.weight for unit in mine)
        groups = sorted({unit.group for unit in mine})
        for column, target in enumerate(crosswalk.targets):
            p = sum(unit.weight for unit in mine if unit.target == target) / total
            if p == 0:
                continue
            slow = 0.0
            for group in groups:
                held = [unit for unit in mine if unit.group == group]
                q = sum(unit.weight for unit in held) / total
                a = sum(u.weight for u in held if u.target == target) / (q * total)
                slow += q**2 * (a - p) ** 2
            slow *= len(groups) / max(len(groups) - 1, 1)
            assert crosswalk.between[row, column] == pytest.approx(slow, abs=1e-9)


def test_a_line_through_an_area_shares_it_and_says_so():
    units = [Unit("A", "x", 30, "p1"), Unit("A", "y", 10, "p2"), Unit("B", "y", 20, "p3")]
    found = convert_counts(build_crosswalk("one", "two", units, "postcode"), {"A": 40, "B": 7})
    assert {code: each.value for code, each in found.figures.items()} == {"x": 30, "y": 17}
    assert {each.how for each in found.figures.values()} == {"estimated"}
    assert found.figures["x"].low < 30 < found.figures["x"].high


def test_a_lookup_is_called_best_fit():
    crosswalk = build_crosswalk("one", "two", [Unit("A", "x", 1, "A")], "lookup")
    figure = convert_counts(crosswalk, {"A": 100}).figures["x"]
    assert figure.how == "best fit" and figure.low < 100 < figure.high


def test_a_hidden_figure_widens_even_what_is_only_added_up():
    crosswalk = build_crosswalk("one", "two", [Unit("A", "x", 1, "A")], "postcode")
    figure = convert_counts(crosswalk, {"A": 4}, {"A": 2.0}).figures["x"]
    assert figure.how == "counted" and figure.low <= 1 and figure.high >= 7


def test_the_finest_units_win_for_each_area():
    coarse = build_crosswalk(
        "one", "two", [Unit("A", "x", 1, "A"), Unit("A", "y", 1, "A"), Unit("B", "y", 1, "B")], "area"
    )  # fmt: skip
    fine = build_crosswalk(
        "one", "two", [Unit("A", "x", 3, "p"), Unit("A", "y", 1, "q")], "postcode"
    )
    joined = join_finest([coarse, fine])
    assert joined.share("A", "x") == 0.75 and joined.tiers == ("postcode", "area")
    assert joined.share("B", "y") == 1


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"A": 1}, "have no count"),
        ({"A": 1, "B": 2, "Z": 3}, "not in it"),
        ({"A": 1.5, "B": 2}, "no whole numbers"),
        ({"A": -1, "B": 2}, "below nothing"),
    ],
)
def test_what_cannot_be_converted_is_named(counts, words):
    crosswalk = build_crosswalk(
        "one", "two", [Unit("A", "x", 1, "A"), Unit("B", "x", 1, "B")], "area"
    )
    with pytest.raises(WholeplaceError, match=words):
        convert_counts(crosswalk, counts)


def test_units_must_weigh_something_and_exist():
    with pytest.raises(WholeplaceError, match="No unit"):
        build_crosswalk("one", "two", [], "area")
    with pytest.raises(WholeplaceError, match="less than nothing"):
        build_crosswalk("one", "two", [Unit("A", "x", -1, "A")], "area")


def test_every_figure_has_a_source():
    found = error_figures()
    for name in type(found).model_fields:
        if name != "reviewed_on":
            assert getattr(found, name).source and getattr(found, name).value > 0
