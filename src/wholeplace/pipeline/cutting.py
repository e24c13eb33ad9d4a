"""Cutting snapshots down to what an agreement in force still covers, and still lets be kept.

When an agreement lapses, its data leaves the partitions and the next snapshot. Here it leaves
the snapshots before that one too: their records and events are cut, and what was worked out
from these is worked out again from what is left. Who is one person, and their flags, stay as
they were. A snapshot that cannot be cut is deleted. UK GDPR Article 5(1)(b), (c) and (e).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wholeplace.agreements import CountableFact, Keeping, Statement
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.machine import MachineError
from wholeplace.foundation.snapshots import Draft, Snapshot, Snapshots
from wholeplace.foundation.store import Store, quote_text
from wholeplace.intake.covered import Covered, cut_standard, find_covered
from wholeplace.intake.expiry import count_past, expire_standard, register_keeping
from wholeplace.linkage.identity import PreviousLinks
from wholeplace.linkage.index import INDEX_TABLES
from wholeplace.partnership.folder import PlaceFolder
from wholeplace.people.build import PEOPLE_TABLES, build_people
from wholeplace.people.flags import read_reach
from wholeplace.pipeline.pruning import delete_snapshot
from wholeplace.pipeline.tables import link_file, write_tables
from wholeplace.places.residents import PLACES_TABLES, place_residents

__all__ = [
    "Coverage",
    "cut_snapshot",
    "cut_snapshots",
    "enter_past",
    "find_coverage",
    "is_within",
    "past_its_date",
    "what_is_covered",
    "without_index",
]

_FLAGS = ("flag_reach", "subject_flags")
_STANDARD = ("events", "records")
_OF_RECORDS = ("person_records", "record_rows")
_REBUILT = (
    *_STANDARD,
    "link_edges",
    "household_members",
    "households",
    *PLACES_TABLES,
    *(name for name in PEOPLE_TABLES if name not in _FLAGS),
)


@dataclass(frozen=True)
class Coverage:
    """What agreements in force cover.

    Attributes:
        place: the place folder.
        datasets: dataset → what may be held of it.
        countable: what may be counted for whom.
        statements: every flag ever stated on screen; counts heed them.
        keeping: for how long what is covered may be kept; nothing is past its date where absent.
    """

    place: PlaceFolder
    datasets: Mapping[str, Covered]
    countable: tuple[CountableFact, ...]
    statements: tuple[Statement, ...] = ()
    keeping: Keeping | None = None

    def as_plain(self) -> dict[str, Any]:
        """Return what may be held as plain values, for a manifest."""
        return {name: each.as_plain() for name, each in sorted(self.datasets.items())}


def find_coverage(
    place: PlaceFolder,
    kept: Mapping[str, frozenset[str]],
    countable: tuple[CountableFact, ...],
    statements: Iterable[Statement] = (),
    keeping: Keeping | None = None,
) -> Coverage:
    """Return what agreements in force cover of a place.

    Args:
        place: the place folder.
        kept: partner → vocabulary fields that a clause in force covers.
        countable: what may be counted for whom.
        statements: every flag ever stated on screen.
        keeping: for how long what is covered may be kept.
    """
    datasets = {
        name: find_covered(dataset, kept[dataset.partner])
        for name, dataset in place.datasets.items()
    }
    return Coverage(place, datasets, countable, tuple(statements), keeping)


def what_is_covered(snapshot: Snapshot) -> Mapping[str, Covered] | None:
    """Return what a snapshot may hold, by its manifest; None where an older version built it."""
    plain = snapshot.manifest.get("covered")
    if plain is None:
        return None
    return {name: Covered.of_plain(each) for name, each in plain.items()}


def is_within(snapshot: Snapshot, datasets: Mapping[str, Covered]) -> bool:
    """Return whether a snapshot holds nothing beyond what may be held of each dataset."""
    held = what_is_covered(snapshot)
    if held is None:
        return False
    nothing = Covered(frozenset(), {})
    return all(datasets.get(name, nothing).has_all_of(each) for name, each in held.items())


def past_its_date(snapshot: Snapshot, coverage: Coverage) -> tuple[int, int]:
    """Return how many events, and records with a value, of a snapshot are past their date."""
    keeping = coverage.keeping
    if keeping is None or not set(_STANDARD) <= set(snapshot.tables):
        return 0, 0
    with Store() as store:
        for name in _STANDARD:
            store.view_parquet(name, snapshot.table(name))
        register_keeping(store, keeping, coverage.place.datasets.values())
        return count_past(store, keeping)


def cut_snapshots(
    data: DataFolder, coverage: Coverage, at: dt.datetime, note: Callable[[str], None]
) -> tuple[str, ...]:
    """Cut every snapshot but the published one, and return a sentence on each that was.

    What no agreement covers goes, and what is past its date, with a receipt.

    Call it while holding the run lock. Does nothing where no snapshot holds too much, so it may
    be called at every run; what a killed run left uncut, the next one cuts.

    Raises:
        MachineError: if the disk is full or the like.
    """
    said = []
    snapshots = Snapshots(data.snapshots)
    for snapshot in snapshots.list():
        if snapshot.id == snapshots.current_id():
            continue
        is_covered = is_within(snapshot, coverage.datasets)
        past = past_its_date(snapshot, coverage)
        if is_covered and not any(past):
            continue
        why = "what is past its date" if is_covered else "what no agreement in force covers"
        note(f"cutting snapshot {snapshot.id} down to what may still be kept")
        if any(past):
            enter_past(data, snapshot, past, at)
        try:
            cut_snapshot(data, snapshot, coverage, at)
        except MachineError:
            raise
        except (WholeplaceError, KeyError, ValueError):
            delete_snapshot(snapshot)
            said.append(
                f"Snapshot {snapshot.id} held {why} and could not be cut down to the rest, so it "
                "was deleted."
            )
        else:
            said.append(f"Snapshot {snapshot.id} held {why}; it was cut down.")
    return tuple(said)


def enter_past(
    data: DataFolder, snapshot: Snapshot, past: tuple[int, int], at: dt.datetime
) -> None:
    """Leave a receipt of what is about to go from a snapshot since it is past its date."""
    events, records = past
    Deletions(data).append(
        "retention", at, snapshot=snapshot.id, rows=events, values=records, dataset=""
    )


def cut_snapshot(
    data: DataFolder, snapshot: Snapshot, coverage: Coverage, at: dt.datetime
) -> Snapshot:
    """Cut one snapshot down in its place, under its own id, and return it.

    Raises:
        NotFoundError: if it lacks a table that this needs.
    """
    snapshots = Snapshots(data.snapshots)
    draft = snapshots.start(at)
    try:
        rows = _write_cut(data, draft, snapshot, coverage)
        # What was cut is the result of no run, so no later run may take it over.
        stages = {
            name: {**stage, "fingerprint": "cut"}
            for name, stage in snapshot.manifest["stages"].items()
        }
        manifest = {
            **snapshot.manifest,
            "covered": coverage.as_plain(),
            "cut_at": at.astimezone(dt.UTC).isoformat(),
            "stages": stages,
            "tables": {**without_index(snapshot.manifest["tables"]), **rows},
        }
        return snapshots.replace(snapshot, draft, manifest)
    except BaseException:
        snapshots.discard(draft)
        raise


def without_index(rows: Mapping[str, int]) -> dict[str, int]:
    """Return rows by table without the index of linkage, which rests on everybody."""
    return {name: count for name, count in rows.items() if name not in INDEX_TABLES}


def _write_cut(
    data: DataFolder, draft: Draft, snapshot: Snapshot, coverage: Coverage
) -> dict[str, int]:
    from wholeplace.linkage.link import rebuild_households

    place, as_of = coverage.place, dt.date.fromisoformat(snapshot.manifest["as_of"])
    with Store() as store:
        for name in without_index(dict.fromkeys(snapshot.tables, 0)):
            if name not in (*_REBUILT, *_OF_RECORDS):
                link_file(snapshot.table(name), draft.table(name))
            if name in _STANDARD or name not in (*_REBUILT, *_FLAGS, *_OF_RECORDS):
                store.view_parquet(name, snapshot.table(name))
        cut_standard(store, coverage.datasets)
        if coverage.keeping is not None:
            store.view_parquet("flags", snapshot.table("flags"))
            register_keeping(store, coverage.keeping, place.datasets.values())
            expire_standard(store, coverage.keeping)
        for name in _OF_RECORDS:
            # A record that is past its date as a whole takes what hangs on it along.
            store.run(
                f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {_file(snapshot, name)} "
                "SEMI JOIN records USING (record_id)"
            )
        # What was alike between two records says what stood in them.
        store.run(
            "CREATE TABLE link_edges AS SELECT * REPLACE ('{}' AS levels) FROM "
            f"{_file(snapshot, 'link_edges')} "
            "WHERE record_id_l IN (SELECT record_id FROM records) "
            "AND record_id_r IN (SELECT record_id FROM records)"
        )
        rebuild_households(store, PreviousLinks.read(snapshot.path))
        place_residents(store, place, as_of)
        # Flags are worked out for the counts alone: in the snapshot they hold as they did.
        build_people(
            store,
            place,
            place.frameworks,
            as_of,
            reached_before=read_reach(data, [snapshot.table("flag_reach")]),
            countable=coverage.countable,
            statements=coverage.statements,
        )
        return write_tables(store, draft, (*_REBUILT, *_OF_RECORDS))


def _file(snapshot: Snapshot, name: str) -> str:
    return f"read_parquet({quote_text(str(snapshot.table(name)))})"
