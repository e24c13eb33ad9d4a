"""The nouns of a place folder, as they stand in its files.

Each class is one kind of reviewed text. Reading, checking and writing them is in
`folder.py` and `check.py`; nothing here touches a file.
"""

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from wholeplace.partnership.programmes.areas import AllocationTerms
from wholeplace.partnership.programmes.terms import (
    ClaimTerms,
    Measure,
    MoneyRule,
    ProgrammeForm,
    ReturnLine,
    SourceNamed,
)

__all__ = [
    "AreaSet",
    "Condition",
    "Dataset",
    "Departure",
    "EventMapping",
    "ExtractField",
    "FileFormat",
    "FlagMapping",
    "Framework",
    "FrameworkAdopted",
    "Headline",
    "Need",
    "Partner",
    "Place",
    "Rule",
    "Term",
]

_SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Slug = Field(pattern=_SLUG, max_length=60)


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FrameworkAdopted(_Definition):
    """A framework that the place has taken on, at one version."""

    id: str = Slug
    version: str


class Place(_Definition):
    """`place.yaml`: the place itself.

    Attributes:
        host: the partner that runs this system for the others (their processor).
        invented: True for a demonstration; only then may demo personas log in.
        second_step_roles: roles in which nobody acts without a second step at sign-in.
    """

    id: str = Slug
    name: str
    purpose: str
    host: str
    invented: bool = False
    time_zone: str = "Europe/London"
    second_step_roles: tuple[str, ...] = ("signatory", "data-protection-officer", "administrator")
    frameworks: tuple[FrameworkAdopted, ...] = ()


class Partner(_Definition):
    """One organisation in `partners.yaml`.

    Attributes:
        kind: what sort of body it is.
        controller: the legal person that is the data controller.
        registration: its entry in the register of fee payers of the Information Commissioner.
        roles: roles that its people may hold here.
        boundaries: id of the area set that it works to.
        signatory: job title of the person who signs for it.
    """

    id: str = Slug
    name: str
    kind: Literal[
        "council",
        "police",
        "nhs",
        "gp",
        "school",
        "jobcentre",
        "probation",
        "youth-justice",
        "fire",
        "housing",
        "charity",
        "other",
    ]
    controller: str
    registration: str
    roles: tuple[str, ...]
    boundaries: str | None = None
    signatory: str
    contact: str


class FileFormat(_Definition):
    """How an extract's file is written, and how it is known in the inbox.

    Attributes:
        pattern: file name with `{date}` where the extract's date stands (YYYY-MM-DD).
        header_row: one-based row of the column names (an XLSX may carry a title above it).
        update: `full` means each extract replaces the last; `changes` adds and corrects by key.
    """

    pattern: str
    format: Literal["csv", "xlsx", "parquet", "jsonl"]
    encoding: Literal["utf-8", "cp1252", "latin-1"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    header_row: int = Field(default=1, ge=1)
    sheet: str | None = None
    update: Literal["full", "changes"] = "changes"


class ExtractField(_Definition):
    """One column, in Table Schema v2 terms, and which standard field it feeds.

    Attributes:
        name: the column's name in the extract.
        type: Table Schema type.
        format: date pattern (`%d/%m/%Y`), or `default`.
        constraints: Table Schema constraints: required, unique, enum, pattern, minimum,
            maximum, minLength, maxLength.
        check: a UK identifier to check: nhs-number, nino, upn, uln, uprn, postcode.
        true_values: texts that mean true.
        false_values: texts that mean false.
        missing_values: texts that mean no value.
        feeds: `record.<column>`, or absent where an event mapping reads the column.
        shares: the vocabulary field that an agreement must cover for this column to be kept;
            worked out from `feeds` or the event mapping when absent.
        on_error: `reject` quarantines the row; `blank` keeps the row without this value and
            reports it (for a value that is worth less than the row).
    """

    name: str
    type: Literal["string", "integer", "number", "boolean", "date", "datetime"] = "string"
    format: str = "default"
    title: str | None = None
    constraints: dict[str, Any] = {}
    check: Literal["nhs-number", "nino", "upn", "uln", "uprn", "postcode"] | None = None
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1", "Y", "Yes")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0", "N", "No")
    missing_values: tuple[str, ...] = ("",)
    feeds: str | None = None
    shares: str | None = None
    on_error: Literal["reject", "blank"] = "reject"


class EventMapping(_Definition):
    """How a row becomes an event.

    Attributes:
        kind: event field of the vocabulary.
        when: column to the values for which the row is this event; empty means always.
        start: column of the day it happened or began.
        end: column of the day it ended.
        attributes: vocabulary attribute to column.
    """

    kind: str
    when: dict[str, tuple[str, ...]] = {}
    start: str
    end: str | None = None
    attributes: dict[str, str] = {}


