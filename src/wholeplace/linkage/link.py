"""Link a place's records: from table `records` to people and households."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa

from wholeplace.foundation.store import Store
from wholeplace.linkage.comparing import compare_pairs, drop_work, estimate_chance_agreement
from wholeplace.linkage.decisions import MatchDecision, keep_to
from wholeplace.linkage.edges import write_edges
from wholeplace.linkage.grouping import Groups, group_pairs, list_attested
from wholeplace.linkage.households import build_households
from wholeplace.linkage.identity import (
    IDENTITY_EVENTS,
    IdentityEvent,
    PreviousLinks,
    carry_ids,
    tabulate_people,
)
from wholeplace.linkage.index import INDEX_TABLES
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.report import LinkReport, tell_links
from wholeplace.linkage.standardise import (
    build_keys,
    list_keys,
    pair_keys,
    standardise_records,
    write_input,
)
from wholeplace.linkage.training import learn_parameters, weigh_pairs
from wholeplace.linkage.version import ModelVersion, forget_values, learn_version, write_version
from wholeplace.linkage.weighing import weigh_given_pairs

__all__ = ["LINK_TABLES", "link_records", "rebuild_households"]

LINK_TABLES = (
    "person_records",
    "link_edges",
    "households",
    "household_members",
    "identity_events",
    *INDEX_TABLES,
)

Progress = Callable[[str], None]


def link_records(
    store: Store,
    model: LinkModel,
    *,
    previous: PreviousLinks | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    on: dt.date | None = None,
    version: ModelVersion | None = None,
    decisions: Iterable[MatchDecision] = (),
) -> LinkReport:
    """Find the people and households behind the records of the store.

    Reads `records` (`intake.shapes.RECORDS`); builds the tables named in `LINK_TABLES`. The
    same records, model, seed and previous links give the same tables, whatever the order
    of rows.

    Args:
        store: holds `records`.
        model: what is compared and what it is worth.
        previous: ids of the last snapshot, carried over.
        seed: fixes the random pairs of training.
        progress: told the name of each stage as it starts.
        on: day on which changes of identity are said to happen; today when absent.
        version: weigh with what was learnt before, whose `link_frequencies` the store holds;
            learn anew when absent.
        decisions: what people decided; all hold, but for those that contradict each other.
    """
    on, clock = on or dt.datetime.now(dt.UTC).date(), Clock(progress)
    with clock.stage("standardise"):
        records = standardise_records(store)
        list_keys(store, model, "linkage_input", "link_keys")
    if version is None:
        version, pairs = _learn(store, model, records, seed, on, clock)
    else:
        with clock.stage("compare"):
            version = replace(version, passed_over=count_passed_over(store, model))
            pair_keys(store, model, "link_keys", "link_keys", "linkage_blocked")
            pairs = weigh_given_pairs(store, model, version, "linkage_blocked", "linkage_input")
    with clock.stage("group"):
        constraints = keep_to(store, decisions)
        list_attested(store, "linkage_input")
        groups = group_pairs(store, model, version.parameters)
        events = _write_people(store, groups, previous, on)
        write_edges(store, model, groups)
    with clock.stage("households"):
        build_households(store, previous)
    write_version(store, version)
    write_input(store, "linkage_input", "records", "link_input")
    forget_values(store, model)
    drop_work(store)
    return tell_links(
        store,
        version,
        pairs=pairs,
        events=Counter(event.kind for event in events),
        seed=seed,
        seconds=clock.seconds,
        decided=constraints.counts,
    )


def rebuild_households(store: Store, previous: PreviousLinks | None) -> None:
    """Build `households` and `household_members` again, with people left as they are.

    Args:
        store: holds `records` and `person_records`.
        previous: whose household ids are carried over.
    """
    standardise_records(store)
    build_households(store, previous)
    drop_work(store)


class Clock:
    """Times the stages of a linkage run."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.seconds = progress, dict[str, float]()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Say that a stage starts, and keep its seconds."""
        if self.progress:
            self.progress(name)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)


def _learn(
    store: Store, model: LinkModel, records: int, seed: int, on: dt.date, clock: "Clock"
) -> tuple[ModelVersion, int]:
    """Compare and weigh every pair, and learn what each level is worth."""
    with clock.stage("compare"):
        passed_over = build_keys(store, model)
        trains = records >= model.training.least_records
        chance = estimate_chance_agreement(store, model, seed) if trains else {}
        pairs = compare_pairs(store, model, chance) if records > 1 else _no_pairs(store, model)
    with clock.stage("train"):
        parameters = learn_parameters(store, model, chance, records)
        weigh_pairs(store, model, parameters)
        version = learn_version(store, model, chance, parameters, on=on, passed_over=passed_over)
    return version, pairs


def count_passed_over(store: Store, model: LinkModel) -> dict[str, int]:
    """Return by rule how many records of `link_keys` share a value with too many."""
    rows = store.rows(
        "SELECT rule, sum(size)::BIGINT AS records FROM (SELECT rule, key, count(*) AS size FROM "
        f"link_keys GROUP BY rule, key HAVING count(*) > {model.largest_group}) GROUP BY rule ORDER BY rule"
    )
    return {" + ".join(model.blocking[row["rule"] - 1]): int(row["records"]) for row in rows}


def _no_pairs(store: Store, model: LinkModel) -> int:
    columns = ", ".join(
        f"0::TINYINT AS g_{item.name}, 0::FLOAT AS f_{item.name}" for item in model.comparisons
    )
    store.run(
        f"CREATE OR REPLACE TABLE linkage_vectors AS SELECT '' AS record_id_l, '' AS record_id_r, {columns} LIMIT 0"
    )
    return 0


def _write_people(
    store: Store, groups: Groups, previous: PreviousLinks | None, on: dt.date
) -> list[IdentityEvent]:
    """Build `person_records` and `identity_events`; return the new events."""
    named = [[groups.records[place] for place in group] for group in groups.groups]
    ids, events = carry_ids(named, previous, on)
    store.register("linkage_people", tabulate_people(named, ids))
    store.run(
        "CREATE OR REPLACE TABLE person_records AS SELECT record_id, person_id, dataset, partner, source_id "
        "FROM linkage_people JOIN records USING (record_id) ORDER BY person_id, record_id"
    )
    store.prove_unique("person_records", ("record_id",))
    every = [*(previous.events if previous else ()), *events]
    store.register(
        "linkage_events",
        pa.Table.from_pylist([vars(event) for event in every], schema=IDENTITY_EVENTS),
    )
    store.run(
        "CREATE OR REPLACE TABLE identity_events AS SELECT * FROM linkage_events ORDER BY ALL"
    )
    return events
