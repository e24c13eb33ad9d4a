"""The truth about the town, written beside the place and never read by the pipeline."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from wholeplace.larkbridge.extracts import WrittenFile
from wholeplace.larkbridge.files import write_parquet
from wholeplace.larkbridge.people import World

__all__ = ["write_truth"]


def write_truth(
    folder: Path,
    world: World,
    written: list[WrittenFile],
    effect: dict[str, Any],
    errors: dict[str, Any],
) -> None:
    """Write who is who, who lived where with whom, who needs what, which rows are bad, the effect."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder,
        "rows",
        _rows(written),
        {
            "dataset": pa.string(),
            "file": pa.string(),
            "row_number": pa.int64(),
            "person_true_id": pa.string(),
        },
    )
    _write_people(folder, world)
    spells = [
        (person.id, spell.household.id, spell.dwelling.key, spell.start, spell.end, spell.dwelling.kind)
        for person in world.people for spell in person.spells
    ]  # fmt: skip
    _write(folder, "household_spells", spells, {
        "person_true_id": pa.string(), "household_true_id": pa.string(), "address_key": pa.string(),
        "start_on": pa.date32(), "end_on": pa.date32(), "kind": pa.string()})  # fmt: skip
    needs = [
        (person.id, each.headline, each.since, each.until, each.reason)
        for person in world.people
        for each in person.pressures
    ]
    _write(folder, "needs", needs, {
        "person_true_id": pa.string(), "headline": pa.string(), "since_on": pa.date32(), "until_on": pa.date32(), "why": pa.string()})  # fmt: skip
    _write_bad_rows(folder, written)
    _write_addresses(folder, world)
    for name, content in (("effect", effect), ("errors", errors)):
        (folder / f"{name}.json").write_text(
            json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8"
        )


def _write_bad_rows(folder: Path, written: list[WrittenFile]) -> None:
    bad = [
        (each.dataset, each.file, one.row_number, one.fault, one.column, one.outcome, each.people[one.row_number - 1])
        for each in written for one in each.bad
    ]  # fmt: skip
    _write(folder, "bad_rows", bad, {
        "dataset": pa.string(), "file": pa.string(), "row_number": pa.int64(), "fault": pa.string(),
        "column": pa.string(), "outcome": pa.string(), "person_true_id": pa.string()})  # fmt: skip


def _write_addresses(folder: Path, world: World) -> None:
    homes = [
        (
            each.key,
            each.line,
            each.flat,
            each.postcode,
            each.uprn,
            each.block,
            each.kind,
            each.tenure,
        )
        for each in world.dwellings
    ]
    _write(folder, "addresses", homes, {
        "address_key": pa.string(), "line": pa.string(), "flat": pa.string(), "postcode": pa.string(), "uprn": pa.int64(),
        "block": pa.int64(), "kind": pa.string(), "tenure": pa.string()})  # fmt: skip


def _rows(written: list[WrittenFile]) -> list[tuple[Any, ...]]:
    return [
        (each.dataset, each.file, number, person)
        for each in written
        for number, person in enumerate(each.people, 1)
    ]


def _write_people(folder: Path, world: World) -> None:
    people = [
        (
            person.id, person.given, person.middle, person.names[-1][1], person.names[0][1], person.born, person.sex,
            person.nhs, person.died_on, person.died_on is None and person.lives_on(world.as_of),
            ",".join(sorted(person.flags)), person.cast,
        )
        for person in world.people
    ]  # fmt: skip
    _write(folder, "people", people, {
        "person_true_id": pa.string(), "given_name": pa.string(), "middle_names": pa.string(), "family_name": pa.string(),
        "birth_family_name": pa.string(), "birth_date": pa.date32(), "sex": pa.string(), "nhs_number": pa.string(),
        "died_on": pa.date32(), "resident": pa.bool_(), "flags": pa.string(), "cast": pa.bool_()})  # fmt: skip


def _write(
    folder: Path, name: str, rows: list[tuple[Any, ...]], columns: dict[str, pa.DataType]
) -> None:
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [pa.array(column, kind) for column, kind in zip(values, columns.values(), strict=True)]
    write_parquet(folder / f"{name}.parquet", pa.Table.from_arrays(arrays, names=list(columns)))
