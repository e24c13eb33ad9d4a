"""Reading the file of unit costs: values, who bears them, in which year's prices, from where."""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from ruamel.yaml import YAML

from wholeplace.foundation.errors import NotFoundError

__all__ = [
    "CostSource",
    "UnitCost",
    "find_unit_cost",
    "load_cost_source",
    "load_unit_costs",
    "parts_of",
]

Kind = Literal["fiscal", "economic", "social"]
_FILE = "gmca-v1-4"


@dataclass(frozen=True)
class CostSource:
    """The publication that the values come from.

    Attributes:
        agencies: id → words.
        ages: years until which a value has a confidence, with its words; None for any age.
    """

    id: str
    title: str
    publisher: str
    address: str
    licence: str
    reviewed_on: dt.date
    note: str
    agencies: Mapping[str, str]
    ages: tuple[tuple[int | None, str], ...]

    def confidence(self, price_year: str, used_year: str) -> str:
        """Return how far a value of one year may be trusted in another, in words."""
        age = int(used_year[:4]) - int(price_year[:4])
        return next(words for most, words in self.ages if most is None or age <= most)


@dataclass(frozen=True)
class UnitCost:
    """What one unit of something costs.

    Attributes:
        id: stands for it in place folders and addresses.
        code: as the publication names it.
        level: headline, subsidiary or constituent.
        part_of: id of the value that it is a part of.
        agency: who bears it; `several` where its parts say.
        bearing: the agency in the publication's own words.
        kind: fiscal (money of a public body), economic or social.
        is_transfer: True for money that only changes hands, such as a benefit payment: a saving
            to whoever pays it, and no public value.
        price_year: the financial year in whose prices it stands.
    """

    id: str
    code: str
    theme: str
    level: str
    part_of: str
    description: str
    unit: str
    value_pence: int
    agency: str
    bearing: str
    kind: Kind
    is_transfer: bool
    price_year: str


@cache
def load_cost_source() -> CostSource:
    """Return where the values that this version ships come from."""
    facts: Any = YAML(typ="safe").load(_text("yaml"))
    return CostSource(
        facts["id"],
        facts["title"],
        facts["publisher"],
        facts["address"],
        facts["licence"],
        facts["reviewed_on"],
        facts["note"],
        MappingProxyType({key: each["label"] for key, each in facts["agencies"].items()}),
        tuple((each["years_to"], each["words"]) for each in facts["confidence"]),
    )


@cache
def load_unit_costs() -> Mapping[str, UnitCost]:
    """Return every value that this version ships, by id, in the file's order."""
    found: dict[str, UnitCost] = {}
    for row in csv.DictReader(_text("csv").splitlines()):
        kept: dict[str, Any] = dict(row)
        kept |= {"value_pence": int(row["value_pence"]), "is_transfer": row["is_transfer"] == "yes"}
        found[row["id"]] = UnitCost(**kept)
    return MappingProxyType(found)


def find_unit_cost(cost_id: str) -> UnitCost:
    """Return one value.

    Raises:
        NotFoundError: if there is none of that id.
    """
    try:
        return load_unit_costs()[cost_id]
    except KeyError:
        raise NotFoundError(
            f"There is no unit cost `{cost_id}`.",
            f"{load_cost_source().title} as shipped has none of that id.",
            "See `wholeplace money unit-costs`.",
        ) from None


def parts_of(cost: UnitCost) -> tuple[UnitCost, ...]:
    """Return the values that a unit cost is made of, each with its own agency; itself without any.

    The parts stand for the whole: a whole is never added to its parts.
    """
    parts = tuple(each for each in load_unit_costs().values() if each.part_of == cost.id)
    return parts or (cost,)


def _text(suffix: str) -> str:
    return (files("wholeplace.money") / "unit_costs" / f"{_FILE}.{suffix}").read_text("utf-8")
