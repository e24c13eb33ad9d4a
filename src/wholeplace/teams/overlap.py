"""Duplication seen: many at work and nobody who leads, the same asked twice, contacts a week.

Worked out from what one viewer may see, and from nothing else: it never tells of a worker or a visit
that the viewer could not read of on the family's own page.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from wholeplace.teams.figures import figures

__all__ = ["KIND_OF_FIELD", "Overlap", "Seen", "WeekOfContacts", "find_overlap"]

Kind = Literal["involvement", "assessment", "contact"]

KIND_OF_FIELD: Final[dict[str, Kind]] = {
    "involvement.open-case": "involvement",
    "family.early-help-assessment": "assessment",
    "family.carer-assessment": "assessment",
    "early-years.development-check": "assessment",
    "casework.assessment": "assessment",
    "health.missed-appointment": "contact",
    "finance.debt-advice": "contact",
    "casework.note": "contact",
}
"""Fields of the vocabulary that tell of work, of an assessment, or of a contact."""


@dataclass(frozen=True)
class Seen:
    """One thing that a viewer sees in full.

    Attributes:
        partner: who works, assesses or meets the family.
        on: its first day.
        is_open: of work: whether it goes on.
    """

    kind: Kind
    partner: str
    on: dt.date
    is_open: bool = False


@dataclass(frozen=True)
class WeekOfContacts:
    """Contacts of one week, by organisation."""

    monday: dt.date
    by_partner: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How often anybody met the family."""
        return sum(count for _, count in self.by_partner)


@dataclass(frozen=True)
class Overlap:
    """What is done twice for one family, as one viewer sees it.

    Attributes:
        at_work: partners with open work.
        lacks_lead: whether as many as count as many are at work and nobody leads.
        assessed_twice: pairs of different partners that assessed within the days that count as
            overlapping, newest first, with the later day.
        weeks: weeks with contacts of more than one partner, newest first.
    """

    at_work: tuple[str, ...]
    lacks_lead: bool
    assessed_twice: tuple[tuple[str, str, dt.date], ...]
    weeks: tuple[WeekOfContacts, ...]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.lacks_lead or self.assessed_twice or self.weeks)


def find_overlap(seen: Iterable[Seen], *, has_lead: bool) -> Overlap:
    """Return what is done twice for one family."""
    everything = sorted(seen, key=lambda each: (each.on, each.partner), reverse=True)
    at_work = sorted({e.partner for e in everything if e.kind == "involvement" and e.is_open})
    many = len(at_work) >= figures().many_services
    return Overlap(
        tuple(at_work),
        many and not has_lead,
        tuple(_twice([each for each in everything if each.kind == "assessment"])),
        tuple(_weeks([each for each in everything if each.kind == "contact"])),
    )


def _twice(assessments: list[Seen]) -> list[tuple[str, str, dt.date]]:
    within = dt.timedelta(days=figures().overlap_days)
    # Once, though each person of a household is assessed: the family was asked once.
    found = dict.fromkeys(
        (later.partner, earlier.partner, later.on)
        for place, later in enumerate(assessments)
        for earlier in assessments[place + 1 :]
        if later.partner != earlier.partner and later.on - earlier.on <= within
    )
    return list(found)


def _weeks(contacts: list[Seen]) -> list[WeekOfContacts]:
    found: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for each in contacts:
        found[each.on - dt.timedelta(days=each.on.weekday())][each.partner] += 1
    return [
        WeekOfContacts(monday, tuple(sorted(counted.items())))
        for monday, counted in sorted(found.items(), reverse=True)
        if len(counted) > 1
    ]
