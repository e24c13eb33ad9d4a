"""The contract as Table Schema, and frictionless as the oracle of our checks."""

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.contracts import SmallPlace, claims, put

from wholeplace.foundation.folders import DataFolder
from wholeplace.intake import export_table_schema, load_inbox, read_quarantine
from wholeplace.partnership.definitions import Dataset

PROFILES = (
    Path(__file__).parents[3] / "shared" / "data" / "standards" / "frictionless" / "profiles-2.0"
)


def oracle_contract() -> Dataset:
    """A contract without what Table Schema cannot say."""
    return Dataset.model_validate(
        {
            "id": "oracle",
            "title": "Oracle",
            "partner": "jobcentre",
            "file": {"pattern": "oracle_{date}.csv", "format": "csv", "update": "full"},
            "key": ("id",),
            "fields": (
                {"name": "id", "type": "integer"},
                {"name": "name", "constraints": {"required": True, "minLength": 2, "maxLength": 5}},
                {"name": "code", "constraints": {"pattern": "[A-Z][0-9]", "unique": True}},
                {"name": "kind", "constraints": {"enum": ["a", "b"]}},
                {"name": "weeks", "type": "integer", "constraints": {"minimum": 0, "maximum": 9}},
                {"name": "share", "type": "number", "constraints": {"maximum": 1}},
                {"name": "day", "type": "date", "constraints": {"minimum": "2020-01-01"}},
                {"name": "born", "type": "date", "format": "%d/%m/%Y"},
                {"name": "yes", "type": "boolean", "true_values": ("Y",), "false_values": ("N",)},
            ),
        }
    )


CELLS: dict[str, Any] = {
    "name": st.sampled_from(["", "a", "ab", "abcde", "abcdef", "Zoë"]),
    "code": st.sampled_from(["", "A1", "B2", "C3", "a1", "A12", "D4", "E5", "F6"]),
    "kind": st.sampled_from(["", "a", "b", "c"]),
    "weeks": st.sampled_from(["", "0", "9", "10", "-1", "x", "1.5", "+3"]),
    "share": st.sampled_from(["", "0.5", "1", "1.01", "x", "1e-3"]),
    "day": st.sampled_from(
        ["", "2020-01-01", "2019-12-31", "2021-02-29", "2024-02-29", "1/1/2020"]
    ),
    "born": st.sampled_from(["", "29/02/2024", "29/02/2023", "2020-01-01", "31/12/1999"]),
    "yes": st.sampled_from(["", "Y", "N", "yes", "1"]),
}


@settings(max_examples=15, deadline=None, database=None)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=15))
def test_frictionless_finds_the_same_faults_in_the_same_cells(rows: list[dict[str, str]]) -> None:
    dataset = oracle_contract()
    names = [field.name for field in dataset.fields]
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder) / "data")
        path = put(data, "jobcentre", "oracle_2026-10-01.csv", "")
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows({"id": str(number), **row} for number, row in enumerate(rows))
        report = load_inbox(SmallPlace({"oracle": dataset}), data, lambda _: frozenset())
        (file,) = report.files
        ours = set()
        if file.quarantine:
            faults = read_quarantine(data, file, limit=1000)
            ours = {(f.row_number, f.column) for f in faults if f.rule != "unique"}
        rejected = {row for row, _ in ours}
        theirs, repeats = _frictionless(path, dataset)
    assert ours == theirs
    # A repeat counts here only between rows that are otherwise sound; frictionless counts all.
    found = {f.row_number for f in faults if f.rule == "unique"} if file.quarantine else set()
    assert found <= repeats
    assert all(
        row in rejected or row in found or _first_sound(rows, row, rejected) for row in repeats
    )


def _first_sound(rows: list[dict[str, str]], row: int, rejected: set[int]) -> bool:
    """Whether every earlier row of the same code was rejected for another reason."""
    code = rows[row - 1]["code"]
    return all(n in rejected for n in range(1, row) if rows[n - 1]["code"] == code)


def _frictionless(path: Path, dataset: Dataset) -> tuple[set[tuple[int, str]], set[int]]:
    import frictionless

    descriptor = export_table_schema(dataset)
    descriptor.pop("$schema")
    descriptor.pop("fieldsMatch")
    resource = frictionless.Resource(
        path=str(path), schema=frictionless.Schema.from_descriptor(descriptor)
    )
    with frictionless.system.use_context(trusted=True):
        found = frictionless.validate(resource, limit_errors=10_000)
    faults, repeats = set(), set()
    for error in found.tasks[0].errors:
        row = error.row_number - 1  # type: ignore[attr-defined]
        if error.type == "unique-error":
            repeats.add(row)
        else:
            faults.add((row, error.field_name))  # type: ignore[attr-defined]
    return faults, repeats


@pytest.mark.skipif(not PROFILES.is_dir(), reason="the Table Schema profiles are not there")
@pytest.mark.parametrize("dataset", [claims(), oracle_contract()], ids=lambda dataset: dataset.id)
def test_the_descriptor_is_valid_table_schema(dataset: Dataset) -> None:
    profile = json.loads((PROFILES / "tableschema.json").read_text("utf-8"))
    descriptor = json.loads(json.dumps(export_table_schema(dataset)))
    validator = jsonschema.validators.validator_for(profile)(profile)
    assert [error.message for error in validator.iter_errors(descriptor)] == []


def test_the_descriptor_says_what_must_be_sent() -> None:
    fields = {field["name"]: field for field in export_table_schema(claims())["fields"]}
    assert fields["claim_id"]["constraints"] == {"required": True, "pattern": "[A-Z]{2}[0-9]+"}
    assert fields["dob"]["format"] == "%d/%m/%Y"
    assert fields["nino"]["wholeplace:check"] == "nino"
    assert "primaryKey" not in export_table_schema(claims())
    assert export_table_schema(oracle_contract())["primaryKey"] == ["id"]
