"""Sensitivity: the same figures on any machine, and the figure that flips the decision."""

import subprocess
import sys
from decimal import Decimal

import pytest
from tests.money.larkbridge import intervention, settings
from tests.web.town import clean_environment

from wholeplace.money.benefits import (
    appraise,
    draw_chances,
    parameters_of,
    switching_value,
    totals_of,
    vary_each,
    with_values,
)
from wholeplace.money.benefits.chances import net_of

PROGRAM = """
from tests.money.larkbridge import intervention, settings
from wholeplace.money.benefits import draw_chances
print(draw_chances(intervention(), settings()))
"""


def test_the_quick_sum_is_the_exact_sum_but_for_rounding() -> None:
    exact = totals_of(appraise(intervention(), settings())).fiscal_net.pence
    assert abs(float(net_of(intervention(), settings(), {})) - exact) < 200, "a penny a cell"


def test_the_draws_are_the_same_whatever_the_number_of_threads() -> None:
    said = {f"{draw_chances(intervention(), settings())}\n"}
    for threads in ("1",):
        environment = clean_environment() | {
            "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": ".",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        said.add(done.stdout)
    assert len(said) == 1, "this process has as many threads as the machine, the other one"


def test_every_draw_stands_in_the_picture_and_other_seeds_differ() -> None:
    found = draw_chances(intervention(), settings(), draws=2_000)
    assert sum(number for _, _, number in found.bins) == 2_000
    assert found.low_pence < found.middle_pence < found.high_pence
    assert 0 < found.pays_share < 1
    other = draw_chances(intervention(), settings(), draws=2_000, seed=1)
    assert other.middle_pence != found.middle_pence


def test_the_figure_that_flips_the_decision_flips_it() -> None:
    flipped = 0
    for each in parameters_of(intervention()):
        value = switching_value(intervention(), settings(), each)
        if value is None:
            continue
        at_it = float(net_of(intervention(), settings(), {each.id: float(value)}))
        assert abs(at_it) < 100_000, f"{each.id}: within £1,000 of nothing at six places"
        step = (each.domain[1] - each.domain[0]) / 1000
        sides = [
            float(net_of(intervention(), settings(), {each.id: float(value + sign * step)})) > 0
            for sign in (-1, 1)
        ]
        assert sides[0] != sides[1], each.id
        flipped += 1
    assert flipped >= 8


def test_a_figure_without_a_flip_says_so() -> None:
    lag = next(each for each in parameters_of(intervention()) if each.id == "deadweight:arrears")
    assert switching_value(intervention(), settings(), lag) is None


def test_each_figure_moves_the_answer_as_the_exact_sum_does() -> None:
    swings = vary_each(intervention(), settings())
    assert [each.width_pence for each in swings] == sorted(
        (each.width_pence for each in swings), reverse=True
    )
    first = swings[0]
    changed = with_values(intervention(), {first.parameter.id: first.parameter.high})
    assert first.at_high_pence == totals_of(appraise(changed, settings())).fiscal_net.pence


@pytest.mark.parametrize("share", ["0.1", "0.5"])
def test_a_flip_within_its_range_is_told(share: str) -> None:
    changed = intervention().model_dump()
    changed["take_up"] |= {"value": share, "low": "0.05", "high": "0.6"}
    wide = type(intervention()).model_validate(changed)
    swing = next(each for each in vary_each(wide, settings()) if each.parameter.id == "take_up")
    assert swing.flips_within and Decimal("0.05") < (swing.flips_at or 0) < Decimal("0.6")
