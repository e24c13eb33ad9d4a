"""Needs by area: counts of residents with a need, only through disclosure control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from wholeplace.foundation.disclosure import ProtectedTable, protect_counts
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile

__all__ = ["WITHOUT_NEED", "WITH_NEED", "Area", "NeedByArea", "list_areas", "needs_by_area"]

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
        areas: in order of code.
        table: rows are area codes; columns `WITH_NEED` and `WITHOUT_NEED`; the row totals are
            the residents, the denominator.
    """

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


def needs_by_area(snapshot: ReadsSnapshot, area_set: str, framework: str, need: str) -> NeedByArea:
    """Return protected counts of residents with and without a need, by area.

    With and without are protected together, so that neither the count nor what is left of the
    residents tells of a few people.

    Raises:
        NotFoundError: if the snapshot has no such set of areas, or no such need.
    """
    areas = list_areas(snapshot, area_set)
    rows = snapshot.rows(
        SqlFile.read("places", "read_area_needs").select,
        {"area_set": area_set, "framework": framework, "need": need},
    )
    if not rows:
        raise NotFoundError(
            "There is no such need.",
            "The snapshot's frameworks have none of that name.",
            "Choose one of the needs of the frameworks that the place adopted.",
        )
    counts = {}
    for row in rows:
        counts[row["area_code"], WITH_NEED] = int(row["people"])
        counts[row["area_code"], WITHOUT_NEED] = int(row["residents"] - row["people"])
    return NeedByArea(area_set, framework, need, areas, protect_counts(counts))
