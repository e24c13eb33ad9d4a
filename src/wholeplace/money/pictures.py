"""Where the bars of small pictures stand; templates draw them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["BarRow", "Histogram", "draw_bars", "draw_histogram"]

_WIDTH, _HEIGHT, _LEFT, _BASE = 760, 220, 30, 170
_ROW, _BARS_LEFT, _BARS_WIDTH = 50, 10, 620


@dataclass(frozen=True)
class Histogram:
    """A histogram with the line at nothing.

    Attributes:
        bars: x, y, width, height, and whether the bar stands below nothing.
        zero_x: where nothing stands; None outside the picture.
    """

    width: int
    height: int
    base: int
    left: int
    right: int
    bars: tuple[tuple[float, float, float, float, bool], ...]
    zero_x: float | None
    low_pence: int
    high_pence: int


@dataclass(frozen=True)
class BarRow:
    """One bar with its words above and its amount behind it."""

    name: str
    pence: int
    words_y: int
    y: int
    x: int
    width: float


def draw_histogram(bins: Sequence[tuple[int, int, int]]) -> Histogram:
    """Return where the bars of a histogram stand."""
    low, high = bins[0][0], bins[-1][1]
    most = max(number for _, _, number in bins) or 1
    span = (high - low) or 1
    wide = (_WIDTH - 2 * _LEFT) / span

    def place(pence: float) -> float:
        return round(_LEFT + (pence - low) * wide, 1)

    bars = tuple(
        (
            place(start),
            round(_BASE - 140 * number / most, 1),
            max(0.5, round(place(end) - place(start), 1)),
            round(140 * number / most, 1),
            end <= 0,
        )
        for start, end, number in bins
    )
    zero = place(0) if low < 0 < high else None
    return Histogram(_WIDTH, _HEIGHT, _BASE, _LEFT, _WIDTH - _LEFT, bars, zero, low, high)


def draw_bars(amounts: Mapping[str, int]) -> tuple[BarRow, ...]:
    """Return one bar for each amount, in order; the longest fills the width."""
    most = max(amounts.values(), default=0) or 1
    return tuple(
        BarRow(
            name,
            pence,
            number * _ROW + 16,
            number * _ROW + 22,
            _BARS_LEFT,
            max(1.0, round(_BARS_WIDTH * pence / most, 1)),
        )
        for number, (name, pence) in enumerate(amounts.items())
    )
