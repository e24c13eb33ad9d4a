"""Lines over years, drawn by the server: legible in black and white, with a table beside them.

Series are told apart by their dashes, their marks and their names, never by colour alone. The
drawing holds nothing that the page's table does not say.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["DrawnSeries", "Series", "Trend", "draw_trend"]

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 150, 14, 34
_DASHES = ("none", "7 4", "2 4", "10 3 2 3")


@dataclass(frozen=True)
class Series:
    """One line: year to value in tenths; a year that was not measured is left out."""

    name: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class DrawnSeries:
    """One line as it is drawn.

    Attributes:
        points: of the line, `x,y x,y`.
        marks: places of the measured years.
        label_y: where its name stands at the right.
    """

    name: str
    dash: str
    points: str
    marks: tuple[tuple[float, float], ...]
    shape: int
    label_y: float
    newest: str


@dataclass(frozen=True)
class Trend:
    """A chart, ready for its template."""

    title: str
    unit: str
    width: int
    height: int
    series: tuple[DrawnSeries, ...]
    ticks: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    plot_left: int
    plot_right: int
    plot_bottom: int
    label_x: int


def draw_trend(
    title: str, unit: str, series: Sequence[Series], *, all_years: Sequence[str] = ()
) -> Trend:
    """Return a chart of some series over the same years.

    Args:
        title: what it shows; read out in place of the picture.
        unit: of the values.
        series: the lines; the first is the one the page is about.
        all_years: years of the axis, where more than the measured ones stand on it.
    """
    years = sorted({*all_years, *(year for each in series for year in each.values)})
    numbers = [value for each in series for value in each.values.values()] or [0]
    low, high, step = _scale(min(numbers), max(numbers))
    wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x_of(year: str) -> float:
        return round(_LEFT + wide * years.index(year) / max(1, len(years) - 1), 1)

    def y_of(value: int) -> float:
        return round(_TOP + tall * (1 - (value - low) / (high - low)), 1)

    placed = [
        [(x_of(year), y_of(each.values[year])) for year in sorted(each.values)] for each in series
    ]
    heights = _apart([line[-1][1] if line else _TOP for line in placed])
    drawn = tuple(
        DrawnSeries(
            each.name,
            _DASHES[number % len(_DASHES)],
            " ".join(f"{x},{y}" for x, y in line),
            tuple(line),
            number % 3,
            heights[number],
            f"{each.values[max(each.values)] / 10:.1f}" if each.values else "",
        )
        for number, (each, line) in enumerate(zip(series, placed, strict=True))
    )
    shown = (
        years if len(years) <= 6 else [*years[:-1:2], years[-1]] if len(years) % 2 else years[::2]
    )
    return Trend(
        title,
        unit,
        _WIDTH,
        _HEIGHT,
        drawn,
        tuple((y_of(value), f"{value / 10:g}") for value in range(low, high + 1, step)),
        tuple((x_of(year), year) for year in shown),
        _LEFT,
        _WIDTH - _RIGHT,
        _HEIGHT - _BOTTOM,
        _WIDTH - _RIGHT + 10,
    )


def _scale(low: int, high: int) -> tuple[int, int, int]:
    """Return whole bounds and step that hold all values, with at most six lines."""
    span = max(1, high - low)
    step = next(
        each * size
        for size in (1, 10, 100, 1000, 10_000)
        for each in (1, 2, 5)
        if span / (each * size) <= 5
    )
    first = low // step * step
    last = -(-high // step) * step
    return first, last if last > first else first + step, step


def _apart(heights: Sequence[float], least: float = 30) -> list[float]:
    """Return label heights moved apart so that none covers another."""
    order = sorted(range(len(heights)), key=lambda each: heights[each])
    moved = list(heights)
    for above, below in itertools.pairwise(order):
        moved[below] = max(moved[below], moved[above] + least)
    return [round(each, 1) for each in moved]
