"""Adding bodies up: by body and theme, by area and need, and what several pay for."""

from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.money.spend.budgets import THEMES, BudgetLine

__all__ = ["Overlap", "SpendCount", "count_spend"]


@dataclass(frozen=True)
class Overlap:
    """A need on which several bodies spend; not yet a duplication, but something to look at.

    Attributes:
        by: body → pence.
    """

    need: str
    by: Mapping[str, int]

    @property
    def pence(self) -> int:
        """All of them together."""
        return sum(self.by.values())


@dataclass(frozen=True)
class SpendCount:
    """All that bodies spend in a place in one year.

    Attributes:
        bodies: those with a budget, those that spend most first.
        cells: (body, theme) → pence.
        by_need: need → pence; the empty need is what is spent on everybody.
        by_area: area → pence; the empty area is what is spent on the whole place.
        overlaps: needs on which two bodies or more spend, largest first.
    """

    bodies: tuple[str, ...]
    themes: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    by_need: Mapping[str, int]
    by_area: Mapping[str, int]
    overlaps: tuple[Overlap, ...]

    @property
    def total_pence(self) -> int:
        """Everything."""
        return sum(self.cells.values())

    def of_body(self, body: str) -> int:
        """Return what a body spends."""
        return sum(pence for (its, _), pence in self.cells.items() if its == body)

    def of_theme(self, theme: str) -> int:
        """Return what is spent on a theme."""
        return sum(pence for (_, its), pence in self.cells.items() if its == theme)


def count_spend(budgets: Mapping[str, tuple[BudgetLine, ...]]) -> SpendCount:
    """Return the count of some bodies' budgets, all of one year."""
    cells: dict[tuple[str, str], int] = {}
    by_need: dict[str, int] = {}
    by_area: dict[str, int] = {}
    by_both: dict[str, dict[str, int]] = {}
    for body, lines in budgets.items():
        for each in lines:
            cells[body, each.theme] = cells.get((body, each.theme), 0) + each.pence
            by_need[each.need] = by_need.get(each.need, 0) + each.pence
            by_area[each.area] = by_area.get(each.area, 0) + each.pence
            own = by_both.setdefault(each.need, {})
            own[body] = own.get(body, 0) + each.pence
    totals = {body: sum(each.pence for each in lines) for body, lines in budgets.items()}
    overlaps = [
        Overlap(need, dict(sorted(by.items(), key=lambda item: (-item[1], item[0]))))
        for need, by in by_both.items()
        if need and len(by) > 1
    ]
    return SpendCount(
        tuple(sorted(totals, key=lambda body: (-totals[body], body))),
        tuple(each for each in THEMES if any(theme == each for _, theme in cells)),
        cells,
        by_need,
        by_area,
        tuple(sorted(overlaps, key=lambda each: (-each.pence, each.need))),
    )
