"""A pooled fund as the place folder states it.

The fields are those of agreements under section 75 of the National Health Service Act 2006: host,
contributions, fixed and variable shares, a risk pool, and the order in which an overspend is met.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from wholeplace.money.benefits.definitions import Figure, MoneyDefinition
from wholeplace.partnership.definitions import Slug

__all__ = ["Contribution", "Pool", "Scheme"]

OverspendStep = Literal["offset-underspends", "risk-pool", "cut-uncommitted", "partners-by-share"]
UnderspendStep = Literal["refill-risk-pool", "return-by-share", "carry-forward"]


class Contribution(MoneyDefinition):
    """What one partner puts in.

    Attributes:
        pence: for one year.
        variable_share: the part of it that moves with demand, 0 to 1.
        risk_share: how much of an overspend or underspend is theirs, 0 to 1.
    """

    partner: str
    pence: int = Field(ge=0)
    variable_share: Figure = Decimal(0)
    risk_share: Figure


class Scheme(MoneyDefinition):
    """One scheme of a pool.

    Attributes:
        budget_pence: for one year.
        cap_pence: the most that may be spent on it, whatever the pool holds.
        uncommitted_pence: what could still be cut.
    """

    id: str = Slug
    title: str
    budget_line: str
    lead_commissioner: str
    budget_pence: int = Field(gt=0)
    cap_pence: int = Field(gt=0)
    uncommitted_pence: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _is_possible(self) -> "Scheme":
        if self.cap_pence < self.budget_pence:
            raise ValueError("`cap_pence` must not be less than `budget_pence`")
        if self.uncommitted_pence > self.budget_pence:
            raise ValueError("`uncommitted_pence` must not be more than `budget_pence`")
        return self


class Pool(MoneyDefinition):
    """One pooled fund of `pools.yaml`, for one year.

    Attributes:
        host: partner that holds the money.
        governance: the forum that decides.
        risk_pool_pence: set aside for overspends, out of the contributions.
        overspend_order: how an overspend is met, first to last.
        underspend_order: what becomes of an underspend, first to last.
    """

    id: str = Slug
    title: str
    legal_basis: str
    host: str
    governance: str
    starts_on: dt.date
    ends_on: dt.date
    contributions: tuple[Contribution, ...] = Field(min_length=2)
    schemes: tuple[Scheme, ...] = Field(min_length=1)
    risk_pool_pence: int = Field(default=0, ge=0)
    overspend_order: tuple[OverspendStep, ...] = (
        "offset-underspends",
        "risk-pool",
        "cut-uncommitted",
        "partners-by-share",
    )
    underspend_order: tuple[UnderspendStep, ...] = ("refill-risk-pool", "return-by-share")
    source: str
    invented: bool = False

    @model_validator(mode="after")
    def _adds_up(self) -> "Pool":
        if sum(each.risk_share for each in self.contributions) != 1:
            raise ValueError("the `risk_share` of all contributions must add up to exactly 1")
        put_in = sum(each.pence for each in self.contributions)
        set_aside = sum(each.budget_pence for each in self.schemes) + self.risk_pool_pence
        if put_in != set_aside:
            raise ValueError(
                f"contributions of {put_in} pence do not equal budgets and risk pool of {set_aside}"
            )
        if len({each.partner for each in self.contributions}) != len(self.contributions):
            raise ValueError("a partner stands twice in `contributions`")
        if self.overspend_order[-1] != "partners-by-share":
            raise ValueError("`overspend_order` must end with `partners-by-share`")
        if self.underspend_order[-1] == "refill-risk-pool":
            raise ValueError("`underspend_order` must not end with `refill-risk-pool`")
        return self

    @property
    def total_pence(self) -> int:
        """Everything that partners put in."""
        return sum(each.pence for each in self.contributions)

    @property
    def partners(self) -> tuple[str, ...]:
        """Everybody who puts in."""
        return tuple(each.partner for each in self.contributions)
