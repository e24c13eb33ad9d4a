"""Cutting snapshots down to what an agreement in force still covers.

When an agreement lapses, its data leaves the partitions and the next snapshot. Here it leaves
the snapshots before that one too: their records and events are cut, and what was worked out
from these is worked out again from what is left. Who is one person, and their flags, stay as
they were. A snapshot that cannot be cut is deleted. UK GDPR Article 5(1)(b), (c) and (e).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wholeplace.agreements import CountableFact, Statement
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.machine import MachineError
from wholeplace.foundation.snapshots import Draft, Snapshot, Snapshots
from wholeplace.foundation.store import Store
from wholeplace.intake.covered import Covered, cut_standard, find_covered
from wholeplace.linkage.identity import PreviousLinks
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
    "find_coverage",
    "is_within",
    "what_is_covered",
]

_FLAGS = ("flag_reach", "subject_flags")
_STANDARD = ("events", "records")
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
    """

    place: PlaceFolder
    datasets: Mapping[str, Covered]
    countable: tuple[CountableFact, ...]
    statements: tuple[Statement, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Return what may be held as plain values, for a manifest."""
        return {name: each.as_plain() for name, each in sorted(self.datasets.items())}


def find_coverage(
    place: PlaceFolder,
    kept: Mapping[str, frozenset[str]],
    countable: tuple[CountableFact, ...],
    statements: Iterable[Statement] = (),
) -> Coverage:
    """Return what agreements in force cover of a place.

    Args:
        place: the place folder.
        kept: partner → vocabulary fields that a clause in force covers.
        countable: what may be counted for whom.
        statements: every flag ever stated on screen.
    """
    datasets = {
        name: find_covered(dataset, kept[dataset.partner])
        for name, dataset in place.datasets.items()
    }
    return Coverage(place, datasets, countable, tuple(statements))


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


def cut_snapshots(
    data: DataFolder, coverage: Coverage, at: dt.datetime, note: Callable[[str], None]
) -> tuple[str, ...]:
    """Cut every snapshot but the published one, and return a sentence on each that was.

    Call it while holding the run lock. Does nothing where no snapshot holds too much, so it may
    be called at every run; what a killed run left uncut, the next one cuts.

    Raises:
        MachineError: if the disk is full or the like.
    """
    said = []
    snapshots = Snapshots(data.snapshots)
    for snapshot in snapshots.list():
        if snapshot.id == snapshots.current_id() or is_within(snapshot, coverage.datasets):
            continue
        note(f"cutting snapshot {snapshot.id} down to what agreements still cover")
        try:
            cut_snapshot(data, snapshot, coverage, at)
        except MachineError:
            raise
        except (WholeplaceError, KeyError, ValueError):
            delete_snapshot(snapshot)
            said.append(
                f"Snapshot {snapshot.id} held what no agreement in force covers and could not be "
                "cut down to the rest, so it was deleted."
            )
        else:
            said.append(
                f"Snapshot {snapshot.id} held what no agreement in force covers; it was cut down."
            )
    return tuple(said)


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
            "tables": {**snapshot.manifest["tables"], **rows},
        }
        return snapshots.replace(snapshot, draft, manifest)
    except BaseException:
        snapshots.discard(draft)
        raise


def _write_cut(
    data: DataFolder, draft: Draft, snapshot: Snapshot, coverage: Coverage
) -> dict[str, int]:
    from wholeplace.linkage.link import rebuild_households

    place, as_of = coverage.place, dt.date.fromisoformat(snapshot.manifest["as_of"])
    with Store() as store:
        for name in snapshot.tables:
            if name not in _REBUILT:
                link_file(snapshot.table(name), draft.table(name))
            if name in _STANDARD or name not in (*_REBUILT, *_FLAGS):
                store.view_parquet(name, snapshot.table(name))
        cut_standard(store, coverage.datasets)
        store.view_parquet("edges_before", snapshot.table("link_edges"))
        # What was alike between two records says what stood in them.
        store.run("CREATE TABLE link_edges AS SELECT * REPLACE ('{}' AS levels) FROM edges_before")
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
        return write_tables(store, draft, _REBUILT)
