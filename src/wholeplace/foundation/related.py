"""People published before beside the people of a new table: how they lie together.

The ledger holds no person, so only a caller can say that one group lies within another: a need
in a need, a month in a month of a count that only grows, one recipient's evidence in another's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from wholeplace.foundation.area_tables import AreaTable
from wholeplace.foundation.attack import Asked, Known
from wholeplace.foundation.protected import Figure, ProtectedCount
from wholeplace.foundation.protecting import Earlier, Setting
from wholeplace.foundation.recovery import bounds_of
from wholeplace.foundation.release_ledger import Population, Record

__all__ = ["Related", "Relation", "put_together"]

Cells = tuple[Figure, ...]
_MARKS = ("what", "evidence", "period", "edition")


@dataclass(frozen=True)
class Relation:
    """How people of a new table and of an earlier one lie together, in every area.

    Attributes:
        column: of the new table; the empty column is everybody.
        holds: `within` where all of them are in the other column too; `contains` where all of
            the other are in it; `same` where both.
        other: the earlier population.
        other_column: of it.
    """

    column: str
    holds: Literal["within", "contains", "same"]
    other: Population
    other_column: str


class Related:
    """An earlier population as unknown counts, with what was published of it."""

    def __init__(self, shape: AreaTable, records: list[Record], relations: list[Relation]) -> None:
        self.records = records
        mark = "before", *(vars(records[0].population)[each] for each in _MARKS)
        self.cells: dict[Figure, None] = {}
        self.figures: list[tuple[Cells, ProtectedCount, Record]] = []
        self.beside: list[Known] = []
        for record in records:
            old = record.table.shape
            cells = {cell: (*mark, *cell) for cell in old.cells}
            self.cells |= dict.fromkeys(cells.values())
            for figure, of in old.figures().items():
                held = tuple(cells[cell] for cell in of)
                self.figures.append((held, record.table.figures[figure], record))
            for relation in relations:
                self._lay_beside(shape, old, relation, cells)

    def _lay_beside(
        self,
        shape: AreaTable,
        old: AreaTable,
        relation: Relation,
        cells: Mapping[Figure, Figure],
    ) -> None:
        grounds = [
            (shape.grounds[area], old.grounds[area])
            for area in sorted(shape.grounds.keys() & old.grounds.keys())
        ]
        grounds += [((piece,), (piece,)) for piece in sorted({*shape.pieces} & {*old.pieces})]
        for new_ground, old_ground in grounds:
            new = _cells_of(new_ground, shape.columns[relation.column])
            before = tuple(
                cells[cell] for cell in _cells_of(old_ground, old.columns[relation.other_column])
            )
            large, small = (before, new) if relation.holds == "within" else (new, before)
            high = 0 if relation.holds == "same" else None
            self.beside.append(Known(large, 0, high, less=small))

    def tell(self, slack: int) -> list[Known]:
        """Return what was published of it, and how it lies beside the new people."""
        knowns = []
        for cells, count, record in self.figures:
            table = record.table
            low, high = bounds_of(
                count.shown, count.hidden, slack, table.threshold, table.zeros_are_safe
            )
            knowns.append(Known(cells, low, high))
        return knowns + self.beside

    def asked(self, least: int) -> dict[Asked, int]:
        """Return its hidden figures, and what lies between it and the new people."""
        found = {}
        for cells, count, record in self.figures:
            if not count.is_shown:
                table = record.table
                possible = table.threshold - (1 if table.zeros_are_safe else 0)
                is_small = count.hidden == "small"
                found[Asked(cells)] = min(least, max(1, possible)) if is_small else least
        for known in self.beside:
            if known.high is None:
                found[Asked(known.parts, known.less)] = least
        return found


def _cells_of(ground: tuple[str, ...], categories: tuple[str, ...]) -> Cells:
    return tuple((piece, category) for piece in ground for category in categories)


def put_together(related: Iterable[Related], setting: Setting) -> Earlier | None:
    """Return all earlier people as an attacker knows them; None where there are none."""
    found = tuple(related)
    if not found:
        return None
    return Earlier(
        tuple(cell for each in found for cell in each.cells),
        lambda slack: [known for each in found for known in each.tell(slack)],
        {name: keep for each in found for name, keep in each.asked(setting.least_range).items()},
    )
