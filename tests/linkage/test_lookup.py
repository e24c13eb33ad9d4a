"""Looking one person up says of every pair what the run says of it."""

import datetime as dt
import json
from dataclasses import fields

import pytest
from tests.linkage.street import store_of
from tests.linkage.test_link import MODEL, ON

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.linkage import LINK_TABLES, PersonIndex, SoughtFacts, link_records, read_facts
from wholeplace.linkage.standardise import pair_keys
from wholeplace.linkage.version import read_version
from wholeplace.linkage.weighing import weigh_given_pairs


@pytest.fixture(scope="module")
def published(street, tmp_path_factory):
    """A snapshot's folder, and the weight of every pair that the run compared."""
    folder = tmp_path_factory.mktemp("snapshot")
    with store_of(street.table()) as store:
        link_records(store, MODEL, seed=1, on=ON)
        for name in LINK_TABLES:
            store.write_parquet(f"SELECT * FROM {name}", folder / f"{name}.parquet")
        pair_keys(store, MODEL, "link_keys", "link_keys", "blocked")
        weigh_given_pairs(store, MODEL, read_version(store), "blocked", "link_input")
        pairs: dict[str, dict[str, float]] = {}
        for row in store.rows("SELECT record_id_l, record_id_r, weight FROM linkage_pairs"):
            pairs.setdefault(row["record_id_l"], {})[row["record_id_r"]] = row["weight"]
            pairs.setdefault(row["record_id_r"], {})[row["record_id_l"]] = row["weight"]
    return folder, pairs


@pytest.fixture(scope="module")
def index(published):
    with PersonIndex(published[0], MODEL) as opened:
        yield opened


def facts_of(row):
    return SoughtFacts(**{each.name: row.get(each.name) for each in fields(SoughtFacts)})


def test_a_records_own_facts_weigh_what_the_run_weighed(street, published, index):
    _, pairs = published
    compared = 0
    for row in street.rows[::7]:
        told = {each["record_id"]: each["weight"] for each in index.weigh(facts_of(row))}
        told.pop(row["record_id"], None)
        expected = pairs.get(row["record_id"], {})
        assert told.keys() == expected.keys()
        assert all(abs(told[other] - weight) <= 1e-9 for other, weight in expected.items())
        compared += len(expected)
    assert compared > 1_000


def test_somebody_known_is_found_and_explained(street, index):
    row = next(each for each in street.rows if each["nhs_number"] and each["birth_date"])
    first = index.look_up(
        SoughtFacts(
            given_name=row["given_name"],
            family_name=row["family_name"].upper(),
            birth_date=row["birth_date"],
            nhs_number=row["nhs_number"],
        )
    )[0]
    assert first.record_id == row["record_id"]
    assert first.probability > 0.99
    assert ("NHS number", "same") in {each[:2] for each in first.evidence}
    told = repr(first)
    assert not any(
        str(value) in told for value in (row["nhs_number"], row["family_name"], row["postcode"])
    )


def test_nobody_is_found_for_facts_that_nobody_shares(index):
    assert index.look_up(SoughtFacts()) == ()
    stranger = SoughtFacts(given_name="Zebedee", family_name="Quillfeather", postcode="ZZ9 9ZZ")
    assert index.look_up(stranger) == ()


def test_one_look_up_leaves_nothing_for_the_next(street, index):
    row = street.rows[0]
    before = index.weigh(facts_of(row))
    index.weigh(facts_of(street.rows[50]))
    index.weigh(SoughtFacts(email="nobody@example.org"))
    assert index.weigh(facts_of(row)) == before


def test_facts_are_refused_by_key_and_never_quoted():
    plain = {"given_name": "Mia", "birth_date": "2014-05-17", "uprn": "10004", "phone": None}
    assert read_facts(plain) == SoughtFacts("Mia", birth_date=dt.date(2014, 5, 17), uprn=10004)
    for wrong in (
        {},
        [],
        {"Harlow": 1},
        {"birth_date": "Harlow"},
        {"uprn": "Harlow"},
        {"phone": 7},
    ):
        with pytest.raises(WholeplaceError) as caught:
            read_facts(json.loads(json.dumps(wrong)))
        assert "Harlow" not in str(caught.value)


def test_an_index_that_is_missing_or_of_another_model_is_refused(published, tmp_path):
    with pytest.raises(NotFoundError):
        PersonIndex(tmp_path, MODEL)
    with pytest.raises(NotFoundError, match="model"):
        PersonIndex(published[0], MODEL.model_copy(update={"largest_group": 60}))
