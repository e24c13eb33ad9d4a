"""The standard tables: who is seen when, what happened, and which flag stands."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.contracts import SmallPlace, claim, claims, csv_text, everything, put

from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store
from wholeplace.intake import build_standard, load_inbox, shapes
from wholeplace.partnership.definitions import Dataset

FULL = {"pattern": "claims_{date}.csv", "format": "csv", "update": "full"}
SCHEMAS = {
    "records": shapes.RECORDS,
    "record_rows": shapes.RECORD_ROWS,
    "events": shapes.EVENTS,
    "flags": shapes.FLAGS,
}


def build(
    folder: Path, dataset: Dataset, files: dict[str, list[dict[str, str]]]
) -> dict[str, list[Any]]:
    """Load files by day, in the order given, and return the standard tables."""
    data = DataFolder(folder)
    place = SmallPlace({dataset.id: dataset})
    for day, rows in files.items():
        put(data, "jobcentre", f"claims_{day}.csv", csv_text(rows))
        load_inbox(place, data, everything)
    with Store() as store:
        built = build_standard(store, place, data)
        tables = {name: store.arrow(f"SELECT * FROM {name}") for name in SCHEMAS}
        left = {row["name"] for row in store.rows("SHOW TABLES")}
    assert left == set(SCHEMAS)
    for name, schema in SCHEMAS.items():
        found = [(field.name, field.type) for field in tables[name].schema]
        assert found == [(field.name, field.type) for field in schema], name
        assert built[name] == tables[name].num_rows
    return {name: table.to_pylist() for name, table in tables.items()}


@settings(max_examples=4, deadline=None, database=None)
@given(
    st.permutations(["2026-08-01", "2026-09-01", "2026-10-01"]),
    st.sampled_from(["full", "changes"]),
)
def test_the_order_of_arrival_does_not_matter(order: list[str], update: str) -> None:
    import tempfile

    files = {
        "2026-08-01": [claim(n) for n in range(8)],
        "2026-09-01": [claim(n, surname="Marsh", regime="light") for n in range(3, 6)],
        "2026-10-01": [claim(n, hidden="Y") for n in range(5, 9)],
    }
    dataset = claims(file=FULL | {"update": update})
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        expected = build(Path(one), dataset, files)
        assert build(Path(other), dataset, {day: files[day] for day in order}) == expected


def test_nothing_loaded_gives_empty_tables(tmp_path: Path) -> None:
    assert build(tmp_path / "d", claims(), {}) == {name: [] for name in SCHEMAS}


def test_a_row_becomes_a_record_and_an_event(tmp_path: Path) -> None:
    found = build(tmp_path / "d", claims(), {"2026-10-01": [claim(2, postcode="ZZ99 3VZ")]})
    (record,) = found["records"]
    assert record["given_name"] == "Name2"
    assert record["birth_date"] == dt.date(1982, 3, 3)
    assert (record["nino"], record["uprn"], record["postcode"]) == ("AB100002C", 3, None)
    assert (record["seen_from"], record["seen_to"]) == (dt.date(2026, 9, 30), dt.date(2026, 9, 30))
    (event,) = found["events"]
    assert event["kind"] == "finance.sanction"
    assert event["attributes"] == '{"weeks":2}'
    assert event["record_id"] == record["record_id"]
    (flag,) = found["flags"]
    assert (flag["flag"], flag["value"], flag["stated_on"]) == (
        "sealed",
        "no",
        dt.date(2026, 10, 1),
    )


def test_a_correction_replaces_the_event_and_keeps_the_earlier_version_as_history(
    tmp_path: Path,
) -> None:
    files = {
        "2026-09-01": [claim(2, updated="2026-08-31", weeks="4")],
        "2026-10-01": [claim(2, surname="Marsh", weeks="6")],
    }
    found = build(tmp_path / "d", claims(), files)
    assert {(r["family_name"], str(r["seen_to"])) for r in found["records"]} == {
        ("Stone", "2026-08-31"),
        ("Marsh", "2026-09-30"),
    }
    (event,) = found["events"]
    assert event["attributes"] == '{"weeks":6}'
    newest = max(found["records"], key=lambda record: record["seen_to"])
    assert event["record_id"] == newest["record_id"]


def test_a_row_given_to_another_person_leaves_nothing_with_the_wrong_one(tmp_path: Path) -> None:
    files = {"2026-09-01": [claim(2, customer="wrong")], "2026-10-01": [claim(2, customer="right")]}
    found = build(tmp_path / "d", claims(), files)
    for table in ("records", "events", "flags"):
        assert [row["source_id"] for row in found[table]] == ["right"], table


def test_a_later_row_of_one_file_of_changes_corrects_the_earlier(tmp_path: Path) -> None:
    found = build(
        tmp_path / "d", claims(), {"2026-10-01": [claim(2, weeks="1"), claim(2, weeks="9")]}
    )
    assert [event["attributes"] for event in found["events"]] == ['{"weeks":9}']
    assert len(found["record_rows"]) == 2


def test_what_leaves_a_full_extract_has_ended_and_stays_as_history(tmp_path: Path) -> None:
    files = {
        "2026-08-01": [claim(1), claim(3), claim(2)],
        "2026-09-01": [claim(1), claim(3)],
        "2026-10-01": [claim(1)],
    }
    found = build(tmp_path / "d", claims(file=FULL), files)
    ends = {event["source_id"]: (event["kind"], event["end_on"]) for event in found["events"]}
    assert ends["c1"] == ("work.unemployment-claim", None)
    assert ends["c3"] == ("work.unemployment-claim", dt.date(2026, 10, 1))
    # A sanction is an event of one day here: it has no end to reach.
    assert ends["c2"] == ("finance.sanction", None)
    assert len(found["records"]) == 3


def test_absence_from_an_extract_that_is_not_whole_means_nothing(tmp_path: Path) -> None:
    files = {"2026-08-01": [claim(1), claim(3)], "2026-09-01": [claim(1), claim(3, dob="x")]}
    found = build(tmp_path / "d", claims(file=FULL), files)
    assert {event["end_on"] for event in found["events"]} == {None}


@pytest.mark.parametrize(
    ("update", "authoritative", "second", "value"),
    [
        ("full", True, [claim(1)], "no"),
        ("full", False, [claim(1)], "yes"),
        ("changes", True, [claim(1)], "yes"),
        ("full", True, [claim(1), claim(4, dob="x")], "yes"),
        ("full", True, [claim(1), claim(2, hidden="N")], "no"),
        ("full", True, [claim(1), claim(2, hidden="")], "unknown"),
    ],
)
def test_a_flag_is_lifted_only_by_a_word_or_by_a_whole_list(
    tmp_path: Path, update: str, authoritative: bool, second: list[dict[str, str]], value: str
) -> None:
    flags = ({"flag": "sealed", "column": "hidden", "authoritative": authoritative},)
    dataset = claims(file=FULL | {"update": update}, flags=flags)
    files = {"2026-08-01": [claim(1), claim(2, hidden="Y")], "2026-09-01": second}
    found = build(tmp_path / "d", dataset, files)
    assert {row["value"] for row in found["flags"] if row["source_id"] == "c2"} == {value}


def test_of_rows_of_one_day_the_most_protective_flag_stands(tmp_path: Path) -> None:
    rows = [claim(1), claim(8, hidden="Y"), claim(15)]
    found = build(tmp_path / "d", claims(), {"2026-08-01": rows})
    assert [(row["source_id"], row["value"]) for row in found["flags"]] == [("c1", "yes")]
    consent = ({"flag": "consent", "column": "hidden", "purpose": "matching"},)
    rows = [claim(1, hidden="Y"), claim(8, hidden="N"), claim(15, hidden="Y")]
    found = build(tmp_path / "e", claims(flags=consent), {"2026-08-01": rows})
    assert [(row["purpose"], row["value"]) for row in found["flags"]] == [("matching", "no")]


def test_a_kind_that_was_not_kept_is_no_event_though_its_date_is_there(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "d")
    # The date is the observed day too, and so it is always kept.
    place = SmallPlace({"claims": claims(observed="from")})
    put(data, "jobcentre", "claims_2026-10-01.csv", csv_text([claim(1), claim(2)]))
    load_inbox(place, data, lambda _: frozenset({"identity", "work"}))
    with Store() as store:
        build_standard(store, place, data)
        kinds = {row["kind"] for row in store.rows("SELECT kind FROM events")}
    assert kinds == {"work.unemployment-claim"}


def test_a_flag_on_a_rejected_row_still_protects(tmp_path: Path) -> None:
    files = {"2026-08-01": [claim(1), claim(2)], "2026-09-01": [claim(2, hidden="Y", dob="x")]}
    found = build(tmp_path / "d", claims(), files)
    assert {row["source_id"]: row["value"] for row in found["flags"]} == {"c1": "no", "c2": "yes"}
