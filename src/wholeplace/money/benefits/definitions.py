"""An intervention as it stands in the place folder: whom it reaches, what it costs and changes."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from wholeplace.foundation.values import Effect
from wholeplace.partnership.definitions import Slug

__all__ = ["Assumption", "Benefit", "Correction", "Cost", "Figure", "Intervention", "Settings"]


def _exact(value: Any) -> Any:
    """Take a number as it was written: 0.1 is a tenth, and not its nearest binary fraction."""
    return str(value) if isinstance(value, float) else value


Figure = Annotated[Decimal, BeforeValidator(_exact)]
Share = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=1)]


class MoneyDefinition(BaseModel):
    """One definition of the folder `money/`; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assumption(MoneyDefinition):
    """A figure that somebody chose or measured, with how wrong it may be.

    Attributes:
        value: the figure used.
        low: the least it may well be; the value itself where left out.
        high: the most it may well be.
        source: who says so.
        measured: the need that the linked cohort can measure it by, `framework/need`.
    """

    value: Figure
    low: Figure | None = None
    high: Figure | None = None
    source: str
    measured: str = ""

    @model_validator(mode="after")
    def _is_in_order(self) -> "Assumption":
        least, most = self.least, self.most
        if not least <= self.value <= most:
            raise ValueError("`low`, `value` and `high` must stand in this order")
        return self

    @property
    def least(self) -> Decimal:
        """The least it may well be."""
        return self.value if self.low is None else self.low

    @property
    def most(self) -> Decimal:
        """The most it may well be."""
        return self.value if self.high is None else self.high


class Cost(MoneyDefinition):
    """One thing that the intervention costs, and who pays.

    Attributes:
        payer: agency that pays.
        pence: what it costs in each year, from the first.
        overrun_share: by how much costs of this kind turn out higher (optimism bias).
    """

    id: str = Slug
    title: str
    payer: str
    pence: tuple[int, ...]
    overrun_share: Assumption
    source: str


class Benefit(MoneyDefinition):
    """One thing of which there is less, or more, and what that is worth.

    Attributes:
        effect: outcome of the effect that it rests on.
        direction: `less` where a fall in the outcome is the gain.
        unit_cost: id of the value of one unit.
        units_per_effect: units of the unit cost in one unit of the effect.
        bridge: why that many, in words.
        people_per_reached: how many people the effect counts for in each family reached.
        deadweight: share that would have happened anyway and the effect does not rule out.
        lag_years: whole years until the first gain.
        lasts_years: for how many years a family's gain lasts.
        retention: share of a gain that is kept from one year to the next.
        cashable: share of the saving that can be taken out of a budget.
    """

    id: str = Slug
    title: str
    effect: str
    direction: Literal["less", "more"] = "less"
    unit_cost: str
    units_per_effect: Figure
    bridge: str
    people_per_reached: Assumption
    deadweight: Assumption
    lag_years: int = Field(ge=0, le=20)
    lasts_years: int = Field(ge=1, le=60)
    retention: Assumption
    cashable: Assumption


class EffectText(MoneyDefinition):
    """An effect as a place folder states it, until an evaluation measures it."""

    outcome: str = Slug
    unit: str
    per: str
    estimate: Figure
    low: Figure
    high: Figure
    confidence_level: Figure = Decimal("0.95")
    grade: int = Field(ge=1, le=5)
    method: str
    source: str
    measured_on: dt.date
    is_invented: bool = False

    @model_validator(mode="after")
    def _is_sound(self) -> "EffectText":
        self.as_effect()
        return self

    def as_effect(self) -> Effect:
        """Return the plain value that rooms hand to each other."""
        return Effect(**self.model_dump())


class Intervention(MoneyDefinition):
    """One intervention of `interventions.yaml`.

    Attributes:
        services: names under which partners record it; families are counted by them.
        delivery_years: for how many years families are taken on.
        horizon_years: for how many years amounts are counted.
        population: everybody whom it could be for, by households.
        need_share: share of them with the need.
        take_up: share of those who take it up, in each year of delivery.
        invented: True where the figures are made up for a demonstration.
    """

    id: str = Slug
    title: str
    summary: str
    services: tuple[str, ...]
    starts_on: dt.date
    delivery_years: int = Field(ge=1, le=30)
    horizon_years: int = Field(ge=1, le=100)
    reaches: str
    population: Assumption
    need_share: Assumption
    take_up: Assumption
    costs: tuple[Cost, ...] = Field(min_length=1)
    effects: tuple[EffectText, ...] = Field(min_length=1)
    benefits: tuple[Benefit, ...] = Field(min_length=1)
    invented: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> "Intervention":
        known = {each.outcome for each in self.effects}
        lost = sorted({each.effect for each in self.benefits} - known)
        if lost:
            raise ValueError(f"`benefits` rest on effects that are not given: {', '.join(lost)}")
        ids = [each.id for each in self.costs] + [each.id for each in self.benefits]
        if len(ids) != len(set(ids)):
            raise ValueError("two lines of `costs` and `benefits` have one id")
        if any(len(each.pence) > self.horizon_years for each in self.costs):
            raise ValueError("a cost runs longer than `horizon_years`")
        return self

    def effect(self, outcome: str) -> Effect:
        """Return one of its effects; raises KeyError if it has none of that outcome."""
        return {each.outcome: each.as_effect() for each in self.effects}[outcome]


class Correction(MoneyDefinition):
    """How far benefits are cut for one grade of evidence.

    Attributes:
        grade: 1 (weakest) to 5 on the Maryland Scientific Methods Scale.
        share: taken off every benefit that rests on evidence of this grade.
    """

    grade: int = Field(ge=1, le=5)
    share: Share
    words: str


class Settings(MoneyDefinition):
    """`settings.yaml`: what all of a place's cases are worked out with.

    Attributes:
        price_year: the financial year in whose prices amounts stand.
        schedule: id of the discount schedule.
        corrections: one for each grade; the place's own choice, with its source.
        agencies: agency of a unit cost → partner of this place that it is; empty for one that
            stands outside the partnership.
    """

    price_year: str = Field(pattern=r"^[0-9]{4}/[0-9]{2}$")
    schedule: str
    corrections: tuple[Correction, ...]
    corrections_source: str
    agencies: Mapping[str, str]

    @model_validator(mode="after")
    def _is_whole(self) -> "Settings":
        if sorted(each.grade for each in self.corrections) != [1, 2, 3, 4, 5]:
            raise ValueError("`corrections` needs exactly one of each grade, 1 to 5")
        return self

    def correction(self, grade: int) -> Decimal:
        """Return what is taken off benefits that rest on evidence of a grade."""
        return next(each.share for each in self.corrections if each.grade == grade)
