"""The town: the same each time, as many as asked for, and true to its truth."""

import datetime as dt
import itertools
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from tests.larkbridge.reading import extract_files, read_rows, truth_table

from wholeplace.foundation.canonical import file_hash
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.larkbridge import TownReport, build_town, load_cast
from wholeplace.larkbridge.definitions import DATASETS, read_dataset, read_rates

HEADLINES = {
    "good-education", "early-years", "health", "substance-use", "family-relationships", "safe-from-harm", "crime",
    "domestic-abuse", "secure-housing", "financial-stability",
}  # fmt: skip


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_equal_inputs_give_equal_bytes_and_another_seed_gives_other_people(tmp_path: Path) -> None:
    day = dt.date(2026, 2, 28)
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        (tmp_path / name).mkdir()
        build_town(tmp_path / name, residents=400, seed=seed, as_of=day)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    one, other = hashes(tmp_path / "one"), hashes(tmp_path / "other")
    assert one["truth/people.parquet"] != other["truth/people.parquet"]
    assert one["larkbridge/areas/wards.geojson"] == other["larkbridge/areas/wards.geojson"]


@pytest.mark.parametrize("as_of", [dt.date(2024, 2, 29), dt.date(2025, 1, 1)])
def test_any_last_day_can_be_built(tmp_path: Path, as_of: dt.date) -> None:
    report = build_town(tmp_path, residents=300, as_of=as_of)
    people = truth_table(report.truth, "people")
    assert sum(each["resident"] for each in people) == 300
    assert max(each["birth_date"] for each in people) < as_of


def test_as_many_residents_as_asked_for(town: TownReport) -> None:
    people = truth_table(town.truth, "people")
    assert sum(each["resident"] for each in people) == town.residents == 700
    assert len(people) == town.people > 700
    assert len({each["nhs_number"] for each in people}) == len(people)


def test_nobody_lives_in_two_homes_on_one_day_and_residents_live_somewhere(
    town: TownReport,
) -> None:
    spells = defaultdict(list)
    for each in truth_table(town.truth, "household_spells"):
        spells[each["person_true_id"]].append(each)
    for person in truth_table(town.truth, "people"):
        own = sorted(spells[person["person_true_id"]], key=lambda each: each["start_on"])
        for earlier, later in itertools.pairwise(own):
            assert earlier["end_on"] is not None
            assert earlier["end_on"] <= later["start_on"]
        assert own[0]["start_on"] >= person["birth_date"]
        assert (own[-1]["end_on"] is None) == person["resident"]
        if person["died_on"] is not None:
            assert own[-1]["end_on"] == person["died_on"]


def test_every_row_of_every_file_stands_in_the_truth(town: TownReport) -> None:
    known = Counter((each["dataset"], each["file"]) for each in truth_table(town.truth, "rows"))
    files = extract_files(town.data)
    assert len(files) == town.files
    assert set(known) <= {(dataset, path.name) for dataset, path in files}
    for dataset, path in files:
        assert len(read_rows(dataset, path)) == known[dataset, path.name], path.name
    per_dataset = Counter(dataset for dataset, _ in files)
    assert min(per_dataset.values()) >= 2
    assert per_dataset["police-incidents"] == 3


def test_truth_says_which_rows_are_bad(town: TownReport) -> None:
    bad = {(each["file"], each["row_number"]): each for each in truth_table(town.truth, "bad_rows")}
    faults = {each["fault"] for each in bad.values()}
    assert faults >= {
        "column-count", "impossible-date", "open-quote", "missing-value", "broken-json", "wrong-encoding", "cut-off", "bad-identifier"
    }  # fmt: skip
    for dataset, path in extract_files(town.data):
        for number, row in enumerate(read_rows(dataset, path), 1):
            fault = bad.get((path.name, number), {}).get("fault")
            if row is None:
                assert fault in ("column-count", "open-quote", "broken-json", "cut-off"), (
                    path.name,
                    number,
                )
            elif fault == "missing-value":
                assert not row.get(bad[path.name, number]["column"])
            elif fault is None:
                assert all("\ufffd" not in str(value) for value in row.values())


def test_every_event_happens(town: TownReport) -> None:
    for dataset in DATASETS:
        rows = [
            row
            for name, path in extract_files(town.data)
            if name == dataset
            for row in read_rows(name, path)
            if row
        ]
        for event in read_dataset(dataset)["events"]:
            if event["kind"] == "education.exclusion":
                continue  # rare: see the town of 3,000 below
            met = [
                row for row in rows
                if row.get(event["start"]) and all(row.get(column) in values for column, values in event.get("when", {}).items())
            ]  # fmt: skip
            assert met, (dataset, event["kind"])


