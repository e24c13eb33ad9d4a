"""The words in which loads are shown."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from wholeplace.intake.report import DatasetReport, FileReport

__all__ = [
    "Attention",
    "DatasetLine",
    "FileLine",
    "attention_of",
    "find_file",
    "freshness_words",
    "line_of_dataset",
]


@dataclass(frozen=True)
class FileLine:
    """One extract on the page.

    Attributes:
        mark: what names it in an address.
        state: one word, with its colour.
    """

    report: FileReport
    mark: str
    state: str
    colour: str


@dataclass(frozen=True)
class DatasetLine:
    """One dataset on the page.

    Attributes:
        freshness: how old its newest extract is, in words.
        not_kept: what is not kept → why.
    """

    report: DatasetReport
    partner: str
    freshness: str
    files: tuple[FileLine, ...]
    not_kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Attention:
    """Something that somebody should look into, of the newest extract of one dataset.

    Attributes:
        file: the extract that it is about; None where nothing arrived.
        what: in words, with counts.
    """

    line: DatasetLine
    file: FileLine | None
    what: str


def attention_of(lines: Iterable[DatasetLine]) -> list[Attention]:
    """Return what needs attention: refused, missing and short extracts first, then most rows lost.

    Older extracts are left out: the newest one shows whether a fault was mended.
    """
    found: list[tuple[int, Attention]] = []
    for line in lines:
        newest = line.files[0] if line.files else None
        if newest is None:
            found.append((-1_000_001, Attention(line, None, "nothing has arrived.")))
        elif newest.report.status == "refused":
            what = f"the extract was refused. {newest.report.why_refused}"
            found.append((-1_000_000, Attention(line, newest, what)))
        elif newest.report.is_short:
            what = f"the extract is far shorter than expected. {newest.report.notes[-1]}"
            found.append((-1_000_002, Attention(line, newest, what)))
        elif parts := _lost(newest.report):
            lost = newest.report.rejected + newest.report.unreadable
            found.append((-lost, Attention(line, newest, f"{', '.join(parts)}.")))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def line_of_dataset(report: DatasetReport, partner: str, today: dt.date) -> DatasetLine:
    """Return one dataset as the page shows it, newest extract first."""
    files = tuple(_line_of_file(file) for file in reversed(report.files))
    newest = report.newest
    dropped = (*newest.columns_dropped, *newest.events_dropped) if newest else ()
    return DatasetLine(
        report=report,
        partner=partner,
        freshness=freshness_words(newest.extract_on if newest else None, today),
        files=files,
        not_kept=tuple((drop.name, drop.why) for drop in dropped),
    )


def freshness_words(extract_on: dt.date | None, today: dt.date) -> str:
    """Return how old an extract is, as people say it."""
    if extract_on is None:
        return "nothing loaded yet"
    days = (today - extract_on).days
    if days < 0:
        return "dated in the future"
    for limit, words in _near(days):
        if days < limit:
            return words
    return f"{days // 365} years old" if days >= 730 else "more than a year old"


def find_file(files: Iterable[FileReport], mark: str) -> FileReport | None:
    """Return the file that a mark in an address names."""
    return next((file for file in files if mark and _mark(file) == mark), None)


def _lost(report: FileReport) -> list[str]:
    """Return what of an extract did not get in, in words."""
    counted = (
        (report.rejected, "row rejected", "rows rejected"),
        (report.unreadable, "row unreadable", "rows unreadable"),
        (report.blanked, "value left out", "values left out"),
        (len(report.columns_absent), "column missing", "columns missing"),
    )
    return [f"{number:,} {one if number == 1 else many}" for number, one, many in counted if number]


def _near(days: int) -> Iterable[tuple[int, str]]:
    return (
        (1, "from today"),
        (2, "from yesterday"),
        (14, f"{days} days old"),
        (63, f"{days // 7} weeks old"),
        (365, f"{days // 30} months old"),
    )


def _mark(file: FileReport) -> str:
    return file.quarantine.removesuffix(".parquet")


def _line_of_file(file: FileReport) -> FileLine:
    if file.status == "refused":
        return FileLine(file, "", "Refused", "red")
    if file.is_short:
        return FileLine(file, _mark(file), "May be cut short", "red")
    if file.rejected or file.unreadable:
        return FileLine(file, _mark(file), "Some rows rejected", "yellow")
    if file.blanked:
        return FileLine(file, _mark(file), "Some values left out", "yellow")
    return FileLine(file, _mark(file), "Loaded", "green")
