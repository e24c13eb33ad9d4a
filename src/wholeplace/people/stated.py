"""Flags stated on screen, laid over the people of a published snapshot at every sight."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from wholeplace.agreements import (
    SCREEN,
    Anchor,
    FlagStatements,
    Projection,
    Statement,
    Subject,
    project_statements,
)
from wholeplace.foundation.store import SqlFile
from wholeplace.people.flags import people_by
from wholeplace.people.reader import SnapshotReader

__all__ = ["StatedFlags", "anchors_of", "read_stated", "with_stated"]


class StatedFlags:
    """Flags stated on screen, for a `SnapshotReader`.

    Worked out again only when the snapshot, the statements or the day changed, so that asking
    costs the same whoever is asked about.

    Args:
        statements: where they are recorded.
        today: the day on which they are judged.
    """

    def __init__(self, statements: FlagStatements, today: Callable[[], dt.date]) -> None:
        self._statements, self._today = statements, today
        self._kept: tuple[tuple[object, ...], Projection] | None = None

    def read(self, snapshot: SnapshotReader) -> Projection:
        """Return what the statements make of a snapshot's people now."""
        today = self._today()
        key = (snapshot.snapshot.id, today, *self._statements.version())
        kept = self._kept
        if kept is None or kept[0] != key:
            kept = (key, read_stated(snapshot, self._statements.statements(), today))
            self._kept = kept
        return kept[1]


def read_stated(
    snapshot: SnapshotReader, statements: Sequence[Statement], on: dt.date
) -> Projection:
    """Return what statements make of the people of a snapshot, by the one rule for it."""
    if not statements:
        return Projection()
    anchors = sorted({each for one in statements for each in one.anchors | one.reached})
    asked = {
        "datasets": [each.dataset for each in anchors],
        "source_ids": [each.source_id for each in anchors],
    }
    # The lists as they are, not spread: there may be many thousands.
    people_at = snapshot.rows(_file("read_anchored").select, asked)
    reached = snapshot.rows(_file("stated_reach").select, {"screen": SCREEN})
    return project_statements(statements, *people_by(people_at, reached), on)


def with_stated(subject: Subject, stated: Projection) -> Subject:
    """Return a subject with what was stated on screen, and the guardians that seals leave.

    Done twice it changes nothing more.
    """
    flags = tuple(dict.fromkeys((*subject.flags, *stated.flags.get(subject.person_id, ()))))
    joined = replace(subject, flags=flags)
    guardians = stated.guardians(subject.person_id, joined.sealing_partners)
    return replace(joined, guardians=guardians)


def anchors_of(snapshot: SnapshotReader, person_id: str) -> dict[Anchor, str]:
    """Return every partner's ids of one person, each with the partner's id."""
    rows = snapshot.rows_of(_file("read_anchors_of"), {"person_id": person_id})
    return {Anchor(row["dataset"], row["source_id"]): row["partner"] for row in rows}


@cache
def _file(name: str) -> SqlFile:
    return SqlFile.read("people", name)