def test_needs_of_all_ten_headlines_are_truly_present(town: TownReport) -> None:
    needs = truth_table(town.truth, "needs")
    assert {each["headline"] for each in needs} == HEADLINES
    people = {each["person_true_id"] for each in needs}
    assert len(people) < town.people * 0.45, "needs cluster in a minority"


@pytest.mark.slow
def test_a_larger_town_shows_every_headline_in_plenty_and_every_event(tmp_path: Path) -> None:
    report = build_town(tmp_path, residents=3000, as_of=dt.date(2026, 11, 22))
    people = defaultdict(set)
    for each in truth_table(report.truth, "needs"):
        people[each["headline"]].add(each["person_true_id"])
    assert {name: len(found) for name, found in people.items() if len(found) < 30} == {}
    types = {
        str(row["Type"]) for name, path in extract_files(report.data) if name == "school-suspensions" for row in read_rows(name, path) if row
    }  # fmt: skip
    assert types == {"Suspension", "Permanent exclusion"}


def is_well_formed(feed: str, value: str) -> bool:
    from stdnum.gb import nhs, upn

    patterns = {
        "record.nino": r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]",
        "record.postcode": r"LB[1-9]\d? \d[ABD-HJLNP-UW-Z]{2}",
        "record.phone": r"01632\d{6}",
        "record.email": r"[^@ ]+@example\.(org|com|net)",
        "record.uprn": r"9\d{11}",
    }
    if feed == "record.nhs_number":
        return nhs.is_valid(value) and value.startswith("999")
    if feed == "record.upn":
        return bool(upn.is_valid(value))
    return feed not in patterns or re.fullmatch(patterns[feed], value) is not None


def test_everything_that_identifies_is_well_formed_and_reaches_nobody(town: TownReport) -> None:
    bad = {(each["file"], each["row_number"]) for each in truth_table(town.truth, "bad_rows")}
    for dataset, path in extract_files(town.data):
        feeds = {
            str(each["name"]): str(each.get("feeds")) for each in read_dataset(dataset)["fields"]
        }
        rows = [
            row
            for number, row in enumerate(read_rows(dataset, path), 1)
            if (path.name, number) not in bad
        ]
        cells = [
            (column, value)
            for row in rows
            for column, value in (row or {}).items()
            if value not in (None, "")
        ]
        assert [
            (dataset, column)
            for column, value in cells
            if not is_well_formed(feeds[column], str(value))
        ] == []


def test_errors_are_made_about_as_often_as_the_reviewed_file_says(tmp_path: Path) -> None:
    report = build_town(tmp_path, residents=2500, as_of=dt.date(2026, 11, 22))
    rates = read_rates()
    for dataset in ("gp-registrations", "council-tax", "police-incidents", "community-health"):
        made = report.errors[dataset]
        written = made["registrations"] + made.get("retyped", 0)
        for kind in (
            "given_typo",
            "family_typo",
            "phonetic",
            "phone_missing",
            "sex_missing",
            "address_variant",
            "dob_missing",
        ):
            expected = rates.of(kind, dataset) * written
            assert abs(made.get(kind, 0) - expected) <= 5 + 4.5 * expected**0.5, (
                dataset,
                kind,
                made.get(kind, 0),
                expected,
            )


def test_every_rate_has_a_source_and_a_note() -> None:
    rates = read_rates()
    for name, entry in (*rates.rates.items(), *rates.people.items()):
        assert 0 <= entry["rate"] <= 1, name
        assert entry["source"], name
        assert entry["note"], name
        assert set(entry.get("by_dataset", {})) <= set(DATASETS), name


def test_partners_know_only_their_own_people_under_their_own_numbers(town: TownReport) -> None:
    rows = truth_table(town.truth, "rows")
    people = defaultdict(set)
    for each in rows:
        people[each["dataset"]].add(each["person_true_id"])
    assert len(people["gp-registrations"]) > town.people * 0.85
    assert all(
        len(found) < town.people * 0.65
        for name, found in people.items()
        if name not in ("gp-registrations",)
    )
    numbers = defaultdict(set)
    for dataset, path in extract_files(town.data):
        column = next(
            str(each["name"])
            for each in read_dataset(dataset)["fields"]
            if each.get("feeds") == "record.source_id"
        )
        numbers[dataset] |= {
            str(row[column]) for row in read_rows(dataset, path) if row and row.get(column)
        }
    for one in DATASETS:
        for other in DATASETS:
            assert one == other or not numbers[one] & numbers[other] - {""}, (one, other)


