"""`wholeplace places` on Larkbridge: import, convert, compare, and who is responsible."""

import csv
import io
import json
import shutil

import pytest
from click.testing import CliRunner

from wholeplace.cli import main
from wholeplace.cli.places import places

# The only postcodes of a small town that the tests may name: read from its lookup.


@pytest.fixture
def folder(town, tmp_path):
    copied = tmp_path / "larkbridge"
    shutil.copytree(town.place, copied)
    return copied


def run(*words):
    answer = CliRunner().invoke(places, [str(word) for word in words])
    assert answer.exit_code == 0, answer.output + str(answer.exception)
    return answer.stdout


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_counts_are_converted_and_none_is_lost(folder, tmp_path):
    counts = tmp_path / "crime.csv"
    counts.write_text("code,count\n" + "".join(f"LVB0{n},{n * 10}\n" for n in range(1, 8)))
    said = run("convert", counts, "--place", folder, "--from", "police-beats", "--to", "wards")
    rows = rows_of(said)
    assert len(rows) == 12 and sum(int(row["count"]) for row in rows) == 280
    assert {row["how"] for row in rows} <= {"counted", "estimated"}
    assert all(int(row["low"]) <= int(row["count"]) <= int(row["high"]) for row in rows)
    as_json = run(
        "convert", counts, "--place", folder, "--from", "police-beats", "--to", "wards", "--json"
    )
    assert [each["code"] for each in json.loads(as_json)] == [row["code"] for row in rows]


def test_a_set_that_is_not_there_is_named(folder, tmp_path, capsys):
    counts = tmp_path / "crime.csv"
    counts.write_text("code,count\nA,1\n")
    with pytest.raises(SystemExit) as caught:
        main(
            [
                "places",
                "convert",
                str(counts),
                "--place",
                str(folder),
                "--from",
                "x",
                "--to",
                "wards",
            ]
        )
    assert caught.value.code == 3
    assert "police-beats" in capsys.readouterr().err


def test_sets_are_compared(folder):
    rows = rows_of(run("fit", "--place", folder))
    assert len(rows) == 6
    assert all(0 <= float(row["outside_share"]) < 1 for row in rows)


def test_every_postcode_of_the_town_has_somebody_responsible(folder):
    with (folder / "areas" / "wards.csv").open() as stream:
        postcode = next(csv.DictReader(stream))["postcode"]
    rows = rows_of(run("who", postcode, "--place", folder, "--topic", "home", "--age", "34"))
    assert {row["part"] for row in rows} == {
        "commissions", "funds", "delivers", "regulates", "inspects",
    }  # fmt: skip
    assert {row["body"] for row in rows} >= {"Larkbridge Borough Council", "Swanhall Homes"}
    assert all(row["law"] and row["source_on"] for row in rows)


def test_a_set_is_imported_and_the_folder_stays_sound(folder, tmp_path):
    from wholeplace.partnership import check_place
    from wholeplace.places import check_places

    source = folder / "areas" / "wards.geojson"
    lookup = folder / "areas" / "wards.csv"
    said = run(
        "import", source, "--place", folder, "--id", "wards-2027", "--title", "New wards",
        "--kind", "ward", "--from", "2027-05-06", "--source", "Invented", "--postcodes", lookup,
    )  # fmt: skip
    assert "12 areas" in said
    assert check_place(folder, [check_places]) == []
    again = (folder / "areas" / "wards-2027.csv").read_text()
    assert sorted(again.splitlines()) == sorted(lookup.read_text().splitlines())
