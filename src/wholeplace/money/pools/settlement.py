"""Settling a pool at the end of its year: who bears an overspend, who gets an underspend.

The order is the pool's own. Each step takes what it can; what is left goes to the next; the last
takes the rest, so that no penny is lost and none is counted twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from wholeplace.money.pools.definitions import Pool
from wholeplace.money.pools.shares import divide_pence

__all__ = ["STEP_WORDS", "Settlement", "Taken", "settle"]

STEP_WORDS: Mapping[str, str] = {
    "offset-underspends": "Set against what other schemes did not spend",
    "risk-pool": "Taken from the risk pool",
    "cut-uncommitted": "Cut from what is not yet committed",
    "partners-by-share": "Paid by partners, by risk share",
    "refill-risk-pool": "Put back into the risk pool",
    "return-by-share": "Returned to partners, by risk share",
    "carry-forward": "Carried forward to next year",
}


@dataclass(frozen=True)
class Taken:
    """What one step took, and from or to whom, where that is divided."""

    step: str
    pence: int
    by: Mapping[str, int]

    @property
    def words(self) -> str:
        """The step in words."""
        return STEP_WORDS[self.step]


@dataclass(frozen=True)
class Settlement:
    """How a year ends.

    Attributes:
        over_pence: what schemes spent above their budgets, together.
        under_pence: what schemes did not spend, together.
        steps: what each step took; they add up to the overspend, or to the underspend that is
            left when overspends are met.
        risk_pool_pence: what the risk pool holds afterwards.
    """

    over_pence: int
    under_pence: int
    steps: tuple[Taken, ...]
    risk_pool_pence: int

    @property
    def is_over(self) -> bool:
        """Tell whether some scheme spent more than its budget."""
        return self.over_pence > 0


def settle(pool: Pool, spent: Mapping[str, int], risk_pool_pence: int) -> Settlement:
    """Return how a pool's year is settled.

    Args:
        pool: whose orders are followed.
        spent: scheme → pence spent in the year.
        risk_pool_pence: what the risk pool holds now.
    """
    over = under = cuttable = 0
    for scheme in pool.schemes:
        difference = spent.get(scheme.id, 0) - scheme.budget_pence
        over += max(0, difference)
        under += max(0, -difference)
        cuttable += min(scheme.uncommitted_pence, max(0, -difference))
    steps: list[Taken] = []
    left, spare, held = over, under, risk_pool_pence
    if left:
        for step in pool.overspend_order:
            taken, by = left, dict[str, int]()
            if step == "offset-underspends":
                taken = min(left, spare)
                spare -= taken
            elif step == "risk-pool":
                taken = min(left, held)
                held -= taken
            elif step == "cut-uncommitted":
                taken = min(left, cuttable, spare)
                spare -= taken
            else:
                by = _by_share(pool, taken)
            steps.append(Taken(step, taken, by))
            left -= taken
    if spare:
        held = _share_out(pool, spare, held, steps)
    return Settlement(over, under, tuple(steps), held)


def _share_out(pool: Pool, spare: int, held: int, steps: list[Taken]) -> int:
    """Follow the order for an underspend; return what the risk pool holds afterwards."""
    for step in pool.underspend_order:
        taken, by = spare, dict[str, int]()
        if step == "refill-risk-pool":
            taken = min(spare, max(0, pool.risk_pool_pence - held))
            held += taken
        elif step == "return-by-share":
            by = _by_share(pool, taken)
        steps.append(Taken(step, taken, by))
        spare -= taken
    return held


def _by_share(pool: Pool, pence: int) -> dict[str, int]:
    shares = {each.partner: Decimal(each.risk_share) for each in pool.contributions}
    return divide_pence(pence, shares)
