"""Link only what changed: new, changed and withdrawn records against the kept index.

The result is that of a full run with the same model version, record for record. What holds it
equal: a pair's weight rests on its two records and on what was learnt; whether it is compared,
on how many share its blocking values; how a group grows, on the part of the strong links that
it stands in. So only pairs of a new record, or of values that too many shared before or share
now, are weighed, and only parts that one of these reaches are grouped again.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import Store
from wholeplace.linkage.changes import (
    find_changes,
    find_crossings,
    find_decided,
    pair_changed,
    pair_touched,
    renew_index,
    spread_touched,
)
from wholeplace.linkage.comparing import drop_work
from wholeplace.linkage.decisions import MatchDecision, keep_to
from wholeplace.linkage.edges import write_edges
from wholeplace.linkage.grouping import Groups, group_pairs, list_attested
from wholeplace.linkage.households import renew_households
from wholeplace.linkage.identity import (
    IDENTITY_EVENTS,
    IdentityEvent,
    PreviousLinks,
    carry_ids,
    tabulate_people,
)
from wholeplace.linkage.link import LINK_TABLES, Clock, Progress
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.report import LinkReport, tell_links
from wholeplace.linkage.version import forget_values, read_version, write_version

__all__ = ["link_delta"]


def link_delta(
    store: Store,
    model: LinkModel,
    before: Path,
    *,
    seed: int = 1,
    progress: Progress | None = None,
    on: dt.date | None = None,
    decisions: Iterable[MatchDecision] = (),
) -> LinkReport:
    """Link the records of the store, knowing what the last snapshot made of most of them.

    Reads `records`; builds `LINK_TABLES`, each as `link_records` with the kept version gives it.

    Args:
        store: holds `records`.
        model: the model that was trained.
        before: folder of the last snapshot.
        seed: of the training, for the report.
        progress: told the name of each stage as it starts.
        on: day on which changes of identity are said to happen; today when absent.
        decisions: what people decided, all of it; what changed since is linked anew.

    Raises:
        NotFoundError: if the snapshot holds no index of this model.
    """
    on, clock = on or dt.datetime.now(dt.UTC).date(), Clock(progress)
    _view_held(store, model, before)
    version = read_version(store, "linkage_held_link_version")
    with clock.stage("changes"):
        find_changes(store)
        renew_index(store, model)
        version = find_crossings(store, model, version)
        constraints = keep_to(store, decisions)
        find_decided(store)
    with clock.stage("compare"):
        pairs = pair_changed(store, model, version)
        spread_touched(store, model)
        pairs += pair_touched(store, model, version)
    with clock.stage("group"):
        _prepare_grouping(store)
        groups = group_pairs(store, model, version.parameters)
        events = _write_people(store, groups, on)
        write_edges(store, model, groups)
        _keep_edges(store)
    with clock.stage("households"):
        renew_households(store)
    forget_values(store, model)
    write_version(store, version)
    drop_work(store)
    return tell_links(
        store,
        version,
        pairs=pairs,
        events=Counter(event.kind for event in events),
        seed=seed,
        seconds=clock.seconds,
        way="delta",
        decided=constraints.counts,
    )


def _view_held(store: Store, model: LinkModel, before: Path) -> None:
    """Make the last snapshot's tables readable, and what was learnt of values."""
    if not all((before / f"{name}.parquet").exists() for name in LINK_TABLES):
        raise _no_index("Somebody was erased since it was built, or an older version built it.")
    for name in LINK_TABLES:
        store.view_parquet(f"linkage_held_{name}", before / f"{name}.parquet")
    if read_version(store, "linkage_held_link_version").model_hash != model.hash:
        raise _no_index("The model of the place has changed since it was built.")
    store.run("CREATE OR REPLACE TABLE link_frequencies AS FROM linkage_held_link_frequencies")


def _prepare_grouping(store: Store) -> None:
    list_attested(store, "link_input")
    store.run(
        "CREATE OR REPLACE TABLE linkage_input AS SELECT * FROM link_input "
        "SEMI JOIN linkage_touched USING (record_id)"
    )


def _write_people(store: Store, groups: Groups, on: dt.date) -> list[IdentityEvent]:
    """Build `person_records` and `identity_events`; return the new events."""
    named = [[groups.records[place] for place in group] for group in groups.groups]
    # All records of a person who has a touched or withdrawn record are touched or withdrawn.
    store.run(
        "CREATE OR REPLACE TABLE linkage_moved AS FROM linkage_touched UNION FROM linkage_gone_ids"
    )
    held = store.arrow(
        "SELECT record_id, person_id FROM linkage_held_person_records "
        "SEMI JOIN linkage_moved USING (record_id)"
    )
    person_of = dict(zip(held.column(0).to_pylist(), held.column(1).to_pylist(), strict=True))
    taken = store.arrow(
        "SELECT person_id FROM linkage_held_person_records UNION "
        "SELECT old_id FROM linkage_held_identity_events"
    )
    ids, events = carry_ids(
        named, PreviousLinks(person_of), on, taken=set(taken.column(0).to_pylist())
    )
    store.register("linkage_people", tabulate_people(named, ids))
    store.run(
        "CREATE OR REPLACE TABLE person_records AS SELECT record_id, person_id, dataset, partner, "
        "source_id FROM linkage_people JOIN records USING (record_id) UNION ALL BY NAME "
        "SELECT * FROM linkage_held_person_records ANTI JOIN linkage_moved USING (record_id)"
    )
    store.prove_unique("person_records", ("record_id",))
    store.register(
        "linkage_events",
        pa.Table.from_pylist([vars(event) for event in events], schema=IDENTITY_EVENTS),
    )
    store.run(
        "CREATE OR REPLACE TABLE identity_events AS FROM linkage_held_identity_events "
        "UNION ALL BY NAME FROM linkage_events"
    )
    return events


def _keep_edges(store: Store) -> None:
    """Put the held pairs that no change reaches beside those of `link_edges`."""
    gone = "(SELECT record_id FROM linkage_gone_ids)"
    touched = "(SELECT record_id FROM linkage_touched)"
    store.run(
        "INSERT INTO link_edges BY NAME SELECT * FROM linkage_held_link_edges "
        f"WHERE record_id_l NOT IN {gone} AND record_id_r NOT IN {gone} "
        f"AND NOT (record_id_l IN {touched} AND record_id_r IN {touched})"
    )
    store.prove_unique("link_edges", ("record_id_l", "record_id_r"))


def _no_index(why: str) -> NotFoundError:
    return NotFoundError(
        "The last snapshot has no index to link against.", why, "Link all records anew."
    )
