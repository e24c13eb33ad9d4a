"""What is spent around households with several needs, by body.

A budget line that is spent on one need is divided by how many people with that need live in a
household with several needs. It is an estimate, and says so: it takes it that everybody with a
need costs alike. Counts come in protected; a need whose counts are hidden is left out and named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from wholeplace.foundation.protected import ProtectedCount
from wholeplace.foundation.values import round_pence
from wholeplace.money.spend.budgets import BudgetLine

__all__ = ["FamilySpend", "NeedCount", "spend_on_families"]


@dataclass(frozen=True)
class NeedCount:
    """How many people have one need, and how many of them live with several needs.

    Attributes:
        several: in a household with several needs.
        everybody: all of them.
    """

    need: str
    several: ProtectedCount
    everybody: ProtectedCount

    @property
    def share(self) -> Decimal | None:
        """The share who live with several needs; None where a count is hidden."""
        if self.several.shown is None or not self.everybody.shown:
            return None
        return min(Decimal(1), Decimal(self.several.shown) / Decimal(self.everybody.shown))


@dataclass(frozen=True)
class FamilySpend:
    """What is spent around households with several needs in a year.

    Attributes:
        households: how many there are, protected.
        by_body: body → pence, estimated, most first.
        left_out: needs whose counts are hidden or may not be counted, with the pence on them.
    """

    households: ProtectedCount
    by_body: Mapping[str, int]
    left_out: Mapping[str, int]

    @property
    def total_pence(self) -> int:
        """Everything that could be estimated."""
        return sum(self.by_body.values())

    def per_household(self, pence: int) -> int | None:
        """Return an amount for each household; None where their number is hidden."""
        if not self.households.shown:
            return None
        return round_pence(Decimal(pence) / self.households.shown)


def spend_on_families(
    budgets: Mapping[str, tuple[BudgetLine, ...]],
    counts: Iterable[NeedCount],
    households: ProtectedCount,
) -> FamilySpend:
    """Return what bodies spend around households with several needs."""
    shares = {each.need: each.share for each in counts}
    by_body: dict[str, int] = {}
    left_out: dict[str, int] = {}
    for body, lines in budgets.items():
        for each in lines:
            if not each.need:
                continue
            share = shares.get(each.need)
            if share is None:
                left_out[each.need] = left_out.get(each.need, 0) + each.pence
            else:
                by_body[body] = by_body.get(body, 0) + round_pence(each.pence * share)
    ordered = sorted(by_body.items(), key=lambda item: (-item[1], item[0]))
    return FamilySpend(households, dict(ordered), left_out)
