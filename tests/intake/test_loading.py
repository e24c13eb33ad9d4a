"""Loading: nothing lost untold, nothing twice, nothing kept that nobody may see."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from tests.intake.contracts import (
    HEADER,
    SmallPlace,
    claim,
    claims,
    csv_text,
    everything,
    nothing,
    put,
)

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.intake import load_inbox, read_quarantine, read_report
from wholeplace.intake.ledger import lock_load
from wholeplace.intake.report import FileReport
from wholeplace.partnership.definitions import Dataset

ROWS = [claim(number) for number in range(12)]
NAME = "claims_2026-10-01.csv"


def load(data: DataFolder, dataset: Dataset, kept: Any = everything) -> FileReport:
    report = load_inbox(SmallPlace({dataset.id: dataset}), data, kept)
    return report.files[-1]


def load_bytes(
    content: bytes, dataset: Dataset | None = None, name: str = NAME
) -> tuple[FileReport, list[str]]:
    """Load one file into a fresh data folder; return its report and the claim ids accepted."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder) / "data")
        put(data, "jobcentre", name, content)
        file = load(data, dataset or claims())
        return file, accepted_ids(data, file)


def accepted_ids(data: DataFolder, file: FileReport) -> list[str]:
    if not file.partition:
        return []
    table = pq.read_table(data.partitions / file.dataset / file.partition)
    return table.column("claim_id").to_pylist()


def reconcile(file: FileReport) -> None:
    assert file.rows_read == file.accepted + file.rejected + file.unreadable


def everything_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("load_report.json", ".lock")
    }


# Laws


@settings(max_examples=20, deadline=None, database=None)
@given(st.data())
def test_no_mangling_crashes_or_loses_a_row_untold(data: Any) -> None:
    text = csv_text(ROWS, end=data.draw(st.sampled_from(["\n", "\r\n"]))).replace(
        "Stone", '"Stone, Jo"', 3
    )
    content = bytearray(text.encode())
    first = len(HEADER) + 2
    marks = st.sampled_from(b'",\n\r\0\xff\xc3;x9"')
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(first, len(content) - 1))
        match data.draw(st.sampled_from(["change", "insert", "cut"])):
            case "change":
                content[place] = data.draw(marks)
            case "insert":
                content.insert(place, data.draw(marks))
            case "cut":
                del content[place : place + data.draw(st.integers(1, 40))]
    file, ids = load_bytes(bytes(content))
    reconcile(file)
    assert file.status == "loaded", file.why_refused
    assert file.accepted == len(ids)
    told = sum(reason.count > 0 for reason in file.reasons)
    assert told or file.accepted == file.rows_read
    # A line that no change touched is a row of its own or part of a row that is reported.
    untouched = set(text.splitlines()) & set(content.decode("latin-1").splitlines())
    lost = [line for line in untouched if line != HEADER and line.split(",")[0] not in ids]
    assert len(lost) <= 3 * (file.rejected + file.unreadable)


@settings(max_examples=15, deadline=None, database=None)
@given(st.binary(max_size=300), st.sampled_from(["csv", "xlsx", "parquet", "jsonl"]), st.booleans())
def test_no_bytes_at_all_crash_a_load(content: bytes, form: str, has_header: bool) -> None:
    dataset = claims(file={"pattern": f"claims_{{date}}.{form}", "format": form})
    if has_header:
        content = HEADER.encode() + b"\n" + content
    file, ids = load_bytes(content, dataset, f"claims_2026-10-01.{form}")
    reconcile(file)
    assert file.accepted == len(ids)
    assert file.status == "loaded" or (file.why_refused and file.do_next)


