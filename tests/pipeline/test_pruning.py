"""Old snapshots go; the published one never does, nor what a kept one shares with them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.snapshots import Snapshots
from wholeplace.pipeline import restore_snapshot, run_pipeline
from wholeplace.pipeline.pruning import prune_snapshots, snapshots_kept
from wholeplace.pipeline.tables import link_file

from .conftest import AT

LATER = AT + dt.timedelta(days=30)


def publish(snapshots, at, like=None):
    draft = snapshots.start(at)
    for name in like.tables if like else ():
        link_file(like.table(name), draft.table(name))
    if not like:
        draft.table("people").write_bytes(b"rows")
    return snapshots.publish(draft, like.manifest if like else {"as_of": "2026-03-01"})


@given(count=st.integers(1, 12), keep=st.integers(0, 12), chosen=st.integers(0, 11))
def test_the_newest_and_the_published_stay_and_no_other(tmp_path_factory, count, keep, chosen):
    snapshots = Snapshots(tmp_path_factory.mktemp("kept"))
    made = [publish(snapshots, AT + dt.timedelta(hours=n)).id for n in range(count)]
    published = made[chosen % count]
    snapshots.restore(published)
    gone = prune_snapshots(snapshots, keep)
    left = [each.id for each in snapshots.list()]
    newest = made[-max(2, keep) :]
    assert set(left) == {*newest, published}
    assert set(gone) == set(made) - set(left)
    assert snapshots.current().id == published
    assert all(each.table("people").read_bytes() == b"rows" for each in snapshots.list())
    assert prune_snapshots(snapshots, keep) == ()


def test_a_table_shared_with_a_deleted_snapshot_stays(tmp_path):
    snapshots = Snapshots(tmp_path)
    first = publish(snapshots, AT)
    for n in range(1, 4):
        publish(snapshots, AT + dt.timedelta(hours=n), like=first)
    assert first.id in prune_snapshots(snapshots, 2)
    assert snapshots.current().table("people").read_bytes() == b"rows"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("draft-")]


def test_what_a_killed_deletion_left_is_swept_up(tmp_path):
    snapshots = Snapshots(tmp_path)
    old = publish(snapshots, AT)
    old.path.rename(tmp_path / f"draft-{old.id}")
    publish(snapshots, LATER)
    assert [path.name for path in tmp_path.glob("draft-*")] == []


def test_publishing_prunes_and_a_restored_snapshot_stays(littleham):
    folder, data, sign_offs = littleham
    snapshots = Snapshots(data.snapshots)
    run_pipeline(folder, data, sign_offs=sign_offs, at=AT)
    oldest = snapshots.current()
    for n in range(1, snapshots_kept() + 2):
        publish(snapshots, AT + dt.timedelta(hours=n), like=oldest)
    report = run_pipeline(folder, data, sign_offs=sign_offs, at=LATER, as_of=dt.date(2026, 6, 1))
    assert report.is_published
    left = [each.id for each in snapshots.list()]
    assert len(left) == snapshots_kept()
    assert left[0] == report.snapshot_id
    assert oldest.id not in left

    restored = restore_snapshot(data, left[-1], LATER + dt.timedelta(hours=1))
    assert snapshots.current().id == restored.id
    assert len(snapshots.list()) == snapshots_kept()


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_the_one_before_always_stays(tmp_path, asked):
    snapshots = Snapshots(tmp_path)
    made = [publish(snapshots, AT + dt.timedelta(hours=n)).id for n in range(3)]
    prune_snapshots(snapshots, asked)
    assert [each.id for each in snapshots.list()] == [made[2], made[1]]
