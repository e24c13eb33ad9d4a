"""Money and outcomes of areas: how a fund is shared out, floors, and a neighbourhood's board."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "AllocationTerms",
    "AreaFigures",
    "AreaFund",
    "BoardMember",
    "CohortTarget",
    "FloorTarget",
    "NeighbourhoodBoard",
    "OutcomeSeries",
    "Priority",
    "SpendLine",
]

_SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Slug = Field(pattern=_SLUG, max_length=60)


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AllocationTerms(_Text):
    """How a programme shared a fund out among areas.

    Attributes:
        formula: `excess`: residents times how far the area's deprivation score is above a
            threshold; `residents`: residents alone.
        says: the formula in words.
    """

    formula: Literal["excess", "residents"]
    says: str
    source: str
    numbers: str = ""


class AreaFigures(_Text):
    """One area of a fund: its code in an area set, its residents and its deprivation score.

    Attributes:
        score_tenths: index of deprivation times ten; higher is more deprived.
    """

    code: str
    residents: int = Field(ge=0)
    score_tenths: int = Field(ge=0)


class FloorTarget(_Text):
    """A level below which no area may be.

    Attributes:
        floor: the level, in the measure's unit times ten.
        by: financial year by which it is to be reached.
        values: area code to financial year to value, in tenths.
        comparator: financial year to the average that the gap is measured to, in tenths.
    """

    id: str = Slug
    label: str
    outcome: str
    unit: str
    better: Literal["higher", "lower"]
    floor_tenths: int
    by: str
    comparator_name: str
    comparator: dict[str, int]
    values: dict[str, dict[str, int]]
    source: str


class AreaFund(_Text):
    """`outcomes/<name>.yaml` with `fund:`: a fund to be shared out among areas.

    Attributes:
        fund_pence: financial year to amount.
        threshold_tenths: score above which an area is eligible.
        least_pence: what every eligible area gets at least, in each year.
    """

    fund: str = Slug
    framework: str
    title: str
    area_set: str
    invented: bool = False
    fund_pence: dict[str, int]
    threshold_tenths: int = Field(ge=0)
    least_pence: int = Field(default=0, ge=0)
    areas: tuple[AreaFigures, ...]
    floors: tuple[FloorTarget, ...] = ()
    why: str
    source: str

    @model_validator(mode="after")
    def _names_areas_once(self) -> "AreaFund":
        codes = [each.code for each in self.areas]
        if len(set(codes)) != len(codes) or not codes:
            raise ValueError("each area stands once")
        return self


class BoardMember(_Text):
    """A seat on a neighbourhood's board; a seat, not a person."""

    seat: str
    kind: Literal["resident", "partner", "councillor", "other"]
    chosen: str


class Priority(_Text):
    """What residents put first, how it was heard, and what the board did about it."""

    rank: int = Field(ge=1)
    label: str
    outcome: str
    heard: str
    answered: str
    progress: Literal["not-begun", "under-way", "done", "not-chosen"]


class OutcomeSeries(_Text):
    """One outcome over the board's years, beside what it is compared with.

    Values are in tenths of the unit, by year; a year without a value was not measured.
    """

    id: str = Slug
    label: str
    outcome: str
    unit: str
    better: Literal["higher", "lower"]
    baseline: str
    target_tenths: int
    target_year: str
    values: dict[str, int]
    comparator_name: str
    comparator: dict[str, int]
    source: str

    @model_validator(mode="after")
    def _has_baseline(self) -> "OutcomeSeries":
        if self.baseline not in self.values:
            raise ValueError(f"`{self.id}` has no value for its baseline year {self.baseline}")
        return self


class SpendLine(_Text):
    """What a board spent on one theme in one year."""

    year: str
    outcome: str
    pence: int = Field(ge=0)
    other_pence: int = Field(default=0, ge=0)


class CohortTarget(_Text):
    """`outcomes/<name>.yaml` with `target:`: for what share of families it is to hold, by when.

    Attributes:
        baseline_tenths: per cent of families for which it held, times ten; likewise the target.
        points: days in between with the share on the course, where it is not a straight line.
    """

    target: str = Slug
    framework: str
    title: str
    invented: bool = False
    baseline_on: dt.date
    baseline_tenths: int = Field(ge=0, le=1000)
    target_on: dt.date
    target_tenths: int = Field(ge=0, le=1000)
    points: dict[dt.date, int] = {}
    why: str
    source: str

    @model_validator(mode="after")
    def _runs_forward(self) -> "CohortTarget":
        if self.target_on <= self.baseline_on:
            raise ValueError("the target's day comes after the baseline's")
        return self


class NeighbourhoodBoard(_Text):
    """`outcomes/<name>.yaml` with `board:`: a neighbourhood board's ten years.

    Attributes:
        other_pence of a spend line: what others spent beside the board's own grant.
    """

    board: str = Slug
    framework: str
    title: str
    area_set: str
    area: str
    invented: bool = False
    first_year: str
    last_year: str
    residents: int
    grant_pence: int
    members: tuple[BoardMember, ...]
    priorities: tuple[Priority, ...]
    outcomes: tuple[OutcomeSeries, ...]
    spend: tuple[SpendLine, ...]
    source: str
