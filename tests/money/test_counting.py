"""Families and needs counted for money: what leaves is protected, and close to a plain count."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wholeplace.agreements import HOME, PLANNING, CountableFact
from wholeplace.foundation.protected import ProtectedCount
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.money.counting import count_household_needs, count_open_families
from wholeplace.people import SnapshotReader

HOST = "council-children"


@pytest.fixture(scope="module")
def reader(town: Any) -> Iterator[SnapshotReader]:
    found = SnapshotReader(Snapshots(town.data / "snapshots"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def facts(reader: SnapshotReader) -> tuple[CountableFact, ...]:
    rows = reader.rows("SELECT recipient, source, field, consent FROM countable_facts ORDER BY ALL")
    return tuple(CountableFact(**row) for row in rows if row["recipient"] == HOST)


def plain_families(reader: SnapshotReader, facts: tuple[CountableFact, ...]) -> dict[str, int]:
    """Count families by hand: one loop over events, homes and flags."""
    blocked, consent = set(), dict[str, str]()
    for row in reader.rows("SELECT person_id, flag, purpose, value FROM subject_flags"):
        if row["value"] != "no" and (
            row["flag"] in ("sealed", "restricted", "national-opt-out")
            or (row["flag"] == "objection" and row["purpose"] in ("", PLANNING))
        ):
            blocked.add(row["person_id"])
        if row["flag"] == "consent" and row["purpose"] in ("", PLANNING):
            consent[row["person_id"]] = row["value"]
    known = {row["person_id"] for row in reader.rows("SELECT person_id FROM person_records")}
    as_of = str(reader.snapshot.manifest["as_of"])[:10]
    homes = defaultdict(set)
    for row in reader.rows(
        "SELECT household_id, person_id, start_on, end_on FROM household_members"
    ):
        if str(row["start_on"]) <= as_of and not (row["end_on"] and str(row["end_on"]) <= as_of):
            homes[row["person_id"]].add(row["household_id"])
    allowed = {(each.source, each.field) for each in facts if each.consent == "none"}
    found = defaultdict(set)
    events = reader.rows("SELECT * FROM timeline WHERE kind = 'involvement.open-case'")
    for row in events:
        if (row["partner"], row["kind"]) not in allowed or row["person_id"] in blocked:
            continue
        if str(row["start_on"]) > as_of or (row["end_on"] and str(row["end_on"]) <= as_of):
            continue
        service = json.loads(row["attributes"]).get("service")
        if service and row["person_id"] in known:
            found[service] |= homes[row["person_id"]]
    return {service: len(of) for service, of in found.items() if of}


def check(shown: ProtectedCount, exact: int) -> None:
    if shown.shown is None:
        assert shown.hidden == "protecting" or exact <= shown.threshold
    else:
        assert exact > shown.threshold and abs(shown.shown - exact) <= 5


def test_families_open_are_close_to_a_plain_count_and_small_ones_hidden(
    reader: SnapshotReader, facts: tuple[CountableFact, ...], tmp_path: Path
) -> None:
    counted = count_open_families(reader, HOST, facts, tmp_path)
    plain = plain_families(reader, facts)
    assert counted.keys() == plain.keys() and plain
    for service, exact in plain.items():
        check(counted[service], exact)


def test_the_same_count_is_repeated_from_the_ledger(
    reader: SnapshotReader, facts: tuple[CountableFact, ...], tmp_path: Path
) -> None:
    first, again = (count_open_families(reader, HOST, facts, tmp_path) for _ in range(2))
    assert first == again
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) >= 1


def test_nothing_is_counted_without_a_fact_that_allows_it(
    reader: SnapshotReader, facts: tuple[CountableFact, ...], tmp_path: Path
) -> None:
    others = tuple(each for each in facts if not each.field.startswith("involvement"))
    assert count_open_families(reader, HOST, others, tmp_path) == {}
    homeless = tuple(each for each in facts if each.field != HOME)
    assert count_household_needs(reader, HOST, homeless, tmp_path) is None


def test_fewer_facts_never_show_more_needs(
    reader: SnapshotReader, facts: tuple[CountableFact, ...], tmp_path: Path
) -> None:
    everything = count_household_needs(reader, HOST, facts, tmp_path / "all")
    fewer = tuple(each for each in facts if not each.field.startswith("education"))
    some = count_household_needs(reader, HOST, fewer, tmp_path / "some")
    assert everything is not None and some is not None
    by_need = {each.need: each.everybody.shown or 0 for each in some.needs}
    assert by_need["supporting-families/persistent-absence"] == 0
    assert [each.need for each in everything.needs] == [each.need for each in some.needs]


def test_households_with_several_needs_are_some_of_all(
    reader: SnapshotReader, facts: tuple[CountableFact, ...], tmp_path: Path
) -> None:
    found = count_household_needs(reader, HOST, facts, tmp_path)
    assert found is not None and found.households.shown
    assert found.households.shown % 5 == 0
    assert (found.several.shown or 0) < found.households.shown
    easier = count_household_needs(reader, HOST, facts, tmp_path, least_headlines=1)
    assert easier is not None
    assert (easier.several.shown or 0) >= (found.several.shown or 0)
