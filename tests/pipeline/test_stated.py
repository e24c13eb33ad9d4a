"""Flags stated on screen come into every snapshot, and no run or restore loses one."""

import datetime as dt

import pytest

from wholeplace.agreements import Anchor, MemoryFlagStatements, Statement
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.pipeline import restore_snapshot, run_pipeline

from .conftest import AT, signed, write_inbox, write_place
from .test_run import rows_of

LATER, BACK = AT + dt.timedelta(hours=1), AT + dt.timedelta(hours=2)
SCREEN = "WHERE origin = 'screen'"


@pytest.fixture
def place(tmp_path):
    """A place of its own, its data folder, and nothing stated yet."""
    folder = tmp_path / "littleham"
    write_place(folder)
    data = DataFolder(tmp_path / "littleham-data").make()
    write_inbox(data)
    return folder, data, MemoryFlagStatements()


def run(place, at=AT):
    folder, data, stated = place
    return run_pipeline(folder, data, sign_offs=signed(folder), statements=stated, at=at)


def said(name, flag="sealed", value="yes", source="S7", **more):
    anchors = frozenset({Anchor("pupils", source)})
    given = {"purpose": "", "partner": "council", "person_id": "p", "reached": anchors} | more
    return Statement(name, flag, value, anchors=anchors, **given)


def person_of(snapshot, source):
    (row,) = rows_of(snapshot, "person_records", f"WHERE source_id = '{source}'")
    return row["person_id"]


def current(data):
    return Snapshots(data.snapshots).current()


def test_a_flag_stated_on_screen_makes_a_new_snapshot_that_holds_it(place):
    _, data, stated = place
    first = run(place)
    assert run(place, LATER).is_published is False
    stated.add(said("a"))
    second = run(place, LATER)
    assert second.is_published and second.snapshot_id != first.snapshot_id
    (row,) = rows_of(current(data), "subject_flags", SCREEN)
    assert (row["flag"], row["value"], row["partner"]) == ("sealed", "yes", "council")
    assert row["person_id"] == person_of(current(data), "S7")
    reach = rows_of(current(data), "flag_reach", "WHERE anchor_dataset = 'stated-on-screen'")
    # The police know the same person under an id of their own.
    assert {each["record_source_id"] for each in reach} == {"S7", "N7"}


@pytest.mark.parametrize("flag", ["sealed", "restricted", "national-opt-out"])
def test_whoever_is_flagged_on_screen_is_in_no_count_after_the_next_run(place, flag):
    _, data, stated = place
    run(place)
    before = sum(each["residents"] for each in _residents(data))
    stated.add(said("a", flag))
    run(place, LATER)
    assert sum(each["residents"] for each in _residents(data)) == before - 1


def _residents(data):
    """One row an area: how many residents are counted there for the council."""
    rows = rows_of(current(data), "area_needs", "WHERE recipient = 'council'")
    return {(each["area_set"], each["area_code"]): each for each in rows}.values()


def test_going_back_to_a_snapshot_before_the_seal_keeps_the_seal(place):
    _, data, stated = place
    earlier = run(place).snapshot_id
    stated.add(said("a"))
    run(place, LATER)
    restored = restore_snapshot(data, earlier, BACK, statements=stated.statements())
    (row,) = rows_of(restored, "subject_flags", SCREEN)
    assert (row["value"], row["person_id"]) == ("yes", person_of(restored, "S7"))


def test_going_back_to_a_snapshot_before_a_lift_does_not_seal_again(place):
    _, data, stated = place
    stated.add(said("a"))
    earlier = run(place).snapshot_id
    stated.add(said("b", value="no", replaces=("a",)))
    run(place, LATER)
    assert {row["value"] for row in rows_of(current(data), "subject_flags", SCREEN)} == {"no"}
    restored = restore_snapshot(data, earlier, BACK, statements=stated.statements())
    of_theirs = f"WHERE flag = 'sealed' AND person_id = '{person_of(restored, 'S7')}'"
    assert {row["value"] for row in rows_of(restored, "subject_flags", of_theirs)} == {"no"}


def test_a_seal_holds_when_the_anchor_leaves_the_extracts(place):
    """The partner's own row goes; the police's record of the same person stays sealed."""
    folder, data, stated = place
    stated.add(said("a", reached=frozenset({Anchor("pupils", "S7"), Anchor("incidents", "N7")})))
    run(place)
    (folder / "datasets" / "pupils.yaml").unlink()
    run(place, LATER)
    left = current(data)
    assert not rows_of(left, "person_records", "WHERE source_id = 'S7'")
    (row,) = rows_of(left, "subject_flags", SCREEN)
    assert (row["value"], row["person_id"]) == ("yes", person_of(left, "N7"))


def test_an_agreement_made_on_screen_opens_and_a_refusal_is_kept_beside_it(place):
    _, data, stated = place
    agreed = said("a", "consent", source="S7", purpose="whole-family-support")
    stated.add(agreed)
    stated.add(said("b", "consent", "no", source="S8", purpose="whole-family-support"))
    run(place)
    values = {
        row["person_id"]: row["value"] for row in rows_of(current(data), "subject_flags", SCREEN)
    }
    snapshot = current(data)
    assert values == {person_of(snapshot, "S7"): "yes", person_of(snapshot, "S8"): "no"}
