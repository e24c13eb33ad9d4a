"""The tour's rows: all twenty, honest about what is not built."""

import pytest
from pydantic import ValidationError

from wholeplace.web.site.mission import Row, mission_rows


def test_all_twenty_rows_stand_in_order() -> None:
    rows = mission_rows()
    assert [row.id for row in rows] == [
        *(f"C{n}" for n in range(1, 6)),
        *(f"I{n}" for n in range(1, 11)),
        "NDC", "NRF", "TP", "SF", "WPCB",
    ]  # fmt: skip
    assert all(row.answer and row.harlows and row.changes for row in rows)


ROW = {"id": "X", "kind": "stops", "name": "n", "answer": "a", "changes": ("c",), "harlows": "h"}


@pytest.mark.parametrize(
    "rest",
    [
        {"built": True},
        {"built": False},
        {"built": False, "later": "l", "persona": "p", "opens": "o"},
        {"built": False, "now": "n", "persona": "p", "opens": "o"},
        {"built": False, "now": "n", "later": "l"},
    ],
)
def test_a_row_that_promises_too_much_is_refused(rest: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Row.model_validate({**ROW, **rest})
