"""The generated SQL finds exactly what the slow reference finds."""

import datetime as dt
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.contracts import claims

from wholeplace.foundation.store import Store
from wholeplace.intake.header import Header
from wholeplace.intake.partition import check_rows
from wholeplace.intake.reading import Reading
from wholeplace.intake.reference import check_rows_slowly
from wholeplace.intake.rules import list_rules
from wholeplace.partnership.definitions import Dataset

TYPES: dict[str, list[str]] = {
    "string": ["default"],
    "integer": ["default"],
    "number": ["default"],
    "boolean": ["default"],
    "date": ["default", "%d/%m/%Y", "%d-%b-%Y", "%d.%m.%y"],
    "datetime": ["default", "%d/%m/%Y %H:%M"],
}
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "NA",
            "0",
            "1",
            "-1",
            "+7",
            "007",
            "1.5",
            ".5",
            "5.",
            "1e3",
            "1e400",
            "NaN",
            "inf",
            "9223372036854775807",
            "9223372036854775808",
            "true",
            "Y",
            "N",
            "no",
            "\u00a0x\u00a0",
            "2026-02-29",
            "2024-02-29",
            "2024-2-9",
            "0000-01-01",
            "9999-12-31",
            "2026-13-01",
            "29/02/2024",
            "29/02/2023",
            "1/2/2020",
            "1/2/20",
            "01/02/85",
            "01-Feb-1985",
            "01-feb-85",
            "31.12.99",
            "2026-01-01T10:00:00",
            "2026-01-01 10:00:00Z",
            "2026-01-01T10:00:00+01:00",
            "2026-01-01T25:00:00",
            "01/02/2020 23:59",
            "01/02/2020 24:00",
            "9434765919",
            "943 476 5919",
            "1111111111",
            "AB123456C",
            "ab 12 34 56 c",
            "TN123456A",
            "LB1 4QT",
            "lb14qt",
            "SW1A1AA",
            "A123456789012",
            "000000000012",
            "1234567890123",
            "é",
            "Zoë",
            "日本",
            "'",
            '"',
            "a;b",
        ]
    ),
    st.text("0123456789/-:.TZeE+ ABab", max_size=12),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda day: day.strftime("%d/%m/%Y")),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(str),
    st.text(max_size=6).filter(lambda text: "\0" not in text and text.isprintable()),
)


@st.composite
def constraints(draw: Any, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {"required": draw(st.booleans()), "unique": draw(st.booleans())}
    if kind == "string":
        found |= draw(
            st.sampled_from(
                [
                    {},
                    {"minLength": 2},
                    {"maxLength": 3},
                    {"pattern": "[A-Z]{2}.*"},
                    {"enum": ["Y", "NA", "é"]},
                ]
            )
        )
    elif kind in ("integer", "number"):
        found |= draw(
            st.sampled_from([{}, {"minimum": 1}, {"maximum": 5, "minimum": -2}, {"enum": [0, 7]}])
        )
    elif kind == "boolean":
        found |= draw(st.sampled_from([{}, {"enum": [True]}]))
    elif kind == "date":
        found |= draw(
            st.sampled_from([{}, {"minimum": "1985-02-01"}, {"maximum": dt.date(2024, 2, 29)}])
        )
    return found


@st.composite
def contract(draw: Any) -> Dataset:
    fields: list[dict[str, Any]] = [{"name": "id"}]
    for place in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(sorted(TYPES)))
        check = draw(
            st.sampled_from([None] * 3 + ["nhs-number", "nino", "upn", "uln", "uprn", "postcode"])
        )
        field: dict[str, Any] = {
            "name": f"col {place}",
            "missing_values": draw(st.sampled_from([("",), ("", "NA"), ("NA",)])),
            "on_error": draw(st.sampled_from(["reject", "blank"])),
        }
        if check:
            field |= {"check": check, "constraints": {"required": draw(st.booleans())}}
        else:
            field |= {
                "type": kind,
                "format": draw(st.sampled_from(TYPES[kind])),
                "constraints": draw(constraints(kind)),
            }
        fields.append(field)
    return Dataset.model_validate(
        {
            "id": "random",
            "title": "Random",
            "partner": "police",
            "file": {
                "pattern": "x_{date}.csv",
                "format": "csv",
                "update": draw(st.sampled_from(["full", "changes"])),
            },
            "key": ("id",),
            "fields": fields,
        }
    )


def run_sql(dataset: Dataset, rows: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    """Return rejects, blanks and values of every row as the engine finds them."""
    names = [field.name for field in dataset.fields]
    table = pa.table(
        {"row_number": pa.array(range(1, len(rows) + 1), pa.int64())}
        | {
            f"column_{n}": pa.array([row[name] for row in rows], pa.string())
            for n, name in enumerate(names)
        }
    )
    rules = list_rules(dataset)
    with Store(threads=1) as store:
        store.register("given", table)
        header = Header(tuple(range(len(names))), len(names))
        check_rows(store, dataset, rules, Reading("given", len(rows), header))
        found = store.rows("SELECT * FROM checked ORDER BY row_number")
        repeats = store.rows("SELECT * FROM repeats ORDER BY rule")
    lines = []
    for row in found:
        again = [each for each in repeats if each["row_number"] == row["row_number"]]
        rejects = [*(row["rejects"] or []), *(each["rule"] for each in again if not each["blanks"])]
        blanks = [*(row["blanks"] or []), *(each["rule"] for each in again if each["blanks"])]
        blanked = {rules[each["rule"]].column for each in again if each["blanks"]}
        values = [None if name in blanked else row[f"value_{n}"] for n, name in enumerate(names)]
        lines.append((rejects, blanks, values))
    return lines


@settings(max_examples=30, deadline=None, database=None)
@given(st.data())
def test_the_sql_agrees_with_the_reference_on_random_contracts_and_rows(data: Any) -> None:
    dataset = data.draw(contract())
    names = [field.name for field in dataset.fields]
    row = st.fixed_dictionaries(
        {name: CELLS if name != "id" else st.sampled_from("abc") for name in names}
    )
    rows = data.draw(st.lists(row, min_size=1, max_size=12))
    expected = [
        (list(finding.rejects), list(finding.blanks), [finding.values[name] for name in names])
        for finding in check_rows_slowly(dataset, rows)
    ]
    assert run_sql(dataset, rows) == expected


def test_a_row_with_every_fault_names_each_of_them() -> None:
    dataset = claims()
    row = dict.fromkeys((field.name for field in dataset.fields), "")
    row |= {
        "claim_id": "x",
        "surname": "a" * 21,
        "dob": "31/04/2020",
        "weeks": "157",
        "nino": "TN123456A",
    }
    ((rejects, blanks, _),) = run_sql(dataset, [row])
    rules = list_rules(dataset)
    assert [(rules[n].column, rules[n].rule) for n in rejects] == [
        ("claim_id", "pattern"),
        ("customer", "required"),
        ("forename", "required"),
        ("surname", "maxLength"),
        ("dob", "type"),
        ("action", "required"),
        ("from", "required"),
        ("weeks", "maximum"),
    ]
    assert [(rules[n].column, rules[n].rule) for n in blanks] == [("nino", "nino")]
