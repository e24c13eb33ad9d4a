"""Published studies, and simulated ones whose truth is known."""

import csv
import datetime as dt
import gzip
from functools import cache
from pathlib import Path

import numpy as np

from wholeplace.learning.comparing import Units, gather_units
from wholeplace.learning.comparing.units import Floats
from wholeplace.learning.designs import Panel, Predictor, gather_panel
from wholeplace.learning.planning import Covariate, EvaluationPlan, OutcomeMeasure

DATA = Path(__file__).parent / "data"
COVARIATES = ("age", "education", "black", "hispanic", "married", "nodegree", "re74", "re75")
FROZEN_AT = dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC)
LOOKED_AT = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    path = DATA / name
    with gzip.open(path, "rt") if name.endswith(".gz") else path.open() as stream:
        return tuple(csv.DictReader(stream))


def lalonde(*names: str, covariates: tuple[str, ...] = COVARIATES) -> tuple[Units, Floats]:
    """Return the trial's units (first file: those reached only, if others follow) and earnings."""
    rows = [row for row in rows_of(names[0]) if len(names) == 1 or float(row["treat"]) == 1]
    rows += [row for name in names[1:] for row in rows_of(name)]
    units = gather_units(
        [f"{number:06}" for number in range(len(rows))],
        [float(row["treat"]) == 1 for row in rows],
        {name: [float(row[name]) for row in rows] for name in covariates},
    )
    return units, units.arrange([float(row["re78"]) for row in rows])


def smoking(backwards: bool = False) -> tuple[Panel, list[Predictor]]:
    rows = rows_of("prop99_smoking.csv")
    panel = gather_panel(
        (row["state"], int(float(row["year"])), float(row["cigsale"]))
        for row in (reversed(rows) if backwards else rows)
    )

    def mean(column: str, first: int, last: int) -> Predictor:
        held: dict[str, list[float]] = {}
        for row in rows:
            if first <= float(row["year"]) <= last:
                held.setdefault(row["state"], []).append(float(row[column]))
        return Predictor(column, tuple(sum(held[each]) / len(held[each]) for each in panel.units))

    spans = [("lnincome", 1980), ("retprice", 1980), ("age15to24", 1980), ("beer", 1984)]
    sales = [
        Predictor(f"sales in {year}", tuple(panel.values[:, panel.times.index(year)].tolist()))
        for year in (1975, 1980, 1988)
    ]
    return panel, [*(mean(column, first, 1988) for column, first in spans), *sales]


def simulate(
    seed: int, effect: float = 1.0, number: int = 400, hidden: float = 0.0
) -> tuple[Units, Floats]:
    """Return a study where two known covariates, and a hidden one if wanted, decide who is reached."""
    chance = np.random.Generator(np.random.PCG64(seed))
    known = chance.normal(size=(number, 2))
    unseen = chance.normal(size=number)
    odds = -1 + 0.5 * known[:, 0] + 0.3 * known[:, 1] + hidden * unseen
    is_reached = chance.random(number) < 1 / (1 + np.exp(-odds))
    outcome = known @ np.array([1.0, -0.5]) + hidden * unseen + chance.normal(size=number)
    outcome = outcome + effect * is_reached
    units = gather_units(
        [f"{row:05}" for row in range(number)], is_reached, {"a": known[:, 0], "b": known[:, 1]}
    )
    return units, units.arrange(outcome)


def plan(**changes: object) -> EvaluationPlan:
    said: dict[str, object] = {
        "id": "keyworkers",
        "question": "Do keyworkers lower missed school?",
        "theory": "One person who knows the family solves what keeps children at home.",
        "intervention": "A keyworker for six months",
        "eligibility": "Families with two needs or more",
        "eligible_on": dt.date(2026, 1, 31),
        "window_days": 28,
        "outcomes": (
            OutcomeMeasure(
                "absence-share", "share of sessions missed", "pupil, in a term", "less",
                dt.date(2026, 3, 1), dt.date(2026, 7, 31), True,
            ),
        ),
        "covariates": (Covariate("needs", dt.date(2026, 1, 31)),),
        "design": "weighted-comparison",
        "method": "entropy",
    } | changes  # fmt: skip
    return EvaluationPlan(**said)  # type: ignore[arg-type]
