"""An outcome of the same units at several times, in one fixed order."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.units import Floats

__all__ = ["Panel", "gather_panel"]


@dataclass(frozen=True)
class Panel:
    """Units by times.

    Attributes:
        units: ids, in order.
        times: periods, in order, such as years or months counted from some first one.
        values: one row for each unit, one column for each time.
    """

    units: tuple[str, ...]
    times: tuple[int, ...]
    values: Floats

    def row(self, unit: str) -> Floats:
        """Return one unit's values.

        Raises:
            WholeplaceError: if there is no such unit.
        """
        if unit not in self.units:
            raise WholeplaceError(
                "The study was not made.", "The unit named is not in the data.", "Name another."
            )
        return np.asarray(self.values[self.units.index(unit)])

    def without(self, unit: str) -> "Panel":
        """Return the panel without one unit."""
        held = [row for row, each in enumerate(self.units) if each != unit]
        return Panel(tuple(self.units[row] for row in held), self.times, self.values[held])


def gather_panel(rows: Iterable[tuple[str, int, float]]) -> Panel:
    """Return a panel of (unit, time, value) given in any order.

    Raises:
        WholeplaceError: if a unit lacks a time, or has it twice.
    """
    held: dict[tuple[str, int], float] = {}
    for unit, time, value in rows:
        if (unit, time) in held:
            raise _incomplete("A unit has the same time twice.")
        held[unit, time] = value
    units = tuple(sorted({unit for unit, _ in held}))
    times = tuple(sorted({time for _, time in held}))
    if len(held) != len(units) * len(times):
        raise _incomplete("A unit has no value at some time.")
    values = np.array([[held[unit, time] for time in times] for unit in units], dtype=np.float64)
    if not np.isfinite(values).all():
        raise _incomplete("A value is not a number.")
    return Panel(units, times, values)


def _incomplete(why: str) -> WholeplaceError:
    return WholeplaceError(
        "The study was not made.", why, "Mend the list, or leave the unit out and say so."
    )
