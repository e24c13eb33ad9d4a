"""What leaves: files in which nothing runs, and the last look before they go."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from wholeplace.foundation.disclosure import protect_counts
from wholeplace.foundation.protected import ProtectedCount, ProtectedTable
from wholeplace.foundation.sheet import Sheet, write_sheet
from wholeplace.foundation.sheet_check import check_sheet

MARK = ("Request 2345-6789-ABCD",)


def sheet(*rows: tuple[object, ...], counts: tuple[int, ...] = (1,), **given: object) -> Sheet:
    columns = tuple(f"c{number}" for number in range(len(rows[0]) if rows else 2))
    return Sheet("Title", ("A note.",), columns, tuple(rows), counts, **given)  # type: ignore[arg-type]


@given(st.text(max_size=40), st.integers(0, 10**6), st.sampled_from(["csv", "xlsx"]))
def test_no_cell_of_a_file_is_a_formula(typed: str, number: int, form: str) -> None:
    printable = "".join(each for each in typed if each.isprintable())
    held = sheet((f"={printable}", number), (f"@{printable}", number), (printable, number))
    content = write_sheet(held, form, (f"-{printable}",))  # type: ignore[arg-type]
    if form == "csv":
        cells = [c for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for c in row]
    else:
        page = load_workbook(io.BytesIO(content)).active
        assert page is not None
        assert all(cell.data_type != "f" for row in page for cell in row)
        cells = ["" if c.value is None else str(c.value) for row in page for c in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert str(number) in cells


def test_the_mark_stands_in_the_file_and_on_its_printed_pages() -> None:
    text = write_sheet(sheet(("a", 10)), "csv", MARK).decode("utf-8-sig")
    assert text.splitlines()[:2] == ["Title", MARK[0]]
    page = load_workbook(io.BytesIO(write_sheet(sheet(("a", 10)), "xlsx", MARK))).active
    assert page is not None
    assert page["A2"].value == MARK[0]
    assert page.oddFooter.center.text == MARK[0]


def test_a_workbook_hides_nothing_and_names_nobody() -> None:
    book = load_workbook(io.BytesIO(write_sheet(sheet(("a", 10)), "xlsx", MARK)))
    assert [each.sheet_state for each in book.worksheets] == ["visible"]
    assert not [d for d in book.worksheets[0].column_dimensions.values() if d.hidden]
    assert book.properties.creator == "Wholeplace"
    assert book.properties.lastModifiedBy is None


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (1, "7 or fewer"),
        (7, "7 or fewer"),
        (12.5, "whole number"),
        (-5, "whole number"),
        ("lives at LB1 4QT", "postcode"),
        ("QQ 12 34 56 C", ""),
        ("AB 12 34 56 C", "National Insurance"),
        ("A123456789012", "pupil"),
        ("sam@example.org", "e-mail"),
        ("01632 960101", "telephone"),
        ("+44 1632 960101", "telephone"),
        ("943 476 5919", "NHS number"),
        (9434765919, "NHS number"),
        ("14/03/1992", "date of birth"),
        ("1992-03-14", "date of birth"),
        ("fewer than 8", ""),
        ("not shown", ""),
        (0, ""),
        (1240, ""),
        ("Weaver Street and Priory", ""),
    ],
)
def test_the_last_look_finds_what_must_not_leave(cell: object, what: str) -> None:
    findings = check_sheet(sheet(("Area", cell)))
    assert (what in findings[0].what) if what else not findings
    if isinstance(cell, str):
        assert all(cell not in f"{each.what} {each.where}" for each in findings)


def test_a_small_number_that_is_no_count_may_leave() -> None:
    assert not check_sheet(sheet(("Area", 3), counts=()))


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_what_disclosure_control_protected_passes(counts: list[int]) -> None:
    table = protect_counts({f"area {n}": each for n, each in enumerate(counts)})
    rows = tuple(
        (name, table.count(name).shown if table.count(name).is_shown else str(table.count(name)))
        for name in table.rows
    )
    assert not check_sheet(sheet(*rows, tables=(table,)))


def test_a_table_that_gives_a_hidden_count_away_is_stopped() -> None:
    shown = {("cell", "a"): ProtectedCount(20), ("cell", "b"): ProtectedCount(None, "small"),
             ("total",): ProtectedCount(23)}  # fmt: skip
    table = ProtectedTable(("a", "b"), (), shown, 7, 1, zeros_are_safe=False, error_at_most=0)
    assert "worked out" in check_sheet(sheet(("a", 20), tables=(table,)))[0].what
