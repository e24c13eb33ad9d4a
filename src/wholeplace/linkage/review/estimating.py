"""How good links are, from labels on a sample: precision and recall with 95 % intervals.

The sample is drawn by score band, so that few labels say much: most of the doubt lies in few
pairs. In each band the share of wrong pairs has the distribution that its labels leave it, for
the lower end and the upper in the proportion below; shares are put together by the bands' sizes.
No probability of the model enters, so a model that is wrong about itself is found out.

Source: Jeffreys' interval, whose lower end is opened where no wrong pair was seen (Brown, Cai and
DasGupta 2001, *Interval Estimation for a Binomial Proportion*, Statistical Science 16(2)). How
well the intervals hold is simulated in `benchmarks/review_intervals.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "Labels", "allocate_labels", "estimate_precision", "estimate_recall"]

_DRAWS = 4_000
_LEVEL = 0.95
_OPENED = 0.4  # share of draws whose lower end is opened; chosen by simulation
_SEED = 20_261_125

Draws = NDArray[np.float64]


@dataclass(frozen=True)
class Labels:
    """Labels on one band: its pairs in all, labels given, and those that said “two people”."""

    pairs: int
    labels: int
    apart: int


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 % interval, and how many labels it rests on.

    Attributes:
        covered: share of the pairs that lie in bands with a label; of the others nothing is known.
    """

    share: float
    low: float
    high: float
    labels: int
    covered: float

    @property
    def half_width(self) -> float:
        """Half the interval."""
        return (self.high - self.low) / 2


def allocate_labels(
    sizes: Mapping[str, int], doubts: Mapping[str, float], labels: int, *, least: int, floor: float
) -> dict[str, int]:
    """Share labels out over bands, most where most doubt lies (Neyman 1934); never more than pairs.

    Args:
        sizes: band → pairs.
        doubts: band → mean chance of being wrong, as the model has it.
        labels: in all.
        least: labels in every band that has so many pairs.
        floor: doubt that every band counts as having at the least.
    """
    found = {band: min(least, size) for band, size in sizes.items() if size}
    spread = {
        band: sizes[band] * float(np.sqrt(max(doubts[band], floor) * (1 - min(doubts[band], 0.5))))
        for band in found
    }
    left = max(labels - sum(found.values()), 0)
    while left and (open_ := [band for band in sorted(found) if found[band] < sizes[band]]):
        whole = sum(spread[band] for band in open_)
        shares = {band: left * spread[band] / whole for band in open_}
        given = {band: min(int(share), sizes[band] - found[band]) for band, share in shares.items()}
        if not any(given.values()):
            given = {max(open_, key=lambda band: (shares[band], band)): 1}
        for band, more in given.items():
            found[band] += more
        left -= sum(given.values())
    return found


def estimate_precision(bands: Mapping[str, Labels]) -> Estimate | None:
    """Return the share of links that are right; None where no label says anything."""
    known = {band: each for band, each in bands.items() if each.labels and each.pairs}
    if not known:
        return None
    draws = 1 - _share_apart(known)
    right = 1 - sum(each.pairs * each.apart / each.labels for each in known.values()) / _all(known)
    return _tell(right, draws, known, bands)


def estimate_recall(
    linked: Mapping[str, Labels], unlinked: Mapping[str, Labels]
) -> Estimate | None:
    """Return the share of true pairs that are linked, of those that linkage compared and kept.

    None where labels on either kind of pair are missing. True pairs that were never compared, or
    fell below the review floor, are not among them.
    """
    known = {band: each for band, each in linked.items() if each.labels and each.pairs}
    missed = {band: each for band, each in unlinked.items() if each.labels and each.pairs}
    if not known or (unlinked and not missed):
        return None
    right = _all(known) * (1 - _share_apart(known))
    lost = _all(missed) * (1 - _share_apart(missed, turn=1)) if missed else np.zeros(_DRAWS)
    found = _all(known) - sum(e.pairs * e.apart / e.labels for e in known.values())
    gone = sum(e.pairs * (1 - e.apart / e.labels) for e in missed.values())
    share = found / (found + gone) if found + gone else 0.0
    draws = right / np.maximum(right + lost, 1e-12)
    return _tell(share, draws, {**known, **{f"- {k}": v for k, v in missed.items()}},
                 {**linked, **{f"- {k}": v for k, v in unlinked.items()}})  # fmt: skip


def _share_apart(known: Mapping[str, Labels], *, turn: int = 0) -> Draws:
    """Return draws of the share of pairs that are two people, over all bands."""
    # One stream of random numbers, so that the same labels give the same interval.
    chance = np.random.default_rng(_SEED + turn)
    counts = [known[band] for band in sorted(known)]
    labels, apart = (
        np.array([getattr(e, name) for e in counts], float) for name in ("labels", "apart")
    )
    shape = (_DRAWS, len(counts))
    middle = chance.beta(apart + 0.5, labels - apart + 0.5, shape)
    low = np.where(apart > 0, chance.beta(np.maximum(apart, 0.5), labels - apart + 1, shape), 0.0)
    high = np.where(
        apart < labels, chance.beta(apart + 1, np.maximum(labels - apart, 0.5), shape), 1.0
    )
    # Opened towards the end at which nothing was seen.
    opened = np.where(2 * apart <= labels, low, high)
    drawn = np.where(chance.random(shape) < _OPENED, opened, middle)
    weights = np.array([each.pairs for each in counts], float)
    mixed: Draws = drawn @ (weights / weights.sum())
    return mixed


def _all(bands: Mapping[str, Labels]) -> int:
    return sum(each.pairs for each in bands.values())


def _tell(
    share: float, draws: Draws, known: Mapping[str, Labels], every: Mapping[str, Any]
) -> Estimate:
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Estimate(
        round(float(share), 6),
        round(min(float(low), share), 6),
        round(max(float(high), share), 6),
        sum(each.labels for each in known.values()),
        round(_all(known) / max(_all(every), 1), 6),
    )
