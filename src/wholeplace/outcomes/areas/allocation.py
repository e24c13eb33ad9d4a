"""Sharing a fund out among areas by deprivation: every penny of it, by a formula that is stated.

An area is eligible where its deprivation score is above the threshold. Its weight is its
residents times how far above. Each eligible area gets the least amount first; the rest goes by
weight. Shares are exact fractions; whole pennies go down, and what is left over goes one penny
at a time to the largest remainders, then by code, so that the same figures always give the same
answer and nothing is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.partnership.programmes.areas import AreaFund

__all__ = ["AreaShare", "allocate_fund", "share_out"]


@dataclass(frozen=True)
class AreaShare:
    """What one area gets, and why.

    Attributes:
        excess_tenths: how far its score is above the threshold; 0 where it is not eligible.
        weight: residents times excess.
        pence: financial year to amount.
        per_resident_pence: over all years, rounded to the penny.
    """

    code: str
    residents: int
    score_tenths: int
    is_eligible: bool
    excess_tenths: int
    weight: int
    share: Fraction
    pence: Mapping[str, int]

    @property
    def total_pence(self) -> int:
        """Over all years."""
        return sum(self.pence.values())

    @property
    def per_resident_pence(self) -> int:
        """Over all years, for each resident, to the nearest penny."""
        return round(Fraction(self.total_pence, self.residents)) if self.residents else 0


def allocate_fund(fund: AreaFund, formula: str = "excess") -> tuple[AreaShare, ...]:
    """Return what every area of a fund gets, the largest share first.

    Raises:
        WholeplaceError: if no area is eligible, or the least amounts are more than the fund.
    """
    weights = {
        each.code: _weight(each.residents, each.score_tenths, fund, formula) for each in fund.areas
    }
    eligible = {code: weight for code, weight in weights.items() if weight > 0}
    if not eligible:
        raise WholeplaceError(
            "The fund was not shared out.",
            "No area's score lies above the threshold, so nobody would get anything.",
            "Lower `threshold_tenths`, or check the scores.",
        )
    by_year = {
        year: _share_year(pence, eligible, fund.least_pence)
        for year, pence in fund.fund_pence.items()
    }
    whole = sum(eligible.values())
    shares = [
        AreaShare(
            each.code,
            each.residents,
            each.score_tenths,
            each.code in eligible,
            max(0, each.score_tenths - fund.threshold_tenths),
            weights[each.code],
            Fraction(weights[each.code], whole),
            {year: amounts.get(each.code, 0) for year, amounts in by_year.items()},
        )
        for each in fund.areas
    ]
    return tuple(sorted(shares, key=lambda each: (-each.total_pence, each.code)))


def _weight(residents: int, score_tenths: int, fund: AreaFund, formula: str) -> int:
    excess = max(0, score_tenths - fund.threshold_tenths)
    if not excess:
        return 0
    return residents * excess if formula == "excess" else residents


def _share_year(pence: int, weights: Mapping[str, int], least_pence: int) -> dict[str, int]:
    floor = least_pence * len(weights)
    if floor > pence:
        raise WholeplaceError(
            "The fund was not shared out.",
            f"The least amounts come to £{floor / 100:,.2f}, more than the £{pence / 100:,.2f} of one year.",
            "Lower `least_pence`, or raise the fund.",
        )
    rest = share_out(pence - floor, weights)
    return {code: least_pence + amount for code, amount in rest.items()}


def share_out(pence: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Return an amount shared by weight, to the penny, nothing lost (largest remainders)."""
    whole = sum(weights.values())
    exact = {code: Fraction(pence * weight, whole) for code, weight in weights.items()}
    given = {code: int(amount) for code, amount in exact.items()}
    left = pence - sum(given.values())
    order: Sequence[str] = sorted(weights, key=lambda code: (given[code] - exact[code], code))
    for code in order[:left]:
        given[code] += 1
    return given
