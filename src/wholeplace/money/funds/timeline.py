"""Every fund and contract on one line of years: where each bar stands in the picture."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from wholeplace.money.funds.definitions import Fund

__all__ = ["Mark", "Span", "Timeline", "draw_timeline"]

_LEFT, _WIDTH, _TOP, _ROW = 10, 740, 34, 52


@dataclass(frozen=True)
class Span:
    """One fund's bar, in units of the picture.

    Attributes:
        runs_on_left: True where it began before the picture does; likewise to the right.
        state: `over`, `ending` (within the year) or `running`, or `ahead`.
    """

    fund: Fund
    x: float
    y: int
    width: float
    runs_on_left: bool
    runs_on_right: bool
    state: str


@dataclass(frozen=True)
class Mark:
    """A line across the picture with its words."""

    x: float
    words: str


@dataclass(frozen=True)
class Timeline:
    """The picture.

    Attributes:
        years: the first of April of each financial year, and its words.
        today: where today stands; None outside the picture.
    """

    width: int
    height: int
    spans: tuple[Span, ...]
    years: tuple[Mark, ...]
    today: Mark | None


def draw_timeline(funds: Sequence[Fund], today: dt.date) -> Timeline:
    """Return where each fund stands, those that end first on top."""
    if not funds:
        return Timeline(_LEFT * 2 + _WIDTH, _TOP, (), (), None)
    first = min(each.starts_on for each in funds)
    last = max(each.ends_on for each in funds)
    begins = max(first, dt.date(today.year - 2, 4, 1))
    ends = min(last, dt.date(today.year + 6, 3, 31))
    ends = max(ends, begins + dt.timedelta(days=365))
    days = (ends - begins).days

    def place(day: dt.date) -> float:
        inside = min(max(day, begins), ends)
        return round(_LEFT + _WIDTH * (inside - begins).days / days, 1)

    ordered = sorted(funds, key=lambda fund: (fund.ends_on, fund.id))
    spans = tuple(
        Span(
            fund,
            place(fund.starts_on),
            _TOP + number * _ROW,
            max(3.0, round(place(fund.ends_on) - place(fund.starts_on), 1)),
            fund.starts_on < begins,
            fund.ends_on > ends,
            _state_of(fund, today),
        )
        for number, fund in enumerate(ordered)
    )
    years = tuple(
        Mark(place(day), f"Apr {day.year}")
        for year in range(begins.year, ends.year + 1)
        if begins <= (day := dt.date(year, 4, 1)) <= ends
    )
    now = Mark(place(today), "Today") if begins <= today <= ends else None
    return Timeline(_LEFT * 2 + _WIDTH, _TOP + len(spans) * _ROW + 8, spans, years, now)


def _state_of(fund: Fund, today: dt.date) -> str:
    if fund.ends_on < today:
        return "over"
    if fund.starts_on > today:
        return "ahead"
    return "ending" if (fund.ends_on - today).days <= 365 else "running"
