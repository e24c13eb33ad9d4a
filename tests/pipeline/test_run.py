"""A run publishes all or nothing, does again only what changed, and survives being killed."""

import datetime as dt
import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap

import pytest

from wholeplace.agreements import MemorySignOffs
from wholeplace.foundation.errors import CheckFailedError, UnsafeActionError, WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import Store
from wholeplace.pipeline import restore_snapshot, run_pipeline
from wholeplace.pipeline.lock import hold_run_lock

from .conftest import (
    AGREEMENT,
    AT,
    PLANNING,
    people,
    signed,
    write,
    write_inbox,
    write_place,
    write_rows,
)

STAGES = ("check", "rules", "intake", "standard", "link", "places", "people", "publish")
BUILDING = ("standard", "link", "places", "people")
LATER = AT + dt.timedelta(hours=1)

# Imports once, then forks one real process for each moment at which it is to be killed.
KILLER = textwrap.dedent(
    """
    import datetime as dt, json, os, pickle, signal, sys
    from pathlib import Path
    import splink.backends.duckdb
    import shapely
    from wholeplace.foundation.folders import DataFolder
    from wholeplace.foundation.snapshots import Snapshots
    from wholeplace.pipeline.run import run_pipeline

    class Killing:
        def __init__(self, moment):
            self.moment = moment
        def start(self, name):
            self.reached(f"{name} start")
        def note(self, name, text):
            self.reached(f"{name} note {text}")
        def finish(self, report):
            self.reached(f"{report.name} finish")
        def reached(self, moment):
            if moment == self.moment:
                os.kill(os.getpid(), signal.SIGKILL)

    folder, data = Path(sys.argv[1]), DataFolder(Path(sys.argv[2]))
    at, moments = dt.datetime.fromisoformat(sys.argv[3]), sys.argv[4:]
    sign_offs = pickle.load(sys.stdin.buffer)
    told = {}
    for moment in moments:
        child = os.fork()
        if child == 0:
            run_pipeline(folder, data, sign_offs=sign_offs, at=at, progress=Killing(moment))
            os._exit(0)
        ended = os.waitpid(child, 0)[1]
        current = Snapshots(data.snapshots).current()
        rows = current.manifest["tables"]["person_records"]
        told[moment] = [-os.WTERMSIG(ended), current.id, rows]
    print(json.dumps(told))
    """
)


def run_again(town, at=LATER, **more):
    folder, data, sign_offs = town
    return run_pipeline(folder, data, sign_offs=sign_offs, at=at, **more)


def rows_of(snapshot, table, where=""):
    with Store() as store:
        store.view_parquet("t", snapshot.table(table))
        return store.rows(f"SELECT * FROM t {where}")


@pytest.fixture(scope="module")
def first(littleham):
    return run_again(littleham, AT)


def test_a_run_finds_everybody_once_and_publishes_every_table(littleham, first):
    snapshot = Snapshots(littleham[1].snapshots).current()
    assert (first.is_published, first.snapshot_id, first.people) == (True, snapshot.id, 48)
    assert {stage.name for stage in first.stages} == set(STAGES)
    manifest = snapshot.manifest
    assert manifest["as_of"] == "2026-03-02"
    assert set(manifest["tables"]) == set(snapshot.tables)
    assert {"council", "police"} == {r["partner"] for r in rows_of(snapshot, "timeline")}
    assert set(manifest) == {
        "as_of",
        "built_at",
        "code_version",
        "covered",
        "inputs",
        "keeping",
        "link",
        "ruleset_hash",
        "stages",
        "tables",
    }
    for name, rows in manifest["tables"].items():
        assert len(rows_of(snapshot, name)) == rows
    sealed = rows_of(snapshot, "subject_flags", "WHERE value <> 'no'")
    assert [(row["flag"], row["value"], row["partner"]) for row in sealed] == [
        ("sealed", "yes", "council")
    ]


def test_needs_and_counts_by_area_come_from_the_rules(littleham, first):
    snapshot = Snapshots(littleham[1].snapshots).current()
    needs = rows_of(snapshot, "person_needs")
    assert needs
    with_area = rows_of(snapshot, "area_needs")
    sealed = {row["person_id"] for row in rows_of(snapshot, "subject_flags", "WHERE value <> 'no'")}
    assert sealed & {row["person_id"] for row in needs}, "the sealed person has a need"
    counted = [row for row in needs if row["person_id"] not in sealed]
    assert sum(row["people"] for row in with_area) == len(counted)
    assert {row["recipient"] for row in with_area} == {"council"}
    assert {(row["area_code"], row["residents"]) for row in with_area} == {("W1", 24), ("W2", 23)}


