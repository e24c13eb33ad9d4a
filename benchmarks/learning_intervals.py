"""How well the intervals of evaluations hold: simulated studies whose truth is known.

Run from the project's folder. For each way of comparing: the share of 95 per cent intervals that
hold a planted effect, and the share that find an effect where none was planted. 2,000 studies of
400 units by default; `--studies N` for another number.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.learning.studies import simulate

from wholeplace.learning.comparing import compare_across
from wholeplace.learning.designs import estimate_at_threshold, estimate_staggered, gather_panel
from wholeplace.learning.designs.panel import Panel

EFFECT = 1.0


def simulate_staggered(seed: int, effect: float) -> tuple[Panel, dict[str, int | None]]:
    chance = np.random.Generator(np.random.PCG64(seed))
    starts: dict[str, int | None] = {f"u{n:03}": (3, 5, None)[n % 3] for n in range(150)}
    rows = []
    for unit, start in sorted(starts.items()):
        level, shock = chance.normal(0, 2), 0.0
        for at in range(8):
            shock = 0.6 * shock + chance.normal(0, 0.5)
            gain = effect if start is not None and at >= start else 0.0
            rows.append((unit, at, level + 0.3 * at + gain + shock))
    return gather_panel(rows), starts


def simulate_threshold(seed: int, effect: float) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.Generator(np.random.PCG64(seed))
    scores = chance.uniform(-1, 1, 1000)
    curve = 0.8 * scores + 0.9 * scores**2
    return scores, curve + effect * (scores >= 0) + chance.normal(0, 0.5, 1000)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--studies", type=int, default=2000)
    studies = asked.parse_args().studies
    held: dict[str, list[int]] = {}
    began, trend_found = time.process_time(), 0
    for seed in range(studies):
        for which, effect in enumerate((EFFECT, 0.0)):
            found = {
                row.specification.id: row.estimate
                for row in compare_across(*simulate(seed, effect=effect))
                if row.estimate
            }
            staggered = estimate_staggered(*simulate_staggered(seed, effect))
            found["staggered"] = staggered.overall
            trend_found += staggered.before_p_value is not None and staggered.before_p_value < 0.05
            found["threshold"] = estimate_at_threshold(
                *simulate_threshold(seed, effect), 0.0
            ).estimate
            for name, estimate in found.items():
                counts = held.setdefault(name, [0, 0, 0])
                is_held = estimate.low <= effect <= estimate.high
                counts[0] += is_held if which == 0 else 0
                counts[1] += estimate.p_value < 0.05 if which == 1 else 0
                counts[2] += 1
    print(f"{studies} studies, {time.process_time() - began:.0f} s of processor time")
    print(f"{'':12}{'hold':>8}{'find what is not there':>25}")
    for name, (covered, wrong, total) in held.items():
        print(f"{name:12}{covered / (total / 2):>8.1%}{wrong / (total / 2):>25.1%}")
    print(f"drift before wrongly noticed in {trend_found / (2 * studies):.1%}")


if __name__ == "__main__":
    main()
