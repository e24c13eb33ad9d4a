"""The cast: named invented people of the demonstration, and the demo users."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

__all__ = ["Cast", "CastPerson", "Persona", "load_cast", "read_cast"]


@dataclass(frozen=True)
class CastPerson:
    """One named person of the town.

    Attributes:
        key: short name in `cast.yaml`, for example `leanne`.
        family_name: surname borne at the end.
        household: key of the household lived in at the end.
        flags: sealed or restricted.
        story: one line about them.
    """

    key: str
    given_name: str
    middle_names: str
    family_name: str
    earlier_family_names: tuple[str, ...]
    birth_date: dt.date
    sex: str
    household: str
    flags: tuple[str, ...]
    story: str


@dataclass(frozen=True)
class Persona:
    """One demo user.

    Attributes:
        organisation: partner that they work for.
        roles: vocabulary roles, the one used first leading.
        story: one line about their day.
        person: key of the cast person that a resident is.
    """

    id: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    job: str
    story: str
    person: str | None = None


@dataclass(frozen=True)
class Cast:
    """Everybody with a name in the demonstration."""

    people: tuple[CastPerson, ...]
    personas: tuple[Persona, ...]

    def person(self, key: str) -> CastPerson:
        """Return one named person; raises KeyError if there is none of that key."""
        return {each.key: each for each in self.people}[key]

    def persona(self, persona_id: str) -> Persona:
        """Return one demo user; raises KeyError if there is none of that id."""
        return {each.id: each for each in self.personas}[persona_id]


@cache
def read_cast() -> Any:
    """Return `cast.yaml` as it stands."""
    return YAML(typ="safe").load((files("wholeplace.larkbridge") / "cast.yaml").read_text("utf-8"))


@cache
def load_cast() -> Cast:
    """Return the named people and the demo users."""
    found = read_cast()
    homes = {
        key: home["id"]
        for home in found["households"]
        for key in [*home["adults"], *home["children"]]
    }
    people = tuple(
        CastPerson(
            key, each["given"], each["middle"], each["names"][-1]["surname"],
            tuple(dict.fromkeys(name["surname"] for name in each["names"][:-1] if name["surname"] != each["names"][-1]["surname"])),
            each["born"], each["sex"], homes[key], tuple(each.get("flags", ())), each["story"],
        )
        for key, each in found["people"].items()
    )  # fmt: skip
    personas = tuple(
        Persona(
            each["id"],
            each["name"],
            each["organisation"],
            tuple(each["roles"]),
            each["job"],
            each["story"],
            each.get("person"),
        )
        for each in found["personas"]
    )
    return Cast(people, personas)
