"""Every published figure worked out again; its source is named in the file that is read."""

import pytest

from wholeplace.money.benefits.published import (
    PublishedFigure,
    find_conflicts,
    load_published,
    reviewed_on,
)

FIGURES = list(load_published().values())

# The published figures by hand: id, what it comes to, and who published it.
VECTORS = {
    "troubled-families-2015": ("2.15", "Department for Communities and Local Government 2015"),
    "troubled-families-2019-economic": ("285.9", "Local Government Chronicle 2019"),
    "troubled-families-2019-fiscal": ("288.2", "Local Government Chronicle 2019"),
    "whole-place-pilots": ("204.2", "Public Finance"),
    "west-cheshire-gross": ("2.63", "Local Government Association"),
    "west-cheshire-net": ("67", "Local Government Association"),
    "west-cheshire-forecast": ("56", "Public Finance"),
    "peterborough-cohort-1": ("8.39", "Civil Society"),
    "peterborough-pooled": ("9", "Pioneers Post"),
    "cost-of-families-2012": ("75000", "GOV.UK 2012"),
    "troubled-families-most-paid": ("400", "Derived from the payment terms"),
    "life-chances-fund": ("320", "Manchester Community Central"),
    "family-spend-before": ("9.77", "Department for Communities and Local Government 2013"),
    "family-spend-other": ("8.86", "Department for Communities and Local Government 2013"),
}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: str(figure.id))
def test_what_was_published_comes_to_what_is_shown(figure: PublishedFigure) -> None:
    comes_to, source = VECTORS[figure.id]
    assert str(figure.worked_out) == comes_to == str(figure.comes_to)
    assert source in figure.source


def test_every_vector_is_there() -> None:
    assert set(VECTORS) == set(load_published())
    assert reviewed_on().year >= 2026


def test_the_bond_pays_by_its_thresholds() -> None:
    """Peterborough: 8.39% of one cohort is below 10%, 9% of both is above 7.5%."""
    first, pooled = (load_published()[f"peterborough-{each}"] for each in ("cohort-1", "pooled"))
    assert first.is_paid() is False is first.pays
    assert pooled.is_paid() is True is pooled.pays
    assert load_published()["life-chances-fund"].is_paid() is None


def test_payment_by_results_stays_within_its_budget() -> None:
    most = load_published()["troubled-families-most-paid"]
    assert most.at_most is not None and most.worked_out <= most.at_most


def test_the_two_conflicts_are_shown_as_conflicts() -> None:
    rounding, real = find_conflicts()
    assert {rounding.first.id, rounding.second.id} == {
        "troubled-families-2019-economic", "troubled-families-2019-fiscal",
    }  # fmt: skip
    assert rounding.is_within_tolerance and 0 < rounding.apart_share < 0.01
    assert {real.first.id, real.second.id} == {"west-cheshire-net", "west-cheshire-forecast"}
    assert not real.is_within_tolerance
    assert str(real.first.worked_out) == "67" and str(real.second.worked_out) == "56"


def test_what_has_no_comparison_says_so() -> None:
    assert "nobody to compare" not in load_published()["life-chances-fund"].beware
    assert "without anybody to compare with" in load_published()["troubled-families-2015"].beware
