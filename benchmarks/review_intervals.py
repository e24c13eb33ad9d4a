"""How well the intervals of a review hold: 1,000 simulated reviews of 300 labels, three kinds of place.

Run from the project's folder. Beside them, the interval that a reviewer would work out by hand
from as many labels drawn blindly (Wilson 1927), over the same places.
"""

import math
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.linkage.review.places import LINKS, simulate

REVIEWS = 1_000
LABELS = 300


def wilson(precisions: tuple[float, ...], seed: int) -> tuple[float, float]:
    """Return the share covered and the mean half-width of Wilson's interval on blind samples."""
    chance, z = np.random.default_rng(seed), 1.959964
    covered, widths = 0, []
    for precision in precisions:
        right = round(precision * LINKS)
        share = int(chance.hypergeometric(right, LINKS - right, LABELS)) / LABELS
        middle = (share + z * z / (2 * LABELS)) / (1 + z * z / LABELS)
        half = (
            z
            * math.sqrt(share * (1 - share) / LABELS + z * z / (4 * LABELS**2))
            / (1 + z * z / LABELS)
        )
        covered += middle - half <= precision <= middle + half
        widths.append(half)
    return covered / len(precisions), float(np.mean(widths))


def main() -> None:
    """Print what each kind of place came to."""
    print(
        "links wrong, beside what the model thinks | median precision | covered | half-width mean, 95th | by hand: covered, mean"
    )
    for words, worse in (("as often", 0.0), ("twice as often", 0.7), ("three times", 1.1)):
        held = simulate(REVIEWS, worse=worse, seed=5)
        by_hand = wilson(held.precisions, 6)
        print(
            f"{words} | {np.median(held.precisions):.4f} | {held.covered:.3f} | "
            f"{np.mean(held.widths):.4f}, {np.quantile(held.widths, 0.95):.4f} | "
            f"{by_hand[0]:.3f}, {by_hand[1]:.4f}"
        )


if __name__ == "__main__":
    main()
