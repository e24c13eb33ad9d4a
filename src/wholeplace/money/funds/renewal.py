"""The case for going on, drafted from live figures: every sentence is made of figures shown."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.foundation.values import format_rounded
from wholeplace.money.benefits.appraising import Appraisal
from wholeplace.money.benefits.flows import flows_of
from wholeplace.money.benefits.totals import totals_of
from wholeplace.money.benefits.workings import number, percent
from wholeplace.money.funds.cliffs import Cliff
from wholeplace.money.funds.definitions import Fund

__all__ = ["Renewal", "Section", "draft_renewal"]


@dataclass(frozen=True)
class Section:
    """A heading with its sentences."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Renewal:
    """A renewal case as drafted on a day.

    Attributes:
        missing: what the case would need and nobody has stated yet.
    """

    fund: Fund
    drafted_on: dt.date
    sections: tuple[Section, ...]
    missing: tuple[str, ...]


def draft_renewal(
    fund: Fund,
    cliff: Cliff | None,
    appraisal: Appraisal | None,
    names: Mapping[str, str],
    today: dt.date,
) -> Renewal:
    """Return the case for renewing a fund.

    Args:
        fund: what ends.
        cliff: the month in which it ends, None where it is over.
        appraisal: the case of its intervention, None where it has none.
        names: words for partners and agencies.
        today: the place's day.
    """
    sections = [_asked(fund, names), _at_stake(fund, cliff, names)]
    missing = []
    if cliff is None or not cliff.families:
        missing.append(
            "How many families are open: no clause lets them be counted for you, or no service "
            "is named in the fund."
        )
    if appraisal is None:
        missing.append("What it changes and what that is worth: no intervention is named.")
    else:
        sections += [_worth(appraisal), _who_gains(appraisal, names), _sure(appraisal)]
    return Renewal(fund, today, tuple(sections), tuple(missing))


def _name(names: Mapping[str, str], key: str) -> str:
    return names.get(key, key)


def _asked(fund: Fund, names: Mapping[str, str]) -> Section:
    return Section(
        "What is asked",
        (
            f"That {fund.title} goes on after {_day(fund.ends_on)}. "
            f"It is paid by {_name(names, fund.payer)} and held by {_name(names, fund.holder)}.",
            f"It pays {format_rounded(fund.pence_a_year)} a year "
            f"({format_rounded(fund.pence)} from {_day(fund.starts_on)} to {_day(fund.ends_on)}).",
            f"A decision is needed by {_day(fund.decide_by)}.",
        ),
    )


def _at_stake(fund: Fund, cliff: Cliff | None, names: Mapping[str, str]) -> Section:
    said = [cliff.sentence(names)] if cliff else []
    if fund.services:
        said.append(f"It pays for {' and '.join(fund.services)}.")
    if cliff and len(cliff.funds) > 1:
        others = ", ".join(each.title for each in cliff.funds if each.id != fund.id)
        said.append(f"In the same month ends: {others}.")
    return Section("What ends without it", tuple(said) or ("Nothing more is stated.",))


def _worth(appraisal: Appraisal) -> Section:
    totals = totals_of(appraisal)
    said = [
        f"Over {appraisal.intervention.horizon_years} years {appraisal.intervention.title} costs "
        f"{totals.cost.rounded} and saves public bodies {totals.fiscal.rounded}, both in today’s value."
    ]
    if totals.fiscal_ratio is not None:
        said.append(f"That is £{totals.fiscal_ratio} for each £1 spent.")
    said.append(
        f"It has paid back in {totals.payback_words}."
        if totals.payback_words
        else "It does not pay back within the years counted; the case rests on what it changes for families."
    )
    return Section("What it is worth", tuple(said))


def _who_gains(appraisal: Appraisal, names: Mapping[str, str]) -> Section:
    flows = flows_of(appraisal)
    said = [
        f"{_name(names, each.agency)} pays {format_rounded(each.pays_pence)} and gains "
        f"{format_rounded(each.gains_pence)}."
        for each in flows
    ]
    return Section("Who pays and who gains", tuple(said))


def _sure(appraisal: Appraisal) -> Section:
    said = []
    for text in appraisal.intervention.effects:
        effect = text.as_effect()
        said.append(
            f"Change in {effect.unit}: {number(effect.estimate)} for each {effect.per} "
            f"({percent(effect.confidence_level)} interval {number(effect.low)} to "
            f"{number(effect.high)}), evidence of grade {effect.grade} of 5. {effect.method}."
        )
    return Section("How sure that is", tuple(said))


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
