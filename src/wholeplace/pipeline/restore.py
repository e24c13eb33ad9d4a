"""Publishing an earlier snapshot again, with the flags of today.

The earlier tables are taken over as they are, save the flags: someone sealed since then stays
sealed. The next run works the people stage out anew.
"""

import datetime as dt
import shutil

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Draft, Snapshot, Snapshots
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.people.flags import read_reach
from wholeplace.pipeline.lock import hold_run_lock
from wholeplace.pipeline.pruning import prune_snapshots
from wholeplace.pipeline.tables import link_file, write_tables

__all__ = ["restore_snapshot"]


def restore_snapshot(data: DataFolder, snapshot_id: str, at: dt.datetime) -> Snapshot:
    """Publish an earlier snapshot again and return what is now published.

    Restoring the published snapshot changes nothing. Any other is published under a new id;
    its manifest says `restored_from`.

    Raises:
        NotFoundError: if there is no whole snapshot of that id.
        UnsafeActionError: if a run is going on.
    """
    snapshots = Snapshots(data.snapshots)
    with hold_run_lock(data, at):
        current = snapshots.current()
        wanted = next((each for each in snapshots.list() if each.id == snapshot_id), None)
        if wanted is None:
            raise NotFoundError(
                f"There is no snapshot {snapshot_id}.",
                "It was never published, or has been deleted.",
                "List them with `wholeplace snapshots list`.",
            )
        if current is None or current.id == wanted.id:
            return snapshots.restore(snapshot_id)
        draft = snapshots.start(at)
        try:
            rows = _take_with_new_flags(data, draft, wanted, current)
            manifest = dict(wanted.manifest)
            manifest["restored_from"] = wanted.id
            manifest["tables"] = {**manifest["tables"], **rows}
            # Not the fingerprint of any run, so that the next run does this stage again.
            people = {**manifest["stages"].get("people", {}), "fingerprint": "restored"}
            manifest["stages"] = {**manifest["stages"], "people": people}
            published = snapshots.publish(draft, manifest)
        except BaseException:
            shutil.rmtree(draft.path, ignore_errors=True)
            raise
        prune_snapshots(snapshots)
        return published


def _take_with_new_flags(
    data: DataFolder, draft: Draft, wanted: Snapshot, current: Snapshot
) -> dict[str, int]:
    with Store() as store:
        for name in wanted.tables:
            if name not in ("subject_flags", "flag_reach"):
                link_file(wanted.table(name), draft.table(name))
        store.view_parquet("person_records", wanted.table("person_records"))
        store.view_parquet("subject_flags", wanted.table("subject_flags"))
        store.view_parquet("newer_person_records", current.table("person_records"))
        store.view_parquet("newer_flags", current.table("subject_flags"))
        store.materialise(SqlFile.read("pipeline", "restored_flags"))
        store.run("DROP VIEW subject_flags")
        store.run("ALTER TABLE restored_flags RENAME TO subject_flags")
        reach = [each.table("flag_reach") for each in (wanted, current)]
        store.register("all_reach", read_reach(data, reach))
        store.run("CREATE TABLE flag_reach AS FROM all_reach")
        return write_tables(store, draft, ("subject_flags", "flag_reach"))
