"""The agenda of a meeting: what should be spoken of, in what order, and for how many minutes.

Worked out from what stands in cases and referrals, so that nobody rings nine offices: referrals
that nobody has decided on, cases whose review is due, actions overdue, and what was escalated.
Each case comes once, with every reason for which it is there. The chair may take it, leave it, or
put something else on. Whatever does not fit into the time is listed as left over, never dropped.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from wholeplace.teams.figures import figures

__all__ = [
    "CADENCES", "CAUSES", "SERIES_KINDS", "Agenda", "Candidate", "Line", "compose_agenda",
    "next_start",
]  # fmt: skip

SERIES_KINDS: Final[Mapping[str, str]] = {
    "multi-disciplinary": "Multi-disciplinary team",
    "risk-conference": "Risk assessment conference",
    "team-around-family": "Team around the family",
}

CADENCES: Final[Mapping[str, int]] = {"weekly": 7, "fortnightly": 14, "four-weekly": 28}
"""How often a series meets, in days."""

CAUSES: Final[Mapping[str, str]] = {
    "escalation": "Escalated: nobody decided in time, or a disagreement was not settled",
    "overdue": "Actions are overdue",
    "referral": "A referral waits",
    "review": "The review is due",
    "chosen": "Put on by hand",
}
"""Why something is on an agenda, the most pressing first."""


@dataclass(frozen=True)
class Candidate:
    """One thing that might be spoken of.

    Attributes:
        case: id of a case; empty where it is a referral that nobody has taken on.
        referral: id of a referral; empty where it is a case.
        person_id: the main person.
        cause: one of `CAUSES`.
        since: since when it has waited.
    """

    person_id: str
    cause: str
    since: dt.date
    case: str = ""
    referral: str = ""


@dataclass(frozen=True)
class Line:
    """One line of an agenda: one case or referral, with all that brings it there."""

    person_id: str
    causes: tuple[str, ...]
    since: dt.date
    minutes: int
    case: str = ""
    referral: str = ""


@dataclass(frozen=True)
class Agenda:
    """What fits into the time, and what does not."""

    lines: tuple[Line, ...]
    left_over: tuple[Line, ...] = ()

    @property
    def minutes(self) -> int:
        """How long the lines take."""
        return sum(each.minutes for each in self.lines)


@dataclass
class _Heap:
    """Everything known of one case or referral while an agenda is made."""

    first: Candidate
    causes: set[str] = field(default_factory=set)
    since: dt.date = dt.date.max


def compose_agenda(candidates: Iterable[Candidate], minutes: int) -> Agenda:
    """Return an agenda: each case once, the most pressing and longest waiting first.

    Shape:
        minutes: how long the meeting lasts.
    """
    heaps: dict[tuple[str, str], _Heap] = {}
    for each in candidates:
        heap = heaps.setdefault((each.case, each.referral), _Heap(each))
        heap.causes.add(each.cause)
        heap.since = min(heap.since, each.since)
    order = list(CAUSES)
    lines = sorted(
        (_line(heap) for heap in heaps.values()),
        key=lambda line: (order.index(line.causes[0]), line.since, line.case, line.referral),
    )
    return _fit(lines, minutes)


def next_start(last: dt.date, cadence: str, today: dt.date) -> dt.date:
    """Return the first day from today on which a series meets again.

    Raises:
        KeyError: if there is no such cadence.
    """
    step = CADENCES[cadence]
    missed = max(0, (today - last).days)
    return last + dt.timedelta(days=step * max(1, -(-missed // step)))


def _line(heap: _Heap) -> Line:
    causes = tuple(each for each in CAUSES if each in heap.causes)
    minutes = max(figures().agenda_minutes[each] for each in causes)
    return Line(
        heap.first.person_id, causes, heap.since, minutes, heap.first.case, heap.first.referral
    )


def _fit(lines: Sequence[Line], minutes: int) -> Agenda:
    """Take lines in order until the time is full; a shorter one may still fit after a longer."""
    taken, left, used = [], [], 0
    for each in lines:
        if used + each.minutes <= minutes:
            taken.append(each)
            used += each.minutes
        else:
            left.append(each)
    return Agenda(tuple(taken), tuple(left))
