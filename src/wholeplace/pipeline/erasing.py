"""Taking people out of every kept snapshot, as if they had never been in it.

A snapshot is written again without the records of whoever the deletions ledger names, under
its own id; the published one is published under a new id, so that every reader lets go of what
it holds in memory, and the old one is deleted. What was worked out from the records goes too:
events, links, households, needs, and the counts, which are made again. Where only some of a
person's records go, what is known of people is worked out again from what is left.

The cost is one pass over the kept tables; only snapshots that hold such a record are written.
"""

import datetime as dt
import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wholeplace.agreements import CountableFact
from wholeplace.foundation.deletions import Anchor, Deletions
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Draft, Snapshot, Snapshots
from wholeplace.foundation.store import Store, quote_name, quote_text
from wholeplace.linkage.identity import PreviousLinks
from wholeplace.partnership.folder import PlaceFolder
from wholeplace.people.build import PEOPLE_TABLES, build_people
from wholeplace.people.counting import count_needs
from wholeplace.people.flags import FLAG_REACH
from wholeplace.people.services import count_services
from wholeplace.pipeline.cutting import without_index
from wholeplace.pipeline.pruning import delete_snapshot
from wholeplace.pipeline.tables import link_file, write_tables
from wholeplace.places.residents import PLACES_TABLES, place_residents

__all__ = ["SnapshotErased", "erase_from_snapshot", "erase_from_snapshots", "find_anchors"]

_OF_RECORD = "record_id NOT IN (SELECT record_id FROM gone_records)"
_OF_PERSON = "person_id NOT IN (SELECT person_id FROM gone_people)"
_LEFT = {
    "events": _OF_RECORD,
    "record_rows": _OF_RECORD,
    "records": _OF_RECORD,
    "person_records": _OF_RECORD,
    "link_edges": "record_id_l NOT IN (SELECT record_id FROM gone_records) "
    "AND record_id_r NOT IN (SELECT record_id FROM gone_records)",
    "flags": "(dataset, source_id) NOT IN (SELECT (dataset, source_id) FROM gone)",
    "flag_reach": "(anchor_dataset, anchor_source_id) NOT IN (SELECT (dataset, source_id) FROM gone) "
    "AND (record_dataset, record_source_id) NOT IN (SELECT (dataset, source_id) FROM gone)",
    "identity_events": "old_id NOT IN (SELECT person_id FROM gone_people) "
    "AND coalesce(new_id, '') NOT IN (SELECT person_id FROM gone_people)",
    "involvements": _OF_PERSON,
    "need_evidence": _OF_PERSON,
    "person_areas": _OF_PERSON,
    "person_identity": _OF_PERSON,
    "person_needs": _OF_PERSON,
    "search_keys": _OF_PERSON,
    "subject_flags": _OF_PERSON,
    "timeline": _OF_PERSON,
}
"""Which rows of each table are left."""

_ANCHORS = (
    ("records", "dataset", "source_id"),
    ("flags", "dataset", "source_id"),
    ("flag_reach", "anchor_dataset", "anchor_source_id"),
    ("flag_reach", "record_dataset", "record_source_id"),
)
_HOMES = ("household_members", "households")
_COUNTS = ("area_needs", "countable_facts", "person_factors", "piece_needs", "piece_services")
_COUNTED = ("area_needs", "piece_needs", "piece_services")


@dataclass(frozen=True)
class SnapshotErased:
    """What was taken out of one snapshot.

    Attributes:
        snapshot: as it is now.
        old_id: the id that it had.
        rows: rows fewer, by table; those of counts are made anew and not named.
        people: ids of people of whom nothing is left.
    """

    snapshot: Snapshot
    old_id: str
    rows: dict[str, int]
    people: frozenset[str]


def find_anchors(snapshot: Snapshot, person_id: str) -> tuple[tuple[str, str, str], ...]:
    """Return partner, dataset and source id of every record held to be about one person."""
    with Store(memory_limit_mb=256, threads=1) as store:
        store.view_parquet("person_records", snapshot.table("person_records"))
        rows = store.rows(
            "SELECT DISTINCT partner, dataset, source_id FROM person_records "
            "WHERE person_id = $person_id ORDER BY ALL",
            {"person_id": person_id},
        )
    return tuple((row["partner"], row["dataset"], row["source_id"]) for row in rows)


