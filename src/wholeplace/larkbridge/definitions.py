"""Reading Larkbridge's own package data: names, error rates, dataset contracts.

The contracts are read as plain mappings, since this room imports `foundation` alone; the
tests hold them against the typed models of `partnership`.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = ["DATASETS", "ErrorRates", "place_source", "read_dataset", "read_names", "read_rates"]

DATASETS = (
    "children-social-care",
    "early-help",
    "youth-justice",
    "adult-social-care",
    "homelessness",
    "council-tax",
    "police-incidents",
    "community-health",
    "gp-registrations",
    "school-attendance",
    "school-suspensions",
    "jobcentre-claims",
    "tenancies",
    "advice-and-food",
)


def place_source() -> Path:
    """Return the folder of reviewed text that becomes Larkbridge's place folder."""
    return Path(str(files("wholeplace.larkbridge") / "place"))


def _read(path: str) -> Any:
    text = (files("wholeplace.larkbridge") / path).read_text("utf-8")
    return YAML(typ="safe").load(text)


@cache
def read_names() -> Any:
    """Return the lists of names and streets, as they stand in `data/names.yaml`."""
    return _read("data/names.yaml")


@cache
def read_dataset(dataset: str) -> Any:
    """Return one dataset contract, as it stands in `place/datasets/<dataset>.yaml`."""
    return _read(f"place/datasets/{dataset}.yaml")


@dataclass(frozen=True)
class ErrorRates:
    """The reviewed error rates.

    Attributes:
        rates: for each kind of error its entry: rate, source, note, perhaps by_dataset.
        people: how common each hard kind of person is.
    """

    rates: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]

    def of(self, kind: str, dataset: str) -> float:
        """Return the rate of one kind of error in one dataset, as a share."""
        entry = self.rates[kind]
        return float(entry.get("by_dataset", {}).get(dataset, entry["rate"]))

    def among_people(self, kind: str) -> float:
        """Return the share of people of one hard kind."""
        return float(self.people[kind]["rate"])


@cache
def read_rates() -> ErrorRates:
    """Return the error rates that stand in `error_rates.yaml`."""
    found = _read("error_rates.yaml")
    return ErrorRates(found["rates"], found["people"])
