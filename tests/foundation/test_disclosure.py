"""Disclosure control: laws first, then tables by hand, then the attack's own teeth."""

import pickle
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.disclosure import (
    ProtectedCount,
    ProtectedTable,
    protect_counts,
    ranges_left,
    recover_cells,
)
from wholeplace.foundation.errors import WholeplaceError

COUNTS = st.one_of(st.integers(0, 9), st.integers(0, 60), st.integers(0, 5000))
ONE_WAY = st.lists(COUNTS, min_size=1, max_size=12).map(
    lambda counts: {f"area-{place}": count for place, count in enumerate(counts)}
)


@st.composite
def two_way(draw, most=3):
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    return {(f"r{r}", f"c{c}"): draw(COUNTS) for r in range(rows) for c in range(columns)}


TABLES = st.one_of(ONE_WAY, two_way())
SETTINGS = st.fixed_dictionaries(
    {
        "threshold": st.sampled_from([4, 7, 9]),
        "base": st.sampled_from([1, 5, 10]),
        "zeros_are_safe": st.booleans(),
    }
)


def exact_figures(table, published):
    cells = {
        ("cell", *(key if isinstance(key, tuple) else (key,))): count
        for key, count in table.items()
    }
    sums = {
        total: sum(cells.get(part, 0) for part in parts)
        for total, parts in published.parts().items()
    }
    return {**cells, **sums}


# Laws


