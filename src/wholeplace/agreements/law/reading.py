"""Legal gateways and the thirteen factors, from `gateways.yaml`, read once."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from wholeplace.foundation.errors import CheckFailedError
from wholeplace.partnership.definitions import Condition
from wholeplace.partnership.texts import read_yaml

__all__ = ["Factor", "Gateway", "Law", "load_law"]

Confidence = Literal["text", "guidance", "unverified"]


class _Reviewed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Factor(_Reviewed):
    """One of the thirteen disadvantages that a household may have.

    Attributes:
        shown_by: conditions over a person's events; one that holds shows the factor.
        not_shown: why no event shows it.
    """

    id: str
    label: str
    shown_by: tuple[Condition, ...]
    not_shown: str = ""


class Gateway(_Reviewed):
    """One power or duty by which partners may share. `gateways.yaml` says what each key means."""

    id: str
    title: str
    statute: str
    section: str
    kind: Literal["power", "duty"]
    says: str
    may_disclose: tuple[str, ...] | None
    may_receive: tuple[str, ...] | None
    for_others: bool = False
    purposes: tuple[str, ...]
    identifying: tuple[str, ...] = ()
    bases: tuple[str, ...]
    consent: bool = False
    factors: int = Field(default=0, ge=0, le=13)
    arranged_by: tuple[str, ...] = ()
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    source: str
    checked_on: dt.date
    confidence: Confidence

    @field_validator("may_disclose", "may_receive", mode="before")
    @classmethod
    def _any_is_none(cls, value: object) -> object:
        return None if value == "any" else value

    @property
    def is_verified(self) -> bool:
        """Whether its source was read; what was not read refuses nothing."""
        return self.confidence != "unverified"

    @property
    def citation(self) -> str:
        """Statute and section, as a lawyer writes them."""
        return f"{self.statute}, {self.section}"

    def lets_disclose(self, kind: str) -> bool:
        """Whether an organisation of this kind may share by it."""
        return self.may_disclose is None or kind in self.may_disclose

    def lets_receive(self, kind: str) -> bool:
        """Whether it may be shared with an organisation of this kind."""
        return self.may_receive is None or kind in self.may_receive

    def is_in_force(self, first: dt.date, last: dt.date) -> bool:
        """Whether it is in force on every day from the first to the last."""
        if self.in_force_from is None or first < self.in_force_from:
            return False
        return self.in_force_to is None or last <= self.in_force_to

    def factors_for(self, purpose: str) -> int:
        """Return how many factors it asks of a household for a purpose."""
        return 0 if purpose in self.identifying else self.factors


class _Public(_Reviewed):
    value: frozenset[str]
    source: str


class _Factors(_Reviewed):
    source: str
    value: tuple[Factor, ...]


class _Interest(_Reviewed):
    in_force_from: dt.date
    source: str


class _File(_Reviewed):
    reviewed_on: dt.date
    public_kinds: _Public
    recognised_interest: _Interest
    factors: _Factors
    gateways: tuple[Gateway, ...]


class Law:
    """Every gateway by id, the factors, and which kinds of organisation are public. Immutable."""

    def __init__(self, text: Mapping[str, object]) -> None:
        read = _File.model_validate(text)
        self.reviewed_on = read.reviewed_on
        self.public_kinds = read.public_kinds.value
        self.public_kinds_source = read.public_kinds.source
        self.recognised_interest_from = read.recognised_interest.in_force_from
        self.recognised_interest_source = read.recognised_interest.source
        self.factors = read.factors.value
        self.factors_source = read.factors.source
        self.gateways: Mapping[str, Gateway] = MappingProxyType(
            {each.id: each for each in read.gateways}
        )


@cache
def load_law() -> Law:
    """Return the law that ships with Wholeplace."""
    with as_file(files("wholeplace.agreements") / "law" / "gateways.yaml") as path:
        text, faults = read_yaml(path, "law/gateways.yaml")
    if text is None or faults:
        raise CheckFailedError(faults)
    return Law(text.data)
