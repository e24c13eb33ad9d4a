"""What ends or is due for review soon: derived from dates, never stored."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from wholeplace.agreements.figures import figures
from wholeplace.agreements.standing.standings import Standing
from wholeplace.agreements.texts.agreement import Agreement

__all__ = ["Deadline", "find_deadlines"]

_LIVE = ("in-force", "suspended", "not-started")


@dataclass(frozen=True)
class Deadline:
    """One day ahead (or just past) that somebody should act on.

    Attributes:
        kind: its own last day, the last day of a notice, or the day of its review.
        days_left: whole days until then; below 0 for a review that is overdue.
        within_days: the narrowest warning that it has come within: 90, 30 or 7.
    """

    agreement_id: str
    title: str
    kind: Literal["end", "notice", "review"]
    on: dt.date
    days_left: int
    within_days: int

    @property
    def words(self) -> str:
        """One sentence, without the agreement's name."""
        day, left = f"{self.on:%-d %B %Y}", self.days_left
        if self.kind == "review":
            if left < 0:
                return f"Its review was due on {day} and is overdue."
            return f"Its review is due {_when(left)}, on {day}."
        ends = "It ends by a party’s notice" if self.kind == "notice" else "It ends"
        return f"{ends} {_when(left)}, on {day}. From the day after, it gives no sight."


def find_deadlines(
    agreements: Sequence[Agreement], found: Mapping[str, Standing], on: dt.date
) -> list[Deadline]:
    """Return the ends and reviews within the widest warning of a day, soonest first.

    Only of agreements that are in force, suspended, or signed by all and about to start.
    """
    due: list[Deadline] = []
    for each in agreements:
        standing = found[each.id]
        if standing.state not in _LIVE or standing.unsigned:
            continue
        last_on = standing.last_on or each.ends_on
        due += _deadline(
            each, "notice" if standing.notices and last_on < each.ends_on else "end", last_on, on
        )
        if each.review_on <= last_on:
            due += _deadline(each, "review", each.review_on, on)
    return sorted(due, key=lambda each: (each.on, each.agreement_id, each.kind))


def _deadline(
    agreement: Agreement, kind: Literal["end", "notice", "review"], day: dt.date, on: dt.date
) -> list[Deadline]:
    left = (day - on).days
    within = [days for days in figures().warning_days if left <= days]
    if not within or (left < 0 and kind != "review"):
        return []
    return [Deadline(agreement.id, agreement.title, kind, day, left, min(within))]


def _when(left: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
