"""The past: moves, marriages met half-way, separations, temporary homes, deaths, leavers.

Every household is given stays going back from the last day. A dwelling's earlier occupants
are other households of the town, so one address is truly shared by strangers over time.
"""

import datetime as dt
from random import Random

from wholeplace.larkbridge.people import Dwelling, Household, Person, Spell, World

__all__ = ["Historian"]

_DAY = dt.timedelta(days=1)
_TEMPORARY_SHARE = 0.012


class Historian:
    """Writes the stays of households.

    Args:
        world: the town.
        rng: where chance comes from.
        shelters: dwellings used as temporary accommodation.
    """

    def __init__(self, world: World, rng: Random, shelters: list[Dwelling]) -> None:
        self.world, self.rng, self.shelters = world, rng, shelters
        self._open: list[Dwelling] = []

    def stay_days(self, household: Household) -> int:
        """Return how long the household has lived where it lives at the end, in days."""
        mean_years = {"owned": 11.0, "social": 8.0, "private": 2.8}[household.dwelling.tenure]
        return 40 + int(self.rng.expovariate(1 / (mean_years * 365.25)))

    def write(self, household: Household, end: dt.date | None = None) -> None:
        """Write the stays of a household that ends (or still lives) at its dwelling."""
        last = end or self.world.as_of
        start = last - dt.timedelta(days=self.stay_days(household))
        household.start, household.end = start, end
        stays: list[tuple[dt.date, dt.date | None, Dwelling]] = [(start, end, household.dwelling)]
        self.release(household.dwelling, start)
        while (
            len(stays) < 4
            and stays[0][0] > self.world.starts_on - dt.timedelta(days=1500)
            and self.rng.random() < 0.62
        ):
            stays = self._earlier(household, stays)
        for person in household.members:
            self.live(person, household, stays)

    def _earlier(
        self, household: Household, stays: list[tuple[dt.date, dt.date | None, Dwelling]]
    ) -> list[tuple[dt.date, dt.date | None, Dwelling]]:
        until = stays[0][0]
        if (
            household.children
            and until > self.world.starts_on
            and self.rng.random() < _TEMPORARY_SHARE * 6
        ):
            start = until - dt.timedelta(days=self.rng.randrange(45, 260))
            return [(start, until, self.rng.choice(self.shelters)), *stays]
        dwelling = self._vacant(until, household.dwelling.tenure)
        if dwelling is None:
            return stays
        start = until - dt.timedelta(days=200 + int(self.rng.expovariate(1 / 1300)))
        self.release(dwelling, start)
        return [(start, until, dwelling), *stays]

    def live(
        self,
        person: Person,
        household: Household,
        stays: list[tuple[dt.date, dt.date | None, Dwelling]],
    ) -> None:
        """Give one person the stays of a household, from birth at the earliest."""
        for start, end, dwelling in stays:
            if end is not None and end <= person.born:
                continue
            person.spells.append(Spell(max(start, person.born), end, dwelling, household))
        person.changes += [spell.start for spell in person.spells[1:]]
        person.changes.sort()

    def release(self, dwelling: Dwelling, start: dt.date) -> None:
        """Say that a dwelling was empty before a day, so that others may have lived there."""
        if dwelling.kind != "home":
            return
        dwelling.free_until = start
        if start > self.world.starts_on - dt.timedelta(days=1000):
            self._open.append(dwelling)

    def _vacant(self, until: dt.date, tenure: str) -> Dwelling | None:
        for _ in range(12):
            if not self._open:
                return None
            index = self.rng.randrange(len(self._open))
            dwelling = self._open[index]
            if (
                dwelling.free_until is not None
                and dwelling.free_until >= until
                and (dwelling.tenure == tenure or self.rng.random() < 0.3)
            ):
                self._open[index] = self._open[-1]
                self._open.pop()
                return dwelling
        return None

    def add_vacant(self, dwellings: list[Dwelling]) -> None:
        """Say which dwellings nobody lives in at the end."""
        for dwelling in dwellings:
            dwelling.free_until = self.world.as_of
            self._open.append(dwelling)

    def separate(self, lone: Household, single: Household) -> None:
        """Make a single man the children's father, who left the family's home in the three years."""
        man, parent = single.adults[0], lone.adults[0]
        earliest = max(self.world.starts_on + 30 * _DAY, lone.start + 200 * _DAY)
        latest = self.world.as_of - 60 * _DAY
        if man.sex != "M" or parent.sex != "F" or earliest >= latest or man.names[0][1].count("-"):
            return
        left = earliest + dt.timedelta(days=self.rng.randrange((latest - earliest).days))
        surname = man.names[0][1]
        for child in lone.children:
            child.names, child.father = [(child.born, surname)], man
        man.spells = [
            Spell(spell.start, spell.end, spell.dwelling, lone)
            for spell in parent.spells
            if spell.start < left and spell.start > man.born
        ]
        if not man.spells:
            man.spells = [Spell(max(man.born, lone.start), None, lone.dwelling, lone)]
        man.spells[-1].end = left
        man.spells.append(Spell(left, None, single.dwelling, single))
        single.start = left
        man.changes = [spell.start for spell in man.spells[1:]]

    def die(self, person: Person, on: dt.date) -> None:
        """End a person's life, and with it the last stay."""
        person.died_on = on
        person.spells = [spell for spell in person.spells if spell.start < on]
        if person.spells:
            person.spells[-1].end = on
