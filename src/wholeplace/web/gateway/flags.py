"""Flags stated on screen: read from the database, and laid over people at every sight.

Every read of people's flags comes through the place's one snapshot reader, which asks here; the
gateway asks once more for whoever it is given. So a flag works from the next request on, on every
page, and none can go round it.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.db.models import Count, Max

from wholeplace.agreements import Anchor, Flag, Projection, Statement, Subject, standing_statements
from wholeplace.agreements.flags import FlagKind, FlagValue
from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.gateway.models import FlagAnchor, FlagStatement
from wholeplace.web.gateway.wiring import current_place

__all__ = [
    "DjangoFlagStatements",
    "StatementAbout",
    "standing_about",
    "stated_flags",
    "statements_about",
    "subject_with_stated",
]


@dataclass(frozen=True)
class StatementAbout:
    """One statement of a person's history.

    Attributes:
        made: what was said, by whom, when and why.
        standing: ref of the statement that stands in its place now; its own where it stands.
    """

    made: FlagStatement
    standing: str

    @property
    def is_standing(self) -> bool:
        """Whether nothing was said in its place since, and it says something."""
        return self.standing == self.made.ref and self.made.value != ""


class DjangoFlagStatements:
    """Keeps the promises of `agreements.records.FlagStatements`.

    Statements are only ever added, so those that were read once are kept and only newer ones
    are fetched; after an erasure all are read again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, list[Statement]] = (0, [])

    def version(self) -> tuple[object, ...]:
        """Return how many there are and the newest; one short query."""
        found = FlagStatement.objects.aggregate(Count("id"), Max("id"))
        return (found["id__count"], found["id__max"])

    def statements(self) -> list[Statement]:
        """Return every statement ever made, oldest first."""
        count, newest = cast("tuple[int, int | None]", self.version())
        with self._lock:
            last, kept = self._kept
            added = _read(last)
            if len(kept) + len(added) != count:
                kept, added = [], _read(0)
            self._kept = (newest or 0, kept + added)
            return list(self._kept[1])


def stated_flags(person_ids: Iterable[str]) -> dict[str, tuple[Flag, ...]]:
    """Return what is stated on screen of each person now, by the strictest rule; empty where nothing.

    Shape: person id → flags. Extracts' own flags are not among them: `people.read_subjects` gives
    both together.
    """
    stated = _projection()
    return {each: stated.flags.get(each, ()) for each in person_ids}


def subject_with_stated(subject: Subject) -> Subject:
    """Return a subject with what was stated on screen and the guardians that seals leave."""
    from wholeplace.people.stated import with_stated

    return with_stated(subject, _projection())


def statements_about(person_id: str) -> list[StatementAbout]:
    """Return the whole history of a person's flags stated on screen, oldest first.

    All that reaches them: also what was said of somebody whose records are theirs now. Whoever
    shows it decides first whether the reader may know of the person, and of a seal.
    """
    refs = _projection().statements.get(person_id, frozenset())
    made = FlagStatement.objects.filter(ref__in=refs)
    standing = standing_statements(current_place().flag_statements.statements())
    return [StatementAbout(each, standing[each.ref].id) for each in made]


def standing_about(person_id: str, flag: str, purpose: str | None = None) -> list[FlagStatement]:
    """Return what stands now of one flag of a person, oldest first; for one purpose, or for all."""
    return [
        each.made
        for each in statements_about(person_id)
        if each.is_standing and each.made.flag == flag and purpose in (None, each.made.purpose)
    ]


def _projection() -> Projection:
    try:
        return current_place().snapshot_reader.stated() or Projection()
    except NotFoundError:
        # Before the first run there is nobody of whom anything could be said.
        return Projection()


def _read(after: int) -> list[Statement]:
    rows = list(FlagStatement.objects.filter(id__gt=after).order_by("id"))
    if not rows:
        return []
    anchors: dict[str, list[FlagAnchor]] = defaultdict(list)
    held = FlagAnchor.objects.all()
    if after:
        held = held.filter(statement__in=[each.ref for each in rows])
    for each in held:
        anchors[each.statement].append(each)
    return [_statement(each, anchors[each.ref]) for each in rows]


def _statement(row: FlagStatement, anchors: Iterable[FlagAnchor]) -> Statement:
    at = [(Anchor(each.dataset, each.source_id), each.is_chosen) for each in anchors]
    return Statement(
        id=row.ref,
        flag=cast("FlagKind", row.flag),
        value=cast("FlagValue", row.value),
        purpose=row.purpose,
        partner=row.organisation,
        person_id=row.person_id,
        anchors=frozenset(anchor for anchor, is_chosen in at if is_chosen),
        reached=frozenset(anchor for anchor, _ in at),
        replaces=tuple(row.replaces),
        guardians=frozenset(map(str, row.guardians)),
        holds_until=row.holds_until,
    )
