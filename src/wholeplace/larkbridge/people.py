"""The nouns of the invented town: people, households, dwellings and where who lived when."""

import datetime as dt
from dataclasses import dataclass, field

__all__ = ["Dwelling", "Household", "Person", "Pressure", "Spell", "World"]


@dataclass(slots=True, eq=False)
class Dwelling:
    """One address.

    Attributes:
        kind: home, communal or temporary.
        tenure: owned, private or social.
        free_until: the dwelling is empty before this day; moved back as spells are placed.
    """

    key: str
    line: str
    flat: str
    postcode: str
    uprn: int
    block: int
    kind: str = "home"
    tenure: str = "owned"
    free_until: dt.date | None = None


@dataclass(slots=True, eq=False)
class Pressure:
    """One need truly present in a person.

    Attributes:
        headline: headline outcome of the Supporting Families framework.
        since: first day.
        until: last day; None while it lasts.
        reason: why, in words.
    """

    headline: str
    since: dt.date
    until: dt.date | None
    reason: str


@dataclass(slots=True, eq=False)
class Spell:
    """One stay of a person at a dwelling, with a household; `end` is the day it was left."""

    start: dt.date
    end: dt.date | None
    dwelling: Dwelling
    household: "Household"


@dataclass(slots=True, eq=False)
class Person:
    """One invented person.

    Attributes:
        names: surnames borne, each with the first day of bearing it.
        spells: where the person lived, in order of time.
        pressures: needs truly present.
        flags: sealed, restricted, objection, national-opt-out.
    """

    id: str
    given: str
    middle: str
    sex: str
    born: dt.date
    names: list[tuple[dt.date, str]]
    nhs: str
    nino: str
    upn: str
    phone: str
    email: str
    spells: list[Spell] = field(default_factory=list)
    pressures: list[Pressure] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    died_on: dt.date | None = None
    mother: "Person | None" = None
    father: "Person | None" = None
    cast: bool = False
    changes: list[dt.date] = field(default_factory=list)

    def age(self, on: dt.date) -> int:
        """Return whole years of age on a day."""
        before = (on.month, on.day) < (self.born.month, self.born.day)
        return on.year - self.born.year - before

    def family_on(self, on: dt.date) -> str:
        """Return the surname borne on a day."""
        found = self.names[0][1]
        for start, name in self.names:
            if start <= on:
                found = name
        return found

    def spell_on(self, on: dt.date) -> Spell:
        """Return the stay that a day falls in, or the nearest one."""
        found = self.spells[0]
        for spell in self.spells:
            if spell.start <= on:
                found = spell
        return found

    def lives_on(self, on: dt.date) -> bool:
        """Return whether the person lives in the town on a day."""
        spell = self.spell_on(on)
        return spell.start <= on and (spell.end is None or on < spell.end)


@dataclass(slots=True, eq=False)
class Household:
    """People who share a dwelling.

    Attributes:
        kind: what sort of household; `communal` and `temporary` are no families.
        adults: adults, the tenant or liable person first.
        children: children under 18 at the end.
        phone: the shared number.
        dwelling: where it lives at the end.
        needs: headlines present in the household.
    """

    id: str
    kind: str
    adults: list[Person]
    children: list[Person]
    phone: str
    dwelling: Dwelling
    start: dt.date
    end: dt.date | None = None
    needs: list[str] = field(default_factory=list)
    treated: bool = False
    eligible: bool = False
    supported_on: dt.date | None = None

    @property
    def members(self) -> list[Person]:
        """Adults, then children."""
        return [*self.adults, *self.children]


@dataclass(slots=True, eq=False)
class World:
    """The whole town over its three years.

    Attributes:
        starts_on: first day of events.
        as_of: the day after the last event.
    """

    residents: int
    seed: int
    starts_on: dt.date
    as_of: dt.date
    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    dwellings: list[Dwelling] = field(default_factory=list)
