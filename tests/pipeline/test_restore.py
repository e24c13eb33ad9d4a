"""Going back to an earlier snapshot unseals nobody and brings back nothing that has lapsed."""

import datetime as dt

import pytest

from wholeplace.agreements import (
    compile_rules,
    countable_facts,
    kept_fields,
    read_agreements,
    terms_of,
)
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.partnership.folder import load_place
from wholeplace.pipeline import restore_snapshot
from wholeplace.pipeline.cutting import find_coverage

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
from .test_run import LATER, rows_of, run_again

SEALED = "WHERE flag = 'sealed' AND value <> 'no'"
NARROWED = AGREEMENT.replace("identity, contact, education", "identity, education").replace(
    "identity, contact, crime", "identity"
)
BACK = LATER + dt.timedelta(hours=1)


@pytest.fixture
def town(tmp_path):
    folder, data = tmp_path / "p", DataFolder(tmp_path / "p-data").make()
    write_place(folder)
    # One agreement alone, so that narrowing it narrows all that is covered.
    (folder / "agreements" / "planning.yaml").unlink(missing_ok=True)
    write_inbox(data)
    return folder, data


def pupil(number, **more):
    row = {"row": f"P{number}", **people(48)[number], "term": "2025-11-01", "missed": 0.02}
    return row | {"sealed": "N", "seen": "2026-02-20"} | more


def narrow(folder, text=NARROWED):
    write(folder / "agreements" / "sharing.yaml", text)


def coverage_of(folder):
    place = load_place(folder)
    terms = terms_of(place.vocabulary, place.partners.values(), place.place.time_zone)
    rules = compile_rules(read_agreements(place), signed(folder), AT.date(), terms)
    kept = {
        partner: place.vocabulary.expand(kept_fields(rules, partner)) for partner in place.partners
    }
    return find_coverage(place, kept, countable_facts(rules))


def snapshot_of(data, name):
    return next(each for each in Snapshots(data.snapshots).list() if each.id == name)


def holds_nothing_lapsed(snapshot):
    records = rows_of(snapshot, "records")
    assert len(records) == 72
    assert {row["address"] for row in records} == {row["postcode"] for row in records} == {None}
    assert all(row["given_name"] for row in records)
    assert {row["kind"] for row in rows_of(snapshot, "events")} == {"education.attendance"}
    assert {row["partner"] for row in rows_of(snapshot, "timeline")} == {"council"}
    fields = {row["field"] for row in rows_of(snapshot, "person_identity")}
    assert fields == {"identity.name", "identity.birth-date"}
    keys = {row["key"].partition(":")[0] for row in rows_of(snapshot, "search_keys")}
    assert "name" in keys
    assert "postcode" not in keys
    assert rows_of(snapshot, "person_areas") == rows_of(snapshot, "households") == []
    assert {row["levels"] for row in rows_of(snapshot, "link_edges")} <= {"{}"}
    for path in snapshot.path.glob("*.parquet"):
        assert b"High Street" not in path.read_bytes()
    for name, rows in snapshot.manifest["tables"].items():
        assert len(rows_of(snapshot, name)) == rows, name


def test_restore_after_the_agreement_was_narrowed_unseals_nobody(town):
    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    narrow(folder)
    sealed = [pupil(7, sealed="Y", seen="2026-03-01")]
    write_rows(data.inbox / "council" / "pupils_2026-03-02.csv", sealed)
    run_again((folder, data, signed(folder)))
    assert len(rows_of(Snapshots(data.snapshots).current(), "subject_flags", SEALED)) == 2
    restored = restore_snapshot(data, earlier, BACK)
    assert len(rows_of(restored, "subject_flags", SEALED)) == 2


def test_restore_keeps_the_seal_of_somebody_whose_dataset_is_gone(town):
    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    (folder / "datasets" / "pupils.yaml").unlink()
    run_again((folder, data, signed(folder)))
    restored = restore_snapshot(data, earlier, BACK)
    assert len(rows_of(restored, "subject_flags", SEALED)) >= 1


def test_a_run_cuts_earlier_snapshots_down_to_what_agreements_still_cover(town):
    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    before = snapshot_of(data, earlier)
    flags = rows_of(before, "subject_flags")
    assert rows_of(before, "person_identity", "WHERE field = 'contact.address'")
    narrow(folder)
    report = run_again((folder, data, signed(folder)))
    assert any(earlier in note and "cut down" in note for note in report.notes)
    cut = snapshot_of(data, earlier)
    holds_nothing_lapsed(cut)
    assert rows_of(cut, "person_records") == rows_of(before, "person_records")
    assert rows_of(cut, "subject_flags") == flags
    again = run_again((folder, data, signed(folder)), BACK)
    assert (again.is_published, again.notes) == (False, ())


def test_restore_brings_back_nothing_that_no_agreement_covers(town):
    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    narrow(folder)
    run_again((folder, data, signed(folder)))
    restored = restore_snapshot(data, earlier, BACK)
    holds_nothing_lapsed(restored)
    # Widened again, the next run builds anew and takes nothing over from what was cut.
    narrow(folder, AGREEMENT)
    run_again((folder, data, signed(folder)), BACK)
    current = Snapshots(data.snapshots).current()
    assert len(rows_of(current, "person_identity", "WHERE field = 'contact.address'")) == 72


