"""Peopling the town: exactly the residents asked for, and those who died or left before."""

import datetime as dt
from collections.abc import Callable
from random import Random

from wholeplace.larkbridge.ground import lay_dwellings
from wholeplace.larkbridge.histories import Historian
from wholeplace.larkbridge.households import KINDS, Settler
from wholeplace.larkbridge.people import Dwelling, Household, Person, Spell, World

__all__ = ["people_town"]

_COMMUNAL_SHARE = 0.011
_LEAVERS_SHARE = 0.06
_DEATHS_SHARE = 0.03
_SEPARATED_SHARE = 0.3


def people_town(
    residents: int,
    seed: int,
    starts_on: dt.date,
    as_of: dt.date,
    plant: Callable[[Settler, Historian, list[Dwelling]], int],
) -> World:
    """Return the town with its people and their past, before anything happens to them.

    Args:
        residents: people who live there on the last day.
        seed: which of all possible towns.
        starts_on: first day of events.
        as_of: the day after the last event.
        plant: settles the named cast; returns how many of it are residents.
    """
    rng = Random(f"people {seed} {residents}")  # noqa: S311 - invented people
    world = World(residents, seed, starts_on, as_of)
    world.dwellings = lay_dwellings(residents, rng)
    homes = [each for each in world.dwellings if each.kind == "home"]
    shelters, communal = _set_apart(homes, residents, rng)
    rng.shuffle(homes)
    settler = Settler(world, rng)
    historian = Historian(world, rng, shelters)
    spare = homes[: max(6, len(homes) // 22)]
    del homes[: len(spare)]
    historian.add_vacant(spare)
    count = plant(settler, historian, homes)
    count += _fill_communal(settler, communal, residents)
    _fill_homes(settler, historian, homes, residents - count)
    _separate(world, historian, rng)
    _leave_and_die(settler, historian, spare)
    _forget_unborn(world)
    return world


def _forget_unborn(world: World) -> None:
    """Drop who was never here: children who would have been born after their family left."""
    world.people = [person for person in world.people if person.spells]
    for home in world.households:
        home.adults = [person for person in home.adults if person.spells]
        home.children = [person for person in home.children if person.spells]
    world.households = [home for home in world.households if home.adults]


def _set_apart(
    homes: list[Dwelling], residents: int, rng: Random
) -> tuple[list[Dwelling], list[Dwelling]]:
    shelters = [homes.pop(rng.randrange(len(homes))) for _ in range(max(2, residents // 2000))]
    for dwelling in shelters:
        dwelling.kind, dwelling.flat = "temporary", ""
    communal = [homes.pop(rng.randrange(len(homes))) for _ in range(3 + residents // 4000)]
    for index, dwelling in enumerate(communal):
        name = (
            "Larkfield House",
            "Bridge Hostel",
            "Students' Lodge",
            "The Limes",
            "Meadow View",
            "Rowan Court",
            "Riverside",
        )[index % 7]
        dwelling.kind, dwelling.flat, dwelling.line = "communal", "", f"{name}, {dwelling.line}"
    return shelters, communal


def _fill_communal(settler: Settler, communal: list[Dwelling], residents: int) -> int:
    rng, world = settler.rng, settler.world
    total = 0
    places = max(3, round(residents * _COMMUNAL_SHARE / len(communal)))
    for index, dwelling in enumerate(communal):
        kind = ("care-home", "hostel", "student-house")[index] if index < 3 else "care-home"
        low, high, mode = {
            "care-home": (74, 99, 86),
            "hostel": (18, 60, 31),
            "student-house": (18, 24, 19),
        }[kind]
        people = []
        for _ in range(places if kind == "care-home" else min(places, 24)):
            sex = "F" if rng.random() < (0.68 if kind == "care-home" else 0.4) else "M"
            people.append(
                settler.person(
                    sex, settler.birthday(rng.triangular(low, high, mode)), settler.giver.surname()
                )
            )
        home = settler.household(kind, people, [], dwelling)
        home.phone = ""
        home.start = world.starts_on - dt.timedelta(days=3000)
        for person in people:
            stay = rng.randrange(60, 900) if kind != "hostel" else rng.randrange(20, 300)
            person.spells.append(Spell(world.as_of - dt.timedelta(days=stay), None, dwelling, home))
        total += len(people)
    return total


def _fill_homes(settler: Settler, historian: Historian, homes: list[Dwelling], wanted: int) -> None:
    rng = settler.rng
    names, weights = [kind for kind, _ in KINDS], [share for _, share in KINDS]
    remaining = wanted
    while remaining > 0 and homes:
        kind = rng.choices(names, weights)[0]
        if remaining < 8:
            kind = "single-younger"
        home = settler.settle(kind, homes.pop())
        historian.write(home)
        remaining -= len(home.members)
    while remaining > 0:  # more people than the plan has homes for: they share
        home = settler.settle(
            "single-younger", rng.choice(settler.world.households[-200:]).dwelling
        )
        historian.write(home)
        remaining -= 1


def _separate(world: World, historian: Historian, rng: Random) -> None:
    men = [
        home
        for home in world.households
        if home.kind == "single-younger"
        and home.adults[0].sex == "M"
        and not home.adults[0].cast
        and 24 < home.adults[0].age(world.as_of) < 58
    ]
    rng.shuffle(men)
    for lone in world.households:
        if (
            lone.kind == "family-lone"
            and lone.children
            and not lone.adults[0].cast
            and men
            and rng.random() < _SEPARATED_SHARE
        ):
            historian.separate(lone, men.pop())


def _leave_and_die(settler: Settler, historian: Historian, spare: list[Dwelling]) -> None:
    """Add those who lived in the town during the three years and no longer do."""
    rng, world = settler.rng, settler.world
    days = (world.as_of - world.starts_on).days
    gone = 0
    names, weights = [kind for kind, _ in KINDS], [share for _, share in KINDS]
    while gone < world.residents * _LEAVERS_SHARE:
        home = settler.settle(rng.choices(names, weights)[0], _once_empty(historian, spare, rng))
        historian.write(home, world.starts_on + dt.timedelta(days=rng.randrange(40, days - 5)))
        gone += len(home.members)
    for home in list(world.households):
        if (
            home.kind == "single-older"
            and home.end is None
            and rng.random() < 0.16
            and not home.adults[0].cast
        ):
            gone += _widow(settler, historian, home)
    for _ in range(int(world.residents * _DEATHS_SHARE * 0.4)):
        home = settler.settle("single-older", _once_empty(historian, spare, rng))
        day = world.starts_on + dt.timedelta(days=rng.randrange(40, days - 5))
        historian.write(home, day)
        historian.die(home.adults[0], day)


def _once_empty(historian: Historian, spare: list[Dwelling], rng: Random) -> Dwelling:
    return rng.choice(spare)


def _widow(settler: Settler, historian: Historian, home: Household) -> int:
    rng, world, left = settler.rng, settler.world, home.adults[0]
    days = (world.as_of - world.starts_on).days
    spouse: Person = settler.person(
        "M" if left.sex == "F" else "F",
        left.born + dt.timedelta(days=rng.randrange(-1800, 1800)),
        left.names[-1][1],
    )
    for spell in left.spells:
        if spell.start > spouse.born:
            spouse.spells.append(Spell(spell.start, spell.end, spell.dwelling, home))
    historian.die(spouse, world.starts_on + dt.timedelta(days=rng.randrange(40, days - 5)))
    if not spouse.spells:
        spouse.spells = [
            Spell(world.starts_on - dt.timedelta(days=900), spouse.died_on, home.dwelling, home)
        ]
    spouse.changes = [spell.start for spell in spouse.spells[1:]]
    return 1