def erase_from_snapshots(
    data: DataFolder,
    deletions: Deletions,
    at: dt.datetime,
    *,
    place: PlaceFolder | None = None,
) -> tuple[SnapshotErased, ...]:
    """Take whoever the deletions ledger names out of every kept snapshot, and the ledger of reach.

    Call it while holding the run lock. Does nothing where nobody erased is in them.

    Raises:
        UnsafeActionError: if only some records of a person go, and no place is given.
    """
    erase_reach(data, deletions)
    snapshots = Snapshots(data.snapshots)
    found = (
        erase_from_snapshot(data, each, deletions, at, place=place) for each in snapshots.list()
    )
    return tuple(each for each in found if each)


def erase_from_snapshot(
    data: DataFolder,
    snapshot: Snapshot,
    deletions: Deletions,
    at: dt.datetime,
    *,
    place: PlaceFolder | None = None,
) -> SnapshotErased | None:
    """Take whoever the deletions ledger names out of one snapshot; None where nobody is in it."""
    if not deletions.erased() or "records" not in snapshot.tables:
        return None
    gone = _list_gone(snapshot, deletions)
    if not gone:
        return None
    snapshots = Snapshots(data.snapshots)
    draft = snapshots.start(at)
    try:
        tables, people = _write_left(draft, snapshot, gone, place)
        # No run's result any more, so that the next run does all of it again.
        stages = {
            name: {**stage, "fingerprint": "erased"}
            for name, stage in snapshot.manifest["stages"].items()
        }
        before = without_index(snapshot.manifest["tables"])
        link = dict(snapshot.manifest.get("link") or {})
        if "people" in link:
            link["people"] = int(link["people"]) - len(people)
        manifest = {
            **snapshot.manifest,
            "link": link,
            "stages": stages,
            "tables": {**before, **tables},
            "erased_at": at.astimezone(dt.UTC).isoformat(),
        }
        if snapshot.id == snapshots.current_id():
            written = snapshots.publish(draft, manifest)
            delete_snapshot(snapshot)
        else:
            written = snapshots.replace(snapshot, draft, manifest)
    except BaseException:
        snapshots.discard(draft)
        raise
    rows = {
        name: int(before[name]) - count
        for name, count in tables.items()
        if name not in _COUNTS and int(before.get(name, count)) > count
    }
    return SnapshotErased(written, snapshot.id, rows, people)


def erase_reach(data: DataFolder, deletions: Deletions) -> None:
    """Take whoever was erased out of the reach of flags that the data folder's ledger keeps."""
    path = data.ledger / "flag_reach.parquet"
    if not deletions.erased() or not path.exists():
        return
    table = pq.read_table(path, partitioning=None).select(FLAG_REACH.names).cast(FLAG_REACH)
    rows = table.to_pylist()
    pairs = {
        (row[f"{side}_dataset"], row[f"{side}_source_id"])
        for row in rows
        for side in ("anchor", "record")
    }
    gone = _which_are_gone(pairs, deletions)
    left = [
        row
        for row in rows
        if (row["anchor_dataset"], row["anchor_source_id"]) not in gone
        and (row["record_dataset"], row["record_source_id"]) not in gone
    ]
    if len(left) == len(rows):
        return
    aside = path.with_name(f".{path.name}")
    with aside.open("wb") as stream:
        pq.write_table(pa.Table.from_pylist(left, schema=FLAG_REACH), stream)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def _which_are_gone(pairs: Collection[Anchor], deletions: Deletions) -> frozenset[Anchor]:
    erased = deletions.erased()
    return frozenset(pair for pair in pairs if deletions.digest(*pair) in erased)


def _list_gone(snapshot: Snapshot, deletions: Deletions) -> frozenset[Anchor]:
    selects = [
        f"SELECT {dataset} AS dataset, {source_id} AS source_id FROM "
        f"read_parquet({quote_text(str(snapshot.table(name)))})"
        for name, dataset, source_id in _ANCHORS
        if name in snapshot.tables
    ]
    with Store(memory_limit_mb=512) as store:
        rows = store.rows(" UNION ".join(selects))
    return _which_are_gone({(row["dataset"], row["source_id"]) for row in rows}, deletions)


