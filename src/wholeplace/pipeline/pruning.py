"""Letting old snapshots go: the newest few are kept, as many as a reviewed figure says."""

import shutil
from functools import cache
from importlib.resources import files

from wholeplace.foundation.snapshots import Snapshot, Snapshots

__all__ = ["delete_snapshot", "prune_snapshots", "snapshots_kept"]


@cache
def snapshots_kept() -> int:
    """Return how many snapshots are kept, the published one among them; 2 at least.

    The one before the published one always stays: a page that is being read may still need it.
    """
    from ruamel.yaml import YAML

    text = files("wholeplace.pipeline").joinpath("figures.yaml").read_text("utf-8")
    return max(2, int(YAML(typ="safe", pure=True).load(text)["snapshots_kept"]["value"]))


def prune_snapshots(snapshots: Snapshots, keep: int | None = None) -> tuple[str, ...]:
    """Delete all but the newest snapshots; never the published one. Return the ids deleted.

    Call it while holding the run lock. A table that a kept snapshot shares with a deleted one
    stays, since both are names of one file.

    Args:
        snapshots: all snapshots of a data folder.
        keep: how many are kept; the reviewed figure when absent.
    """
    current = snapshots.current_id()
    newest = snapshots.list()[: snapshots_kept() if keep is None else max(2, keep)]
    kept = {each.id for each in newest} | {current}
    gone = [each for each in snapshots.list() if each.id not in kept]
    for each in gone:
        delete_snapshot(each)
    return tuple(each.id for each in gone)


def delete_snapshot(snapshot: Snapshot) -> None:
    """Delete one snapshot, which must not be the published one."""
    # First out of the list, in one step: a half-deleted folder is no snapshot, and the next
    # run sweeps it away.
    aside = snapshot.path.with_name(f"draft-{snapshot.id}")
    snapshot.path.rename(aside)
    shutil.rmtree(aside)
