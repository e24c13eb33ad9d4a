"""Invented places whose links are labelled over and over, to see how well intervals hold."""

from dataclasses import dataclass

import numpy as np

from wholeplace.linkage.review.estimating import Labels, allocate_labels, estimate_precision
from wholeplace.linkage.review.figures import review_figures

# Share of links in each band, and how often the model thinks that a link there is wrong.
SHARES = (0.80, 0.12, 0.05, 0.02, 0.01)
DOUBTS = (0.0003, 0.004, 0.025, 0.1, 0.3)
LINKS = 60_000


@dataclass(frozen=True)
class Held:
    """What simulated reviews came to: share that covered the truth, and half-widths."""

    covered: float
    widths: tuple[float, ...]
    precisions: tuple[float, ...]


def simulate(reviews: int, *, worse: float, seed: int) -> Held:
    """Label a sample of as many invented places, each wrong about itself in its own way.

    Args:
        reviews: how many.
        worse: how much more often links are wrong than the model thinks (log; 0 is as often).
        seed: of the places.
    """
    chance, figures = np.random.default_rng(seed), review_figures()
    names = [words for _, words in figures.bands]
    covered, widths, precisions = 0, [], []
    for _ in range(reviews):
        sizes = np.maximum(np.round(chance.dirichlet(np.array(SHARES) * 60) * LINKS), 1).astype(int)
        wrong = np.maximum(np.array(DOUBTS), 0.0008) * np.exp(chance.normal(worse, 0.7, 5))
        apart = np.round(sizes * np.minimum(wrong, 0.6)).astype(int)
        truth = 1 - apart.sum() / sizes.sum()
        labels = allocate_labels(
            dict(zip(names, sizes.tolist(), strict=True)),
            dict(zip(names, DOUBTS, strict=True)),
            figures.sample_labels,
            least=figures.least_labels_a_band,
            floor=figures.least_doubt,
        )
        bands = {}
        for name, size, bad in zip(names, sizes.tolist(), apart.tolist(), strict=True):
            seen = int(chance.hypergeometric(bad, size - bad, labels[name]))
            bands[name] = Labels(size, labels[name], seen)
        found = estimate_precision(bands)
        assert found is not None
        covered += found.low <= truth <= found.high
        widths.append(found.half_width)
        precisions.append(float(truth))
    return Held(covered / reviews, tuple(widths), tuple(precisions))