def _write_left(
    draft: Draft, snapshot: Snapshot, gone: frozenset[Anchor], place: PlaceFolder | None
) -> tuple[dict[str, int], frozenset[str]]:
    """Write what is left into a draft; return rows by table, and who is gone altogether."""
    from wholeplace.linkage.link import rebuild_households

    held = set(without_index(dict.fromkeys(snapshot.tables, 0)))
    with Store() as store:
        people, has_parted = _register_gone(store, snapshot, gone)
        if has_parted and place is None:
            raise UnsafeActionError(
                f"Snapshot {snapshot.id} could not be cleared.",
                "Only some records of a person were erased, so what is known of them has to be "
                "worked out again.",
                "Run `wholeplace run`, which does so.",
            )
        for name in sorted(held):
            condition = _LEFT.get(name)
            if condition:
                store.run(
                    f"CREATE TABLE {quote_name(name)} AS SELECT * FROM "
                    f"read_parquet({quote_text(str(snapshot.table(name)))}) WHERE {condition}"
                )
            elif name not in (*_HOMES, *_COUNTED, "person_factors"):
                store.view_parquet(name, snapshot.table(name))
                link_file(snapshot.table(name), draft.table(name))
        made = [name for name in _LEFT if name in held]
        if held >= set(_HOMES):
            rebuild_households(store, PreviousLinks.read(snapshot.path))
            made += _HOMES
        if "person_factors" in held:
            # What was known of a home rested on everybody in it: nobody's is known until the
            # next run, which lets less be seen and never more.
            factors = quote_text(str(snapshot.table("person_factors")))
            store.run(
                f"CREATE TABLE person_factors AS SELECT * FROM read_parquet({factors}) WHERE false"
            )
            made.append("person_factors")
        made += _work_out(store, snapshot, place if has_parted else None)
        for name in made:
            draft.table(name).unlink(missing_ok=True)
        return write_tables(store, draft, dict.fromkeys(made)), people


def _register_gone(
    store: Store, snapshot: Snapshot, gone: frozenset[Anchor]
) -> tuple[frozenset[str], bool]:
    """Make `gone`, `gone_records` and `gone_people`; return the people and whether any are parted."""
    schema = pa.schema([("dataset", pa.string()), ("source_id", pa.string())])
    rows = [{"dataset": dataset, "source_id": source_id} for dataset, source_id in sorted(gone)]
    store.register("gone", pa.Table.from_pylist(rows, schema=schema))
    records = quote_text(str(snapshot.table("records")))
    store.run(
        f"CREATE TABLE gone_records AS SELECT record_id FROM read_parquet({records}) "
        "SEMI JOIN gone USING (dataset, source_id)"
    )
    if "person_records" not in snapshot.tables:
        store.run("CREATE TABLE gone_people (person_id VARCHAR)")
        return frozenset(), False
    people = quote_text(str(snapshot.table("person_records")))
    store.run(
        "CREATE TABLE touched AS SELECT person_id, bool_and(record_id IN (SELECT record_id FROM "
        "gone_records)) AS is_gone FROM "
        f"read_parquet({people}) GROUP BY person_id HAVING bool_or(record_id IN "
        "(SELECT record_id FROM gone_records))"
    )
    store.run("CREATE TABLE gone_people AS SELECT person_id FROM touched WHERE is_gone")
    found = store.rows("SELECT person_id FROM gone_people")
    has_parted = bool(store.value("SELECT count(*) FROM touched WHERE NOT is_gone"))
    return frozenset(row["person_id"] for row in found), has_parted


def _work_out(store: Store, snapshot: Snapshot, place: PlaceFolder | None) -> list[str]:
    """Make the counts again, and all that is known of people where a place is given."""
    held = set(snapshot.tables)
    as_of = dt.date.fromisoformat(snapshot.manifest["as_of"])
    if place is None:
        if not {"area_needs", "countable_facts"} <= held:
            return []
        count_needs(store, None)
        count_services(store, as_of)
        return list(_COUNTED)
    facts = [CountableFact(**row) for row in _rows_of(store, "countable_facts", held)]
    # Flags hold as they did: whoever was protected by what is gone stays so until the next run.
    for name in ("subject_flags", "flag_reach"):
        store.run(f"ALTER TABLE {name} RENAME TO held_{name}")
    for name in (*PLACES_TABLES, *PEOPLE_TABLES):
        kind = store.value(
            "SELECT table_type FROM information_schema.tables WHERE table_name = $name",
            {"name": name},
        )
        if kind:
            store.run(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {name}")
    place_residents(store, place, as_of)
    reach = store.arrow("SELECT * FROM held_flag_reach")
    build_people(store, place, place.frameworks, as_of, reached_before=reach, countable=facts)
    for name in ("subject_flags", "flag_reach"):
        store.run(f"DROP TABLE {name}")
        store.run(f"ALTER TABLE held_{name} RENAME TO {name}")
    # Once more, under the flags that hold.
    count_needs(store, None)
    count_services(store, as_of)
    return [*PLACES_TABLES, *PEOPLE_TABLES]


def _rows_of(store: Store, name: str, held: set[str]) -> list[dict[str, Any]]:
    return store.rows(f"SELECT * FROM {quote_name(name)}") if name in held else []
