"""Estimates from labels: intervals hold, and more labels never say less."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.linkage.review.places import simulate

from wholeplace.linkage.review.agreement import measure_agreement
from wholeplace.linkage.review.estimating import (
    Labels,
    allocate_labels,
    estimate_precision,
    estimate_recall,
)


def test_of_a_thousand_simulated_reviews_95_in_100_cover_the_truth() -> None:
    held = simulate(1_000, worse=0.0, seed=5)
    assert 0.93 <= held.covered <= 0.97
    assert np.mean(held.widths) <= 0.015
    # Where about 99 links of 100 are right, 300 labels are enough; where fewer are, more are needed.
    good = [
        width
        for width, precision in zip(held.widths, held.precisions, strict=True)
        if precision >= 0.99
    ]
    assert len(good) > 400
    assert np.quantile(good, 0.95) <= 0.015


sizes = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 5_000), min_size=1)


@given(sizes, st.integers(1, 400), st.integers(1, 20))
def test_labels_are_shared_out_whole_and_never_beyond_a_band(bands, labels, least):
    doubts = {band: 0.001 * (number + 1) for number, band in enumerate(sorted(bands))}
    found = allocate_labels(bands, doubts, labels, least=least, floor=0.01)
    assert set(found) == set(bands)
    assert all(min(least, bands[band]) <= count <= bands[band] for band, count in found.items())
    floor = sum(min(least, size) for size in bands.values())
    assert sum(found.values()) == min(sum(bands.values()), max(labels, floor))


@st.composite
def labelled(draw):
    found = {}
    for band in draw(st.sets(st.sampled_from("abcde"), min_size=1)):
        labels = draw(st.integers(0, 60))
        found[band] = Labels(
            draw(st.integers(max(labels, 1), 5_000)), labels, draw(st.integers(0, labels))
        )
    return found


@given(labelled(), labelled())
def test_an_interval_holds_its_own_estimate_and_lies_between_none_and_all(linked, unlinked):
    for found in (estimate_precision(linked), estimate_recall(linked, unlinked)):
        if found is not None:
            assert 0 <= found.low <= found.share <= found.high <= 1
            assert 0 < found.covered <= 1
    assert (estimate_precision(linked) is None) == (not any(e.labels for e in linked.values()))
    assert estimate_precision(linked) == estimate_precision(dict(reversed(linked.items())))


def test_no_wrong_link_seen_is_no_proof_that_there_is_none() -> None:
    found = estimate_precision({"all": Labels(10_000, 300, 0)})
    assert found is not None
    assert found.share == 1 and found.high == 1
    assert 0.985 < found.low < 0.999


def test_recall_counts_what_was_not_linked() -> None:
    found = estimate_recall({"all": Labels(900, 90, 0)}, {"all": Labels(200, 100, 50)})
    assert found is not None
    assert found.share == pytest.approx(0.9)
    assert found.low < 0.9 < found.high


def test_kappa_takes_chance_off() -> None:
    table = [("same", "same")] * 20 + [("same", "different")] * 5
    table += [("different", "same")] * 10 + [("different", "different")] * 15
    found = measure_agreement(table)
    assert found is not None and found.kappa is not None
    # The textbook's table: 70 % agree, half of it by chance.
    assert (found.pairs, found.observed) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.low == pytest.approx(0.4 - 1.96 * 0.1265, abs=0.01)


def test_kappa_of_answers_that_are_all_the_same_is_not_told() -> None:
    found = measure_agreement([("same", "same")] * 30)
    assert found is not None and found.kappa is None and found.observed == 1
    assert measure_agreement([]) is None


def test_kappas_interval_covers_the_truth() -> None:
    chance = np.random.default_rng(3)
    shares = np.array([0.55, 0.05, 0.08, 0.32])
    observed, first, second = shares[0] + shares[3], shares[0] + shares[1], shares[0] + shares[2]
    by_chance = first * second + (1 - first) * (1 - second)
    truth = (observed - by_chance) / (1 - by_chance)
    kinds = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]
    covered = 0
    for _ in range(600):
        counts = chance.multinomial(120, shares)
        found = measure_agreement(
            kind for kind, count in zip(kinds, counts, strict=True) for _ in range(count)
        )
        assert found is not None and found.low is not None and found.high is not None
        covered += found.low <= truth <= found.high
    assert 0.92 <= covered / 600 <= 0.98
