"""`wholeplace intake` over a small invented town."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wholeplace.cli.intake import intake
from wholeplace.foundation.folders import DataFolder
from wholeplace.intake import FileReport, load_inbox
from wholeplace.larkbridge import build_town
from wholeplace.partnership.folder import load_place


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    build_town(folder, residents=300, seed=7)
    return folder / "larkbridge"


def test_check_says_what_a_file_would_do_and_keeps_nothing(town: Path) -> None:
    data = DataFolder(town.with_name("larkbridge-data"))
    before = sorted(data.path.rglob("*.parquet"))
    path = next((data.inbox / "council-housing").glob("CTAX_*.csv"))
    done = CliRunner().invoke(intake, ["check", "--place", str(town), str(path)])
    assert done.exit_code == 2, done.output
    assert "council-tax" in done.output
    assert "rejected: SURNAME is missing" in done.output
    assert sorted(data.path.rglob("*.parquet")) == before
    found = CliRunner().invoke(intake, ["check", "--json", "--place", str(town), str(path)])
    report = json.loads(found.output)
    assert report["rows_read"] == report["accepted"] + report["rejected"] + report["unreadable"]


def test_a_row_that_names_no_column_is_reported_in_one_breath(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from wholeplace.cli.intake import _print_file

    words = {"words": "has too few values", "rule": "form", "column": "", "count": 1}
    report = FileReport.model_validate(
        {
            "dataset": "d",
            "partner": "p",
            "file": "f",
            "extract_on": "2026-10-01",
            "file_hash": "",
            "fingerprint": "",
            "status": "loaded",
            "reasons": [words | {"action": "unreadable"}],
        }
    )
    _print_file(report)
    assert "  1 unreadable: has too few values\n" in capsys.readouterr().out


def test_schema_prints_the_contract(town: Path) -> None:
    done = CliRunner().invoke(intake, ["schema", "--place", str(town), "council-tax"])
    assert json.loads(done.output)["name"] == "council-tax"


def test_report_names_what_is_not_kept(town: Path) -> None:
    place = load_place(town)
    load_inbox(place, DataFolder(town.with_name("larkbridge-data")), lambda _: frozenset())
    done = CliRunner().invoke(intake, ["report", "--place", str(town)])
    assert done.exit_code == 0, done.output
    assert "no agreement in force lets anyone see crime.offence from police" in done.output
    found = json.loads(
        CliRunner().invoke(intake, ["report", "--json", "--place", str(town)]).output
    )
    assert len(found["datasets"]) == len(place.datasets)
