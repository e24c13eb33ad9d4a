"""What may be asked for through the airlock: each app registers the reports that it can make.

A report is made for one viewer, under the agreements in force, as protected counts. Apps never
hand out a file themselves: `web/exports` asks the report for a sheet, checks it, has it decided
on, and gives it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.sheet import Sheet

__all__ = ["MadeReport", "Report", "ReportChoice", "find_report", "register_report", "reports"]


@dataclass(frozen=True)
class ReportChoice:
    """One thing to choose before a report can be made: a need, a set of boundaries.

    Attributes:
        name: key of the parameter.
        options: value and words.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MadeReport:
    """A report as it would leave.

    Attributes:
        clauses: refs of the clauses under which the figures were made.
        snapshot_id: the snapshot that they were counted from.
        words: what was chosen, in words.
    """

    sheet: Sheet
    clauses: tuple[str, ...]
    snapshot_id: str
    words: str


class Report(Protocol):
    """One kind of table that an app can make."""

    @property
    def id(self) -> str:
        """Stands for the report in addresses and in the trail."""
        ...

    @property
    def title(self) -> str:
        """The words for it."""
        ...

    def choices(self, viewer: Viewer) -> Sequence[ReportChoice]:
        """Return what this viewer can choose; nothing to choose from where they may have none."""
        ...

    def why_not(self, viewer: Viewer, chosen: Mapping[str, str]) -> str:
        """Return why agreements do not let the viewer have it now; empty where they do."""
        ...

    def make(self, viewer: Viewer, chosen: Mapping[str, str]) -> MadeReport:
        """Return the report as it would leave.

        Raises:
            NotFoundError: if there is nothing to make it of.
        """
        ...


_reports: dict[str, Report] = {}


def register_report(report: Report) -> None:
    """Offer a report through the airlock; called once, when an app starts.

    Raises:
        ValueError: if another report has its id.
    """
    if type(_reports.setdefault(report.id, report)) is not type(report):
        raise ValueError(f"two reports are called {report.id}")


def reports() -> tuple[Report, ...]:
    """Return every report, in order of title."""
    return tuple(sorted(_reports.values(), key=lambda each: each.title))


def find_report(report_id: str) -> Report | None:
    """Return a report, or None where no app makes it any more."""
    return _reports.get(report_id)
