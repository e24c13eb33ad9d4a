"""Seconds that studies take: a million person-months, one whole study, and an area with placebos.

Run from the project's folder. Processor seconds stand beside those of the clock, because other
work on the machine lengthens only the latter.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.learning.studies import FROZEN_AT, LOOKED_AT, plan, smoking

from wholeplace.learning.comparing import gather_units
from wholeplace.learning.designs import (
    estimate_staggered,
    fit_synthetic,
    gather_panel,
    run_placebos,
)
from wholeplace.learning.planning import Covariate, check_may_look, freeze_plan
from wholeplace.learning.studies import run_comparison

PEOPLE, MONTHS = 41_667, 24


def measure(name: str, work: Callable[[], Any]) -> Any:
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    spent = time.perf_counter() - clock, time.process_time() - processor
    print(f"{name:52}{spent[0]:7.1f} s{spent[1]:7.1f} s of processor time")
    return found


def main() -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    ids = [f"u{row:06}" for row in range(PEOPLE)]
    starts = {each: (6, 9, 12, 15, None, None, None, None)[row % 8] for row, each in enumerate(ids)}
    values = chance.normal(size=(PEOPLE, MONTHS)).cumsum(axis=1)
    rows = (
        (each, at, float(values[row, at])) for row, each in enumerate(ids) for at in range(MONTHS)
    )
    panel = measure(f"gather {PEOPLE * MONTHS:,} person-months", lambda: gather_panel(rows))
    measure("staggered differences on them", lambda: estimate_staggered(panel, starts))

    known = chance.normal(size=(PEOPLE, 8))
    odds = -2 + 0.5 * known[:, 0] + 0.3 * known[:, 1]
    is_reached = chance.random(PEOPLE) < 1 / (1 + np.exp(-odds))
    units = gather_units(ids, is_reached, {f"x{n}": known[:, n] for n in range(8)})
    outcome = units.arrange(known.sum(axis=1) + is_reached + chance.normal(size=PEOPLE))
    planned = plan(
        covariates=tuple(Covariate(name, dt.date(2026, 1, 31)) for name in units.names),
        also_shown=("bare", "regressed", "nearest", "near-five", "odds"),
    )
    frozen = check_may_look(freeze_plan(planned, "p-1", FROZEN_AT), planned, LOOKED_AT)
    study = measure(
        f"a whole study of {PEOPLE:,} people, 6 ways, 400 placebos",
        lambda: run_comparison(frozen, units, {"absence-share": outcome}, 0.0, dt.date(2026, 9, 1)),
    )
    print(f"  placebos that found something: {study.answer.placebos.share:.1%}")

    smoke, predictors = smoking()
    area = measure(
        "California, ten starts", lambda: fit_synthetic(smoke, predictors, "California", 1989)
    )
    placebos = measure("its 38 placebos", lambda: run_placebos(smoke, predictors, area))
    print(f"  rank {placebos.rank} of {placebos.units}")


if __name__ == "__main__":
    main()
