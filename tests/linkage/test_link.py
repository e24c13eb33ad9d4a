"""Linking a small street of records, end to end."""

import dataclasses
import datetime as dt
import json
import random

import pyarrow as pa
import pytest
from click.testing import CliRunner
from tests.linkage.street import Street, build_street, nhs_number, partition_of, store_of

from wholeplace.cli.link import link as link_command
from wholeplace.foundation.errors import CheckFailedError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.linkage import LINK_TABLES, PreviousLinks, link_records, read_model, score_links

ON = dt.date(2026, 11, 22)
MODEL = read_model()
# A street has few records; fewer random pairs than a town needs say as much of it.
MODEL = MODEL.model_copy(
    update={"training": MODEL.training.model_copy(update={"random_pairs": 200_000})}
)


def rows_of(street):
    return pa.table(
        {
            "dataset": [row["dataset"] for row in street.rows],
            "file": ["file"] * len(street.rows),
            "row_number": list(range(1, len(street.rows) + 1)),
            "record_id": [row["record_id"] for row in street.rows],
        }
    )


def truth_of(street):
    table = rows_of(street)
    people = [street.true_of[record] for record in table.column("record_id").to_pylist()]
    return table.drop_columns(["record_id"]).append_column("person_true_id", pa.array(people))


@pytest.fixture(scope="module")
def linked(street):
    store = store_of(street.table())
    report = link_records(store, MODEL, seed=1, on=ON)
    yield store, report
    store.close()


def test_the_street_is_found(street, linked):
    store, report = linked
    score = score_links(
        store.arrow("SELECT * FROM person_records"),
        rows_of(street),
        truth_of(street),
        link_edges=store.arrow("SELECT * FROM link_edges"),
    )
    assert score.cluster.f1 >= 0.95
    assert score.cluster.precision >= 0.98
    assert report.records == len(street.rows)
    assert report.parameters["trained"] is True


def test_every_record_is_one_person_and_nothing_is_left_behind(street, linked):
    store, _ = linked
    assert store.value("SELECT count(*) FROM person_records") == len(street.rows)
    held = {
        row["name"]
        for row in store.rows("SELECT table_name AS name FROM information_schema.tables")
    }
    assert held == {"records", "given", *LINK_TABLES}


def test_edges_explain_themselves(linked):
    store, _ = linked
    for row in store.rows("SELECT * FROM link_edges LIMIT 50"):
        levels = json.loads(row["levels"])
        assert set(levels) == {comparison.name for comparison in MODEL.comparisons}
        assert row["record_id_l"] < row["record_id_r"]
        assert 0 <= row["probability"] <= 1
        assert row["outcome"] in {"linked", "possible", "refused"}


def test_order_of_rows_does_not_matter_and_a_rerun_gives_the_same_ids(street, linked):
    store, report = linked
    shuffled = list(street.rows)
    random.Random(9).shuffle(shuffled)
    other = store_of(Street(shuffled, street.true_of).table())
    again = link_records(other, MODEL, seed=1, on=ON)
    for table in LINK_TABLES:
        assert other.arrow(f"SELECT * FROM {table} ORDER BY ALL").equals(
            store.arrow(f"SELECT * FROM {table} ORDER BY ALL")
        ), table
    assert dataclasses.replace(again, seconds={}) == dataclasses.replace(report, seconds={})


def test_ids_survive_more_records_and_a_changed_model(street, linked):
    store, _ = linked
    before = {
        row["record_id"]: row["person_id"] for row in store.rows("SELECT * FROM person_records")
    }
    more = Street(list(street.rows), dict(street.true_of))
    more.add(
        "new",
        given_name="Wilfred",
        family_name="Newcomer",
        birth_date=dt.date(1950, 2, 3),
        postcode="LB9 9ZZ",
    )
    changed = MODEL.model_copy(update={"largest_group": 60, "version": "other"})
    other = store_of(more.table())
    report = link_records(other, changed, previous=PreviousLinks(before), seed=2, on=ON)
    after = {
        row["record_id"]: row["person_id"] for row in other.rows("SELECT * FROM person_records")
    }
    told = {row["old_id"] for row in other.rows("SELECT * FROM identity_events")}
    assert after[more.rows[-1]["record_id"]] not in before.values()
    assert {old for record, old in before.items() if after[record] != old} <= told
    assert report.model_hash != MODEL.hash
    assert sum(after[record] == old for record, old in before.items()) >= 0.98 * len(before)