@settings(max_examples=15, deadline=None, database=None)
@given(st.data())
def test_no_mangled_parquet_or_workbook_crashes(data: Any) -> None:
    form = data.draw(st.sampled_from(["parquet", "xlsx"]))
    content = bytearray(parquet_bytes(ROWS) if form == "parquet" else workbook_bytes(ROWS))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.sampled_from([len(content), len(content) // 2]))]
    dataset = claims(
        file={
            "pattern": f"claims_{{date}}.{form}",
            "format": form,
            "header_row": 1 + 2 * (form == "xlsx"),
        }
    )
    file, _ = load_bytes(bytes(content), dataset, f"claims_2026-10-01.{form}")
    reconcile(file)


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    rows = [*ROWS, claim(50, dob="32/01/1990")]
    put(data, "jobcentre", NAME, csv_text(rows))
    first = load(data, claims())
    held = everything_in(data.path)
    second = load(data, claims())
    assert (first.is_new, second.is_new) == (True, False)
    assert everything_in(data.path) == held
    assert second.model_copy(update={"is_new": True}) == first


def test_the_careful_reader_and_the_fast_one_load_the_same(tmp_path: Path) -> None:
    text = csv_text([claim(n, surname='"O""Neil, Jo"') for n in range(30)])
    tables = []
    for number, content in enumerate((text, text + "\n\n")):
        data = DataFolder(tmp_path / str(number))
        put(data, "jobcentre", NAME, content)
        file = load(data, claims())
        assert bool(file.notes) == bool(number)
        tables.append(pq.read_table(data.partitions / "claims" / file.partition))
    assert tables[0].equals(tables[1])
    assert tables[0].column("surname")[0].as_py() == 'O"Neil, Jo'


# Bad files, each with a clear report


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (csv_text(ROWS).encode("utf-16"), "UTF-16"),
        (csv_text(ROWS, ";").encode(), "separated by semicolons"),
        (csv_text(ROWS).replace("surname", "forename", 1).encode(), "more than once"),
        (
            csv_text(ROWS).replace("claim_id", "Claim ID", 1).encode(),
            "Claim ID may be claim_id renamed",
        ),
        (csv_text(ROWS).replace("customer", "zzz", 1).encode(), "lacks customer"),
        (b'"claim_id,customer\n1,2\n', "header cannot be read"),
        (b"\0\0\0\0\n", "header cannot be read"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_reasons(content: bytes, why: str) -> None:
    file, ids = load_bytes(content)
    assert (file.status, ids, file.rows_read) == ("refused", [], 0)
    assert why in file.why_refused
    assert file.do_next


def test_a_header_alone_loads_no_rows_and_says_nothing_is_wrong() -> None:
    file, ids = load_bytes((HEADER + "\n").encode())
    assert (file.status, file.rows_read, ids, file.is_whole) == ("loaded", 0, [], False)


@pytest.mark.parametrize(
    ("break_line", "words"),
    [
        (lambda line: line + ",x", "too many values: 16 where the header has 15"),
        (lambda line: line.rsplit(",", 2)[0], "too few values: 13 where the header has 15"),
        (lambda line: line.replace("Stone", '"Stone'), "quotation mark that is not closed"),
        (lambda line: line.replace("Stone", '"St"one'), "quotation mark that is not closed"),
        (lambda line: line.replace("Stone", "St\0ne"), "NUL"),
        (lambda line: line.replace("Stone", "Sto\udce9ne"), "not utf-8"),
        (lambda line: line.replace("Stone", "x" * 1_100_000), "longer than"),
    ],
)
def test_a_broken_line_costs_itself_alone(break_line: Any, words: str) -> None:
    lines = csv_text(ROWS).splitlines()
    lines[5] = break_line(lines[5])
    content = ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")
    file, ids = load_bytes(content)
    assert ids == [row["claim_id"] for row in ROWS if row is not ROWS[4]]
    assert (file.rows_read, file.accepted, file.unreadable) == (12, 11, 1)
    (reason,) = file.reasons
    assert words in reason.words


def test_a_file_cut_short_keeps_its_whole_rows_and_is_not_whole() -> None:
    content = csv_text(ROWS).encode()
    file, ids = load_bytes(content[:-30])
    assert ids == [row["claim_id"] for row in ROWS[:-1]]
    assert (file.rejected + file.unreadable, file.is_whole) == (1, False)
    assert any("cut short" in note for note in file.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_of_a_contract_is_read(encoding: str, delimiter: str) -> None:
    form = {
        "pattern": "claims_{date}.csv",
        "format": "csv",
        "encoding": encoding,
        "delimiter": delimiter,
    }
    rows = [claim(1, surname="Brontë")]
    content = csv_text(rows, delimiter, "\r\n").encode(encoding)
    if encoding == "utf-8":
        content = b"\xef\xbb\xbf" + content
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder) / "data")
        put(data, "jobcentre", NAME, content)
        file = load(data, claims(file=form))
        table = pq.read_table(data.partitions / "claims" / file.partition)
    assert table.column("surname").to_pylist() == ["Brontë"]


def test_extra_columns_are_dropped_and_optional_ones_may_be_absent() -> None:
    lines = [",".join([*line.split(",")[:-1], "a secret"]) for line in csv_text(ROWS).splitlines()]
    lines[0] = HEADER.replace("updated", "Notes, private".replace(",", ""))
    file, ids = load_bytes(("\n".join(lines) + "\n").encode())
    assert len(ids) == 12
    assert (file.columns_unknown, file.columns_absent) == (("Notes private",), ("updated",))


# Other formats


def day_of(text: str) -> dt.date:
    day, month, year = map(int, text.split("/"))
    return dt.date(year, month, day)


def workbook_bytes(rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Claims made in Larkbridge"])
    sheet.append([])
    sheet.append(HEADER.split(","))
    for row in rows:
        typed: dict[str, Any] = dict(row)
        typed["dob"] = day_of(row["dob"])
        typed["from"] = dt.date.fromisoformat(row["from"])
        typed["weeks"] = int(row["weeks"])
        typed["uprn"] = int(row["uprn"])
        typed["hidden"] = row["hidden"] == "Y"
        sheet.append([typed[name] for name in HEADER.split(",")])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def parquet_bytes(rows: list[dict[str, str]]) -> bytes:
    table = pa.table({name: [row[name] for row in rows] for name in HEADER.split(",")})
    born = [day_of(row["dob"]) for row in rows]
    place = table.schema.get_field_index("dob")
    made = io.BytesIO()
    pq.write_table(table.set_column(place, "dob", pa.array(born)), made)
    return made.getvalue()


def json_bytes(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row | {"weeks": int(row["weeks"])}) + "\n" for row in rows).encode()


def test_every_format_gives_the_same_partition(tmp_path: Path) -> None:
    written = {
        "csv": (csv_text(ROWS).encode(), 1),
        "xlsx": (workbook_bytes(ROWS), 3),
        "parquet": (parquet_bytes(ROWS), 1),
        "jsonl": (json_bytes(ROWS), 1),
    }
    tables = {}
    for form, (content, header_row) in written.items():
        data = DataFolder(tmp_path / form)
        put(data, "jobcentre", f"claims_2026-10-01.{form}", content)
        layout = {"pattern": f"claims_{{date}}.{form}", "format": form, "header_row": header_row}
        file = load(data, claims(file=layout))
        assert (file.status, file.accepted) == ("loaded", 12), (
            form,
            file.why_refused,
            file.reasons,
        )
        tables[form] = pq.read_table(data.partitions / "claims" / file.partition).to_pylist()
    assert tables["xlsx"] == tables["csv"]
    assert tables["parquet"] == tables["csv"]
    assert tables["jsonl"] == tables["csv"]


def test_a_day_that_lost_its_cell_format_is_still_a_day(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    row: dict[str, Any] = claim(1) | {"dob": 31000}
    sheet.append([row[name] for name in HEADER.split(",")])
    made = io.BytesIO()
    book.save(made)
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", "claims_2026-10-01.xlsx", made.getvalue())
    file = load(data, claims(file={"pattern": "claims_{date}.xlsx", "format": "xlsx"}))
    table = pq.read_table(data.partitions / "claims" / file.partition)
    assert table.column("dob").to_pylist() == [dt.date(1984, 11, 14)]


def test_a_broken_json_line_costs_itself_alone() -> None:
    lines = json_bytes(ROWS).splitlines()
    lines[2] = b'{"claim_id": "CL2", "claim_id": "CL3"}'
    lines[4] = b"[1, 2]"
    lines[6] = b'{"claim_id": "CL\xff"}'
    lines[-1] = lines[-1][:40]
    dataset = claims(file={"pattern": "claims_{date}.jsonl", "format": "jsonl"})
    file, ids = load_bytes(b"\n".join(lines), dataset, "claims_2026-10-01.jsonl")
    assert (file.accepted, file.unreadable, len(ids), file.is_whole) == (8, 4, 8, False)


# Minimisation


def only(*fields: str) -> Any:
    return lambda _: frozenset(fields)


def test_what_nobody_may_see_is_not_stored_and_the_report_says_why(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", NAME, csv_text(ROWS))
    file = load(data, claims(), only("identity.name", "work.unemployment-claim"))
    table = pq.read_table(data.partitions / "claims" / file.partition)
    assert set(table.column_names) == {
        "_row_number", "claim_id", "customer", "forename", "surname", "action", "from", "to",
        "regime", "hidden", "updated",
    }  # fmt: skip
    why = {drop.name: drop.why for drop in file.columns_dropped}
    assert why["nino"] == "no agreement in force lets anyone see identity.nino from jobcentre"
    (dropped,) = file.events_dropped
    assert (dropped.name, dropped.rows) == ("finance.sanction", 6)
    assert "finance.sanction from jobcentre" in dropped.why
    days = {row["action"]: row["from"] for row in table.to_pylist()}
    assert days["sanction"] is None
    assert days["claim"] is not None


def test_a_lapse_takes_columns_away_and_a_beginning_brings_them_back(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", NAME, csv_text(ROWS))
    whole = load(data, claims())
    first = everything_in(data.partitions)
    lapsed = load(data, claims(), nothing)
    assert lapsed.is_new
    assert b"Name1" not in b"".join(everything_in(data.path / "partitions").values())
    assert len(list((data.partitions / "claims").glob("*.parquet"))) == 1
    assert load(data, claims()).partition == whole.partition
    assert everything_in(data.partitions).keys() == first.keys()


def test_a_lapse_reaches_a_partition_whose_file_is_gone(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    path = put(data, "jobcentre", NAME, csv_text(ROWS))
    load(data, claims())
    path.unlink()
    file = load(data, claims(), only("identity.name", "finance.sanction"))
    table = pq.read_table(data.partitions / "claims" / file.partition)
    assert "dob" not in table.column_names
    assert {row["from"] is None for row in table.to_pylist() if row["action"] == "claim"} == {True}
    assert (file.is_arrived, file.accepted) == (False, 12)
    assert not load(data, claims(), only("identity.name", "finance.sanction")).is_new


# Quarantine, report, ledger


def test_the_quarantine_names_row_and_rule_and_never_the_value(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    rows = [
        claim(0),
        claim(1, dob="31/02/1980", weeks="many", nino="QQ123456C"),
        claim(2, postcode="LB!"),
    ]
    put(data, "jobcentre", NAME, csv_text(rows))
    file = load(data, claims())
    faults = [
        (f.row_number, f.action, f.column, f.rule, f.shape) for f in read_quarantine(data, file)
    ]
    assert faults == [
        (2, "rejected", "dob", "type", "99/99/9999"),
        (2, "rejected", "weeks", "type", "aaaa"),
        (3, "blanked", "postcode", "postcode", "AA!"),
    ]
    assert (file.accepted, file.rejected, file.blanked) == (2, 1, 1)
    held = (data.quarantine / "claims" / file.quarantine).read_bytes()
    held += (data.partitions / "load_report.json").read_bytes()
    assert b"QQ123456C" not in held
    assert b"many" not in held


def test_unknown_files_and_the_report_can_be_read_again(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", NAME, csv_text(ROWS))
    put(data, "jobcentre", "claims_2026-13-01.csv", "x")
    put(data, "stranger", NAME, "x")
    (data.inbox / "loose.csv").write_text("x")
    report = load_inbox(SmallPlace({"claims": claims()}), data, everything)
    assert report.unknown_files == (
        "jobcentre/claims_2026-13-01.csv",
        "loose.csv",
        f"stranger/{NAME}",
    )
    assert read_report(data) == report


def test_a_bad_resend_does_not_take_the_place_of_a_good_file(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", NAME, csv_text(ROWS))
    good = load(data, claims())
    put(data, "jobcentre", NAME, b"")
    report = load_inbox(SmallPlace({"claims": claims()}), data, everything)
    assert {(file.status, file.accepted) for file in report.files} == {
        ("loaded", 12),
        ("refused", 0),
    }
    assert (data.partitions / "claims" / good.partition).exists()
    put(data, "jobcentre", NAME, csv_text(ROWS[:5]))
    report = load_inbox(SmallPlace({"claims": claims()}), data, everything)
    assert [(file.status, file.accepted) for file in report.files] == [("loaded", 5)]


def test_a_full_extract_keeps_the_first_of_rows_that_repeat_a_key(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    rows = [claim(1, dob="nonsense"), claim(1), claim(1, regime="light"), claim(2)]
    put(data, "jobcentre", NAME, csv_text(rows))
    full = {"pattern": "claims_{date}.csv", "format": "csv", "update": "full"}
    file = load(data, claims(file=full))
    table = pq.read_table(data.partitions / "claims" / file.partition)
    assert table.column("_row_number").to_pylist() == [2, 4]
    assert {(r.rule, r.count) for r in file.reasons} == {("type", 1), ("key", 1)}


def test_two_loads_at_once_are_refused(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data").make()
    with lock_load(data), pytest.raises(UnsafeActionError, match="Another load is running"):
        load_inbox(SmallPlace({}), data, everything)


KILLED = """
import os, sys
from pathlib import Path
from tests.intake.contracts import SmallPlace, claims, everything
from wholeplace.foundation.folders import DataFolder
from wholeplace.intake.loading import load_inbox
left = int(sys.argv[2])
def die(event, _):
    global left
    if event in ("os.rename", "os.remove", "open") and "data" in str(_):
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(die)
load_inbox(SmallPlace({"claims": claims()}), DataFolder(Path(sys.argv[1])), everything)
"""


@pytest.mark.parametrize("step", [2, 9, 13, 15, 400])
def test_a_kill_at_any_step_leaves_all_of_a_file_or_nothing(tmp_path: Path, step: int) -> None:
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", NAME, csv_text([*ROWS, claim(40, dob="x")]))
    command = [sys.executable, "-c", KILLED, str(data.path), str(step)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, check=False, env=environment, capture_output=True)
    assert done.returncode in (0, 9), done.stderr
    assert done.returncode == (0 if step == 400 else 9)
    for entry in (data.partitions / "claims").glob("*.json"):
        file = FileReport.model_validate_json(entry.read_text())
        assert len(accepted_ids(data, file)) == 12
        assert (data.quarantine / "claims" / file.quarantine).exists()
    file = load(data, claims())
    assert (file.accepted, file.rejected) == (12, 1)
    left = [path.name for path in data.partitions.rglob("*") if path.name.startswith(".aside")]
    assert left == []
    assert len(list(data.path.rglob("*.parquet"))) == 2
