"""Whoever is erased is in no snapshot, partition or quarantine, as if they had never been there."""

import csv
import datetime as dt
import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import Store, quote_text
from wholeplace.partnership.folder import load_place
from wholeplace.pipeline import restore_snapshot
from wholeplace.pipeline.erasing import erase_from_snapshots, find_anchors

from .conftest import AT, signed, write_inbox, write_place, write_rows
from .test_run import LATER, rows_of, run_again

# Ids and days of what happened to ids, and counts of the link figures, are not of anybody.
TABLES_ALIKE = (
    "area_needs", "areas", "countable_facts", "events", "flag_reach", "flags",
    "household_members", "households", "identity_events", "involvements", "link_edges",
    "need_conditions", "need_evidence", "person_areas", "person_identity", "person_needs",
    "person_records", "record_rows", "records", "search_keys", "subject_flags", "timeline",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Littleham run twice, with two snapshots that differ."""
    home = tmp_path_factory.mktemp("erasing")
    folder, data = home / "p", DataFolder(home / "p-data").make()
    write_place(folder)
    write_inbox(data)
    run_again((folder, data, signed(folder)), AT)
    write_inbox(data, count=50, day=dt.date(2026, 3, 2))
    run_again((folder, data, signed(folder)))
    return folder, data


def copy_of(built, home):
    folder, data = built
    shutil.copytree(folder, home / "p")
    shutil.copytree(data.path, home / "p-data", symlinks=True)
    return home / "p", DataFolder(home / "p-data")


def without(data, gone, home):
    """The same inbox less the rows of whoever is gone."""
    fewer = DataFolder(home / "fewer").make()
    for path in data.inbox.glob("*/*.csv"):
        dataset = path.name.split("_")[0]
        with path.open(newline="", encoding="utf-8") as stream:
            rows = [r for r in csv.DictReader(stream) if (dataset, r["id"]) not in gone]
        write_rows(fewer.inbox / path.parent.name / path.name, rows)
    return fewer


def erase(folder, data, anchors, at=LATER):
    deletions = Deletions(data)
    deletions.append_anchors("erased", at, anchors)
    return erase_from_snapshots(data, deletions, at, place=load_place(folder))


def table(snapshot, name):
    """Rows in order, people called by their first record and homes by nothing.

    A person and a home keep the ids that they were given at an earlier run; a town that was
    built anew gives others.
    """
    first: dict[str, str] = {}
    for row in rows_of(snapshot, "person_records"):
        first[row["person_id"]] = min(first.get(row["person_id"], "~"), row["record_id"])
    rows = [
        {
            key: first.get(value, value) if key == "person_id" else value
            for key, value in row.items()
            # Rows of a file that never held them are counted otherwise.
            if key not in ("household_id", "row_number")
        }
        for row in rows_of(snapshot, name)
    ]
    return sorted(rows, key=lambda row: str(sorted(row.items(), key=str)))


def alike(one, other, but=()):
    for name in TABLES_ALIKE:
        if name not in but:
            assert table(one, name) == table(other, name), name


# An example takes several runs, so a failing one is shown as it is, not shrunk.
@settings(max_examples=2, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(numbers=st.sets(st.sampled_from([0, 3, 5, 8, 20, 30, 47]), min_size=1, max_size=3))
def test_erasing_people_gives_what_building_without_them_gives(built, tmp_path_factory, numbers):
    home = tmp_path_factory.mktemp("law")
    folder, data = copy_of(built, home)
    gone = {("pupils", f"S{n}") for n in numbers} | {("incidents", f"N{n}") for n in numbers}
    erase(folder, data, gone)
    fewer = without(data, gone, home)
    run_again((folder, fewer, signed(folder)), LATER)
    fresh = Snapshots(fewer.snapshots).current()
    erased = Snapshots(data.snapshots).current()
    # The town without them was read once, so its ids have no history. How much two records weigh
    # was learnt from everybody; the next run learns it again.
    alike(erased, fresh, but=("identity_events", "link_edges"))
    run_again((folder, data, signed(folder)), LATER + dt.timedelta(hours=1))
    alike(Snapshots(data.snapshots).current(), fresh, but=("identity_events",))


def test_erasing_one_record_of_a_person_works_out_the_rest_again(built, tmp_path):
    folder, data = copy_of(built, tmp_path)
    gone = {("incidents", "N3")}
    erase(folder, data, gone)
    fewer = without(data, gone, tmp_path)
    run_again((folder, fewer, signed(folder)), LATER)
    erased = Snapshots(data.snapshots).current()
    alike(erased, Snapshots(fewer.snapshots).current(), but=("identity_events", "link_edges"))


def test_the_order_of_erasures_does_not_matter(built, tmp_path):
    first, second = {("pupils", "S3"), ("incidents", "N3")}, {("pupils", "S8"), ("incidents", "N8")}
    results = []
    for number, order in enumerate([(first, second), (second, first)]):
        (tmp_path / str(number)).mkdir()
        folder, data = copy_of(built, tmp_path / str(number))
        for each in order:
            erase(folder, data, each)
        results.append(Snapshots(data.snapshots).list())
    for one, other in zip(*results, strict=True):
        alike(one, other)


def bytes_of(data):
    """Every byte kept about people, tables read out so that compression hides nothing."""
    for path in data.path.rglob("*"):
        if not path.is_file() or path.is_symlink() or data.inbox in path.parents:
            continue
        yield path, path.read_bytes()
        if path.suffix == ".parquet":
            with Store() as store:
                rows = store.rows(f"SELECT * FROM read_parquet({quote_text(str(path))})")
            yield path, repr(rows).encode()


def test_no_byte_of_an_erased_person_is_left_and_no_restore_brings_one_back(tmp_path):
    folder, data = tmp_path / "p", DataFolder(tmp_path / "p-data").make()
    write_place(folder)
    write_inbox(data, count=12)
    canary = {"row": "P99", "id": "CANARYID", "given": "Canaryne", "family": "Kanarienvogel",
              "born": "2011-04-05", "address": "77 Canary Wharf", "postcode": "LT1 7ZZ",
              "term": "2025-11-01", "missed": 0.4, "sealed": "N", "seen": "2026-02-20"}  # fmt: skip
    bad = canary | {"row": "P98", "term": "no day Canary"}
    write_rows(data.inbox / "council" / "pupils_2026-03-02.csv", [canary, bad])
    first = run_again((folder, data, signed(folder)), AT).snapshot_id
    write_inbox(data, count=13, day=dt.date(2026, 3, 3))
    run_again((folder, data, signed(folder)))
    held = [path for path, text in bytes_of(data) if b"CANARYID" in text or b"Canary" in text]
    assert {path.parent.name for path in held} >= {"pupils", first}
    person = rows_of(
        Snapshots(data.snapshots).current(), "person_records", "WHERE source_id = 'CANARYID'"
    )
    record, person_id = person[0]["record_id"], person[0]["person_id"]
    anchors = find_anchors(Snapshots(data.snapshots).current(), person_id)
    assert anchors == (("council", "pupils", "CANARYID"),)
    erase(folder, data, [each[1:] for each in anchors])
    run_again((folder, data, signed(folder)), LATER + dt.timedelta(hours=1))
    words = [b"CANARYID", b"Canaryne", b"Kanarienvogel", b"Canary Wharf", b"LT1 7ZZ",
             record.encode(), person_id.encode()]  # fmt: skip

    def holds_nothing():
        for path, text in bytes_of(data):
            assert not [word for word in words if word in text], path

    holds_nothing()
    for number, snapshot in enumerate(Snapshots(data.snapshots).list()):
        at = LATER + dt.timedelta(hours=2 + number)
        restore_snapshot(data, snapshot.id, at)
        holds_nothing()
    # The partner sends the same again, and still nobody is stored.
    shutil.copy(
        data.inbox / "council" / "pupils_2026-03-02.csv",
        data.inbox / "council" / "pupils_2026-03-05.csv",
    )
    run_again((folder, data, signed(folder)), LATER + dt.timedelta(days=1))
    holds_nothing()


def test_a_snapshot_put_back_by_hand_is_cleared_before_it_is_published(built, tmp_path):
    folder, data = copy_of(built, tmp_path)
    old = Snapshots(data.snapshots).list()[-1]
    kept = tmp_path / "kept"
    shutil.copytree(old.path, kept)
    gone = {("pupils", "S3"), ("incidents", "N3")}
    erase(folder, data, gone)
    shutil.rmtree(old.path)
    shutil.copytree(kept, old.path)
    assert rows_of(old, "records", "WHERE source_id = 'S3'")
    restored = restore_snapshot(data, old.id, LATER + dt.timedelta(hours=1))
    for snapshot in Snapshots(data.snapshots).list():
        assert not rows_of(snapshot, "records", "WHERE source_id IN ('S3', 'N3')")
    assert restored.manifest["restored_from"] == old.id


def test_who_is_readmitted_is_stored_again(built, tmp_path):
    folder, data = copy_of(built, tmp_path)
    gone = [("pupils", "S3")]
    erase(folder, data, gone)
    run_again((folder, data, signed(folder)), LATER)
    assert not rows_of(Snapshots(data.snapshots).current(), "records", "WHERE source_id = 'S3'")
    Deletions(data).append_anchors("readmitted", LATER, gone, why="new-referral")
    write_inbox(data, count=50, day=dt.date(2026, 3, 4))
    run_again((folder, data, signed(folder)), LATER + dt.timedelta(hours=1))
    assert rows_of(Snapshots(data.snapshots).current(), "records", "WHERE source_id = 'S3'")
