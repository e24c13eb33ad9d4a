"""Agreements and their clauses: the text that is signed is the rule that runs."""

import datetime as dt
from enum import IntEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["Agreement", "Clause", "Level", "Party"]


class Level(IntEnum):
    """How much of a field may be seen."""

    NOTHING = 0
    EXISTENCE = 1
    SUMMARY = 2
    DETAIL = 3

    @property
    def label(self) -> str:
        """The word that people see."""
        return ("nothing", "known to", "summary", "detail")[self]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Party(_Text):
    """One party, with the law that it relies on.

    Attributes:
        lawful_basis: UK GDPR Article 6(1) basis, for example `6(1)(e)`.
        legal_power: statute that gives the power or duty, in the words that are signed.
        gateways: the same as ids of `law/gateways.yaml`, by which the clauses are checked. A body
            that is not public needs none.
        acting_for: the partner for whom this one provides a service, where its power is theirs.
        special_condition: UK GDPR Article 9(2) condition, where special category data is shared.
        schedule_1: Data Protection Act 2018 Schedule 1 paragraph, where one is needed.
    """

    partner: str
    lawful_basis: str
    legal_power: str
    gateways: tuple[str, ...] = ()
    acting_for: str | None = None
    special_condition: str | None = None
    schedule_1: str | None = None


class Clause(_Text):
    """One thing that one partner may see of another's data.

    Attributes:
        id: unique in the agreement; decisions name it.
        source: partner whose data it is.
        recipient: partner whose people may see it, or `all-parties`.
        roles: roles of the recipient that may see it.
        purpose: the one purpose.
        fields: vocabulary fields or field groups.
        level: the highest level.
        consent: `none` (not needed), `required`, or `unless-refused`.
        needs_factors: how many of the thirteen disadvantages (`law/gateways.yaml`) must be known
            in the person's household; fewer, or not known how many, gives nothing.
        retention_days: how long the recipient's system may keep it; see `retention`.
        keep: `everybody`, or `only-with-need`: after matching, what is about people who show
            no need is deleted (where every clause in force of that source says so).
        onward: whether the recipient may pass it on.
    """

    id: str
    source: str
    recipient: str
    roles: tuple[str, ...]
    purpose: str
    fields: tuple[str, ...]
    level: Level
    consent: Literal["none", "required", "unless-refused"] = "none"
    needs_factors: int = Field(default=0, ge=0, le=13)
    retention_days: int = Field(ge=1)
    keep: Literal["everybody", "only-with-need"] = "everybody"
    onward: bool = False

    @field_validator("level", mode="before")
    @classmethod
    def _level_by_word(cls, value: object) -> object:
        return (
            Level[value.upper()]
            if isinstance(value, str) and value.upper() in Level.__members__
            else value
        )


class Agreement(_Text):
    """`agreements/<id>.yaml`: an information-sharing agreement.

    Attributes:
        vocabulary: version of the vocabulary that it is written in; a field group means the
            fields of that version, whatever is added later.
        dpia: reference of the data protection impact assessment.
        starts_on: first day on which it can be in force.
        ends_on: last day.
    """

    id: str
    version: str
    vocabulary: int = Field(ge=1)
    title: str
    purposes: tuple[str, ...]
    why: str
    parties: tuple[Party, ...]
    dpia: str
    starts_on: dt.date
    ends_on: dt.date
    review_on: dt.date
    contact: str
    clauses: tuple[Clause, ...]
    supersedes: str | None = None
