"""Rounds over time: one line a statement, a column a round, of protected counts alone."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from wholeplace.foundation.disclosure import PLACE
from wholeplace.teams.pulse import Statement, statements
from wholeplace.teams.pulse.telling import GROUPINGS, PulseResult, tell_round
from wholeplace.web.culture.models import PulseRound
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["Cell", "OverTime", "groups_of", "read_over_time"]


@dataclass(frozen=True)
class Cell:
    """What may be shown of one statement, round and group.

    Attributes:
        people: how many answered, in words.
        percent: share that agrees, as a whole number; None where it may not be shown.
    """

    people: str
    percent: int | None

    @property
    def words(self) -> str:
        """The share, or that it is not shown."""
        return "not shown" if self.percent is None else f"{self.percent} in 100"

    @property
    def width(self) -> int:
        """Length of the bar, in the units of the drawing."""
        return self.percent or 0


@dataclass(frozen=True)
class OverTime:
    """One statement, round by round."""

    statement: Statement
    cells: tuple[Cell, ...]


def read_over_time(
    place: OpenPlace, rounds: list[PulseRound], grouping: str, group: str, at: dt.datetime
) -> list[OverTime]:
    """Return every statement over the closed rounds, for one group or for everybody.

    Shape:
        rounds: closed ones, oldest first, so that each is protected against those before.
        grouping, group: `organisation` or `role`, and which; empty for the whole partnership.

    Raises:
        UnsafeActionError: if a round cannot be shown without giving somebody away.
    """
    found = []
    for statement in statements():
        results = [_result(place, each, statement.id, at) for each in rounds]
        found.append(OverTime(statement, tuple(_cell(each, grouping, group) for each in results)))
    return found


def groups_of(rounds: list[PulseRound]) -> dict[str, list[str]]:
    """Return the organisations and roles that some closed round has."""
    return {
        grouping: sorted(
            {name for each in rounds for name in each.counts.values_list(grouping, flat=True)}
        )
        for grouping in GROUPINGS
    }


def _result(
    place: OpenPlace, held: PulseRound, statement: str, at: dt.datetime
) -> PulseResult | None:
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for each in held.counts.filter(statement=statement):
        counts[each.organisation, each.role][each.answer] = each.number
    if not counts:
        return None
    return tell_round(held.pk, statement, counts, place.data.ledger / "pulse", at)


def _cell(result: PulseResult | None, grouping: str, group: str) -> Cell:
    if result is None:
        return Cell("nobody", None)
    key = (grouping, group) if grouping else (PLACE, PLACE)
    if grouping and group not in result.groups(grouping):
        return Cell("not shown", None)
    share = result.agree_share(*key)
    return Cell(str(result.people(*key)), None if share is None else round(100 * share))
