"""The story: what happened to whom, before any partner has written it down.

Happenings are collected by dataset, in no order; `extracts.py` sorts them, lets each
partner's desk say who it thinks the person is, and writes the files.
"""

import datetime as dt
from collections.abc import Mapping
from random import Random
from typing import Any

from wholeplace.larkbridge.definitions import DATASETS, read_names
from wholeplace.larkbridge.people import Household, Person, Pressure, World

__all__ = ["Happening", "Story"]

Happening = tuple[dt.date, int, Person, Mapping[str, Any]]


class Story:
    """Collects happenings.

    Args:
        world: the peopled town.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = Random(f"story {world.seed} {world.residents}")  # noqa: S311 - invented events
        self.starts_on, self.as_of = world.starts_on, world.as_of
        self.rows: dict[str, list[Happening]] = {dataset: [] for dataset in DATASETS}
        self.serial = 0
        self.conditions: dict[str, tuple[str, dt.date] | None] = {}
        given = read_names()["given"]
        surnames = read_names()["surnames"]
        chance = Random("workers")  # noqa: S311 - invented workers
        self._workers = [
            (
                f"{chance.choice(given[chance.choice('FM')]['middle'])} {chance.choice(surnames)}",
                f"01632 960{number:03d}",
            )
            for number in range(90)
        ]

    def add(self, dataset: str, day: dt.date, person: Person, values: Mapping[str, Any]) -> bool:
        """Record that something happened, if the person was alive, here and the day is in range."""
        if not (self.starts_on <= day < self.as_of) or day < person.born:
            return False
        if person.died_on is not None and day >= person.died_on:
            return False
        last = person.spells[-1].end
        if last is not None and day >= last:
            return False
        self.serial += 1
        self.rows[dataset].append((day, self.serial, person, values))
        return True

    def days(self, since: dt.date, until: dt.date | None, count: int) -> list[dt.date]:
        """Return days between two dates in order, some perhaps equal."""
        first = max(since, self.starts_on)
        span = ((until or self.as_of) - first).days
        return (
            sorted(first + dt.timedelta(days=self.rng.randrange(span)) for _ in range(count))
            if span > 0
            else []
        )

    def ended(self, day: dt.date, mean_days: float) -> dt.date | None:
        """Return when something begun on a day ended, or None if it lasts."""
        end = day + dt.timedelta(days=14 + int(self.rng.expovariate(1 / mean_days)))
        return end if end < self.as_of else None

    def worker(self, team: int, home: Household) -> tuple[str, str]:
        """Return a worker of a team and their contact: the same for one household."""
        return self._workers[(team * 9 + int(home.id[1:]) % 9) % len(self._workers)]

    def need(
        self, person: Person, headline: str, since: dt.date, until: dt.date | None, reason: str
    ) -> None:
        """Note that a need is truly present in a person."""
        person.pressures.append(Pressure(headline, since, until, reason))
