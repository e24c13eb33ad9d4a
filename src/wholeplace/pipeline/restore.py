"""Publishing an earlier snapshot again, with the flags of today and under today's agreements.

The earlier tables are taken over as they are, save the flags and the counts that heed them:
someone sealed since then stays sealed, and is counted no longer. The next run works the people stage out anew.
"""

import datetime as dt
import shutil
from collections.abc import Sequence

from wholeplace.agreements import SCREEN, CountableFact, Statement
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Draft, Snapshot, Snapshots
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.people.counting import count_needs, facts_supplied
from wholeplace.people.flags import project_stated, read_reach
from wholeplace.people.reader import name_origins
from wholeplace.people.services import count_services
from wholeplace.pipeline.cutting import (
    Coverage,
    cut_snapshot,
    enter_past,
    is_within,
    past_its_date,
    what_is_covered,
)
from wholeplace.pipeline.erasing import erase_from_snapshots
from wholeplace.pipeline.lock import hold_run_lock
from wholeplace.pipeline.pruning import prune_snapshots
from wholeplace.pipeline.tables import link_file, write_tables

__all__ = ["restore_snapshot"]

_COUNTED_FROM = ("areas", "need_conditions", "need_evidence", "person_areas", "timeline")
_COUNTS = ("area_needs", "countable_facts", "piece_needs", "piece_services")


def restore_snapshot(
    data: DataFolder,
    snapshot_id: str,
    at: dt.datetime,
    *,
    coverage: Coverage | None = None,
    statements: Sequence[Statement] = (),
) -> Snapshot:
    """Publish an earlier snapshot again and return what is now published.

    Restoring the published snapshot changes nothing. Any other is published under a new id;
    its manifest says `restored_from`. Whoever was erased, what no agreement covers any more, and
    what is past its date, is cut out of it first.

    Args:
        data: the data folder.
        snapshot_id: which snapshot.
        at: the instant.
        coverage: what agreements in force cover now. When absent, what they covered at the
            last run; a snapshot that holds more is then not restored.
        statements: every flag ever stated on screen, where no coverage brings them.

    Raises:
        NotFoundError: if there is no whole snapshot of that id.
        UnsafeActionError: if a run is going on, or the snapshot holds too much.
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
        # Deletion wins over history, also where a snapshot was put back by hand.
        place = coverage.place if coverage else None
        erase_from_snapshots(data, Deletions(data), at, place=place)
        wanted = next(each for each in snapshots.list() if each.id == wanted.id)
        current = snapshots.current() or current
        wanted = _cut(data, wanted, current, coverage, at)
        draft = snapshots.start(at)
        try:
            stated = coverage.statements if coverage else statements
            rows = _take_with_new_flags(data, draft, wanted, current, coverage, stated, at.date())
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


def _cut(
    data: DataFolder,
    wanted: Snapshot,
    current: Snapshot,
    coverage: Coverage | None,
    at: dt.datetime,
) -> Snapshot:
    """Return the wanted snapshot with nothing in it that no agreement covers."""
    if coverage is not None:
        past = past_its_date(wanted, coverage)
        if is_within(wanted, coverage.datasets) and not any(past):
            return wanted
        if any(past):
            enter_past(data, wanted, past, at)
        return cut_snapshot(data, wanted, coverage, at)
    if is_within(wanted, what_is_covered(current) or {}):
        return wanted
    raise UnsafeActionError(
        f"Snapshot {wanted.id} was not restored.",
        "It holds what no agreement in force covers any more.",
        "Run `wholeplace run`, which cuts it down, then restore it.",
    )


def _take_with_new_flags(
    data: DataFolder,
    draft: Draft,
    wanted: Snapshot,
    current: Snapshot,
    coverage: Coverage | None,
    statements: Sequence[Statement],
    on: dt.date,
) -> dict[str, int]:
    can_count = set(_COUNTED_FROM) <= set(wanted.tables)
    made = [
        "subject_flags",
        "flag_reach",
        *(_COUNTS if can_count else ()),
        *(["person_factors"] if "person_factors" in wanted.tables else []),
    ]
    with Store() as store:
        for name in wanted.tables:
            if name not in made:
                link_file(wanted.table(name), draft.table(name))
        store.view_parquet("person_records", wanted.table("person_records"))
        store.view_parquet("subject_flags", wanted.table("subject_flags"))
        store.view_parquet("newer_records", current.table("person_records"))
        name_origins(store, "subject_flags")
        store.view_parquet("newer_flags", current.table("subject_flags"))
        name_origins(store, "newer_flags")
        store.view_parquet("flags", current.table("flags"))
        reach = [each.table("flag_reach") for each in (wanted, current)]
        store.register("all_reach", read_reach(data, reach))
        store.run("CREATE TABLE flag_reach AS FROM all_reach")
        project_stated(store, statements, on)
        store.materialise(SqlFile.read("pipeline", "restored_flags"), {"screen": SCREEN})
        store.run("DROP VIEW subject_flags")
        store.run("ALTER TABLE restored_flags RENAME TO subject_flags")
        if "person_factors" in made:
            # They were counted under the flags of then: until the next run nobody's are known.
            store.view_parquet("older_factors", wanted.table("person_factors"))
            store.run("CREATE TABLE person_factors AS FROM older_factors WHERE false")
        if can_count:
            for name in _COUNTED_FROM:
                store.view_parquet(name, wanted.table(name))
            count_needs(store, _countable(store, current, coverage))
            count_services(store, dt.date.fromisoformat(wanted.manifest["as_of"]))
        return write_tables(store, draft, made)


def _countable(
    store: Store, current: Snapshot, coverage: Coverage | None
) -> tuple[CountableFact, ...]:
    """Return what may be counted for whom: now, or at the last run; never at the earlier one."""
    if coverage is not None:
        return facts_supplied(coverage.countable, coverage.place.datasets.values())
    if "countable_facts" not in current.tables:
        return ()
    store.view_parquet("countable_before", current.table("countable_facts"))
    return tuple(CountableFact(**row) for row in store.rows("SELECT * FROM countable_before"))
