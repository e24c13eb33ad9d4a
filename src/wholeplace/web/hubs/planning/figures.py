"""The reviewed figures of planning hubs."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

__all__ = ["PlanningFigures", "planning_figures"]


@dataclass(frozen=True)
class PlanningFigures:
    """Figures.

    Attributes:
        seconds: for which one choice is searched at most.
        compared_at_most: choices side by side.
        listed_at_most: choices on one page.
    """

    seconds: int
    compared_at_most: int
    listed_at_most: int


@cache
def planning_figures() -> PlanningFigures:
    """Return them as they stand in `figures.yaml`."""
    text = (files("wholeplace.web.hubs.planning") / "figures.yaml").read_text("utf-8")
    found = YAML(typ="safe").load(text)
    names = ("seconds", "compared_at_most", "listed_at_most")
    return PlanningFigures(*(found[each]["value"] for each in names))
