"""How well two reviewers agree, beyond what chance would give: Cohen's kappa.

Source: Cohen (1960), *A Coefficient of Agreement for Nominal Scales*, Educational and
Psychological Measurement 20(1); the large-sample error is that of Fleiss, Cohen and Everitt
(1969), *Large Sample Standard Errors of Kappa and Weighted Kappa*, Psychological Bulletin 72(5).
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Agreement", "measure_agreement"]

_Z = 1.959964


@dataclass(frozen=True)
class Agreement:
    """Kappa with its 95 % interval.

    Attributes:
        pairs: pairs that two people answered, neither seeing the other's answer.
        observed: share of them on which both gave the same answer.
        kappa: None where every answer was the same, so that chance alone would agree as well.
    """

    pairs: int
    observed: float
    kappa: float | None
    low: float | None
    high: float | None


def measure_agreement(answers: Iterable[tuple[str, str]]) -> Agreement | None:
    """Return how well first and second answers agree; None where nothing was answered twice."""
    table = Counter(answers)
    pairs = sum(table.values())
    if not pairs:
        return None
    shares = {key: count / pairs for key, count in table.items()}
    kinds = sorted({kind for key in table for kind in key})
    first = {kind: sum(shares.get((kind, other), 0.0) for other in kinds) for kind in kinds}
    second = {kind: sum(shares.get((other, kind), 0.0) for other in kinds) for kind in kinds}
    observed = sum(shares.get((kind, kind), 0.0) for kind in kinds)
    by_chance = sum(first[kind] * second[kind] for kind in kinds)
    if by_chance > 1 - 1e-12:
        return Agreement(pairs, round(observed, 6), None, None, None)
    kappa = (observed - by_chance) / (1 - by_chance)
    spread = sum(
        shares.get((kind, kind), 0.0) * (1 - (first[kind] + second[kind]) * (1 - kappa)) ** 2
        for kind in kinds
    )
    spread += (1 - kappa) ** 2 * sum(
        shares.get((one, other), 0.0) * (second[one] + first[other]) ** 2
        for one in kinds
        for other in kinds
        if one != other
    )
    spread -= (kappa - by_chance * (1 - kappa)) ** 2
    error = math.sqrt(max(spread, 0.0) / pairs) / (1 - by_chance)
    return Agreement(
        pairs,
        round(observed, 6),
        round(kappa, 6),
        round(max(kappa - _Z * error, -1.0), 6),
        round(min(kappa + _Z * error, 1.0), 6),
    )