@settings(max_examples=40, deadline=None)
@given(TABLES, SETTINGS)
def test_the_attack_recovers_no_hidden_count(table, chosen):
    published = protect_counts(table, **chosen)
    assert recover_cells(published) == {}
    assert recover_cells(published, slack=chosen["base"] // 2) == {}


@settings(max_examples=40, deadline=None)
@given(TABLES, SETTINGS)
def test_hidden_counts_keep_their_range_and_the_attack_is_sound(table, chosen):
    published = protect_counts(table, **chosen)
    exact = exact_figures(table, published)
    ranges = ranges_left(published)
    assert ranges is not None
    assert set(ranges) == {f for f, count in published.figures.items() if not count.is_shown}
    for figure, (low, high) in ranges.items():
        assert low <= exact[figure]
        assert high is None or exact[figure] <= high
        possible = chosen["threshold"] - chosen["zeros_are_safe"]
        is_small = published.figures[figure].hidden == "small"
        needed = min(5, possible) if is_small else 5
        assert high is None or high - low + 1 >= needed


@settings(max_examples=40, deadline=None)
@given(TABLES, SETTINGS)
def test_no_small_count_is_shown_and_shown_counts_are_rounded(table, chosen):
    published = protect_counts(table, **chosen)
    for figure, count in exact_figures(table, published).items():
        shown = published.figures[figure]
        if count == 0 and chosen["zeros_are_safe"]:
            assert shown.shown in (0, None)
        elif count <= chosen["threshold"]:
            assert not shown.is_shown
        if shown.shown is not None:
            assert shown.shown % chosen["base"] == 0
            assert abs(shown.shown - count) <= published.error_at_most
            assert shown.shown > chosen["threshold"] or count == 0


@settings(max_examples=40, deadline=None)
@given(TABLES, st.sampled_from([5, 10]))
def test_what_is_shown_adds_up(table, base):
    published = protect_counts(table, base=base)
    for total, parts in published.parts().items():
        figures = [published.figures[part] for part in parts]
        shown = published.figures[total]
        if shown.is_shown and all(figure.is_shown for figure in figures):
            assert shown.shown == sum(figure.shown for figure in figures)
        elif shown.is_shown:
            assert shown.shown >= sum(figure.shown or 0 for figure in figures)


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_the_same_counts_always_give_the_same_table(table):
    assert protect_counts(table) == protect_counts(dict(table))


@settings(max_examples=25, deadline=None)
@given(ONE_WAY, st.integers(0, 7), st.integers(0, 7))
def test_a_one_way_table_does_not_show_which_small_count_it_held(table, one, other):
    """With the total rounded alike, two small counts give the same page."""
    large = {**table, "wide": 5000}
    first = protect_counts({**large, "x": one})
    second = protect_counts({**large, "x": other})
    assert str(first.count("x")) == str(second.count("x")) == "fewer than 8"


# Tables by hand


@pytest.mark.parametrize(
    ("count", "safe", "words"),
    [
        (0, False, "fewer than 8"),
        (0, True, "0"),
        (1, True, "fewer than 8"),
        (7, False, "fewer than 8"),
        (8, False, "10"),
        (12, False, "10"),
        (13, False, "15"),
        (1234, False, "1,235"),
    ],
)
def test_how_a_count_is_shown(count, safe, words):
    published = protect_counts({"here": count, "there": 5000}, zeros_are_safe=safe)
    assert str(published.count("here")) == words


def test_one_hidden_cell_beside_an_unrounded_total_takes_another_with_it():
    published = protect_counts({"a": 3, "b": 40, "c": 90}, base=1)
    assert published.as_plain() == {
        "a": "fewer than 8",
        "b": "not shown",
        "c": 90,
        "total": 133,
    }


def test_the_rectangle_that_hides_a_cell_in_a_two_way_table():
    table = {(r, c): 50 for r in "xyz" for c in "pqr"} | {("x", "p"): 2}
    published = protect_counts(table, base=1)
    hidden = [figure for figure, count in published.figures.items() if not count.is_shown]
    cells = [figure for figure in hidden if figure[0] == "cell"]
    assert len(cells) >= 4 or any(figure[0] != "cell" for figure in hidden)
    assert recover_cells(published) == {}


def test_rounding_alone_can_collapse_and_is_caught():
    """Nearest rounding of 12, 12, 12 and 43 would leave 7 as the only answer."""
    naive = by_hand({"a": 7, "b": 12, "c": 12, "d": 12}, base=5, total=45)
    assert recover_cells(naive, slack=2) == {("cell", "a"): 7}
    assert recover_cells(protect_counts({"a": 7, "b": 12, "c": 12, "d": 12}), slack=2) == {}


def test_a_table_of_nothing_but_small_counts_is_all_hidden():
    published = protect_counts({"a": 1, "b": 0, "c": 3})
    assert {str(count) for count in published.figures.values()} == {"fewer than 8"}


def test_words_that_would_say_too_much_are_not_used():
    """Seven counts above zero that add up to fewer than 8 could only be seven ones."""
    published = protect_counts(dict.fromkeys("abcdefg", 1), zeros_are_safe=True)
    assert recover_cells(published) == {}
    assert str(published.total) == "not shown"


def test_two_way_cells_left_out_count_as_none():
    published = protect_counts({("a", "p"): 40, ("b", "q"): 60})
    assert not published.count("a", "q").is_shown
    assert published.row_total("a").is_shown
    assert published.column_total("q").is_shown
    assert published.total.shown == 100


@pytest.mark.parametrize(
    "table",
    [{}, {"a": -1}, {"a": 1.5}, {"a": True}, {"a": 3, ("b", "c"): 4}, {"a": "3"}],
)
def test_what_is_not_a_table_of_counts_is_refused(table):
    with pytest.raises(WholeplaceError) as refused:
        protect_counts(table)
    assert refused.value.do_next


@pytest.mark.parametrize("wrong", [{"threshold": -1}, {"base": 0}, {"least_range": 0}])
def test_settings_that_protect_nothing_are_refused(wrong):
    with pytest.raises(WholeplaceError):
        protect_counts({"a": 3}, **wrong)


def test_there_is_no_way_back_to_the_exact_count():
    secret = 6
    count = protect_counts({"a": secret, "b": 90}).count("a")
    assert count == protect_counts({"a": 2, "b": 90}).count("a")
    assert count.shown is None
    assert pickle.dumps(count) == pickle.dumps(ProtectedCount(None, "small", 7))


# The attack's own teeth


def by_hand(table, *, base, total, threshold=7):
    """What a system that only hides small counts would publish."""
    figures = {
        ("cell", name): ProtectedCount(None, "small", threshold)
        if count <= threshold
        else ProtectedCount(base * round(count / base), "", threshold)
        for name, count in table.items()
    }
    figures[("total",)] = ProtectedCount(total, "", threshold)
    return ProtectedTable(
        tuple(table), (), MappingProxyType(figures), threshold, base, False, base - 1
    )


def test_the_attack_recovers_what_hiding_alone_leaves():
    assert recover_cells(by_hand({"a": 3, "b": 40}, base=1, total=43)) == {("cell", "a"): 3}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 7), st.lists(st.integers(8, 500), min_size=1, max_size=6))