def test_counts_follow_the_agreements_without_new_extracts(tmp_path):
    folder, data = tmp_path / "littleham", DataFolder(tmp_path / "littleham-data").make()
    write_place(folder)
    write_inbox(data)
    run_again((folder, data, signed(folder)), AT)
    counted = "WHERE people > 0"
    before = rows_of(Snapshots(data.snapshots).current(), "area_needs", counted)
    assert {row["need"] for row in before} == {"young-person-crime"}
    without = PLANNING.replace("fields: [crime]", "fields: [contact.phone]")
    write(folder / "agreements" / "planning.yaml", without)
    run_again((folder, data, signed(folder)))
    assert rows_of(Snapshots(data.snapshots).current(), "area_needs", counted) == []


def test_restoring_counts_nobody_who_was_sealed_since(tmp_path):
    folder, data = tmp_path / "littleham", DataFolder(tmp_path / "littleham-data").make()
    write_place(folder)
    write_inbox(data)
    town = (folder, data, signed(folder))
    earlier = run_again(town, AT).snapshot_id
    sealed = {"row": "P7", **people(48)[7], "term": "2025-11-01", "missed": 0.02}
    write_rows(
        data.inbox / "council" / "pupils_2026-03-02.csv",
        [{**sealed, "sealed": "Y", "seen": "2026-03-01"}],
    )
    run_again(town)
    restored = restore_snapshot(data, earlier, LATER + dt.timedelta(hours=1))
    assert sum(row["people"] for row in rows_of(restored, "area_needs")) == 22
    assert {row["residents"] for row in rows_of(restored, "area_needs")} == {24, 22}


def test_a_second_run_on_the_same_input_publishes_nothing(littleham, first):
    before = sorted(path.name for path in littleham[1].snapshots.iterdir())
    again = run_again(littleham)
    assert not again.is_published
    assert (again.snapshot_id, again.people) == (first.snapshot_id, first.people)
    assert {stage.name for stage in again.stages} == {"check", "rules", "intake"}
    assert sorted(path.name for path in littleham[1].snapshots.iterdir()) == before


def test_another_day_reuses_linkage_by_hard_link(littleham, first):
    old = Snapshots(littleham[1].snapshots).current()
    report = run_again(littleham, as_of=dt.date(2026, 6, 1))
    new = Snapshots(littleham[1].snapshots).current()
    reused = {stage.name for stage in report.stages if stage.is_reused}
    assert reused == {"standard", "link"}
    assert report.as_of == dt.date(2026, 6, 1)
    for table in ("records", "person_records", "household_members"):
        assert old.table(table).samefile(new.table(table))
    assert new.manifest["link"] == old.manifest["link"]
    # The list that seals people is 92 days old by then, so of nobody is it known to be no.
    assert {row["value"] for row in rows_of(new, "subject_flags")} == {"yes", "unknown"}


def test_a_run_killed_at_any_stage_leaves_the_last_snapshot_serving(littleham, first):
    folder, data, sign_offs = littleham
    before = Snapshots(data.snapshots).current()
    write_inbox(data, count=50, day=dt.date(2026, 3, 2))
    # What is new is little, so only that is linked: against the index of the last snapshot.
    linking = [f"link note {stage}" for stage in ("changes", "compare", "group", "households")]
    moments = [*(f"{stage} start" for stage in STAGES), *linking, "people finish"]
    command = [sys.executable, "-c", KILLER, folder, data.path, LATER.isoformat(), *moments]
    ended = subprocess.run(
        [str(part) for part in command],
        input=pickle.dumps(sign_offs),
        capture_output=True,
        timeout=120,
    )
    told = json.loads(ended.stdout or "{}")
    rows = before.manifest["tables"]["person_records"]
    assert told == {moment: [-signal.SIGKILL, before.id, rows] for moment in moments}
    assert len(rows_of(before, "person_records")) == rows
    assert all(each.manifest for each in Snapshots(data.snapshots).list())


def test_the_run_after_a_killed_one_sweeps_up_and_publishes(littleham, first):
    data = littleham[1]
    learnt = rows_of(Snapshots(data.snapshots).current(), "link_version")[0]["hash"]
    report = run_again(littleham, LATER)
    assert report.is_published
    assert report.people == 50
    assert report.linking == "only what changed was linked"
    assert rows_of(Snapshots(data.snapshots).current(), "link_version")[0]["hash"] == learnt
    assert Snapshots(data.snapshots).current().manifest["link"]["way"] == "delta"
    assert not list(data.snapshots.glob("draft-*"))
    assert not list(data.path.glob("work-*"))


