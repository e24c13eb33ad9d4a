"""Floor targets: whether each area is above the floor, and how far it is from the average."""

from dataclasses import dataclass
from typing import Literal

from wholeplace.partnership.programmes.areas import FloorTarget

__all__ = ["FLOOR_WORDS", "AreaFloor", "FloorResult", "check_floor"]

FloorState = Literal["above", "below", "not-measured"]

FLOOR_WORDS: dict[FloorState, str] = {
    "above": "At or above the floor",
    "below": "Below the floor",
    "not-measured": "Not measured",
}


@dataclass(frozen=True)
class AreaFloor:
    """One area against one floor.

    Attributes:
        short_tenths: how far it is below the floor; 0 where it is not.
        gap_tenths: how far it is behind the average in the newest year; negative where ahead.
        first_gap_tenths: the same in the first year, so that one sees whether the gap narrows.
    """

    code: str
    state: FloorState
    value_tenths: int | None
    short_tenths: int
    gap_tenths: int | None
    first_gap_tenths: int | None

    @property
    def is_narrowing(self) -> bool | None:
        """Whether the gap to the average is smaller than in the first year; None if unknown."""
        if self.gap_tenths is None or self.first_gap_tenths is None:
            return None
        return self.gap_tenths < self.first_gap_tenths


@dataclass(frozen=True)
class FloorResult:
    """One floor target over all areas, worst first."""

    target: FloorTarget
    year: str
    areas: tuple[AreaFloor, ...]

    @property
    def below(self) -> int:
        """How many areas are below the floor."""
        return sum(each.state == "below" for each in self.areas)


def check_floor(target: FloorTarget, year: str = "") -> FloorResult:
    """Return how every area stands against a floor in a year; the newest measured when absent."""
    years = sorted({each for values in target.values.values() for each in values})
    chosen, first = year or years[-1], years[0]
    areas = [_check_area(target, code, chosen, first) for code in target.values]
    areas.sort(key=lambda each: (-each.short_tenths, -(each.gap_tenths or 0), each.code))
    return FloorResult(target, chosen, tuple(areas))


def _check_area(target: FloorTarget, code: str, year: str, first: str) -> AreaFloor:
    value = target.values[code].get(year)
    if value is None:
        return AreaFloor(code, "not-measured", None, 0, None, _gap(target, code, first))
    sign = 1 if target.better == "higher" else -1
    short = max(0, sign * (target.floor_tenths - value))
    return AreaFloor(
        code,
        "below" if short else "above",
        value,
        short,
        _gap(target, code, year),
        _gap(target, code, first),
    )


def _gap(target: FloorTarget, code: str, year: str) -> int | None:
    value, average = target.values[code].get(year), target.comparator.get(year)
    if value is None or average is None:
        return None
    return average - value if target.better == "higher" else value - average
