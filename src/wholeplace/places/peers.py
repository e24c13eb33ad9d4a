"""Places alike: nearest statistical neighbours, and why.

Each indicator is standardised over all places (median and spread between quartiles, so that one
odd place does not stretch the scale), and cut off at a few spreads. Distance is the root of the
weighted mean square. Every neighbour comes with the indicators that agree most and differ most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wholeplace.foundation.errors import NotFoundError, WholeplaceError

__all__ = ["Difference", "Peer", "find_peers", "hold_out_peers"]

_FEWEST_PLACES = 4
# Beyond this many spreads, further apart says no more.
_FURTHEST = 3.0
# The spread between the quartiles of a normal distribution, in standard deviations.
_QUARTILES = 1.349


@dataclass(frozen=True)
class Difference:
    """One indicator of two places.

    Attributes:
        theirs: the neighbour's value.
        ours: the place's own.
        spreads: how far apart, in standard spreads; above 0 where theirs is higher.
    """

    indicator: str
    ours: float
    theirs: float
    spreads: float


@dataclass(frozen=True)
class Peer:
    """One neighbour.

    Attributes:
        distance: 0 for a place that is the same in every indicator.
        alike: every indicator, the most alike first.
    """

    code: str
    distance: float
    alike: tuple[Difference, ...]

    @property
    def differ(self) -> tuple[Difference, ...]:
        """Every indicator, the most different first."""
        return self.alike[::-1]


def find_peers(
    values: Mapping[str, Mapping[str, float]],
    code: str,
    indicators: Sequence[str],
    *,
    weights: Mapping[str, float] | None = None,
    count: int = 10,
) -> tuple[Peer, ...]:
    """Return the places most like one, the nearest first.

    Args:
        values: code → indicator → value; places that lack an indicator chosen are left out.
        code: the place that is asked about.
        indicators: those chosen.
        weights: by indicator; 1 where none is given.
        count: how many neighbours.

    Raises:
        NotFoundError: if the place is not among them, or lacks an indicator.
        WholeplaceError: if no indicator is chosen, or too few places have them all.
    """
    if not indicators:
        raise WholeplaceError(
            "No places can be compared.", "No indicator is chosen.", "Choose at least one."
        )
    complete = sorted(
        each for each, held in values.items() if all(_is_number(held.get(i)) for i in indicators)
    )
    if code not in complete:
        raise NotFoundError(
            "This place cannot be compared.",
            "It is not known, or one of the indicators chosen is missing for it.",
            "Choose another place, or other indicators.",
        )
    if len(complete) < _FEWEST_PLACES:
        raise WholeplaceError(
            "No places can be compared.",
            "Too few places have all the indicators chosen.",
            "Choose fewer indicators.",
        )
    raw = np.array([[values[each][i] for i in indicators] for each in complete], float)
    scaled = _standardise(raw)
    weight = np.array([max(0.0, (weights or {}).get(i, 1.0)) for i in indicators])
    weight = weight / weight.sum() if weight.sum() else np.full(len(weight), 1 / len(weight))
    at = complete.index(code)
    apart = scaled - scaled[at]
    distance = np.sqrt((apart**2 * weight).sum(axis=1))
    order = sorted(
        (n for n in range(len(complete)) if n != at), key=lambda n: (distance[n], complete[n])
    )
    return tuple(
        Peer(
            complete[n],
            float(distance[n]),
            tuple(
                Difference(indicators[i], float(raw[at, i]), float(raw[n, i]), float(apart[n, i]))
                for i in sorted(range(len(indicators)), key=lambda i: abs(apart[n, i]))
            ),
        )
        for n in order[:count]
    )


def hold_out_peers(
    values: Mapping[str, Mapping[str, float]],
    code: str,
    indicators: Sequence[str],
    *,
    weights: Mapping[str, float] | None = None,
    count: int = 10,
) -> float:
    """Return how stable a list of neighbours is: the share kept when one indicator is left out.

    Returns:
        The mean over the indicators, 0 to 1; 1 where only one was chosen.
    """
    if len(indicators) < 2:
        return 1.0
    whole = {
        each.code for each in find_peers(values, code, indicators, weights=weights, count=count)
    }
    kept = [
        len(
            whole
            & {
                each.code
                for each in find_peers(
                    values, code, [i for i in indicators if i != left_out], weights=weights,
                    count=count,
                )
            }
        )
        / len(whole)
        for left_out in indicators
    ]  # fmt: skip
    return float(np.mean(kept))


def _is_number(value: float | None) -> bool:
    return value is not None and bool(np.isfinite(value))


def _standardise(raw: np.ndarray) -> np.ndarray:
    middle = np.median(raw, axis=0)
    low, high = np.percentile(raw, [25, 75], axis=0)
    spread = (high - low) / _QUARTILES
    # An indicator that is the same for half of all places still has a standard deviation.
    spread = np.where(spread > 0, spread, raw.std(axis=0))
    spread = np.where(spread > 0, spread, 1.0)
    scaled: np.ndarray = np.clip((raw - middle) / spread, -_FURTHEST, _FURTHEST)
    return scaled
