"""A fund shared out to the penny, floors and gaps, boards, and courses. Published figures reproduced."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.outcomes.areas.allocation import allocate_fund, share_out
from wholeplace.outcomes.areas.floors import check_floor
from wholeplace.outcomes.progress import Target, expected_on, measure_progress
from wholeplace.partnership.programmes.areas import AreaFigures, AreaFund, FloorTarget


def fund(areas: list[AreaFigures], **changed: object) -> AreaFund:
    given_ = {
        "fund": "a-fund",
        "framework": "neighbourhood-renewal-fund",
        "title": "A fund",
        "area_set": "wards",
        "fund_pence": {"2024-25": 1_000_001},
        "threshold_tenths": 250,
        "areas": areas,
        "why": "",
        "source": "",
    }
    return AreaFund.model_validate({**given_, **changed})


figures = st.lists(
    st.builds(
        AreaFigures,
        code=st.uuids().map(str),
        residents=st.integers(1, 50_000),
        score_tenths=st.integers(0, 900),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda each: each.code,
)


@given(figures, st.integers(0, 10**12), st.integers(0, 5000))
def test_every_penny_is_shared_out_and_nobody_below_the_threshold_gets_any(
    areas: list[AreaFigures], pence: int, least: int
) -> None:
    eligible = [each for each in areas if each.score_tenths > 250]
    pence += least * len(eligible)
    asked = fund(areas, fund_pence={"a": pence, "b": pence + 1}, least_pence=least)
    if not eligible:
        with pytest.raises(WholeplaceError):
            allocate_fund(asked)
        return
    shares = allocate_fund(asked)
    assert sum(each.pence["a"] for each in shares) == pence
    assert sum(each.pence["b"] for each in shares) == pence + 1
    assert sum(each.share for each in shares) == 1
    for each in shares:
        assert (each.total_pence == 0) if not each.is_eligible else each.pence["a"] >= least


@given(figures)
def test_more_deprived_of_equal_size_never_gets_less(areas: list[AreaFigures]) -> None:
    same = [each.model_copy(update={"residents": 1000}) for each in areas]
    if any(each.score_tenths > 250 for each in same):
        shares = sorted(allocate_fund(fund(same)), key=lambda each: each.score_tenths)
        pence = [each.total_pence for each in shares]
        assert all(later >= earlier - 1 for earlier, later in itertools.pairwise(pence))


@given(figures)
def test_the_order_of_areas_does_not_matter(areas: list[AreaFigures]) -> None:
    if any(each.score_tenths > 250 for each in areas):
        assert allocate_fund(fund(areas)) == allocate_fund(fund(areas[::-1]))


# House of Commons written answer of 24 January 2001: authority, then £ million in 2001-02, 2002-03
# and 2003-04, of £200, £300 and £400 million.
PUBLISHED = {
    "Easington": (2.216, 3.325, 4.433),
    "Gateshead": (2.322, 3.482, 4.643),
    "Hackney": (5.882, 8.824, 11.765),
    "Hartlepool": (1.568, 2.353, 3.138),
    "Islington": (3.136, 4.703, 6.270),
    "Kingston upon Hull": (3.754, 5.630, 7.507),
}


@pytest.mark.parametrize("authority", PUBLISHED)
def test_the_published_allocations_keep_one_share_through_the_years(authority: str) -> None:
    """One weight, shared out of each year's whole fund, gives every year's amount.

    To the thousand pounds in which they are printed: Hartlepool's first year is printed as 1.568,
    and half of its last as printed is 1.569.
    """
    last = PUBLISHED[authority][2]
    weight = round(last * 1000)
    for millions, amount in zip((200, 300, 400), PUBLISHED[authority], strict=True):
        given_ = share_out(millions * 100_000_000, {"it": weight, "others": 400_000 - weight})
        assert abs(given_["it"] / 100_000_000 - amount) < 0.00101, "to the thousand pounds printed"


FLOOR = FloorTarget(
    id="grades",
    label="Grades",
    outcome="education",
    unit="per cent",
    better="higher",
    floor_tenths=380,
    by="2004-05",
    comparator_name="England",
    comparator={"2001-02": 600, "2003-04": 620},
    values={
        "a": {"2001-02": 300, "2003-04": 379},
        "b": {"2001-02": 380, "2003-04": 380},
        "c": {"2001-02": 500},
    },
    source="",
)


def test_a_floor_is_met_exactly_at_its_level_and_worst_stands_first() -> None:
    """38 per cent is the published floor for education authorities (Publicnet, 20 November 2001)."""
    found = {each.code: each for each in check_floor(FLOOR).areas}
    assert (found["a"].state, found["a"].short_tenths) == ("below", 1)
    assert (found["b"].state, found["b"].short_tenths) == ("above", 0)
    assert found["c"].state == "not-measured"
    assert check_floor(FLOOR).areas[0].code == "a"
    assert (found["a"].first_gap_tenths, found["a"].gap_tenths) == (300, 241)
    assert found["a"].is_narrowing and found["b"].is_narrowing is False
    assert found["c"].is_narrowing is None


def test_for_a_rate_that_should_fall_the_floor_is_a_ceiling() -> None:
    lower = FLOOR.model_copy(update={"better": "lower"})
    found = {each.code: each for each in check_floor(lower).areas}
    assert found["a"].state == "above" and found["b"].state == "above"
    assert check_floor(lower.model_copy(update={"floor_tenths": 370})).below == 2


START, END = dt.date(2020, 1, 1), dt.date(2030, 1, 1)


@given(
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.integers(0, 4000),
    st.integers(0, 1000),
)
def test_a_course_runs_from_baseline_to_target_and_the_mirror_says_the_same(
    first: int, last: int, days: int, value: int
) -> None:
    better = "higher" if last >= first else "lower"
    target = Target(START, first, END, last, better)  # type: ignore[arg-type]
    on = START + dt.timedelta(days=days)
    expected = expected_on(target, on)
    assert min(first, last) <= expected <= max(first, last)
    assert expected_on(target, START) == first and expected_on(target, END) == last
    mirrored = Target(START, -first, END, -last, "lower" if better == "higher" else "higher")
    assert measure_progress(target, on, value).state == measure_progress(mirrored, on, -value).state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (500, "met"),
        (450, "on-course"),
        (449, "behind"),
        (400, "behind"),
        (399, "worse"),
        (None, "not-measured"),
    ],
)
def test_progress_half_way(value: int | None, state: str) -> None:
    target = Target(dt.date(2021, 1, 1), 400, dt.date(2021, 1, 11), 500, "higher")
    half_way = dt.date(2021, 1, 6)
    assert expected_on(target, half_way) == Fraction(450)
    assert measure_progress(target, half_way, value).state == state


def test_a_course_may_bend() -> None:
    bent = Target(START, 0, END, 100, "higher", {dt.date(2025, 1, 1): 20})
    assert expected_on(bent, dt.date(2025, 1, 1)) == 20
    with pytest.raises(ValueError, match="between baseline and target"):
        Target(START, 0, END, 100, "higher", {dt.date(2031, 1, 1): 20})
