"""Counts that may leave: what is published of a table, and nothing else.

None of these values holds the exact count, so none can give it away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

__all__ = ["Figure", "ProtectedCount", "ProtectedTable"]

Figure: TypeAlias = tuple[str, ...]
"""One number of a table: ("cell", row), ("cell", row, column), ("row", row),
("column", column) or ("total",)."""


@dataclass(frozen=True)
class ProtectedCount:
    """A count as it may be shown.

    Attributes:
        shown: the rounded count, or None where it is hidden.
        hidden: `small` where the count itself is small; `protecting` where showing it, or
            saying that it is small, would give a small one away; empty where it is shown.
        threshold: the largest count that is never shown.
    """

    shown: int | None
    hidden: Literal["", "small", "protecting"] = ""
    threshold: int = 7

    def __str__(self) -> str:
        if self.shown is not None:
            return f"{self.shown:,}"
        return f"fewer than {self.threshold + 1}" if self.hidden == "small" else "not shown"

    @property
    def is_shown(self) -> bool:
        """Tell whether there is a number to show."""
        return self.shown is not None


@dataclass(frozen=True)
class ProtectedTable:
    """A one-way or two-way table of counts with its totals, as it may be shown.

    The figures shown add up exactly: a total is the sum of its rounded parts, hidden parts
    included.

    Attributes:
        rows: names of the rows; for a one-way table, of its only dimension.
        columns: names of the columns; empty for a one-way table.
        figures: every cell and total.
        threshold: counts up to this are hidden.
        base: others are rounded to a multiple of this.
        zeros_are_safe: True where a true zero is shown as zero.
        error_at_most: no figure shown is further than this from the exact count.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[Figure, ProtectedCount]
    threshold: int
    base: int
    zeros_are_safe: bool
    error_at_most: int

    def count(self, row: str, column: str | None = None) -> ProtectedCount:
        """Return one cell."""
        return self.figures[("cell", row) if column is None else ("cell", row, column)]

    def row_total(self, row: str) -> ProtectedCount:
        """Return the total of a row of a two-way table."""
        return self.figures["row", row]

    def column_total(self, column: str) -> ProtectedCount:
        """Return the total of a column of a two-way table."""
        return self.figures["column", column]

    @property
    def total(self) -> ProtectedCount:
        """The total of the whole table."""
        return self.figures[("total",)]

    def parts(self) -> Mapping[Figure, tuple[Figure, ...]]:
        """Return each total with the cells that it adds up."""
        if not self.columns:
            return {("total",): tuple(("cell", row) for row in self.rows)}
        sums: dict[Figure, tuple[Figure, ...]] = {}
        for row in self.rows:
            sums["row", row] = tuple(("cell", row, column) for column in self.columns)
        for column in self.columns:
            sums["column", column] = tuple(("cell", row, column) for row in self.rows)
        sums[("total",)] = tuple(
            ("cell", row, column) for row in self.rows for column in self.columns
        )
        return sums

    def as_plain(self) -> dict[str, Any]:
        """Return what is shown as plain values, for JSON: numbers, or words where hidden."""
        return {
            " / ".join(figure[1:]) or "total": count.shown if count.is_shown else str(count)
            for figure, count in self.figures.items()
        }
