"""Cliffs: the months in which money ends, with what stands behind them.

What this room is given it only puts together: how many families are open comes from whoever may
count them, through disclosure control, and who gains comes from the case of the intervention.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wholeplace.foundation.values import format_rounded
from wholeplace.money.benefits.appraising import Appraisal
from wholeplace.money.funds.definitions import Fund

__all__ = ["Cliff", "CountFamilies", "Gain", "cliffs_of", "gains_after"]

CountFamilies = Callable[[tuple[str, ...]], str]
"""Given names of services, return how many families are open with them, protected, in words
(“about 214”, “fewer than 8”), or nothing where they may not be counted. Today they are counted
from partners' records of open involvements; a place that keeps its cases here counts those."""


@dataclass(frozen=True)
class Gain:
    """What one agency gains after a day, in real prices, while the intervention works."""

    agency: str
    pence: int


@dataclass(frozen=True)
class Cliff:
    """Money that ends in one month.

    Attributes:
        funds: what ends, in order of size.
        pence_a_year: what they paid in a year.
        families: protected count in words; empty where nobody may count them.
        posts: workers whose money ends, in words.
        gains: agencies that would gain after it from what was paid for before, most first.
        main_payer: the agency that pays most for what ends; its own gains are no news.
        payback_words: the year in which it would have paid back, where that is later.
        days_left: from today to the last day.
        decide_by: the first day by which a decision is due.
    """

    ends_on: dt.date
    funds: tuple[Fund, ...]
    pence_a_year: int
    families: str
    posts: tuple[str, ...]
    gains: tuple[Gain, ...]
    main_payer: str
    payback_words: str
    days_left: int
    decide_by: dt.date

    @property
    def month_words(self) -> str:
        """The month, for example March 2028."""
        return f"{self.ends_on:%B %Y}"

    @property
    def total_pence(self) -> int:
        """What ends, over the whole life of the funds."""
        return sum(each.pence for each in self.funds)

    def sentence(self, agencies: Mapping[str, str]) -> str:
        """Return the cliff in one sentence; agencies are named by the mapping."""
        parts = [f"{format_rounded(self.pence_a_year)} a year ends"]
        if self.families:
            noun = "family" if self.families == "1" else "families"
            parts.append(f"{self.families} {noun} open")
        parts += self.posts
        others = [each for each in self.gains if each.pence > 0 and each.agency != self.main_payer][
            :2
        ]
        if others:
            named = " and ".join(agencies.get(each.agency, each.agency) for each in others)
            total = format_rounded(sum(each.pence for each in self.gains))
            parts.append(f"gains of {total} after that date fall to others too, most to {named}")
        return f"{self.month_words}: {', '.join(parts)}."


def cliffs_of(
    funds: Iterable[Fund],
    today: dt.date,
    *,
    appraisals: Mapping[str, Appraisal],
    count_families: CountFamilies,
) -> tuple[Cliff, ...]:
    """Return the months in which money ends from today on, soonest first.

    Args:
        funds: all of a place's.
        today: the place's day.
        appraisals: intervention → its case worked out, for who gains afterwards.
        count_families: as `CountFamilies`.
    """
    by_month: dict[tuple[int, int], list[Fund]] = {}
    for each in funds:
        if each.ends_on >= today:
            by_month.setdefault((each.ends_on.year, each.ends_on.month), []).append(each)
    return tuple(
        _cliff_of(ending, today, appraisals, count_families)
        for _, ending in sorted(by_month.items())
    )


def _cliff_of(
    ending: list[Fund],
    today: dt.date,
    appraisals: Mapping[str, Appraisal],
    count_families: CountFamilies,
) -> Cliff:
    ending = sorted(ending, key=lambda fund: (-fund.pence, fund.id))
    ends_on = min(each.ends_on for each in ending)
    services = tuple(sorted({name for each in ending for name in each.services}))
    cases = {
        each.intervention: appraisals[each.intervention]
        for each in ending
        if each.intervention in appraisals
    }
    gains: dict[str, int] = {}
    for appraisal in cases.values():
        for gain in gains_after(appraisal, ends_on):
            gains[gain.agency] = gains.get(gain.agency, 0) + gain.pence
    return Cliff(
        ends_on,
        tuple(ending),
        sum(each.pence_a_year for each in ending),
        count_families(services) if services else "",
        tuple(
            f"{post.number} {post.title if post.number == 1 else post.plural}"
            for each in ending
            for post in each.posts
        ),
        tuple(
            Gain(agency, pence)
            for agency, pence in sorted(gains.items(), key=lambda item: (-item[1], item[0]))
        ),
        _main_payer(cases.values()),
        _payback_after(cases.values(), ends_on),
        (ends_on - today).days,
        min(each.decide_by for each in ending),
    )


def gains_after(appraisal: Appraisal, day: dt.date) -> tuple[Gain, ...]:
    """Return what each agency gains in financial years that begin after a day, most first."""
    begins = appraisal.intervention.starts_on
    first = begins.year if begins.month >= 4 else begins.year - 1
    found: dict[str, int] = {}
    for each in appraisal.amounts:
        starts = dt.date(first + each.year, 4, 1)
        if each.side == "benefit" and each.kind == "fiscal" and starts > day:
            found[each.agency] = found.get(each.agency, 0) + each.pence
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Gain(agency, pence) for agency, pence in ordered if pence)


def _main_payer(cases: Iterable[Appraisal]) -> str:
    paid: dict[str, int] = {}
    for appraisal in cases:
        for each in appraisal.amounts:
            if each.side == "cost":
                paid[each.agency] = paid.get(each.agency, 0) + each.pence
    return max(sorted(paid), key=paid.__getitem__, default="")


def _payback_after(cases: Iterable[Appraisal], day: dt.date) -> str:
    from wholeplace.money.benefits.totals import totals_of

    for appraisal in cases:
        totals = totals_of(appraisal)
        if totals.payback_year is None:
            continue
        begins = appraisal.intervention.starts_on
        first = begins.year if begins.month >= 4 else begins.year - 1
        if dt.date(first + totals.payback_year + 1, 3, 31) > day:
            return totals.payback_words
    return ""
