"""Reading one body's budget: every row is taken or refused with its reason; nothing is guessed."""

import csv
import io
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["COLUMNS", "THEMES", "BudgetLine", "ReadBudget", "RowFault", "read_budget"]

COLUMNS = ("line", "service", "theme", "pounds", "need", "area")
"""The columns of a budget file; `need` and `area` may be empty."""

THEMES = {
    "children": "Children and families",
    "education": "Schools and learning",
    "health": "Health",
    "adults": "Adult social care",
    "housing": "Housing and homelessness",
    "crime": "Police and justice",
    "work": "Work and benefits",
    "community": "Neighbourhoods and community",
    "running": "Running the organisation",
}
"""What money is spent on: one short list, so that bodies can be added up."""

_MOST_ROWS = 5_000
_LINE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9./ -]{0,39}$")


@dataclass(frozen=True)
class BudgetLine:
    """One line of a body's budget, for one year.

    Attributes:
        line: the body's own code.
        need: the need that it is mostly spent on, `framework/need`; empty for everybody.
        area: code of the area that it is for; empty for the whole place.
    """

    line: str
    service: str
    theme: str
    pence: int
    need: str = ""
    area: str = ""

    def as_plain(self) -> dict[str, Any]:
        """Return the line as plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True, order=True)
class RowFault:
    """Why a row was refused: its number in the file, the column, and what to do."""

    row: int
    column: str
    why: str


@dataclass(frozen=True)
class ReadBudget:
    """A budget file as read.

    Attributes:
        lines: sound rows.
        faults: every reason for every row refused; a file with any is not taken.
    """

    lines: tuple[BudgetLine, ...]
    faults: tuple[RowFault, ...]

    @property
    def total_pence(self) -> int:
        """All sound rows together."""
        return sum(each.pence for each in self.lines)


def read_budget(content: bytes, *, needs: Collection[str], areas: Collection[str]) -> ReadBudget:
    """Read a budget file.

    Args:
        content: CSV as UTF-8, with the columns of `COLUMNS` in any order.
        needs: needs that the place knows, `framework/need`.
        areas: codes of areas that the place knows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("the file is not UTF-8 text; save it again as “CSV UTF-8”")
    if "\0" in text:
        return _refused("the file is not text; save the sheet as “CSV UTF-8”")
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        return _refused("a quotation mark is opened and never closed")
    if not rows:
        return _refused("the file is empty")
    header = [each.strip().lower() for each in rows[0]]
    lost = [each for each in COLUMNS if each not in header]
    if lost or len(set(header)) != len(header):
        return _refused(
            f"the first row must name each column once: {', '.join(COLUMNS)}"
            + (f"; missing: {', '.join(lost)}" if lost else "")
        )
    if len(rows) > _MOST_ROWS:
        return _refused(f"the file has more than {_MOST_ROWS:,} rows")
    return _read_rows(header, rows[1:], frozenset(needs), frozenset(areas))


def _refused(why: str) -> ReadBudget:
    return ReadBudget((), (RowFault(1, "", why),))


def _read_rows(
    header: list[str], rows: list[list[str]], needs: frozenset[str], areas: frozenset[str]
) -> ReadBudget:
    lines, faults, seen = list[BudgetLine](), list[RowFault](), dict[str, int]()
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            faults.append(RowFault(number, "", f"has {len(row)} cells, not {len(header)}"))
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
        own = _row_faults(number, cells, needs, areas)
        if (first := seen.setdefault(cells["line"], number)) != number:
            own.append(RowFault(number, "line", f"stands in row {first} already"))
        faults += own
        if not own:
            lines.append(
                BudgetLine(
                    cells["line"], cells["service"], cells["theme"],
                    int(_pounds(cells["pounds"]) * 100), cells["need"], cells["area"],
                )
            )  # fmt: skip
    if not lines and not faults:
        return _refused("the file has no rows below its first")
    return ReadBudget(tuple(lines), tuple(sorted(faults)))


def _row_faults(
    number: int, cells: dict[str, str], needs: frozenset[str], areas: frozenset[str]
) -> list[RowFault]:
    found = []
    if not _LINE.match(cells["line"]):
        found.append(RowFault(number, "line", "is no code of letters, digits and single signs"))
    if not cells["service"] or len(cells["service"]) > 120:
        found.append(RowFault(number, "service", "is missing or longer than 120 characters"))
    if cells["theme"] not in THEMES:
        found.append(RowFault(number, "theme", f"is none of {', '.join(THEMES)}"))
    try:
        pounds = _pounds(cells["pounds"])
        if not pounds.is_finite() or pounds <= 0 or pounds >= 10**11:
            raise InvalidOperation
        if pounds * 100 != int(pounds * 100):
            found.append(RowFault(number, "pounds", "has parts of a penny"))
    except (InvalidOperation, ValueError):
        found.append(RowFault(number, "pounds", "is no amount more than nothing, such as 125000"))
    if cells["need"] and cells["need"] not in needs:
        found.append(RowFault(number, "need", "is no need of this place; see Needs and rules"))
    if cells["area"] and cells["area"] not in areas:
        found.append(RowFault(number, "area", "is no area of this place"))
    return found


def _pounds(text: str) -> Decimal:
    plain = text.replace("£", "").replace(",", "").strip()
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain):
        raise InvalidOperation
    return Decimal(plain)
