"""What is past its date is in no snapshot; who shows no need leaves where agreements say so."""

import datetime as dt

import pytest

from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.people.reader import SnapshotReader

from .conftest import AGREEMENT, AT, signed, write, write_inbox, write_place
from .test_run import rows_of, run_again


@pytest.fixture
def town(tmp_path):
    folder, data = tmp_path / "p", DataFolder(tmp_path / "p-data").make()
    write_place(folder)
    (folder / "agreements" / "planning.yaml").unlink()
    write_inbox(data, count=24)
    return folder, data


def kinds(receipts):
    return [each.kind for each in receipts]


def test_past_its_date_leaves_every_snapshot_and_is_not_read_between_runs(town):
    folder, data = town
    run_again((folder, data, signed(folder)), AT)
    first = Snapshots(data.snapshots).current()
    assert len(rows_of(first, "events")) == 36
    # Terms began on 1 November 2025 and are kept for 365 days: the last day is 1 November 2026.
    for on, kept in ((dt.date(2026, 11, 1), 24), (dt.date(2026, 11, 2), 0)):
        reader = SnapshotReader(first, today=lambda on=on: on)
        found = reader.rows("SELECT * FROM timeline WHERE kind = 'education.attendance'")
        assert len(found) == kept, on
        reader.close()
    later = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
    report = run_again((folder, data, signed(folder)), later)
    assert any("past its date" in note for note in report.notes)
    for snapshot in Snapshots(data.snapshots).list():
        assert {row["kind"] for row in rows_of(snapshot, "events")} == {
            "crime.antisocial-behaviour"
        }, snapshot.id
    receipts = [e for e in Deletions(data).entries() if e.kind == "retention"]
    assert {e.event["dataset"] for e in receipts} == {"pupils", ""}
    # The person themselves was seen until 20 February 2026 and is kept until a year later.
    current = Snapshots(data.snapshots).current()
    assert rows_of(current, "person_identity")
    again = run_again((folder, data, signed(folder)), later + dt.timedelta(hours=1))
    assert not again.is_published


def test_who_shows_no_need_is_deleted_after_matching(town):
    folder, data = town
    text = AGREEMENT.replace(
        "fields: [identity, contact, education], level: detail, retention_days: 365",
        "fields: [identity, contact, education], level: detail, retention_days: 365, keep: only-with-need",
    )
    assert text != AGREEMENT
    write(folder / "agreements" / "sharing.yaml", text)
    report = run_again((folder, data, signed(folder)), AT)
    assert report.is_published
    snapshot = Snapshots(data.snapshots).current()
    needing = {row["person_id"] for row in rows_of(snapshot, "person_needs")}
    held = rows_of(snapshot, "person_records", "WHERE partner = 'council'")
    sealed = {"S5"}
    assert held
    assert {row["person_id"] for row in held if row["source_id"] not in sealed} <= needing
    assert len(held) < 24
    assert len(rows_of(snapshot, "person_records", "WHERE partner = 'police'")) == 12
    receipts = [e for e in Deletions(data).entries() if e.kind == "unneeded"]
    assert [e.event["dataset"] for e in receipts] == ["pupils"]
    assert receipts[0].event["rows"] == 24 - len(held)
    assert Deletions(data).erased() == frozenset()
    assert not run_again((folder, data, signed(folder)), AT).is_published
