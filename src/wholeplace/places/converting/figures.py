"""The reviewed figures of `figures.yaml`: what a converted figure's error is worked out from."""

import datetime as dt
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

__all__ = ["ErrorFigures", "error_figures"]


class _Figure(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    source: str


class ErrorFigures(BaseModel):
    """The figures, each with its source; `figures.yaml` says what each means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reviewed_on: dt.date
    confidence: _Figure
    between_floor: _Figure
    sides: _Figure
    within: _Figure
    area: _Figure
    lookup: _Figure
    own_noise: _Figure


@cache
def error_figures() -> ErrorFigures:
    """Return the figures as reviewed."""
    text = (files("wholeplace.places.converting") / "figures.yaml").read_text("utf-8")
    return ErrorFigures.model_validate(YAML(typ="safe").load(text))
