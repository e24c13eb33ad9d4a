"""What the machine cannot do says nothing about a file: it stops the load and is entered nowhere."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from tests.intake.contracts import SmallPlace, claim, claims, csv_text, everything, nothing, put

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.machine import MachineError, is_of_machine, tell_machine_errors
from wholeplace.foundation.store import Store, StoreError, StoreExhaustedError
from wholeplace.intake import examining, load_inbox, loading
from wholeplace.intake.report import LoadReport

NAME = "claims_2026-10-01.csv"


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    data = DataFolder(tmp_path / "data")
    put(data, "jobcentre", NAME, csv_text([claim(n) for n in range(9)]))
    return data


def load(data: DataFolder) -> LoadReport:
    return load_inbox(SmallPlace({"claims": claims()}), data, everything)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x"), "The disk is full"),
        (OSError(errno.EIO, "x"), "The disk failed"),
        (OSError(errno.EMFILE, "x"), "No more files may be open"),
        (OSError(errno.EACCES, "x"), "may not read or write"),
        (MemoryError(), "memory of this machine ran out"),
        (StoreExhaustedError("a", "The disk is full.", "b"), "The disk is full"),
    ],
)
@pytest.mark.parametrize("step", ["_check_in_engine", "write_partition", "write_held_flags"])
def test_what_the_machine_lacks_is_entered_nowhere_and_the_next_load_loads(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str, step: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(examining, step, fail)
        with pytest.raises(MachineError, match=f"jobcentre/{NAME} was not loaded. .*{said}"):
            load(data)
    assert not list((data.partitions / "claims").iterdir())
    assert load(data).files[-1].accepted == 9


def test_a_disk_that_fills_while_the_entry_is_written_leaves_nothing(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wholeplace.intake import ledger

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "x")

    with monkeypatch.context() as patch, pytest.raises(MachineError, match="disk is full"):
        patch.setattr(ledger, "write_aside", full)
        load(data)
    assert load(data).files[-1].accepted == 9


def test_damage_in_a_file_is_the_file_and_not_the_machine(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: Any) -> None:
        raise OSError("Corrupt snappy compressed data")

    monkeypatch.setattr(examining, "_check_in_engine", damaged)
    file = load(data).files[-1]
    assert (file.status, file.do_next) == ("refused", "Ask the partner to send it again.")


def test_a_file_that_cannot_be_opened_is_named_and_tried_again(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(loading, "file_hash", closed)
        file = load(data).files[-1]
    assert (file.status, file.file) == ("refused", NAME)
    assert file.why_refused == "The file could not be opened: permission denied."
    assert load(data).files[-1].status == "loaded"


def test_the_engine_tells_what_the_machine_lacks_from_what_is_wrong() -> None:
    with Store() as store, pytest.raises(StoreExhaustedError, match="The disk is full"):
        store.run("COPY (SELECT * FROM range(3000000)) TO '/dev/full' (FORMAT parquet)")
    with Store(memory_limit_mb=30) as store, pytest.raises(StoreExhaustedError, match="memory"):
        store.run("CREATE TABLE t AS SELECT list(i) FROM range(30000000) AS r(i)")
    with Store() as store, pytest.raises(StoreError) as found:
        store.run("SELECT CAST('x' AS INTEGER)")
    assert not is_of_machine(found.value)


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(WholeplaceError, match=r"^what$"), tell_machine_errors("stopped"):
        raise WholeplaceError("what")
    with pytest.raises(OSError, match="no number"), tell_machine_errors("stopped"):
        raise OSError("no number")


def test_a_lapsed_field_leaves_the_partition_when_the_resent_file_is_refused(
    data: DataFolder,
) -> None:
    import pyarrow.parquet as pq

    load(data)
    put(data, "jobcentre", NAME, "nothing,of,this,kind\n1,2,3,4\n")
    report = load_inbox(SmallPlace({"claims": claims()}), data, nothing)
    assert {file.status for file in report.files} == {"loaded", "refused"}
    (held,) = (data.partitions / "claims").glob("*.parquet")
    assert "forename" not in pq.read_schema(held).names
    again = load_inbox(SmallPlace({"claims": claims()}), data, nothing)
    assert again.new_files == ()
    assert {file.status for file in again.files} == {"loaded", "refused"}