def test_the_cast_is_known_to_at_least_eight_partners_and_is_told_apart(town: TownReport) -> None:
    cast = [each for each in truth_table(town.truth, "people") if each["cast"]]
    assert len(cast) == len(load_cast().people)
    leanne = next(each for each in cast if each["given_name"] == "Leanne")
    assert leanne["family_name"] == "Harlow"
    family = {
        each["person_true_id"] for each in cast if each["given_name"] in ("Leanne", "Jayden", "Mia")
    }
    datasets = {
        each["dataset"]
        for each in truth_table(town.truth, "rows")
        if each["person_true_id"] in family
    }
    partners = {read_dataset(dataset)["partner"] for dataset in datasets}
    assert len(partners) >= 8
    headlines = {
        each["headline"]
        for each in truth_table(town.truth, "needs")
        if each["person_true_id"] in family
    }
    assert len(headlines) >= 7
    flags = Counter(each["flags"] for each in cast)
    assert flags["sealed"] == 2
    assert flags["restricted"] == 1


def test_the_police_say_of_everybody_whether_they_are_sealed(town: TownReport) -> None:
    """A missing mark would be unknown, and unknown blocks every sight of the person."""
    for dataset, path in extract_files(town.data):
        if dataset == "police-incidents":
            bad = {
                each["row_number"]
                for each in truth_table(town.truth, "bad_rows")
                if each["file"] == path.name
            }
            rows = [
                row
                for number, row in enumerate(read_rows(dataset, path), 1)
                if row and number not in bad
            ]
            assert {row["sealed"] for row in rows} <= {"Y", "N"}


def test_nothing_of_the_family_s_new_home_stands_in_craig_s_rows(town: TownReport) -> None:
    craig = next(
        each
        for each in truth_table(town.truth, "people")
        if each["given_name"] == "Craig" and each["cast"]
    )
    spells = [
        each
        for each in truth_table(town.truth, "household_spells")
        if each["person_true_id"] == craig["person_true_id"]
    ]
    last = max(spells, key=lambda each: each["start_on"])
    others = {
        each["person_true_id"] for each in truth_table(town.truth, "household_spells")
        if each["household_true_id"] == last["household_true_id"]
    }  # fmt: skip
    assert others == {craig["person_true_id"]}


def test_the_planted_effect_is_written_down_and_comparisons_need_adjusting(tmp_path: Path) -> None:
    import json

    report = build_town(tmp_path, residents=4000, as_of=dt.date(2026, 11, 22))
    effect = json.loads((report.truth / "effect.json").read_text())
    treated = [each for each in effect["families"] if each["treated"]]
    others = [each for each in effect["families"] if not each["treated"]]
    assert treated
    assert others
    assert -0.061 < effect["outcomes"]["absence_share"]["true_average_effect"] < -0.02
    assert effect["outcomes"]["rent_weeks_owed"]["true_average_effect"] < -0.3
    mean = [
        sum(each["open_headlines"] for each in group) / len(group) for group in (treated, others)
    ]
    assert mean[0] > mean[1], "the taken families have more needs, so a plain comparison misleads"


def test_a_town_is_never_built_over_another(town: TownReport) -> None:
    before = hashes(town.truth)
    with pytest.raises(UnsafeActionError):
        build_town(town.truth.parent, residents=700)
    assert hashes(town.truth) == before


def test_a_town_too_small_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WholeplaceError, match="200 residents or more"):
        build_town(tmp_path, residents=50)
    assert not list(tmp_path.iterdir())


def test_personas_have_roles_that_their_partner_holds(town: TownReport) -> None:
    from ruamel.yaml import YAML

    partners = {
        each["id"]: set(each["roles"])
        for each in YAML(typ="safe").load(town.place / "partners.yaml")["partners"]
    }
    personas = load_cast().personas
    assert len({each.id for each in personas}) == len(personas)
    for each in personas:
        assert set(each.roles) <= partners[each.organisation], each.id
    signatories = [each.organisation for each in personas if "signatory" in each.roles]
    assert sorted(signatories) == sorted(partners)
    assert load_cast().persona("leanne-harlow").person == "leanne"
    assert load_cast().person("leanne").earlier_family_names == ("Dunn",)