def pair(one, other, **shared):
    street = Street()
    street.add("a", **{"dataset": "gp-registrations", **shared, **one})
    street.add("b", **{"dataset": "tenancies", **shared, **other})
    return street


BORN = {"birth_date": dt.date(2014, 5, 17)}
HOME = {"address": "4 Mill Lane", "postcode": "LB1 4QT", "uprn": 10004, "family_name": "Harlow"}

CASES = [
    ("same in every way", pair({}, {}, given_name="Mia", **BORN, **HOME), True),
    ("familiar form", pair({"given_name": "Robert"}, {"given_name": "Bob"}, **BORN, **HOME), True),
    ("moved house", pair({**HOME}, {"postcode": "LB7 2AA", "address": "9 High St", "family_name": "Harlow"}, given_name="Mia", **BORN), True),
    ("married", pair({"family_name": "Dunn"}, {}, given_name="Leanne", birth_date=dt.date(1990, 5, 17), **HOME) , True),
    ("names changed over", pair({"given_name": "Mia", "family_name": "Harlow"}, {"given_name": "Harlow", "family_name": "Mia"}, **BORN, **{k: v for k, v in HOME.items() if k != "family_name"}), True),
    ("accents and hyphens", pair({"given_name": "Zoë", "family_name": "Smith-Jones"}, {"given_name": "Zoe", "family_name": "SMITH JONES"}, **BORN, **{k: v for k, v in HOME.items() if k != "family_name"}), True),
    ("only the surname written down", pair({"given_name": "Mia", "family_name": "Harlow"}, {"given_name": "Harlow"}, **BORN, **{k: v for k, v in HOME.items() if k != "family_name"}), True),
    ("only another first name written down", pair({"given_name": "Mia", "family_name": "Harlow"}, {"given_name": "Jayden"}, **BORN, **{k: v for k, v in HOME.items() if k != "family_name"}), False),
    ("brother and sister", pair({"given_name": "Mia"}, {"given_name": "Jayden", "birth_date": dt.date(2012, 1, 9)}, **BORN, **HOME, phone="07700900123"), False),
    ("twins", pair({"given_name": "Mia"}, {"given_name": "Jayden"}, **BORN, **HOME, phone="07700900123"), False),
    ("father and son", pair({"birth_date": dt.date(1985, 3, 9)}, {"birth_date": dt.date(2010, 7, 2)}, given_name="Craig", **HOME, phone="07700900123"), False),
    ("two NHS numbers", pair({"nhs_number": nhs_number(400000001)}, {"nhs_number": nhs_number(500000001)}, given_name="Mia", **BORN, **HOME), False),
    ("reused source id", pair({"given_name": "Doris", "birth_date": dt.date(1941, 2, 3), "sex": "F"}, {"given_name": "Kevin", "family_name": "Walker", "birth_date": dt.date(1988, 9, 9), "sex": "M", "dataset": "gp-registrations"}, source_id="77"), False),
    ("nothing known", pair({}, {}), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "case", "together"), CASES, ids=[case[0] for case in CASES])
def test_two_records_in_a_street(street, name, case, together):
    """Spec table: two more records beside the street; are they one person?"""
    del name
    both = Street(
        [
            *(dict(row, record_id=f"s{row['record_id']}") for row in build_street(60, 5).rows),
            *case.rows,
        ]
    )
    with store_of(both.table()) as store:
        link_records(
            store,
            MODEL.model_copy(
                update={"training": MODEL.training.model_copy(update={"least_records": 10**6})}
            ),
            on=ON,
        )
        people = [group for group in partition_of(store) if "r000000" in group]
    assert ("r000001" in people[0]) is together


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_records(count):
    street = Street()
    for number in range(count):
        street.add(
            str(number),
            given_name="Mia",
            family_name="Harlow",
            birth_date=dt.date(2014, 5, 17 + number),
        )
    with store_of(street.table()) as store:
        report = link_records(store, MODEL, on=ON)
        assert report.records == count
        assert store.value("SELECT count(*) FROM person_records") == count


