"""Needs by area: counts of residents with a need, only through disclosure control.

Counts are made for one recipient, on what agreements let it have counted (`people.counting`).
`places.protection` protects all sets of areas together; here one set is taken from that.
"""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from wholeplace.foundation.disclosure import Figure, ProtectedAreas, ProtectedCount, ProtectedTable
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.places.protection import WITH_NEED, WITHOUT_NEED, protect_need
from wholeplace.places.snapshot import ReadsSnapshot

__all__ = ["WITHOUT_NEED", "WITH_NEED", "Area", "NeedByArea", "list_areas", "needs_by_area"]


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
    snapshot: ReadsSnapshot,
    recipient: str,
    area_set: str,
    framework: str,
    need: str,
    *,
    edition: str = "",
    releases: Path | None = None,
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
        edition: the snapshot's id.
        releases: folder of release ledgers; None protects without what left before.

    Raises:
        NotFoundError: if the snapshot has no such set of areas, no such need, or no counts for
            the recipient.
    """
    areas = list_areas(snapshot, area_set)
    protected = protect_need(
        snapshot, recipient, framework, need, edition=edition, releases=releases
    )
    table = _table_of(protected, area_set, tuple(area.code for area in areas))
    return NeedByArea(recipient, area_set, framework, need, areas, table)


def _table_of(protected: ProtectedAreas, area_set: str, codes: tuple[str, ...]) -> ProtectedTable:
    """Return one set's part of what was protected for all of them."""
    sides = (WITH_NEED, WITHOUT_NEED)
    figures: dict[Figure, ProtectedCount] = {}
    for code in codes:
        for side in sides:
            figures["cell", code, side] = protected.count(area_set, code, side)
        figures["row", code] = protected.count(area_set, code)
    for side in sides:
        figures["column", side] = protected.place(side)
    figures[("total",)] = protected.place()
    return ProtectedTable(
        codes,
        sides,
        MappingProxyType(figures),
        protected.threshold,
        protected.base,
        protected.zeros_are_safe,
        protected.error_at_most,
    )
