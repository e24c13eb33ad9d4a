"""The return to the centre: counted from the case list, and reconciled with it line by line.

A return is what the centre is told for a period; the case list is what stands here. Each line is
counted from the list by one stated rule; where what was sent differs from what the list says now,
the families that make the difference are named, each with why.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from wholeplace.partnership.programmes.terms import ReturnLine

__all__ = ["CaseLine", "Difference", "LineResult", "count_line", "make_return", "reconcile_return"]


@dataclass(frozen=True)
class CaseLine:
    """One family as the case list has it for a period.

    Attributes:
        is_eligible: by the rules, on the last day of the period.
        claimed_on, paid_on, clawed_back_on: days; None where it did not happen.
        pence: of the claim.
    """

    ref: str
    joined_on: dt.date | None
    closed_on: dt.date | None
    is_eligible: bool
    claimed_on: dt.date | None = None
    paid_on: dt.date | None = None
    clawed_back_on: dt.date | None = None
    pence: int = 0


@dataclass(frozen=True)
class LineResult:
    """One line of a return.

    Attributes:
        value: a count of families, or pence.
        refs: families that it counts, in order.
    """

    line: ReturnLine
    value: int
    refs: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One family by which a return that was sent differs from the case list as it is now.

    Attributes:
        kind: `only-sent` (counted then, not now), `only-now`, or `amount`.
    """

    line: str
    ref: str
    kind: Literal["only-sent", "only-now", "amount"]
    why: str


def make_return(
    lines: Sequence[ReturnLine], cases: Sequence[CaseLine], first_on: dt.date, last_on: dt.date
) -> tuple[LineResult, ...]:
    """Return every line of the return for a period, first and last day included."""
    return tuple(count_line(line, cases, first_on, last_on) for line in lines)


def count_line(
    line: ReturnLine, cases: Sequence[CaseLine], first_on: dt.date, last_on: dt.date
) -> LineResult:
    """Return one line, counted from the case list by its rule."""
    counted = [each for each in cases if _counts(line, each, first_on, last_on)]
    refs = tuple(sorted(each.ref for each in counted))
    value = sum(each.pence for each in counted) if line.counts == "pence-claimed" else len(refs)
    return LineResult(line, value, refs)


def _counts(line: ReturnLine, case: CaseLine, first_on: dt.date, last_on: dt.date) -> bool:
    def within(day: dt.date | None) -> bool:
        return day is not None and first_on <= day <= last_on

    joined = case.joined_on is not None and case.joined_on <= last_on
    if line.counts == "open":
        return joined and (case.closed_on is None or case.closed_on > last_on)
    if line.counts == "eligible":
        return joined and case.is_eligible
    if line.counts == "joined":
        return joined
    day = {
        "closed": case.closed_on,
        "claimed": case.claimed_on,
        "pence-claimed": case.claimed_on,
        "paid": case.paid_on,
        "clawed-back": case.clawed_back_on,
    }[line.counts]
    return within(day)


def reconcile_return(
    sent: Mapping[str, Mapping[str, int]], now: Sequence[LineResult], cases: Sequence[CaseLine]
) -> tuple[Difference, ...]:
    """Return every family by which a return that was sent differs from the case list now.

    Args:
        sent: line id to the families counted when it was sent, each with its amount in pence
            (1 where the line counts families).
        now: the same lines counted today, for the same period.
        cases: the case list, for the reasons.
    """
    known = {each.ref: each for each in cases}
    found = []
    for result in now:
        was = sent.get(result.line.id, {})
        is_money = result.line.counts == "pence-claimed"
        for ref in sorted(was.keys() | set(result.refs)):
            case = known.get(ref)
            if ref not in result.refs:
                found.append(Difference(result.line.id, ref, "only-sent", _why_gone(case)))
            elif ref not in was:
                found.append(Difference(result.line.id, ref, "only-now", _why_new(case)))
            elif is_money and case is not None and case.pence != was[ref]:
                found.append(
                    Difference(
                        result.line.id,
                        ref,
                        "amount",
                        f"£{was[ref] / 100:,.2f} was sent; the claim now says £{case.pence / 100:,.2f}",
                    )
                )
    return tuple(found)


def _why_gone(case: CaseLine | None) -> str:
    if case is None:
        return "The family is no longer on the case list"
    if case.clawed_back_on:
        return f"Paid back on {case.clawed_back_on:%-d %B %Y}"
    if not case.is_eligible:
        return "The family is no longer eligible by the rules, after data changed"
    return "Its days were changed since the return was sent"


def _why_new(case: CaseLine | None) -> str:
    if case is not None and case.claimed_on:
        return "Written down with a day of the period after the return was sent"
    return "Came onto the case list, or became eligible, after the return was sent"
