"""How long what is kept may be kept: the clauses' own days, worked out for every field.

A clause's `retention_days` count from a fact's own last day: of an event, the day it ended,
the day it happened where it has no end, and while it is open the newest extract that says so;
of who somebody is and how to reach them, the last day on which the partner's extracts saw them
so. Several clauses may cover one field: it is kept for the longest of their days, for as long
as one of them in force still allows it. UK GDPR Article 5(1)(e), storage limitation.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.agreements.deciding.rules import BoundClause, Rules
from wholeplace.agreements.texts.agreement import Level

__all__ = ["ONLY_WITH_NEED", "Keeping", "find_keeping"]

ONLY_WITH_NEED = "only-with-need"


@dataclass(frozen=True)
class Keeping:
    """For how long what agreements in force cover may be kept.

    Attributes:
        on: the day that it holds for, in the place's time zone.
        days: partner and vocabulary field → the longest days of a clause in force.
        clauses: partner and field → the clauses that state these days, by ref.
        only_with_need: partners all of whose clauses in force say that what they sent is
            deleted after matching where a person shows no need.
    """

    on: dt.date
    days: Mapping[tuple[str, str], int]
    clauses: Mapping[tuple[str, str], tuple[str, ...]]
    only_with_need: frozenset[str] = frozenset()

    def days_of(self, partner: str) -> dict[str, int]:
        """Return field → days of one partner's data."""
        return {name: days for (source, name), days in self.days.items() if source == partner}


def find_keeping(rules: Rules) -> Keeping:
    """Return for how long each field of each partner may be kept under the rules of a day."""
    days: dict[tuple[str, str], int] = {}
    clauses: dict[tuple[str, str], tuple[str, ...]] = {}
    needed: dict[str, bool] = {}
    for bound in sorted(_that_count(rules), key=lambda each: each.ref):
        clause = bound.clause
        is_needed = clause.keep == ONLY_WITH_NEED
        needed[clause.source] = needed.get(clause.source, True) and is_needed
        for name in bound.fields:
            key = (clause.source, name)
            longest = days.get(key, 0)
            if clause.retention_days > longest:
                days[key], clauses[key] = clause.retention_days, (bound.ref,)
            elif clause.retention_days == longest:
                clauses[key] = (*clauses[key], bound.ref)
    only = frozenset(source for source, is_needed in needed.items() if is_needed)
    return Keeping(rules.on, days, clauses, only)


def _that_count(rules: Rules) -> list[BoundClause]:
    return [
        bound
        for bound in rules.clauses.values()
        if bound.is_in_force and bound.level > Level.NOTHING
    ]
