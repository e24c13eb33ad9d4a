"""Needs by area as a report that may leave through the airlock: the place page's own figures."""

from collections.abc import Mapping, Sequence

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.protected import ProtectedCount
from wholeplace.foundation.sheet import Cell, Sheet
from wholeplace.places import WITH_NEED, NeedByArea
from wholeplace.web.gateway.reports import MadeReport, ReportChoice
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.places.counts import read_needs, rows_of
from wholeplace.web.places.rights import CountingRights, NeedRight, read_rights

__all__ = ["NeedsByAreaReport"]


class NeedsByAreaReport:
    """Residents with one need in each area of one set of boundaries."""

    id = "needs-by-area"
    title = "Needs by area"

    def choices(self, viewer: Viewer) -> Sequence[ReportChoice]:
        """Return the needs that may be counted for the viewer, and the boundaries."""
        rights = read_rights(current_place(), viewer)
        if rights.why:
            return ()
        needs = [(each.value, each.label) for each in rights.needs if each.state != "no"]
        sets = [(each.id, each.title) for each in current_place().place.area_sets.values()]
        return (
            ReportChoice("need", "Need", tuple(needs)),
            ReportChoice("areas", "Boundaries", tuple(sets)),
        )

    def why_not(self, viewer: Viewer, chosen: Mapping[str, str]) -> str:
        """Return why agreements do not let the viewer have these counts now."""
        rights = read_rights(current_place(), viewer)
        if rights.why:
            return rights.why
        right = _right_of(rights, chosen)
        return "" if right.state != "no" else f"Not counted: {right.why}."

    def make(self, viewer: Viewer, chosen: Mapping[str, str]) -> MadeReport:
        """Return the same protected figures as stand on the place page."""
        served = current_place()
        rights = read_rights(served, viewer)
        right = _right_of(rights, chosen)
        area_set = served.place.area_sets.get(chosen.get("areas", ""))
        if area_set is None or right.state == "no" or rights.why:
            raise _no_such_report()
        reader = served.snapshot_reader
        found = read_needs(served, viewer.organisation, area_set.id, right.framework, right.need)
        as_of = str(reader.snapshot.manifest["as_of"])[:10]
        words = f"{right.label}, {area_set.title}"
        return MadeReport(
            _sheet(words, found, right, as_of), rights.clauses, reader.snapshot.id, words
        )


def _no_such_report() -> NotFoundError:
    return NotFoundError(
        "The table was not made.",
        "There is no such need or boundary for you.",
        "Choose from the lists.",
    )


def _right_of(rights: CountingRights, chosen: Mapping[str, str]) -> NeedRight:
    for each in rights.needs:
        if each.value == chosen.get("need"):
            return each
    raise _no_such_report()


def _sheet(words: str, found: NeedByArea, right: NeedRight, as_of: str) -> Sheet:
    rows, _ = rows_of(found)
    table = found.table
    body: list[tuple[Cell, ...]] = [
        (row.area.code, row.area.name, _cell(row.people), _cell(row.residents), row.rate)
        for row in rows
    ]
    body.append(("", "All areas", _cell(table.column_total(WITH_NEED)), _cell(table.total), None))
    notes = [
        f"Residents with this need, as of {as_of}.",
        f"Counts of {table.threshold} or fewer are not shown, and others are rounded to a multiple of "
        f"{table.base}. No figure is more than {table.error_at_most} out. Rates are worked out from "
        "the rounded counts.",
    ]
    if right.state == "part":
        notes.append(f"Counted on part of its evidence: {right.why}.")
    columns = ("Code", "Area", "Residents with the need", "Residents", "Per 1,000 residents")
    return Sheet(words, tuple(notes), columns, tuple(body), (2, 3), (table,))


def _cell(count: ProtectedCount) -> Cell:
    return count.shown if count.is_shown else str(count)
