"""Laws of the map: shading tells no more and no less than the table."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.web.places.shading import band_of, bands_of

rates = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.integers(0, 900).map(lambda n: n / 10),
    max_size=30,
)


@given(rates)
def test_every_rate_has_one_band_and_bands_do_not_overlap(given_rates: dict[str, float]) -> None:
    bands = bands_of(given_rates)
    for rate in given_rates.values():
        assert sum(band.lowest <= rate <= band.highest for band in bands) == 1
    for lower, upper in pairwise(bands):
        assert lower.highest < upper.lowest


@given(rates)
def test_bands_are_those_in_use(given_rates: dict[str, float]) -> None:
    used = set(given_rates.values())
    assert all(band.lowest in used and band.highest in used for band in bands_of(given_rates))


@given(rates)
def test_only_an_area_without_a_rate_has_no_band(given_rates: dict[str, float]) -> None:
    bands = bands_of(given_rates)
    assert all(band_of(rate, bands) > 0 for rate in given_rates.values())
    assert band_of(None, bands) == 0
