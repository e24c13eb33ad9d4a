"""Learn what each level is worth from a place's own records.

Expectation maximisation over the patterns of agreement of *all* compared pairs (Fellegi and
Sunter 1969; Winkler 2000). u comes from random pairs and is only cleared of the few true
pairs among them; m and the prior are learnt. Patterns are counted, so the same records give
the same figures in any order.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wholeplace.foundation.store import Store
from wholeplace.linkage.model import Comparison, Level, LinkModel

__all__ = ["Parameters", "learn_parameters", "weigh_pairs", "weighing_select"]

_ROUNDS = 60
_OWN_PAIRS = 50.0  # the model's own m counts as this many true pairs beside those found
_LEAST_CHANCE = 1e-7
_DIGITS = 6

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Parameters:
    """What is needed to weigh a pair.

    Attributes:
        prior: chance that two records drawn blindly are of one person.
        chances: comparison → level → (m, u).
        trained: False where there were too few records and the model's own values stand.
    """

    prior: float
    chances: Mapping[str, Mapping[str, tuple[float, float]]]
    trained: bool

    def as_plain(self) -> dict[str, Any]:
        """Return the parameters for the link report: m, u and the worth in bits."""
        return {
            "prior": self.prior,
            "trained": self.trained,
            "levels": {
                comparison: {
                    level: {"m": m, "u": u, "bits": round(math.log2(m / u), 3)}
                    for level, (m, u) in levels.items()
                }
                for comparison, levels in self.chances.items()
            },
        }


def learn_parameters(
    store: Store, model: LinkModel, chance: Mapping[str, Mapping[str, float]], records: int
) -> Parameters:
    """Learn the prior, m and u from `linkage_vectors`.

    With fewer records than the model asks for, the model's own m and u stand and the prior
    is one true pair for every two records.
    """
    pairs = max(records * (records - 1) / 2, 1.0)
    if not chance:
        return Parameters(_round(_start_prior(records, pairs)), _own_chances(model), trained=False)
    worths = [_Worth.start(item, chance.get(item.name, {})) for item in model.comparisons]
    counts = _count_patterns(store, model, worths)
    prior = _start_prior(records, pairs)
    for _ in range(_ROUNDS):
        expected = counts * _probability(prior, worths)
        before, prior = prior, min(0.1, max(float(expected.sum()), 0.1 * records) / pairs)
        for worth in worths:
            worth.learn(expected, prior)
        if abs(prior - before) < 1e-6 * before:
            break
    chances = {
        item.name: worth.chances() for item, worth in zip(model.comparisons, worths, strict=True)
    }
    return Parameters(_round(prior), chances, trained=True)


def weigh_pairs(store: Store, model: LinkModel, parameters: Parameters) -> int:
    """Build `linkage_pairs` from `linkage_vectors`: adds weight (log2 odds); return its rows.

    Weights are rounded to 1/10,000 of a bit, so that sums made in another order stay equal.
    How rare a value is counts only where the model was trained: in a handful of records
    nothing is known about that.
    """
    select = weighing_select(model, parameters, "linkage_vectors")
    store.run(f"CREATE OR REPLACE TABLE linkage_pairs AS {select}")
    return int(store.value("SELECT count(*) FROM linkage_pairs"))


def weighing_select(model: LinkModel, parameters: Parameters, source: str) -> str:
    """Return the SELECT that adds each comparison's bits (`w_<comparison>`) and the weight.

    Args:
        model: the model.
        parameters: what it learnt.
        source: table or subquery of levels and rarity, shaped as `linkage_vectors`.
    """
    terms = [repr(math.log2(parameters.prior / (1 - parameters.prior)))]
    columns = []
    for comparison in model.comparisons:
        known = [level for level in comparison.levels if not level.missing]
        bits = [
            math.log2(m / u)
            for m, u in (parameters.chances[comparison.name][level.id] for level in reversed(known))
        ]
        listed = ", ".join(f"{value:.4f}" for value in bits)
        rarer = f" + f_{comparison.name}" if parameters.trained else ""
        columns.append(
            f"CASE WHEN g_{comparison.name} < 0 THEN 0 "
            f"ELSE ([{listed}]::DOUBLE[])[g_{comparison.name} + 1]{rarer} END AS w_{comparison.name}"
        )
        terms.append(f"w_{comparison.name}")
    return (
        f"SELECT *, round({' + '.join(terms)}, 4) AS weight "
        f"FROM (SELECT *, {', '.join(columns)} FROM {source})"
    )


@dataclass
class _Worth:
    """One comparison while it is learnt. Levels run from worst to best, as Splink counts them."""

    levels: list[Level]
    m: Floats
    u: Floats
    drawn: Floats
    own: Floats
    cleared: NDArray[np.bool_]
    seen: Whole

    @classmethod
    def start(cls, comparison: Comparison, chance: Mapping[str, float]) -> "_Worth":
        levels = [level for level in reversed(comparison.levels) if not level.missing]
        own = np.array([level.m or 1.0 for level in levels])
        drawn = np.array(
            [level.u if level.fixed else chance.get(level.id, level.u) for level in levels],
            dtype=float,
        )
        # Levels with a frequency take u from the value itself, so there is nothing to clear.
        cleared = np.array([not level.fixed and not level.frequency for level in levels])
        return cls(
            levels, own.copy(), drawn.copy(), drawn, own / own.sum(), cleared, np.zeros(0, np.int64)
        )

    def bits(self) -> Floats:
        """Return each pattern's worth; nothing where the level is not known."""
        worth = np.log2(np.maximum(self.m, _LEAST_CHANCE) / np.maximum(self.u, _LEAST_CHANCE))
        return np.where(self.seen >= 0, worth[self.seen], 0.0)

    def learn(self, expected: Floats, prior: float) -> None:
        """Take m from the pairs expected to be one person, and clear u of them."""
        known = self.seen >= 0
        found = np.bincount(self.seen[known], weights=expected[known], minlength=len(self.levels))
        learnt = (found + _OWN_PAIRS * self.own) / (found.sum() + _OWN_PAIRS)
        self.m = learnt
        self.u = np.where(
            self.cleared, np.maximum(self.drawn - prior * self.m, self.drawn * 0.1), self.drawn
        )

    def chances(self) -> dict[str, tuple[float, float]]:
        """Return m and u by level, best first, rounded so that a sum's last digit cannot show."""
        pairs = zip(self.levels, self.m, self.u, strict=True)
        return {
            level.id: (_round(max(m, _LEAST_CHANCE)), _round(max(u, _LEAST_CHANCE)))
            for level, m, u in reversed(list(pairs))
        }