def test_linking_everything_says_why_and_a_delta_is_refused_where_it_cannot_be(tmp_path):
    folder, data = tmp_path / "littleham", DataFolder(tmp_path / "littleham-data").make()
    write_place(folder)
    write_inbox(data)
    town = (folder, data, signed(folder))
    with pytest.raises(WholeplaceError, match="nothing was linked before"):
        run_again(town, AT, linking="delta")
    assert run_again(town, AT).linking == "all records were linked: nothing was linked before"
    assert not run_again(town, linking="delta").is_published
    before = linked_people(data)
    again = run_again(town, linking="full")
    assert again.linking == "all records were linked: it was asked for"
    assert again.is_published
    assert linked_people(data) == before
    write_inbox(data, count=90, day=dt.date(2026, 3, 2))
    with pytest.raises(WholeplaceError, match="of the records came"):
        run_again(town, linking="delta")
    assert linked_people(data) == before
    assert "of the records came" in run_again(town).linking


def linked_people(data):
    return rows_of(Snapshots(data.snapshots).current(), "person_records", "ORDER BY record_id")


def test_a_delta_publishes_what_linking_everything_would(tmp_path):
    results = []
    for linking in ("delta", "full"):
        folder, data = tmp_path / linking, DataFolder(tmp_path / f"{linking}-data").make()
        write_place(folder)
        write_inbox(data)
        town = (folder, data, signed(folder))
        run_again(town, AT)
        write_inbox(data, count=50, day=dt.date(2026, 3, 2))
        run_again(town, linking=linking)
        snapshot = Snapshots(data.snapshots).current()
        tables = ("person_records", "household_members", "households", "timeline", "person_needs")
        results.append({name: rows_of(snapshot, name) for name in tables})
    assert results[0] == results[1]


def test_a_second_run_at_the_same_time_is_told_who_runs(littleham):
    told = pytest.raises(UnsafeActionError, match=f"Process {os.getpid()} on .* since 2026")
    with hold_run_lock(littleham[1], AT), told:
        run_again(littleham)
    run_again(littleham)


def test_a_fault_in_the_place_folder_stops_the_run_before_anything(littleham, first):
    folder, data, _ = littleham
    before = Snapshots(data.snapshots).current().id
    write(folder / "agreements" / "sharing.yaml", AGREEMENT.replace("education", "eduction"))
    with pytest.raises(CheckFailedError, match="eduction"):
        run_again(littleham)
    write(folder / "agreements" / "sharing.yaml", AGREEMENT)
    assert Snapshots(data.snapshots).current().id == before


def test_without_an_agreement_in_force_nothing_is_shown_and_the_report_says_why(littleham, first):
    folder, data, _ = littleham
    report = run_pipeline(folder, data, sign_offs=MemorySignOffs(), at=LATER)
    assert any("No agreement is in force" in note for note in report.notes)
    snapshot = Snapshots(data.snapshots).current()
    assert rows_of(snapshot, "timeline") == []
    assert rows_of(snapshot, "person_identity") == []


def test_going_back_to_an_earlier_snapshot_unseals_nobody(tmp_path):
    from wholeplace.foundation.folders import DataFolder

    from .conftest import write_place

    folder, data = tmp_path / "p", DataFolder(tmp_path / "p-data").make()
    write_place(folder)
    write_inbox(data)
    town = (folder, data, signed(folder))
    earlier = run_again(town, AT).snapshot_id
    someone = people(48)[7]
    row = {"row": "P7", **someone, "term": "2025-11-01", "missed": 0, "sealed": "Y"}
    write_rows(data.inbox / "council" / "pupils_2026-03-02.csv", [row | {"seen": "2026-03-01"}])
    run_again(town)
    restored = restore_snapshot(data, earlier, LATER + dt.timedelta(hours=1))
    assert restored.manifest["restored_from"] == earlier
    assert Snapshots(data.snapshots).current().id == restored.id
    assert len(rows_of(restored, "subject_flags", "WHERE value = 'yes'")) == 2
    assert len(rows_of(restored, "timeline")) == restored.manifest["tables"]["timeline"]
    after = run_again(town, LATER + dt.timedelta(hours=2))
    assert after.is_published
    assert restore_snapshot(data, after.snapshot_id, LATER).id == after.snapshot_id
    with pytest.raises(WholeplaceError, match="no snapshot nonsense"):
        restore_snapshot(data, "nonsense", LATER)


def test_spark_is_refused_clearly(littleham):
    with pytest.raises(WholeplaceError, match="not built yet"):
        run_again(littleham, engine="spark")
