"""Tables of people by area, in any number of area sets at once, and as they may be shown.

The place is cut into **pieces**: the smallest bits of ground that no boundary of any set cuts
through. Where sets nest (small areas in districts), the pieces are the smallest areas; where
they cross, they are the overlaps, which nobody publishes. Each person stands in one piece and
one category. Every area of every set is a sum of pieces, and every named group of categories
(“two or more needs”) a sum of categories; so all of them can be rounded and attacked together.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any

from wholeplace.foundation.attack import Asked
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.protected import Figure, ProtectedCount

__all__ = ["PLACE", "AreaTable", "ProtectedAreas"]

PLACE = "place"
"""Stands for the set whose only area is the whole place."""

_MOST_PAIRED = 4_000


@dataclass(frozen=True)
class AreaTable:
    """How a table of people by area is cut and counted; it holds no count.

    Attributes:
        areas: area set → piece → code of the area that it lies in. A piece that a set leaves
            out lies in none of its areas.
        categories: each person is in one; a single one makes a table of people alone.
        groups: named unions of categories, which may contain each other.
        shown_sets: whose areas are published; every set when empty. The others are known
            boundaries, in which something was published before.
        shows_categories: False where only groups are published.
    """

    areas: Mapping[str, Mapping[str, str]]
    categories: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown_sets: tuple[str, ...] = ()
    shows_categories: bool = True

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Every piece that some set names, sorted."""
        return tuple(sorted({piece for of in self.areas.values() for piece in of}))

    @cached_property
    def cells(self) -> tuple[Figure, ...]:
        """Piece and category of each exact count."""
        return tuple((piece, each) for piece in self.pieces for each in self.categories)

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """What is published of each area: name → categories; the empty name is everybody."""
        named: dict[str, tuple[str, ...]] = {}
        if self.shows_categories and len(self.categories) > 1:
            named |= {each: (each,) for each in self.categories}
        return {**named, **self.groups, "": self.categories}

    @cached_property
    def grounds(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Every area of every set with its pieces, the whole place among them."""
        found: dict[tuple[str, str], list[str]] = {}
        for name, lies_in in self.areas.items():
            for piece in sorted(lies_in):
                found.setdefault((name, lies_in[piece]), []).append(piece)
        found[PLACE, PLACE] = list(self.pieces)
        return {area: tuple(pieces) for area, pieces in found.items()}

    def figures(self, *, of_every_set: bool = False) -> dict[Figure, tuple[Figure, ...]]:
        """Return each published figure, (set, area, column), with the cells that it adds up."""
        shown = {*(self.shown_sets or self.areas), PLACE}
        return {
            (area_set, area, column): tuple(
                (piece, category) for piece in pieces for category in categories
            )
            for (area_set, area), pieces in self.grounds.items()
            if of_every_set or area_set in shown
            for column, categories in self.columns.items()
        }

    def differences(self, counts: Mapping[Figure, int], most: int) -> list[Asked]:
        """Return the differences of two published figures that hold few people, or none.

        Two areas of different sets that share ground, in one column; and two columns of one
        area: what is in one and not the other, and what is in both. Where sets nest and are
        many, what is in both is an area anyway.
        """
        found: dict[frozenset[Figure], Asked] = {}
        for ground, column in self._differing():
            if len(ground) * len(column) <= _MOST_PAIRED:
                inside = frozenset((piece, category) for piece in ground for category in column)
                if len(inside) > 1 and sum(counts[cell] for cell in inside) <= most:
                    found.setdefault(inside, Asked(tuple(sorted(inside))))
        return [found[each] for each in sorted(found, key=sorted)]

    def _differing(self) -> Iterator[tuple[Collection[str], Collection[str]]]:
        """Yield pieces and categories of what two figures share, or only one of them has."""
        columns = [frozenset(of) for of in self.columns.values()]
        meeting = [
            part
            for first, second in combinations(columns, 2)
            if first & second
            for part in (first & second, first - second, second - first)
        ]
        yield from product(self.grounds.values(), meeting)
        for first, second in self._meeting_areas():
            yield from product((first & second, first - second, second - first), columns)

    def _meeting_areas(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """Return pairs of areas of different sets that share ground."""
        named = sorted(self.areas)
        pairs: set[tuple[tuple[str, str], tuple[str, str]]] = set()
        for piece in self.pieces:
            here = [(name, self.areas[name][piece]) for name in named if piece in self.areas[name]]
            pairs |= set(combinations(here, 2))
        ground = {area: frozenset(pieces) for area, pieces in self.grounds.items()}
        return [(ground[first], ground[second]) for first, second in sorted(pairs)]

    def read(self, counts: Mapping[tuple[str, str], int]) -> dict[Figure, int]:
        """Return every cell with its count; cells left out count none.

        Raises:
            WholeplaceError: if a count is no number of people, or of no cell.
        """
        for count in counts.values():
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise WholeplaceError(
                    "The table cannot be protected.",
                    "A cell is not a whole number of people, 0 or more.",
                    "Give counts, not rates or shares.",
                )
        if not counts or not set(counts) <= set(self.cells):
            raise WholeplaceError(
                "The table cannot be protected.",
                "It is empty, or counts people in a piece or category that it does not have.",
                "Give each count's piece and category as the table's shape names them.",
            )
        return {cell: counts.get((cell[0], cell[1]), 0) for cell in self.cells}

    def as_plain(self) -> dict[str, Any]:
        """Return the shape as plain values, for JSON."""
        return {
            "areas": {name: dict(sorted(of.items())) for name, of in sorted(self.areas.items())},
            "categories": list(self.categories),
            "groups": {name: list(of) for name, of in self.groups.items()},
            "shown_sets": list(self.shown_sets),
            "shows_categories": self.shows_categories,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> "AreaTable":
        """Return the shape that `as_plain` wrote."""
        return cls(
            {name: dict(of) for name, of in plain["areas"].items()},
            tuple(plain["categories"]),
            {name: tuple(of) for name, of in plain["groups"].items()},
            tuple(plain["shown_sets"]),
            plain["shows_categories"],
        )


@dataclass(frozen=True)
class ProtectedAreas:
    """A table of people by area as it may be shown: every area of every set shown.

    Attributes:
        shape: how it is cut.
        figures: (set, area, column) → count; the whole place is `PLACE`, `PLACE`, and
            everybody the empty column.
        threshold: counts up to this are hidden.
        base: others are rounded to a multiple of this.
        zeros_are_safe: True where a true zero is shown as zero.
        error_at_most: no figure shown is further than this from the exact count.
    """

    shape: AreaTable
    figures: Mapping[Figure, ProtectedCount]
    threshold: int
    base: int
    zeros_are_safe: bool
    error_at_most: int

    def count(self, area_set: str, area: str, column: str = "") -> ProtectedCount:
        """Return how many people of an area are in a column; in all where none is named."""
        return self.figures[area_set, area, column]

    def place(self, column: str = "") -> ProtectedCount:
        """Return how many people of the whole place are in a column."""
        return self.figures[PLACE, PLACE, column]

    def parts(self) -> Mapping[Figure, tuple[Figure, ...]]:
        """Return each figure with the cells that it adds up."""
        return self.shape.figures()

    def as_plain(self) -> dict[str, Any]:
        """Return what is shown as plain values, for JSON: numbers, or words where hidden."""
        return {
            " / ".join(part for part in figure if part): (
                count.shown if count.is_shown else str(count)
            )
            for figure, count in self.figures.items()
        }
