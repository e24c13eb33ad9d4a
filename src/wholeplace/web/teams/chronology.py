"""The chronology of a case: what partners' records tell and what the team wrote, in one order.

Each line was decided on by the gateway; of a line at the summary level there is the month alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.texts.agreement import Level
from wholeplace.foundation.errors import NotFoundError
from wholeplace.people.read import read_person
from wholeplace.people.reader import SnapshotReader
from wholeplace.web.teams.access import Beginning, people_called
from wholeplace.web.teams.models import Assessment, Case, Note
from wholeplace.web.teams.sight import Gathered, Told

__all__ = ["Line", "compose_chronology", "gather_timeline"]

_MOST = 400


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        on: ISO 8601 day, or month where no more may be shown; empty where neither may.
        kind: `record` of what partners' records tell, `note`, `assessment`.
        who: name of whom it is about.
        source: partner whose record it is, or who wrote it.
        level: `detail` or `summary`.
    """

    on: str
    kind: str
    label: str
    who: str
    source: str
    level: str
    text: str = ""
    by: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    note: int = 0
    readers: str = ""
    replaces: int = 0
    replaced: bool = False


@dataclass(frozen=True)
class _Event:
    """Stands for an event of a partner's record."""

    key: str


def gather_timeline(gathered: Gathered, reader: SnapshotReader, people: Iterable[str]) -> None:
    """Take every event that partners' records tell of some people."""
    for person_id in people:
        try:
            whole = read_person(reader, person_id)
        except NotFoundError:
            # Somebody whom no partner's records give yet.
            continue
        for item in (*whole.timeline, *whole.involvements):
            gathered.add(item, _Event(item.key))


def compose_chronology(
    case: Case, told: Told, gathered: Gathered, start: Beginning, kind: str = ""
) -> list[Line]:
    """Return the lines, newest first; of one kind where one is chosen."""
    notes = {each.pk: each for each in case.notes.all()}
    named = people_called(each.by for each in notes.values())
    corrected = {each.replaces_id for each in notes.values() if each.replaces_id}
    lines = []
    for origin in gathered.origins.values():
        item = told.of(origin)
        if item is None:
            continue
        if isinstance(origin, Note):
            lines.append(_note(origin, item, told, named, start, corrected))
        elif isinstance(origin, Assessment):
            lines.append(_line("assessment", item, told, start))
        elif isinstance(origin, _Event):
            lines.append(_line("record", item, told, start))
    lines.sort(key=lambda each: (each.on, each.source, each.label), reverse=True)
    return [each for each in lines if kind in ("", each.kind)][:_MOST]


def _note(
    row: Note, item: SeenItem, told: Told, named: Any, start: Beginning, corrected: set[int]
) -> Line:
    is_full = item.level == Level.DETAIL
    by = named[row.by].name if is_full and row.by in named else ""
    return Line(
        item.start_on, "note", item.label, told.names.get(row.person_id, ""),
        start.partner(row.organisation), item.level.label,
        str(item.values.get("text") or "") if is_full else "", by,
        note=row.pk if row.by == start.viewer.user_id else 0, readers=row.readers,
        replaces=row.replaces_id or 0, replaced=row.pk in corrected,
    )  # fmt: skip


def _line(kind: str, item: SeenItem, told: Told, start: Beginning) -> Line:
    term = start.rules.terms.fields.get(item.field)
    attributes = term.attributes if term and kind == "record" else {}
    pairs = tuple(
        (label.removesuffix(" in pence"), _say(name, item.values[name]))
        for name, label in attributes.items()
        if item.values.get(name) not in (None, "")
    )
    return Line(
        item.start_on, kind, item.label, told.names.get(item.person_id, ""),
        start.partner(item.partner), item.level.label, pairs=pairs,
    )  # fmt: skip


def _say(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name.endswith("_pence") and isinstance(value, int | float):
        return f"£{value / 100:,.2f}"
    if name.endswith("_share") and isinstance(value, int | float):
        return f"{value * 100:.0f}%"
    return f"{value:g}" if isinstance(value, float) else str(value)
