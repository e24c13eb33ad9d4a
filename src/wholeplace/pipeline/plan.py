"""The stages that build tables: what each depends on, and so whether it must run again."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from wholeplace.agreements import CountableFact, Keeping, Statement, hash_statements
from wholeplace.foundation.canonical import content_hash, file_hash
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshot
from wholeplace.foundation.store import Store
from wholeplace.intake.report import LoadReport
from wholeplace.linkage.identity import PreviousLinks
from wholeplace.linkage.model import LinkModel, read_model
from wholeplace.linkage.review import MatchDecision, hash_decisions
from wholeplace.partnership.folder import PlaceFolder
from wholeplace.people.build import PEOPLE_TABLES, build_people
from wholeplace.people.flags import read_reach
from wholeplace.pipeline.fingerprint import code_hash, stage_fingerprint
from wholeplace.places.residents import PLACES_TABLES, place_residents

__all__ = ["STAGES", "Given", "Stage", "plan_stages"]

STAGES = ("check", "rules", "intake", "standard", "link", "places", "people")
"""Stages with a fingerprint, in order; `publish` follows them."""

STANDARD_TABLES = ("events", "flags", "record_rows", "records")


@dataclass(frozen=True)
class Given:
    """What the first stages found, for the ones that build tables.

    Attributes:
        loads: what intake did.
        kept: partner to the fields that an agreement in force lets anyone see.
        countable: what agreements in force let be counted for whom.
        statements: every flag ever stated on screen.
        keeping: for how long what they cover may be kept.
        note: told, by stage, what is going on.
        linking: full, delta, or auto: whichever does.
        decisions: what people decided about doubtful matches.
    """

    folder: Path
    place: PlaceFolder
    data: DataFolder
    loads: LoadReport
    kept: Mapping[str, frozenset[str]]
    ruleset_hash: str
    countable: tuple[CountableFact, ...]
    statements: tuple[Statement, ...]
    keeping: Keeping
    as_of: dt.date
    note: Callable[[str, str], None]
    linking: str = "auto"
    decisions: tuple[MatchDecision, ...] = ()


@dataclass
class Stage:
    """One stage that builds tables.

    Attributes:
        main_table: the table whose rows stand for the stage in reports.
        build: makes the tables in the store.
        report: figures for the manifest, filled when built.
    """

    name: str
    fingerprint: str
    tables: tuple[str, ...]
    main_table: str
    build: Callable[[Store], Any]
    is_reused: bool
    report: dict[str, Any] = field(default_factory=dict)


def plan_stages(given: Given, previous: Snapshot | None) -> list[Stage]:
    """Return the stages in order, each marked whether the previous snapshot's tables do."""
    from wholeplace.linkage.link import LINK_TABLES

    place, model = given.place, read_model(given.folder)
    contracts = {name: each.model_dump(mode="json") for name, each in place.datasets.items()}
    # A partition from which something was deleted has another name.
    extracts = sorted(
        [each.dataset, each.file, each.fingerprint, each.is_whole, each.partition, each.held_flags]
        for each in given.loads.files
    )
    standard = stage_fingerprint(
        "standard", ("foundation", "intake"), [extracts, _no_floats(contracts)]
    )
    link = stage_fingerprint(
        "link", ("linkage",), [standard, model.hash, hash_decisions(given.decisions)]
    )
    areas = {name: _area_hashes(place, name) for name in place.area_sets}
    places = stage_fingerprint("places", ("places",), [link, areas, given.as_of])
    rules = [each.model_dump(mode="json") for each in place.frameworks]
    # Counts by area rest on the agreements in force, and flags on how fresh each list is.
    counted = [given.ruleset_hash, [list(astuple(each)) for each in given.countable]]
    fresh = {name: str(day) for name, day in sorted(_newest_extracts(given).items())}
    people = stage_fingerprint(
        "people",
        ("agreements", "people"),
        [
            standard,
            link,
            places,
            _no_floats(rules),
            given.as_of,
            counted,
            fresh,
            hash_statements(given.statements),
        ],
    )
    stages = [
        _stage(previous, "standard", standard, STANDARD_TABLES, "records"),
        _stage(previous, "link", link, LINK_TABLES, "person_records"),
        _stage(previous, "places", places, PLACES_TABLES, "person_areas"),
        _stage(previous, "people", people, PEOPLE_TABLES, "timeline"),
    ]
    # Asked to link everything anew, it does so though nothing has changed.
    stages[1].is_reused = stages[1].is_reused and given.linking != "full"
    stages[0].build = partial(_build_standard, place, given.data)
    stages[1].build = partial(_link, given, model, previous, stages[1])
    stages[2].build = lambda store: place_residents(store, place, given.as_of)
    stages[3].build = partial(_build_people, given, previous)
    return stages


