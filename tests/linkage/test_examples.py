"""The examples: public sets of records through linkage, and through the ordinary pipeline."""

import csv
import datetime as dt
import importlib.util
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.linkage.street import partition_of, store_of

from wholeplace.agreements import agreement_hash, check_agreements, read_agreement
from wholeplace.agreements.standing.memory import MemorySignOffs
from wholeplace.agreements.standing.records import SignOff
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.intake.shapes import RECORDS
from wholeplace.linkage import link_records, read_model, score_links
from wholeplace.partnership import check_place, load_place

EXAMPLES = Path(__file__).parents[2] / "examples"
MODEL = read_model()
QUICK = MODEL.model_copy(
    update={"training": MODEL.training.model_copy(update={"random_pairs": 400_000})}
)
AT = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)


def split_of(example):
    """Return an example's split.py as a module."""
    spec = importlib.util.spec_from_file_location(
        f"split_{example}", EXAMPLES / example / "split.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def febrl_records(people):
    """Return the records of FEBRL 4 about some people, and who each is about."""
    rows, truth = [], {}
    split = split_of("febrl4")
    for register, name in split.REGISTERS.items():
        with (split.find_febrl() / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, skipinitialspace=True):
                person = row["rec_id"].split("-")[1]
                if int(person) < people:
                    rows.append(_as_record(register, row, split))
                    truth[row["rec_id"]] = person
    return pa.Table.from_pylist(rows, schema=RECORDS), truth


def _as_record(register, row, split):
    written = split._as_written(row)
    try:
        born = dt.date.fromisoformat(written["date_of_birth"])
    except ValueError:
        born = None
    return {
        "record_id": row["rec_id"],
        "dataset": register,
        "partner": register,
        "source_id": row["rec_id"],
        "given_name": written["given_name"] or None,
        "family_name": written["surname"] or None,
        "birth_date": born,
        "address": written["address"] or None,
        "postcode": written["postcode"] or None,
        "nhs_number": written["soc_sec_id"] or None,
    }


def test_the_two_registers_of_febrl_become_one():
    records, truth = febrl_records(1000)
    assert records.num_rows == 2000
    with store_of(records) as store:
        link_records(store, QUICK, seed=1, on=AT.date())
        found = partition_of(store)
    joined = {tuple(sorted(group)) for group in found if len(group) > 1}
    people = {}
    for record, person in truth.items():
        people.setdefault(person, []).append(record)
    true = {tuple(sorted(group)) for group in people.values()}
    right = len(joined & true)
    assert right / len(joined) >= 0.99
    assert right / len(true) >= 0.99


@pytest.mark.parametrize("example", ["febrl4", "historical"])
def test_the_place_folder_of_an_example_is_sound(example):
    assert check_place(EXAMPLES / example / "place", [check_agreements]) == []


@pytest.mark.heavy
def test_febrl_goes_through_the_ordinary_pipeline(tmp_path):
    from wholeplace.pipeline import run_pipeline

    split = split_of("febrl4")
    assert split.split_registers(split.find_febrl(), tmp_path) == {
        "register-a": 5000,
        "register-b": 5000,
    }
    folder, data = tmp_path / "febrl4", DataFolder(tmp_path / "febrl4-data")
    run_pipeline(folder, data, sign_offs=_signed(folder), at=AT)
    snapshot = Snapshots(data.snapshots).current()
    score = score_links(
        pq.read_table(snapshot.table("person_records")),
        pq.read_table(snapshot.table("record_rows")),
        pq.read_table(tmp_path / "truth" / "rows.parquet"),
    )
    assert score.records == 10_000
    assert score.cluster.f1 >= 0.99


def _signed(folder):
    sign_offs = MemorySignOffs()
    for text in load_place(folder).agreement_texts:
        agreement = read_agreement(text.mapping, text.file)
        for party in agreement.parties:
            signed_at = dt.datetime.combine(agreement.starts_on, dt.time(9), dt.UTC) - dt.timedelta(
                days=1
            )
            sign_offs.sign(
                SignOff(
                    agreement.id, agreement_hash(agreement), party.partner, "signatory", signed_at
                )
            )
    return sign_offs
