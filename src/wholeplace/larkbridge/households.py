"""Who lives with whom: families, couples, singles, shares and communal homes.

Households are drawn as they stand on the last day, until the town holds exactly the
residents asked for; their past is written by `histories.py`.
"""

import datetime as dt
from collections.abc import Iterator
from random import Random

from wholeplace.larkbridge.definitions import read_rates
from wholeplace.larkbridge.identifiers import nhs_numbers, nino, phone_numbers, upn
from wholeplace.larkbridge.names import NameGiver
from wholeplace.larkbridge.people import Dwelling, Household, Person, World

__all__ = ["KINDS", "Settler"]

# Household kinds with their share of households (after Census 2021 household composition for
# England, rounded) and, for communal ones, none: those are placed by size.
KINDS = (
    ("single-younger", 0.17),
    ("single-older", 0.13),
    ("couple-younger", 0.14),
    ("couple-older", 0.11),
    ("family-couple", 0.205),
    ("family-lone", 0.085),
    ("family-blended", 0.035),
    ("grown-couple", 0.06),
    ("grown-lone", 0.035),
    ("three-generations", 0.015),
    ("share", 0.015),
)


class Settler:
    """Makes people and households.

    Args:
        world: the town to be settled.
        rng: where chance comes from.
    """

    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self.giver = NameGiver(rng)
        self._nhs: Iterator[str] = nhs_numbers()
        self._phones: Iterator[str] = phone_numbers()
        self._rates = read_rates()

    def birthday(self, age: float) -> dt.date:
        """Return a birth date of somebody of about that age at the end."""
        return self.world.as_of - dt.timedelta(days=int(age * 365.25) + self.rng.randrange(1, 365))

    def person(
        self,
        sex: str,
        born: dt.date,
        family: str,
        given: str | None = None,
        middle: str | None = None,
    ) -> Person:
        """Return a new person with identifiers of their own."""
        serial = len(self.world.people) + 1
        name = given or self.giver.given(sex, born.year)
        local = (
            f"{name}.{family}{serial}".lower().replace("'", "").replace("é", "e").replace("ë", "e")
        )
        made = Person(
            f"P{serial:07d}",
            name,
            self.giver.middle(sex) if middle is None else middle,
            sex,
            born,
            [(born, family)],
            next(self._nhs),
            nino(serial, self.rng),
            upn(serial, born.year + 5),
            next(self._phones),
            f"{local}@example.{self.rng.choice(('org', 'com', 'net'))}",
        )
        self.world.people.append(made)
        return made

    def household(
        self, kind: str, adults: list[Person], children: list[Person], dwelling: Dwelling
    ) -> Household:
        """Return a new household at a dwelling; its past is not yet written."""
        made = Household(
            f"H{len(self.world.households) + 1:06d}",
            kind,
            adults,
            children,
            next(self._phones),
            dwelling,
            self.world.as_of,
        )
        self.world.households.append(made)
        return made

    def settle(self, kind: str, dwelling: Dwelling) -> Household:
        """Return a household of a kind, its people drawn."""
        rng = self.rng
        if kind.startswith("single"):
            age = rng.uniform(20, 64) if kind == "single-younger" else rng.triangular(65, 96, 74)
            sex = "F" if rng.random() < (0.42 if age < 65 else 0.64) else "M"
            return self.household(
                kind, [self.person(sex, self.birthday(age), self.giver.surname())], [], dwelling
            )
        if kind.startswith("couple"):
            age = rng.uniform(21, 62) if kind == "couple-younger" else rng.triangular(64, 90, 70)
            return self.household(kind, self._couple(age), [], dwelling)
        if kind == "share":
            people = [
                self.person(
                    rng.choice("FM"),
                    self.birthday(rng.triangular(18, 38, 22)),
                    self.giver.surname(),
                )
                for _ in range(rng.randrange(3, 6))
            ]
            return self.household(kind, people, [], dwelling)
        return self._family(kind, dwelling)

    def _couple(self, age: float) -> list[Person]:
        rng = self.rng
        father_name = self.giver.surname()
        man = self.person("M", self.birthday(max(18, age + rng.gauss(2, 3))), father_name)
        maiden = self.giver.surname()
        woman = self.person("F", self.birthday(max(18, age)), maiden)
        if rng.random() < (0.62 if age > 28 else 0.25):
            self._marry(man, woman)
        return [woman, man] if rng.random() < 0.5 else [man, woman]

    def _marry(self, man: Person, woman: Person) -> None:
        rng = self.rng
        youngest = max(man.born, woman.born) + dt.timedelta(days=20 * 365)
        latest = self.world.as_of - dt.timedelta(days=60)
        if youngest >= latest:
            return
        # One marriage in eight lies inside the three years, so that both names are met.
        first = max(youngest, self.world.starts_on) if rng.random() < 0.12 else youngest
        day = first + dt.timedelta(days=rng.randrange((latest - first).days + 1))
        if rng.random() < self._rates.among_people("name_change_on_marriage"):
            woman.names.append((day, man.names[0][1]))
            woman.changes.append(day)

    def _family(self, kind: str, dwelling: Dwelling) -> Household:
        rng = self.rng
        grown = kind.startswith("grown")
        mother_age = rng.triangular(44, 66, 52) if grown else rng.triangular(19, 50, 36)
        lone = kind in ("family-lone", "grown-lone")
        if lone and rng.random() < 0.12:
            adults = [self.person("M", self.birthday(mother_age), self.giver.surname())]
        elif lone:
            adults = [self.person("F", self.birthday(mother_age), self.giver.surname())]
        else:
            adults = sorted(self._couple(mother_age), key=lambda each: each.sex)
        children = self._children(adults, mother_age, grown)
        if kind == "family-blended" and children:
            other = self.giver.surname()  # the eldest are of an earlier partner
            for child in children[: max(1, len(children) // 2)]:
                child.names, child.father = [(child.born, other)], None
        if kind == "three-generations":
            older = self.person(
                "F", self.birthday(mother_age + rng.uniform(22, 32)), adults[-1].names[0][1]
            )
            adults = [*adults, older]
        if grown:
            return self.household(kind, [*adults, *children], [], dwelling)
        return self.household(kind, adults, children, dwelling)

    def _children(self, adults: list[Person], mother_age: float, grown: bool) -> list[Person]:
        rng = self.rng
        low, high = (
            (18.0, min(32.0, mother_age - 19))
            if grown
            else (0.0, min(17.0, max(0.5, mother_age - 18)))
        )
        count = rng.choices((1, 2, 3, 4, 5), weights=(40, 40, 14, 5, 1))[0]
        if grown:
            count = min(count, 2)
        ages = sorted((rng.uniform(low, max(low + 0.5, high)) for _ in range(count)), reverse=True)
        mother = next((each for each in adults if each.sex == "F"), None)
        father = next((each for each in adults if each.sex == "M"), None)
        found: list[Person] = []
        for age in ages:
            born = self.birthday(age - 0.99 if age >= 0.99 else 0)
            if found and (found[-1].born - born).days > -280:
                born = found[-1].born + dt.timedelta(days=rng.randrange(290, 700))
            if born >= self.world.as_of - dt.timedelta(days=10):
                continue
            found.append(self._child(born, mother, father, found))
            if rng.random() < self._rates.among_people("twins") and len(found) < 6:
                found.append(self._child(born, mother, father, found))
        return found

    def _child(
        self, born: dt.date, mother: Person | None, father: Person | None, siblings: list[Person]
    ) -> Person:
        rng = self.rng
        sex = rng.choice("FM")
        parent = father or mother
        family = parent.names[0][1] if parent is not None else self.giver.surname()
        taken = frozenset(each.given for each in siblings)
        given = middle = None
        if (
            father is not None
            and sex == "M"
            and father.given not in taken
            and rng.random() < self._rates.among_people("namesakes")
        ):
            given, middle = father.given, father.middle
        else:
            given = self.giver.given(sex, born.year, taken)
        child = self.person(sex, born, family, given, middle)
        child.mother, child.father = mother, father
        return child
