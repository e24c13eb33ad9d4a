"""The nouns of who is responsible, as they stand in reviewed files.

`england.yaml` ships with Wholeplace: topics, laws, and which role takes which part. `bodies/*.yaml`
of a place folder say who fills a role, where and since when, and what the place arranges beyond.
"""

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

__all__ = [
    "PARTS",
    "Arrangement",
    "Confidence",
    "Covers",
    "Duty",
    "England",
    "Law",
    "LocalBodies",
    "Part",
    "Role",
    "RoleHolder",
    "Topic",
    "england",
]

Part = Literal["commissions", "funds", "delivers", "regulates", "inspects"]
PARTS: tuple[Part, ...] = ("commissions", "funds", "delivers", "regulates", "inspects")
"""Every part that somebody may take in meeting a need, in the order in which money flows."""

Confidence = Literal["text", "guidance", "unverified"]


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Law(_Definition):
    """One legal basis.

    Attributes:
        source: where it was read.
        source_on: day of what was read, or on which it was read where it bears none.
        confidence: `text`, `guidance` or `unverified`.
    """

    title: str
    source: str
    source_on: dt.date
    confidence: Confidence


class Role(_Definition):
    """One kind of body.

    Attributes:
        areas: kinds of area that each have one such body, for places known by lookups alone.
    """

    label: str
    areas: tuple[str, ...] = ()


class Topic(_Definition):
    """What people need help with.

    Attributes:
        headlines: of frameworks; every need under them belongs here.
        needs: single needs that do.
        ages: youngest and oldest that it is about, in whole years.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    title: str
    headlines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None


class Duty(_Definition):
    """One role, or one national body, and the part that it takes.

    Attributes:
        role: filled by the place, or by whoever has the area; exactly one of it and `body`.
        with_: roles or bodies that take the same part beside it by arrangement, so that two are
            no double cover.
    """

    part: Part
    role: str | None = None
    body: str | None = None
    law: str
    ages: tuple[int, int] | None = None
    with_: tuple[str, ...] = Field(default=(), alias="with")


class England(_Definition):
    """`england.yaml` as a whole."""

    reviewed_on: dt.date
    roles: dict[str, Role]
    laws: dict[str, Law]
    topics: tuple[Topic, ...]
    duties: dict[str, tuple[Duty, ...]]


class Covers(_Definition):
    """Where a body is responsible.

    Attributes:
        areas: id of an area set.
        codes: its areas; every one where none is named.
    """

    areas: str
    codes: tuple[str, ...] = ()


class RoleHolder(_Definition):
    """Who fills a role in a place.

    Attributes:
        topics: only for these; for all where none is named.
        partner: id of the partner, where it is one.
        covers: where; everywhere in the place when not given. The body's area is told with it.
        contact: how to reach it, where that may be published.
    """

    role: str
    body: str
    topics: tuple[str, ...] = ()
    partner: str | None = None
    covers: Covers | None = None
    contact: str = ""
    valid_from: dt.date
    valid_to: dt.date | None = None
    source: str
    source_on: dt.date


class Arrangement(_Definition):
    """Something that a place arranges beyond what the law gives to a role.

    Attributes:
        jointly_with: bodies or roles that take the same part by agreement.
    """

    topic: str
    part: Part
    body: str
    partner: str | None = None
    covers: Covers | None = None
    contact: str = ""
    ages: tuple[int, int] | None = None
    basis: str
    jointly_with: tuple[str, ...] = ()
    valid_from: dt.date
    valid_to: dt.date | None = None
    source: str
    source_on: dt.date


class LocalBodies(_Definition):
    """One file of a place folder's `bodies/`."""

    holders: tuple[RoleHolder, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()


@cache
def england() -> England:
    """Return the reviewed duties that ship with Wholeplace."""
    text = (files("wholeplace.places.bodies") / "england.yaml").read_text("utf-8")
    return England.model_validate(YAML(typ="safe").load(text))
