"""Reading a quarantine: what is wrong with which row, never with what value."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store, quote_text
from wholeplace.intake.report import FileReport

__all__ = ["QuarantinedFault", "read_quarantine"]


@dataclass(frozen=True)
class QuarantinedFault:
    """One thing wrong with one row of an extract.

    Attributes:
        row_number: one-based, the header not counted.
        action: `rejected`, `blanked` or `unreadable`.
        column: the column, empty where the row could not be told into columns.
        rule: the rule broken.
        words: what is wrong.
        shape: the value with every letter as A or a and every digit as 9.
    """

    row_number: int
    action: str
    column: str
    rule: str
    words: str
    shape: str


def read_quarantine(
    data: DataFolder,
    file: FileReport,
    *,
    rule: tuple[str, str] | None = None,
    first: int = 0,
    limit: int = 100,
) -> Sequence[QuarantinedFault]:
    """Return faults of one file in the order of its rows.

    Args:
        data: the data folder.
        file: the file's report.
        rule: only faults of this column and rule.
        first: how many faults to pass over.
        limit: most faults to return.

    Raises:
        NotFoundError: if the file has no quarantine.
    """
    path = data.quarantine / file.dataset / file.quarantine
    if not file.quarantine or not path.is_file():
        raise NotFoundError(
            f"{file.file} has nothing in quarantine.",
            "Every row was accepted, or the file was refused as a whole.",
            "See its line in the load report.",
        )
    where = ""
    given: dict[str, object] = {"limit": limit, "first": first}
    if rule is not None:
        where = 'WHERE "column" = $column AND rule = $rule '
        given |= {"column": rule[0], "rule": rule[1]}
    with Store() as store:
        rows = store.rows(
            'SELECT row_number, action, "column", rule, words, shape '
            f"FROM read_parquet({quote_text(str(path))}) {where}"
            'ORDER BY row_number, "column", rule LIMIT $limit OFFSET $first',
            given,
        )
    return [QuarantinedFault(**row) for row in rows]