class FlagMapping(_Definition):
    """How a column sets a subject flag.

    Attributes:
        flag: sealed, restricted, objection, national-opt-out or consent.
        column: the column; a true value sets the flag, false clears it, missing is unknown.
        purpose: for objection and consent, the purpose meant.
        authoritative: True where a person's absence from a fresh extract means no.
        fresh_days: how long an extract counts as fresh.
    """

    flag: Literal["sealed", "restricted", "objection", "national-opt-out", "consent"]
    column: str
    purpose: str | None = None
    authoritative: bool = False
    fresh_days: int = 35


class Dataset(_Definition):
    """`datasets/<id>.yaml`: the contract for one partner's extract.

    Attributes:
        key: columns that identify a row; a later row with the same key corrects the earlier.
        observed: column that dates the row (when the partner saw the person so).
    """

    id: str = Slug
    title: str
    partner: str
    file: FileFormat
    key: tuple[str, ...]
    observed: str | None = None
    fields: tuple[ExtractField, ...]
    events: tuple[EventMapping, ...] = ()
    flags: tuple[FlagMapping, ...] = ()


class Condition(_Definition):
    """One test over a person's events.

    Attributes:
        event: event field counted.
        where: attribute to test: `{gte: 0.1}`, `{lte: ..}`, `{eq: ..}`, `{in: [..]}`.
        at_least: how many such events are needed.
        within_days: how far back they count; absent means ever.
        open: True counts only events that have not ended.
        age_from: youngest age in whole years on the day of the event.
        age_to: oldest age.
    """

    event: str
    where: dict[str, dict[Literal["eq", "in", "gte", "lte"], Any]] = {}
    at_least: int = Field(default=1, ge=1)
    within_days: int | None = Field(default=None, ge=1)
    open: bool = False
    age_from: int | None = None
    age_to: int | None = None


class Rule(_Definition):
    """Conditions joined: every one of `all`, and at least one of `any` where it is given."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()


class Need(_Definition):
    """One need under a headline, with the rule that shows it.

    Attributes:
        evidence: the rule in plain words.
        source: the publication that names the need.
        numbers: who chose the thresholds, windows and ages, since a source seldom does.
    """

    id: str = Slug
    label: str
    rule: Rule
    evidence: str
    source: str
    numbers: str = ""


class Headline(_Definition):
    """One headline outcome of a framework and its needs.

    Attributes:
        not_covered: what the source names here that no rule can show yet.
    """

    id: str = Slug
    label: str
    needs: tuple[Need, ...]
    not_covered: tuple[str, ...] = ()


class Framework(_Definition):
    """A versioned package: headline outcomes and needs, and what the programme round them asks.

    Attributes:
        source: publication that it comes from.
        reviewed_on: day on which the rules were last checked against the source.
        unit: of what it counts outcomes.
        ran: the years in which it ran.
        claims: how results are claimed, where they are.
        left_out: what no source that was checked says, so that nobody takes silence for none.
    """

    id: str = Slug
    version: str
    title: str
    source: str
    reviewed_on: dt.date
    headlines: tuple[Headline, ...]
    unit: Literal["person", "family", "area", "place"] = "person"
    ran: str = ""
    purpose: str = ""
    sources: tuple[SourceNamed, ...] = ()
    measures: tuple[Measure, ...] = ()
    claims: ClaimTerms | None = None
    returns: tuple[ReturnLine, ...] = ()
    forms: tuple[ProgrammeForm, ...] = ()
    money: tuple[MoneyRule, ...] = ()
    allocation: AllocationTerms | None = None
    left_out: tuple[str, ...] = ()


class AreaSet(_Definition):
    """`areas/<id>.yaml`: one set of boundaries.

    Attributes:
        boundaries: GeoJSON file in `areas/`, features with `code` and `name`.
        lookup: CSV in `areas/` with columns postcode, code.
    """

    id: str = Slug
    title: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    source: str
    boundaries: str
    lookup: str


class Term(_Definition):
    """One word of `terms.yaml` that professions use differently.

    Attributes:
        means: what it means in this system.
        said_as: partner to the word that its people use for the same thing.
    """

    word: str
    means: str
    said_as: dict[str, str] = {}


class Departure(_Definition):
    """`needs/<name>.yaml`: one way in which the place departs from a framework.

    Exactly one of `override`, `add` and `drop` names the need.

    Attributes:
        framework: id of an adopted framework.
        why: the reason, for those who compare places; needed for a need that is switched off.
        headline: where an added need belongs.
        rule: the changed or added rule.
    """

    framework: str
    override: str | None = None
    add: str | None = Field(default=None, pattern=_SLUG, max_length=60)
    drop: str | None = None
    why: str | None = None
    headline: str | None = None
    label: str | None = None
    rule: Rule | None = None
    evidence: str | None = None
    source: str | None = None
    numbers: str | None = None