def _count_patterns(store: Store, model: LinkModel, worths: list[_Worth]) -> Floats:
    """Count pairs by pattern of agreement and give each worth its column of levels."""
    columns = ", ".join(f"g_{item.name}" for item in model.comparisons)
    table = store.arrow(
        f"SELECT {columns}, count(*) AS pairs FROM linkage_vectors GROUP BY ALL ORDER BY ALL"
    )
    for item, worth in zip(model.comparisons, worths, strict=True):
        worth.seen = _numbers(table, f"g_{item.name}").astype(np.int64)
    pairs: Floats = _numbers(table, "pairs").astype(np.float64)
    return pairs


def _numbers(table: pa.Table, column: str) -> Any:
    return table.column(column).to_numpy()


def _probability(prior: float, worths: list[_Worth]) -> Floats:
    bits = np.full(len(worths[0].seen), math.log2(prior / (1 - prior)))
    for worth in worths:
        bits += worth.bits()
    probability: Floats = 1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500)))
    return probability


def _start_prior(records: int, pairs: float) -> float:
    """Return one true pair for every two records, within sense for a handful of records."""
    return min(0.1, 0.5 * max(records, 1) / pairs)


def _own_chances(model: LinkModel) -> dict[str, dict[str, tuple[float, float]]]:
    return {
        item.name: {
            level.id: (level.m or 1.0, level.u or 1.0) for level in item.levels if not level.missing
        }
        for item in model.comparisons
    }


def _round(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