def test_hiding_a_single_count_beside_its_total_always_fails(small, others):
    table = {"small": small, **{f"o{place}": count for place, count in enumerate(others)}}
    naive = by_hand(table, base=1, total=small + sum(others))
    assert recover_cells(naive) == {("cell", "small"): small}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=2, max_size=4), st.integers(8, 60))
def test_the_attack_agrees_with_trying_every_table(small, large):
    """Exact bounds against enumeration of every whole answer."""
    from itertools import product

    table = {**{f"s{place}": count for place, count in enumerate(small)}, "l": large}
    naive = by_hand(table, base=1, total=large + sum(small))
    fitting = [
        answer for answer in product(range(8), repeat=len(small)) if sum(answer) == sum(small)
    ]
    ranges = ranges_left(naive)
    for place in range(len(small)):
        values = [answer[place] for answer in fitting]
        assert ranges["cell", f"s{place}"] == (min(values), max(values))


def test_an_attacker_who_assumes_too_much_finds_that_nothing_fits():
    naive = by_hand({"a": 3, "b": 40}, base=5, total=100)
    assert ranges_left(naive, slack=0) is None


# Totals published before


PEOPLE = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.booleans()), min_size=1, max_size=60
)


def cut_by(people, which, margin, size):
    """Return the table of one set of areas, with all totals that it shares with others."""
    residents = {f"a{n}": 0 for n in range(size)}
    counts = {(area, side): 0 for area in residents for side in ("with", "without")}
    for person in people:
        area = f"a{person[which]}"
        residents[area] += 1
        counts[area, "with" if person[2] else "without"] += 1
    everybody = {("total",): margin.total}
    rows = protect_counts(residents, totals=everybody)
    shared = {
        **everybody,
        **{("column", side): margin.count(side) for side in ("with", "without")},
        **{("row", area): rows.count(area) for area in residents},
    }
    return counts, shared, protect_counts(counts, totals=shared)


def margin_of(people):
    total = protect_counts({"all": len(people)}).total
    having = sum(person[2] for person in people)
    counts = {"with": having, "without": len(people) - having}
    return protect_counts(counts, totals={("total",): total})


@settings(max_examples=8, deadline=None)
@given(PEOPLE, st.integers(1, 40))
def test_every_set_of_areas_repeats_the_same_totals_and_gives_nobody_away(people, times):
    people = people * times
    margin = margin_of(people)
    for which, size in ((0, 7), (1, 4)):
        counts, shared, table = cut_by(people, which, margin, size)
        assert {figure: table.figures[figure] for figure in shared} == shared
        assert recover_cells(table) == {}
        assert recover_cells(table, slack=2) == {}
        for figure, exact in exact_figures(counts, table).items():
            shown = table.figures[figure].shown
            assert shown is None or (exact > 7 and abs(shown - exact) <= 4)
            assert exact > 7 or shown is None


@settings(max_examples=8, deadline=None)
@given(PEOPLE, st.integers(1, 40))
def test_a_table_adds_up_to_totals_published_before(people, times):
    people = people * times
    _, _, table = cut_by(people, 0, margin_of(people), 7)
    for total, parts in table.parts().items():
        shown, cells = table.figures[total], [table.figures[part] for part in parts]
        if shown.is_shown and all(cell.is_shown for cell in cells):
            assert shown.shown == sum(cell.shown for cell in cells)
        elif shown.is_shown:
            assert shown.shown >= sum(cell.shown or 0 for cell in cells)


@pytest.mark.parametrize(
    "total",
    [
        {("total",): ProtectedCount(70)},
        {("total",): ProtectedCount(62)},
        {("total",): ProtectedCount(None, "small")},
        {("column", "with"): ProtectedCount(60)},
        {("total",): ProtectedCount(60, threshold=9)},
    ],
)
def test_a_total_of_other_people_is_refused(total):
    with pytest.raises(WholeplaceError, match="total"):
        protect_counts({"a": 30, "b": 31}, totals=total)


def test_counts_just_above_the_threshold_still_add_up_to_a_total_given():
    counts = {f"a{n}": 8 for n in range(12)}
    total = protect_counts({"all": 96}).total
    table = protect_counts(counts, totals={("total",): total})
    assert table.total == total and total.shown == 95
    assert all(table.count(row).shown in (10, None) for row in counts)
    assert sum(table.count(row).shown or 0 for row in counts) <= 95
