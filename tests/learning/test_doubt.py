"""Doubt: bounds of hidden bias, corrections for several outcomes, placebos on one's own donors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.learning.studies import simulate

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing import (
    Units,
    estimate_difference,
    estimate_entropy_balanced,
    fit_propensity,
    gather_units,
    match_nearest,
    weigh_by_entropy,
)
from wholeplace.learning.comparing.matching import pair_gaps
from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.doubt import (
    bound_hidden_bias,
    correct_benjamini_hochberg,
    correct_holm,
    find_e_value,
    find_e_value_of_difference,
    measure_false_positives,
)

P_VALUES = st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 1), min_size=1, max_size=8)


@given(P_VALUES)
def test_corrections_keep_the_order_and_never_lower(p_values: dict[str, float]) -> None:
    holm, hochberg = correct_holm(p_values), correct_benjamini_hochberg(p_values)
    for corrected in (holm, hochberg):
        for one in p_values:
            assert p_values[one] <= corrected[one] * (1 + 1e-12) and corrected[one] <= 1
            for two in p_values:
                if p_values[one] <= p_values[two]:
                    assert corrected[one] <= corrected[two]
    assert all(hochberg[name] <= holm[name] * (1 + 1e-12) for name in p_values)


@settings(max_examples=25, deadline=None)
@given(P_VALUES)
def test_corrections_are_those_of_statsmodels(p_values: dict[str, float]) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    values = list(p_values.values())
    for ours, theirs in ((correct_holm, "holm"), (correct_benjamini_hochberg, "fdr_bh")):
        expected = multitest.multipletests(values, method=theirs)[1]
        assert list(ours(p_values).values()) == pytest.approx(expected, abs=1e-9)


def test_the_e_value_is_the_published_one() -> None:
    assert find_e_value(3.9) == pytest.approx(7.26, abs=0.01)
    assert find_e_value(1 / 3.9) == pytest.approx(find_e_value(3.9))
    assert find_e_value(1.0) == 1.0


def test_an_interval_that_holds_nought_needs_no_hidden_bias() -> None:
    units, outcome = simulate(1, effect=0.0)
    nothing = estimate_difference(units, outcome - outcome)
    assert find_e_value_of_difference(nothing, 1.0) == (1.0, 1.0)
    strong = estimate_difference(units, outcome + 5 * units.is_reached)
    middle, nearer = find_e_value_of_difference(strong, float(outcome.std()))
    assert middle > nearer > 1


@given(st.lists(st.floats(-10, 10), min_size=5, max_size=40), st.floats(0.1, 3))
def test_a_larger_gain_in_every_pair_is_never_easier_to_overturn(
    gaps: list[float], more: float
) -> None:
    held = np.abs(np.array(gaps)) + 0.01
    weaker = held.copy()
    weaker[0] = -weaker[0]
    assert bound_hidden_bias(weaker).overturned_at <= bound_hidden_bias(held).overturned_at
    assert bound_hidden_bias(held * more).overturned_at == pytest.approx(
        bound_hidden_bias(held).overturned_at, abs=1e-3
    )
    assert bound_hidden_bias(-held) == bound_hidden_bias(held)


def test_a_finding_made_by_something_hidden_is_called_fragile_and_a_real_one_is_not() -> None:
    def bounds(effect: float, hidden: float) -> float:
        units, outcome = simulate(5, effect=effect, number=1500, hidden=hidden)
        odds = fit_propensity(units)
        return bound_hidden_bias(pair_gaps(outcome, match_nearest(units, odds))).overturned_at

    made_up, real = bounds(0.0, 1.0), bounds(1.5, 0.0)
    # The hidden cause changes the odds e-fold for each of its standard deviations.
    assert 1 < made_up < np.e < real
    assert bound_hidden_bias(np.zeros(9)).words.startswith("The finding is not certain")
    assert "1." in bound_hidden_bias(np.linspace(-1.0, 2.0, 60)).words


def entropy(units: Units, outcome: Floats) -> object:
    return estimate_entropy_balanced(units, outcome, weigh_by_entropy(units))


def test_a_sound_study_seldom_finds_what_is_not_there_and_a_bare_one_often_does() -> None:
    units, outcome = simulate(11, number=600)
    sound = measure_false_positives(units, outcome, entropy, draws=150)  # type: ignore[arg-type]
    bare = measure_false_positives(units, outcome, estimate_difference, draws=150)
    assert sound.low <= 0.05 and sound.share < 0.12
    assert bare.share > 0.5
    again = measure_false_positives(units, outcome, estimate_difference, draws=150)
    assert again == bare, "the same seed, the same answer"


def test_placebos_need_somebody() -> None:
    units = gather_units(list("abcdef"), [1, 1, 1, 1, 0, 0], {"x": [1, 2, 3, 4, 5, 3]})
    with pytest.raises(WholeplaceError, match="too small"):
        measure_false_positives(units, np.arange(6.0), estimate_difference)
