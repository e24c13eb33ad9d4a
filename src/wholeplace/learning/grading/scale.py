"""The reviewed file `scale.yaml`, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ruamel.yaml import YAML

__all__ = ["Check", "DesignScale", "Scale", "load_scale"]


@dataclass(frozen=True)
class Check:
    """One check: what it measures, and what still passes."""

    id: str
    words: str
    most: float | None
    least: float | None
    source: str

    def is_passed(self, value: float) -> bool:
        """Tell whether a value passes."""
        return not (
            value != value
            or (self.most is not None and value > self.most)
            or (self.least is not None and value < self.least)
        )


@dataclass(frozen=True)
class DesignScale:
    """The highest level that a design reaches, and the checks that it owes."""

    level: int
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """Both scales with their sources."""

    designs: Mapping[str, DesignScale]
    checks: Mapping[str, Check]
    maryland: Mapping[int, str]
    maryland_source: str
    nesta: Mapping[int, str]
    nesta_source: str
    causes_from_maryland: int


@cache
def load_scale() -> Scale:
    """Return the scales."""
    text = (files("wholeplace.learning.grading") / "scale.yaml").read_text("utf-8")
    read = YAML(typ="safe").load(text)
    checks = {
        name: Check(name, row["words"], _number(row, "most"), _number(row, "least"), row["source"])
        for name, row in read["checks"].items()
    }
    designs = {
        name: DesignScale(int(row["level"]), tuple(row["checks"]))
        for name, row in read["designs"].items()
    }
    return Scale(
        MappingProxyType(designs), MappingProxyType(checks),
        MappingProxyType(dict(read["maryland"]["levels"])), read["maryland"]["source"],
        MappingProxyType(dict(read["nesta"]["levels"])), read["nesta"]["source"],
        int(read["nesta"]["causes_from_maryland"]),
    )  # fmt: skip


def _number(row: Mapping[str, str], key: str) -> float | None:
    return float(row[key]) if key in row else None
