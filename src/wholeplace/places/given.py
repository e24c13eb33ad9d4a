"""Protected counts as input to a conversion: what is known of each, and how well.

Nothing exact is used: what is hidden enters as the middle of what it may be, with that doubt.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.foundation.disclosure import ProtectedTable
from wholeplace.places.protection import WITH_NEED

__all__ = ["GivenCounts", "counts_as_given"]

_UNIFORM = math.sqrt(3)


@dataclass(frozen=True)
class GivenCounts:
    """Counts by area, as well as published figures tell them.

    Attributes:
        counts: the figure published, or the middle of what a hidden one may be.
        noise: standard deviation of what is not known of each.
        hidden: how many were hidden.
    """

    counts: Mapping[str, int]
    noise: Mapping[str, float]
    hidden: int


def counts_as_given(table: ProtectedTable) -> GivenCounts | None:
    """Return what a protected table tells of people with a need in each area.

    A figure shown is at most `error_at_most` out. A small one lies between 0 and the threshold.
    What is hidden to protect another shares what the total leaves, by residents.

    Returns:
        None where the total is hidden too.
    """
    total = table.column_total(WITH_NEED).shown
    if total is None:
        return None
    counts: dict[str, int] = {}
    noise: dict[str, float] = {}
    protecting: list[str] = []
    for row in table.rows:
        cell = table.count(row, WITH_NEED)
        if cell.shown is not None:
            counts[row], noise[row] = cell.shown, table.error_at_most / _UNIFORM
        elif cell.hidden == "small":
            counts[row], noise[row] = table.threshold // 2 + 1, table.threshold / 2 / _UNIFORM
        else:
            protecting.append(row)
    left = max(0, total - sum(counts.values()))
    weight = {row: max(1, table.row_total(row).shown or 1) for row in protecting}
    for row in protecting:
        counts[row] = round(left * weight[row] / sum(weight.values()))
        noise[row] = max(float(table.threshold), counts[row] / 2)
    hidden = sum(1 for row in table.rows if not table.count(row, WITH_NEED).is_shown)
    return GivenCounts(counts, noise, hidden)