def _stage(
    previous: Snapshot | None, name: str, fingerprint: str, tables: tuple[str, ...], main: str
) -> Stage:
    before: Mapping[str, Any] = previous.manifest.get("stages", {}) if previous else {}
    is_reused = (
        previous is not None
        and before.get(name, {}).get("fingerprint") == fingerprint
        and set(tables) <= set(previous.tables)
    )
    return Stage(name, fingerprint, tables, main, lambda _store: None, is_reused)


def _build_standard(place: PlaceFolder, data: DataFolder, store: Store) -> None:
    from wholeplace.intake.standard import build_standard

    build_standard(store, place, data)


def _link(
    given: Given, model: LinkModel, previous: Snapshot | None, stage: Stage, store: Store
) -> None:
    from wholeplace.linkage.delta import link_delta
    from wholeplace.linkage.link import link_records

    why = _why_link_all(given, model, previous, store)
    if why and given.linking == "delta":
        raise WholeplaceError(
            "Only what changed was to be linked, but that cannot be done.",
            f"All records have to be linked anew: {why}.",
            "Run `wholeplace link run`.",
        )
    note, decided = partial(given.note, "link"), given.decisions
    if why or previous is None:
        held = PreviousLinks.read(previous.path) if previous else None
        report = link_records(
            store, model, previous=held, progress=note, on=given.as_of, decisions=decided
        )
    else:
        report = link_delta(
            store, model, previous.path, progress=note, on=given.as_of, decisions=decided
        )
    words = f"all records were linked: {why}" if why else "only what changed was linked"
    stage.report = {**report.as_plain(), "why": words, "code": code_hash("linkage")}


def _why_link_all(
    given: Given, model: LinkModel, previous: Snapshot | None, store: Store
) -> str | None:
    """Return why all records are linked anew; None where only what changed is."""
    from wholeplace.linkage.schedule import why_link_all

    if previous is None:
        return "nothing was linked before"
    if given.linking == "full":
        return "it was asked for"
    if (previous.manifest.get("link") or {}).get("code") != code_hash("linkage"):
        return "Wholeplace itself has changed"
    return why_link_all(store, model, previous.path, given.as_of)


def _build_people(given: Given, previous: Snapshot | None, store: Store) -> None:
    reaches = [previous.path / "flag_reach.parquet"] if previous else []
    build_people(
        store,
        given.place,
        given.place.frameworks,
        given.as_of,
        reached_before=read_reach(given.data, reaches),
        newest_extracts=_newest_extracts(given),
        countable=given.countable,
        statements=given.statements,
    )


def _newest_extracts(given: Given) -> dict[str, dt.date]:
    # An extract that may have been cut short makes no list fresh: its absences say nothing.
    return {
        each.dataset: each.newest_believed.extract_on
        for each in given.loads.datasets
        if each.newest_believed
    }


def _area_hashes(place: PlaceFolder, name: str) -> str:
    area_set = place.area_sets[name]
    return content_hash(
        [
            area_set.model_dump(mode="json"),
            file_hash(place.area_file(area_set.boundaries)),
            file_hash(place.area_file(area_set.lookup)),
        ]
    )


def _no_floats(value: Any) -> Any:
    """Return plain values with decimal numbers as text, which has a canonical form."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(key): _no_floats(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_no_floats(each) for each in value]
    return value