def test_restore_cuts_what_lapsed_since_the_last_run(town):
    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    write_inbox(data, count=50, day=dt.date(2026, 3, 2))
    run_again((folder, data, signed(folder)))
    narrow(folder)
    holds_nothing_lapsed(restore_snapshot(data, earlier, BACK, coverage=coverage_of(folder)))


def test_restore_counts_nothing_that_no_agreement_lets_be_counted(town):
    folder, data = town
    write(folder / "agreements" / "planning.yaml", PLANNING)
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    counted = rows_of(snapshot_of(data, earlier), "area_needs", "WHERE people > 0")
    (folder / "agreements" / "planning.yaml").unlink()
    write_inbox(data, count=50, day=dt.date(2026, 3, 2))
    second = run_again((folder, data, signed(folder))).snapshot_id
    restored = restore_snapshot(data, earlier, BACK)
    # Under the flags of today nobody's factors have been counted yet: not known blocks.
    assert rows_of(snapshot_of(data, earlier), "person_factors")
    assert rows_of(restored, "person_factors") == []
    assert counted
    assert rows_of(restored, "area_needs") == rows_of(restored, "countable_facts") == []
    again = restore_snapshot(data, second, BACK, coverage=coverage_of(folder))
    assert rows_of(again, "area_needs") == []


def test_a_killed_cut_is_done_by_the_next_run(town, monkeypatch):
    from wholeplace.pipeline import run

    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    narrow(folder)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(run, "cut_snapshots", die)
        run_again((folder, data, signed(folder)))
    assert rows_of(snapshot_of(data, earlier), "person_identity", "WHERE field LIKE 'contact%'")
    with pytest.raises(UnsafeActionError, match="no agreement in force covers"):
        restore_snapshot(data, earlier, BACK)
    assert not run_again((folder, data, signed(folder))).is_published
    holds_nothing_lapsed(snapshot_of(data, earlier))


def test_a_snapshot_that_cannot_be_cut_is_deleted(town):
    folder, data = town
    earlier = run_again((folder, data, signed(folder)), AT).snapshot_id
    snapshot_of(data, earlier).table("link_edges").unlink()
    narrow(folder)
    report = run_again((folder, data, signed(folder)))
    assert any(earlier in note and "deleted" in note for note in report.notes)
    assert earlier not in {each.id for each in Snapshots(data.snapshots).list()}
    assert not list(data.snapshots.glob("draft-*"))


def test_a_full_extract_cut_short_at_a_line_end_unseals_nobody(town):
    from wholeplace.intake import confirm_extract

    from .conftest import SCHOOL

    folder, data = town
    write(folder / "datasets" / "pupils.yaml", SCHOOL.replace("update: changes", "update: full"))
    pupils = [pupil(n, sealed="Y" if n == 40 else "N") for n in range(48)]
    write_rows(data.inbox / "council" / "pupils_2026-03-01.csv", pupils)
    run_again((folder, data, signed(folder)), AT)
    assert len(rows_of(Snapshots(data.snapshots).current(), "subject_flags", SEALED)) == 1
    write_rows(data.inbox / "council" / "pupils_2026-03-02.csv", pupils[:6])
    report = run_again((folder, data, signed(folder)))
    assert any("pupils_2026-03-02.csv is shorter than expected" in note for note in report.notes)
    assert len(rows_of(Snapshots(data.snapshots).current(), "subject_flags", SEALED)) == 1
    datasets = load_place(folder).datasets
    confirm_extract(datasets, data, "pupils_2026-03-02.csv", by="steward", at=LATER)
    report = run_again((folder, data, signed(folder)), BACK)
    assert (report.is_published, report.notes) == (True, ())
    assert rows_of(Snapshots(data.snapshots).current(), "subject_flags", SEALED) == []


def test_a_full_disk_loses_no_extract(town, monkeypatch):
    from wholeplace.foundation.machine import MachineError
    from wholeplace.intake import examining

    folder, data = town
    sign_offs = signed(folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(MachineError, match="The disk is full"):
        patch.setattr(examining, "write_partition", full)
        run_again((folder, data, sign_offs), AT)
    assert not list(data.partitions.glob("*/*.json"))
    after = run_again((folder, data, sign_offs))
    assert (after.people, after.notes) == (48, ())


def test_a_lapsed_field_leaves_the_partition_even_where_the_resent_file_is_refused(town):
    import pyarrow.parquet as pq

    folder, data = town
    run_again((folder, data, signed(folder)), AT)
    sent = data.inbox / "council" / "pupils_2026-03-01.csv"
    sent.write_text("nothing,of,this,kind\n1,2,3,4\n", "utf-8")
    narrow(folder)
    first = run_again((folder, data, signed(folder)))
    held = [each for path in (data.partitions / "pupils").glob("*.parquet") for each in [path]]
    assert len(held) == 1, "the good load stays"
    assert not {"address", "postcode"} & set(pq.read_schema(held[0]).names)
    assert any("pupils_2026-03-01.csv was refused" in note for note in first.notes)
    again = run_again((folder, data, signed(folder)), BACK)
    assert not again.is_published
    assert any("pupils_2026-03-01.csv was refused" in note for note in again.notes)
