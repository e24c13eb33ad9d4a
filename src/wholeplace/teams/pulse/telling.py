"""What may be shown of a round: protected counts by organisation and by role, and shares of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wholeplace.foundation.disclosure import (
    PLACE,
    AreaTable,
    Population,
    ProtectedAreas,
    ProtectedCount,
    ReleaseLedger,
    Setting,
    release_table,
)
from wholeplace.teams.figures import figures
from wholeplace.teams.pulse.asking import ANSWERS

__all__ = ["GROUPINGS", "PulseResult", "tell_round"]

GROUPINGS = ("organisation", "role")
_WHOM = "the partnership"
_BETWEEN = "|"

Counts = Mapping[tuple[str, str], Mapping[str, int]]
"""(organisation, role) to answer to how many gave it."""


@dataclass(frozen=True)
class PulseResult:
    """One statement's answers in one round, as they may be shown."""

    table: ProtectedAreas

    def groups(self, grouping: str) -> tuple[str, ...]:
        """Return the organisations, or roles, that anybody answered for."""
        return tuple(sorted(area for name, area in self.table.shape.grounds if name == grouping))

    def people(self, grouping: str, group: str) -> ProtectedCount:
        """Return how many of a group answered."""
        return self.table.figures[grouping, group, ""]

    def answered(self, grouping: str, group: str, answer: str) -> ProtectedCount:
        """Return how many of a group gave an answer."""
        return self.table.figures[grouping, group, answer]

    def agree_share(self, grouping: str = PLACE, group: str = PLACE) -> float | None:
        """Return the share of a group that agrees, of shown counts alone; None where one is hidden."""
        people = self.people(grouping, group).shown
        agree = self.answered(grouping, group, "agree").shown
        return None if not people or agree is None else min(1.0, agree / people)


def tell_round(
    round_id: str, statement: str, counts: Counts, folder: Path, at: dt.datetime
) -> PulseResult:
    """Return one statement's answers in a closed round, as they were or will be shown for good.

    Asked for the first time they are protected against everything shown of earlier rounds, and
    recorded; asked again they are what they were, whatever the counters say by then.

    Shape:
        counts: of the round, once it has closed.
        folder: of the release ledgers.

    Raises:
        UnsafeActionError: if they cannot be shown without giving somebody away.
    """
    cells = {
        (_BETWEEN.join(group), answer): number
        for group, answers in counts.items()
        for answer in ANSWERS
        for number in [answers.get(answer, 0)]
    }
    areas = {
        grouping: {_BETWEEN.join(group): group[place] for group in counts}
        for place, grouping in enumerate(GROUPINGS)
    }
    released = release_table(
        AreaTable(areas, tuple(ANSWERS)), cells,
        ledger=ReleaseLedger(folder / statement), population=Population(statement, period=round_id),
        recipient=_WHOM, title=f"Pulse {round_id}: {statement}", released_at=at,
        setting=Setting(threshold=figures().pulse_minimum - 1),
    )  # fmt: skip
    return PulseResult(released.table)
