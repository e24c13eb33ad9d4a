"""Needs by area: counts of residents with a need, only through disclosure control.

Counts are made for one recipient, on what agreements let it have counted (`people.counting`).
Totals that several tables share are rounded once for each snapshot and recipient and repeated
in all of them: the residents of the place, the residents of each area, and each need's margin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from wholeplace.foundation.disclosure import (
    Figure,
    ProtectedCount,
    ProtectedTable,
    protect_counts,
)
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.foundation.store import SqlFile

__all__ = ["WITHOUT_NEED", "WITH_NEED", "Area", "NeedByArea", "list_areas", "needs_by_area"]

_ALL: Figure = ("total",)
WITH_NEED = "with"
WITHOUT_NEED = "without"


class ReadsSnapshot(Protocol):
    """A reader of the published snapshot (`people.SnapshotReader`)."""

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a SELECT."""
        ...


@dataclass(frozen=True)
class Area:
    """One area, ready to draw: `path` and the label's point are in units of `view_box`."""

    area_set: str
    code: str
    name: str
    path: str
    view_box: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class NeedByArea:
    """How many residents of each area have one need, protected.

    Attributes:
        recipient: for whom it was counted.
        areas: in order of code.
        table: rows are area codes; columns `WITH_NEED` and `WITHOUT_NEED`; the row totals are
            the residents, the denominator.
    """

    recipient: str
    area_set: str
    framework: str
    need: str
    areas: tuple[Area, ...]
    table: ProtectedTable


def list_areas(snapshot: ReadsSnapshot, area_set: str) -> tuple[Area, ...]:
    """Return the areas of a set, in order of code.

    Raises:
        NotFoundError: if the snapshot has no such set.
    """
    rows = snapshot.rows(SqlFile.read("places", "read_areas").select, {"area_set": area_set})
    if not rows:
        raise NotFoundError(
            "There is no such set of areas.",
            "The snapshot holds none of that name that is valid on its day.",
            "Choose one of the sets in the place folder's areas/.",
        )
    return tuple(
        Area(
            row["area_set"],
            row["area_code"],
            row["name"],
            row["path"],
            row["view_box"],
            row["label_x"],
            row["label_y"],
        )
        for row in rows
    )


def needs_by_area(
    snapshot: ReadsSnapshot, recipient: str, area_set: str, framework: str, need: str
) -> NeedByArea:
    """Return protected counts of residents with and without a need, by area.

    With and without are protected together, so that neither the count nor what is left of the
    residents tells of a few people. The totals are the same in every set of areas, and the
    residents of an area the same for every need.

    Args:
        snapshot: a reader of the published snapshot.
        recipient: the partner whose clauses the counts are made under; whether somebody may
            see them is for the caller to ask.
        area_set: whose boundaries.
        framework: of the need.
        need: its id.

    Raises:
        NotFoundError: if the snapshot has no such set of areas, no such need, or no counts for
            the recipient.
    """
    areas = list_areas(snapshot, area_set)
    rows = snapshot.rows(
        SqlFile.read("places", "read_area_needs").select,
        {"recipient": recipient, "area_set": area_set, "framework": framework, "need": need},
    )
    if not rows:
        raise NotFoundError(
            "There is no such need.",
            "The snapshot's frameworks have none of that name, or nothing was counted for you.",
            "Choose one of the needs of the frameworks that the place adopted.",
        )
    margin = _margin_of(snapshot, recipient, framework, need)
    counts = {}
    for row in rows:
        counts[row["area_code"], WITH_NEED] = int(row["people"])
        counts[row["area_code"], WITHOUT_NEED] = int(row["residents"] - row["people"])
    residents = {row["area_code"]: int(row["residents"]) for row in rows}
    everybody = {_ALL: margin.total}
    by_area = protect_counts(residents, totals=everybody)
    shared: dict[Figure, ProtectedCount] = {
        **everybody,
        **{("column", name): margin.count(name) for name in (WITH_NEED, WITHOUT_NEED)},
        **{("row", code): by_area.count(code) for code in residents},
    }
    table = protect_counts(counts, totals=shared)
    return NeedByArea(recipient, area_set, framework, need, areas, table)


def _margin_of(
    snapshot: ReadsSnapshot, recipient: str, framework: str, need: str
) -> ProtectedTable:
    """Return a need's totals for the whole place, rounded once whatever the boundaries."""
    rows = snapshot.rows(
        SqlFile.read("places", "read_need_totals").select,
        {"recipient": recipient, "framework": framework, "need": need},
    )
    found = {(int(row["people"]), int(row["residents"])) for row in rows}
    if len(found) != 1:
        raise WholeplaceError(
            "The counts cannot be shown.",
            "Sets of areas do not count the same people, so their totals would tell them apart.",
            "Run `wholeplace run` again.",
        )
    people, residents = found.pop()
    total = protect_counts({"residents": residents}).total
    counts = {WITH_NEED: people, WITHOUT_NEED: residents - people}
    return protect_counts(counts, totals={_ALL: total})
