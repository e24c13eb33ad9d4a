"""The model: what is compared, at which levels, and what each level is worth.

Law and standard: UK GDPR Article 5(1)(d) (accuracy); the model of Fellegi and Sunter (1969).
"""

import math
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.errors import CheckFailedError, Fault

__all__ = ["Comparison", "Level", "LinkModel", "Pooling", "Training", "read_model"]

MODEL_FILE = "link.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Part):
    """One degree of agreement of a comparison.

    Attributes:
        when: condition on the pair, in the engine's SQL with the model's terms in braces;
            `otherwise` for the last level.
        m: share among pairs that are one person.
        u: share among pairs that are two people.
        missing: True where nothing can be said; such a level is worth nothing.
        frequency: column whose rarer values count for more.
        is_exact: True where the level is equality of that column.
        fixed: True where u is not drawn from random pairs, which would never show it.
    """

    id: str
    label: str
    when: str
    m: float | None = Field(default=None, gt=0, le=1)
    u: float | None = Field(default=None, gt=0, le=1)
    missing: bool = False
    frequency: str | None = None
    is_exact: bool = False
    fixed: bool = False

    @model_validator(mode="after")
    def _has_worth(self) -> "Level":
        if not self.missing and (self.m is None or self.u is None):
            raise ValueError(f"level {self.id} needs m and u, or missing: true")
        return self


class Comparison(_Part):
    """One thing compared, with its levels from best to worst."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str
    levels: tuple[Level, ...] = Field(min_length=2)


class Training(_Part):
    """How a place's own records train the model.

    Attributes:
        random_pairs: how many random pairs to draw for u.
        least_records: fewest records that can train.
    """

    random_pairs: int = Field(ge=1000)
    least_records: int = Field(ge=2)


class Pooling(_Part):
    """How the evidence between two groups of records is put together, and how much is enough.

    Attributes:
        link_probability: the best pair across two groups must reach this.
        pooled_probability: and the pooled evidence this.
        most_bits: one pair counts at most this much for or against.
        unseen_bits: what a pair counts that shares no blocking value.
        best_share: share of the best single pair in the pooled evidence.
    """

    link_probability: float = Field(gt=0, lt=1)
    pooled_probability: float = Field(gt=0, lt=1)
    most_bits: float = Field(gt=0)
    unseen_bits: float = Field(le=0)
    best_share: float = Field(ge=0, le=1)

    @property
    def link_bits(self) -> float:
        """`link_probability` as log2 odds."""
        return math.log2(self.link_probability / (1 - self.link_probability))

    @property
    def pooled_bits(self) -> float:
        """`pooled_probability` as log2 odds."""
        return math.log2(self.pooled_probability / (1 - self.pooled_probability))


class LinkModel(_Part):
    """The whole model, as it stands in `default_model.yaml` or a place's `link.yaml`.

    Attributes:
        review_probability: pairs at or above it are kept as possible links.
        veto_share: twins and namesakes are told apart outright where, among pairs of one
            person, first names (or dates of birth) speak against in at most this share.
        largest_group: most records that may share a blocking value.
        blocking: rules; records are compared when all columns of one agree.
        terms: names for conditions used in levels.
    """

    version: str
    source: str
    review_probability: float = Field(gt=0, lt=1)
    veto_share: float = Field(ge=0, le=1)
    pooling: Pooling
    training: Training
    largest_group: int = Field(ge=2)
    blocking: tuple[tuple[str, ...], ...]
    terms: dict[str, str]
    comparisons: tuple[Comparison, ...]

    @model_validator(mode="after")
    def _terms_are_known(self) -> "LinkModel":
        for comparison in self.comparisons:
            for level in comparison.levels:
                try:
                    self.condition(level)
                except KeyError as error:
                    raise ValueError(
                        f"level {comparison.name}.{level.id} uses an unknown term {error}"
                    ) from None
        return self

    def condition(self, level: Level) -> str:
        """Return a level's condition with its terms written out."""
        return "ELSE" if level.when == "otherwise" else level.when.format_map(self.terms)

    @property
    def hash(self) -> str:
        """SHA-256 over everything in the model; numbers count as their text."""
        return content_hash(_as_text(self.model_dump(mode="json")))


@cache
def _default_text() -> str:
    return (files("wholeplace") / "linkage" / "default_model.yaml").read_text("utf-8")


def read_model(place_folder: Path | None = None) -> LinkModel:
    """Return the place's own model (`link.yaml`) or, where it has none, the default.

    Raises:
        CheckFailedError: if the place's file is not a model; every fault is listed.
    """
    own = place_folder / MODEL_FILE if place_folder else None
    text = own.read_text("utf-8") if own and own.exists() else _default_text()
    try:
        return LinkModel.model_validate(YAML(typ="safe").load(text))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise CheckFailedError(
            [Fault(MODEL_FILE, line, "this is not YAML", "the shape of the default model")]
        ) from error
    except ValidationError as error:
        faults = [
            Fault(
                MODEL_FILE,
                0,
                f"{'.'.join(str(part) for part in found['loc']) or 'model'}: {found['msg']}",
            )
            for found in error.errors()
        ]
        raise CheckFailedError(faults) from error


def _as_text(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value
