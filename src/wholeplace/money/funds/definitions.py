"""A fund or a contract as it stands in the place folder."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pydantic import Field, model_validator

from wholeplace.money.benefits.definitions import MoneyDefinition
from wholeplace.partnership.definitions import Slug

__all__ = ["Fund", "Post"]


class Post(MoneyDefinition):
    """Workers whom a fund pays, counted in whole posts."""

    title: str
    plural: str
    number: int = Field(ge=1)


class Fund(MoneyDefinition):
    """One fund or contract of `funds.yaml`.

    Attributes:
        kind: a grant that comes in, a body's own budget, or a contract that goes out.
        payer: partner, or words for a body outside the partnership.
        holder: partner that holds it, or the provider.
        starts_on: first day that it pays for.
        ends_on: last day.
        pence: the whole of it, over its life.
        notice_days: how long before its end a decision on renewal is needed.
        services: names under which partners record what it pays for.
        intervention: id of the intervention that it pays for, where there is one.
        terms: its conditions, in a line each.
    """

    id: str = Slug
    title: str
    kind: Literal["grant", "budget", "contract"]
    payer: str
    holder: str
    starts_on: dt.date
    ends_on: dt.date
    pence: int = Field(gt=0)
    notice_days: int = Field(default=0, ge=0)
    posts: tuple[Post, ...] = ()
    services: tuple[str, ...] = ()
    intervention: str = ""
    terms: tuple[str, ...] = ()
    source: str
    invented: bool = False

    @model_validator(mode="after")
    def _is_in_order(self) -> "Fund":
        if self.ends_on <= self.starts_on:
            raise ValueError("`ends_on` must come after `starts_on`")
        return self

    @property
    def decide_by(self) -> dt.date:
        """The day by which somebody must decide whether it goes on."""
        return self.ends_on - dt.timedelta(days=self.notice_days)

    @property
    def pence_a_year(self) -> int:
        """What it pays in a year, on average over its days."""
        days = (self.ends_on - self.starts_on).days + 1
        return int((Decimal(self.pence) * 365 / days).quantize(Decimal(1), ROUND_HALF_UP))

    def runs_on(self, day: dt.date) -> bool:
        """Tell whether it pays on a day."""
        return self.starts_on <= day <= self.ends_on
