"""The reviewed figures in `figures.yaml`, as numbers."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

__all__ = ["FlagFigures", "flag_figures"]


@dataclass(frozen=True)
class FlagFigures:
    """The figures of `figures.yaml`."""

    consent_days: int
    review_days: int
    due_days: int
    why_characters: int


@cache
def flag_figures() -> FlagFigures:
    """Return the figures; the file is read once."""
    text = (files("wholeplace.web.flags") / "figures.yaml").read_text("utf-8")
    found = YAML(typ="safe").load(text)
    names = FlagFigures.__dataclass_fields__
    return FlagFigures(**{name: int(found[name]["value"]) for name in names})
