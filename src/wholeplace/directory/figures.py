"""The directory's figures, from `figures.yaml`, which says where each comes from."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

__all__ = ["Figures", "figures"]


@dataclass(frozen=True)
class Figures:
    """What stands in `figures.yaml`, by name; units are in the names."""

    assured_days: int
    capacity_days: int
    gone_share_doubtful: float
    page_size: int
    page_size_most: int
    pages_most: int
    answer_bytes_most: int
    tries: int
    first_wait_seconds: float
    longest_wait_seconds: float
    timeout_seconds: float
    duplicate_score: float


@cache
def figures() -> Figures:
    """Return the figures."""
    text = (files("wholeplace.directory") / "figures.yaml").read_text("utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return Figures(**{name: entry["value"] for name, entry in found.items()})
