"""A neighbourhood board's page: outcomes on their course, money by outcome and year."""

import datetime as dt
from dataclasses import dataclass

from wholeplace.outcomes.progress import Progress, Target, measure_progress
from wholeplace.partnership.programmes.areas import NeighbourhoodBoard, OutcomeSeries

__all__ = ["BoardOutcome", "BoardSpend", "board_outcomes", "board_spend", "year_ends_on"]


@dataclass(frozen=True)
class BoardOutcome:
    """One outcome of a board, as it stands in its newest year.

    Attributes:
        gap_tenths: how far behind the comparator; negative where ahead, None if not known.
        first_gap_tenths: the same in the baseline year.
    """

    series: OutcomeSeries
    year: str
    progress: Progress
    gap_tenths: int | None
    first_gap_tenths: int | None


@dataclass(frozen=True)
class BoardSpend:
    """Money by outcome over the board's years, in pence.

    Attributes:
        by_outcome: outcome to grant and to what others spent beside it.
        by_year: financial year to the grant spent.
        left_pence: of the grant, not yet spent; negative would be overspent.
    """

    by_outcome: dict[str, tuple[int, int]]
    by_year: dict[str, int]
    spent_pence: int
    other_pence: int
    left_pence: int


def year_ends_on(year: str) -> dt.date:
    """Return the last day of a financial year (`2004-05`) or of a year (`2004`)."""
    if "-" in year:
        return dt.date(int(year[:4]) + 1, 3, 31)
    return dt.date(int(year), 12, 31)


def board_outcomes(board: NeighbourhoodBoard) -> tuple[BoardOutcome, ...]:
    """Return every outcome with its progress and its gap."""
    return tuple(_outcome(each) for each in board.outcomes)


def _outcome(series: OutcomeSeries) -> BoardOutcome:
    newest = max(series.values)
    target = Target(
        year_ends_on(series.baseline),
        series.values[series.baseline],
        year_ends_on(series.target_year),
        series.target_tenths,
        series.better,
    )
    progress = measure_progress(target, year_ends_on(newest), series.values[newest])
    return BoardOutcome(
        series, newest, progress, _gap(series, newest), _gap(series, series.baseline)
    )


def _gap(series: OutcomeSeries, year: str) -> int | None:
    value, other = series.values.get(year), series.comparator.get(year)
    if value is None or other is None:
        return None
    return other - value if series.better == "higher" else value - other


def board_spend(board: NeighbourhoodBoard) -> BoardSpend:
    """Return a board's money, summed."""
    by_outcome: dict[str, tuple[int, int]] = {}
    by_year: dict[str, int] = {}
    for line in board.spend:
        own, other = by_outcome.get(line.outcome, (0, 0))
        by_outcome[line.outcome] = (own + line.pence, other + line.other_pence)
        by_year[line.year] = by_year.get(line.year, 0) + line.pence
    spent = sum(own for own, _ in by_outcome.values())
    other = sum(beside for _, beside in by_outcome.values())
    return BoardSpend(
        by_outcome, dict(sorted(by_year.items())), spent, other, board.grant_pence - spent
    )