def test_a_wrong_model_is_named_fault_by_fault(tmp_path):
    (tmp_path / "link.yaml").write_text("version: '1'\nlargest_group: none\n", "utf-8")
    with pytest.raises(CheckFailedError) as caught:
        read_model(tmp_path)
    assert any("largest_group" in fault.what for fault in caught.value.faults)
    (tmp_path / "link.yaml").write_text("a: [", "utf-8")
    with pytest.raises(CheckFailedError) as caught:
        read_model(tmp_path)
    assert caught.value.faults[0].line >= 1


def test_the_command_scores_reports_and_explains(street, linked, tmp_path, monkeypatch):
    store, report = linked
    monkeypatch.delenv("WHOLEPLACE_DATA", raising=False)
    (tmp_path / "place").mkdir()
    data = DataFolder.of_place(tmp_path / "place").make()
    snapshots = Snapshots(data.snapshots)
    draft = snapshots.start(dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    store.register("row_list", rows_of(street))
    for table in LINK_TABLES:
        store.write_parquet(f"SELECT * FROM {table}", draft.table(table))
    store.write_parquet("SELECT * FROM row_list", draft.table("record_rows"))
    snapshots.publish(draft, {"link": report.as_plain()})
    with store_of(truth_of(street)) as other:
        (tmp_path / "truth").mkdir()
        other.write_parquet("SELECT * FROM records", tmp_path / "truth" / "rows.parquet")
    place = ["--place", str(tmp_path / "place")]
    scored = CliRunner().invoke(
        link_command, ["score", *place, "--truth", str(tmp_path / "truth"), "--json"]
    )
    figures = json.loads(scored.output)
    assert set(figures["cluster"]) == set(figures["pairwise"]) == {"precision", "recall", "f1"}
    assert "possible links" in CliRunner().invoke(link_command, ["report", *place]).output
    person = store.value(
        "SELECT person_id FROM person_records GROUP BY 1 HAVING count(*) > 2 ORDER BY 1 LIMIT 1"
    )
    told = CliRunner().invoke(link_command, ["explain", person, *place]).output
    assert "Held together by" in told
    values = {
        str(row[key]).lower()
        for row in street.rows
        for key in ("given_name", "family_name", "phone", "postcode")
        if row[key]
    }
    assert not {
        value
        for value in values
        if len(value) > 3 and value in told.lower().replace("first name", "")
    }
    assert CliRunner().invoke(link_command, ["explain", "nobody", *place]).exit_code != 0
    history = CliRunner().invoke(link_command, ["history", person, *place])
    assert f"{person} is {person} now." in history.output
    assert CliRunner().invoke(link_command, ["history", "nobody", *place]).exit_code != 0
    (tmp_path / "place" / "link.yaml").write_text(
        json.dumps(MODEL.model_dump(mode="json")), "utf-8"
    )
    row = next(each for each in street.rows if each["nhs_number"])
    asked = json.dumps({"nhs_number": row["nhs_number"], "family_name": row["family_name"]})
    known = CliRunner().invoke(link_command, ["lookup", *place, "--json"], input=asked)
    assert known.exit_code == 0, known.exception
    assert json.loads(known.output)[0]["record_id"] == row["record_id"]
    assert row["nhs_number"] not in known.output
    (tmp_path / "facts.json").write_text(asked, "utf-8")
    by_file = ["lookup", *place, "--facts", str(tmp_path / "facts.json")]
    told = CliRunner().invoke(link_command, by_file).output
    assert row["record_id"] in told and "NHS number: same" in told
    refused = CliRunner().invoke(link_command, ["lookup", *place], input="{Harlow")
    assert refused.exit_code != 0 and "Harlow" not in refused.output + str(refused.exception)
    again = PreviousLinks.read(snapshots.current().path)
    assert again is not None
    assert len(again.person_of) == len(street.rows)
