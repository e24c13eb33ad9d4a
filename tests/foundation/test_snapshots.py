"""A snapshot is seen whole or not at all."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.snapshots import Snapshots

AT = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def publish(snapshots, number):
    draft = snapshots.start(AT + dt.timedelta(minutes=number))
    draft.table("t").write_bytes(b"x")
    return snapshots.publish(draft, {"number": number})


def test_before_the_first_run_there_is_nothing(tmp_path):
    snapshots = Snapshots(tmp_path / "none")
    assert (snapshots.current(), snapshots.current_id(), snapshots.list()) == (None, None, [])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["publish", "abandon", "discard", "restore"]), max_size=8))
def test_the_published_one_is_always_the_last_one_pointed_to(tmp_path_factory, steps):
    snapshots = Snapshots(tmp_path_factory.mktemp("s"))
    expected, whole = None, []
    for number, step in enumerate(steps):
        if step == "publish":
            expected = publish(snapshots, number).id
            whole.append(expected)
        elif step == "abandon":
            snapshots.start(AT).table("t").write_bytes(b"half")
        elif step == "discard":
            snapshots.discard(snapshots.start(AT))
        elif whole:
            expected = snapshots.restore(whole[0]).id
        assert snapshots.current_id() == expected
        assert [each.id for each in snapshots.list()] == sorted(whole, reverse=True)


def test_a_draft_is_seen_by_nobody_and_swept_away_by_the_next(tmp_path):
    snapshots = Snapshots(tmp_path)
    left = snapshots.start(AT)
    (left.path / "manifest.json").write_text("{}")
    assert snapshots.list() == []
    newer = snapshots.start(AT)
    assert not left.path.exists()
    assert newer.path.exists()


def test_a_table_that_is_not_held_is_named(tmp_path):
    snapshot = publish(Snapshots(tmp_path), 0)
    assert snapshot.tables == ("t",)
    with pytest.raises(NotFoundError, match="no table nothing"):
        snapshot.table("nothing")
    with pytest.raises(NotFoundError, match="no snapshot nonsense"):
        Snapshots(tmp_path).restore("nonsense")


def test_only_the_owner_may_enter(tmp_path):
    snapshots = Snapshots(tmp_path / "snapshots")
    snapshot = publish(snapshots, 0)
    assert snapshots.folder.stat().st_mode & 0o077 == 0
    assert snapshot.path.stat().st_mode & 0o077 == 0
