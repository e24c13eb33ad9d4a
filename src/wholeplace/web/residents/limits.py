"""The figures of the resident's account."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

__all__ = ["Limits", "limits"]


@dataclass(frozen=True)
class Limits:
    """The figures of `figures.yaml`."""

    code_letters: int
    code_hours: int
    wrong_birth_dates: int
    tries_per_quarter_hour: int
    session_minutes: int
    lines_per_page: int
    answer_days: int


@cache
def limits() -> Limits:
    """Return the figures."""
    text = (files("wholeplace.web.residents") / "figures.yaml").read_text("utf-8")
    found = YAML(typ="safe").load(text)
    return Limits(**{name: int(found[name]["value"]) for name in Limits.__dataclass_fields__})
