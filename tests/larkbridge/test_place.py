"""The place folder that Larkbridge writes is one that Wholeplace takes."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from wholeplace.agreements.texts.agreement import Agreement, Level
from wholeplace.larkbridge import TownReport
from wholeplace.larkbridge.definitions import DATASETS
from wholeplace.partnership.definitions import AreaSet, Dataset, Partner, Place

VOCABULARY = Path(__file__).parents[2] / "src/wholeplace/partnership/vocabulary/fields.yaml"


def read(path: Path) -> dict:
    return YAML(typ="safe").load(path)


def agreements(place: Path) -> list[Agreement]:
    return [Agreement(**read(path)) for path in sorted((place / "agreements").glob("*.yaml"))]


def datasets(place: Path) -> list[Dataset]:
    return [Dataset(**read(path)) for path in sorted((place / "datasets").glob("*.yaml"))]


def test_every_file_is_valid_and_checks_clean(town: TownReport) -> None:
    place = Place(**read(town.place / "place.yaml"))
    partners = {
        each["id"]: Partner(**each) for each in read(town.place / "partners.yaml")["partners"]
    }
    assert place.invented
    assert place.host in partners
    assert len(partners) == 10
    assert {each.id for each in datasets(town.place)} == set(DATASETS)
    assert {each.partner for each in datasets(town.place)} == set(partners)
    areas = [AreaSet(**read(path)) for path in sorted((town.place / "areas").glob("*.yaml"))]
    assert {each.id for each in areas} == {"wards", "police-beats", "nhs-localities"}


def test_the_checker_of_partnership_finds_no_fault(town: TownReport) -> None:
    from wholeplace.partnership import check_place

    assert check_place(town.place) == []


def test_contracts_cover_every_event_of_the_vocabulary(town: TownReport) -> None:
    mapped = {event.kind for dataset in datasets(town.place) for event in dataset.events}
    # What teams write together is made here, and comes in no extract.
    extracted = {each for each in read(VOCABULARY)["events"] if not each.startswith("casework.")}
    assert mapped == extracted


def test_contracts_show_every_form_of_file(town: TownReport) -> None:
    forms = [each.file for each in datasets(town.place)]
    assert {each.format for each in forms} == {"csv", "xlsx", "parquet", "jsonl"}
    assert {each.encoding for each in forms} == {"utf-8", "cp1252", "latin-1"}
    assert {each.delimiter for each in forms} == {",", ";", "\t", "|"}
    assert {each.update for each in forms} == {"full", "changes"}
    assert any(each.header_row == 3 for each in forms)
    flags = {flag.flag for each in datasets(town.place) for flag in each.flags}
    assert flags == {"sealed", "restricted", "objection", "national-opt-out", "consent"}


def test_agreements_name_only_what_exists(town: TownReport) -> None:
    vocabulary = read(VOCABULARY)
    fields = {*vocabulary["record"], *vocabulary["events"], *vocabulary["groups"]}
    roles = {
        each["id"]: set(each["roles"]) for each in read(town.place / "partners.yaml")["partners"]
    }
    for agreement in agreements(town.place):
        parties = {each.partner for each in agreement.parties}
        for clause in agreement.clauses:
            assert {clause.source, clause.recipient} <= parties
            assert clause.purpose in agreement.purposes
            assert set(clause.fields) <= fields
            assert set(clause.roles) <= roles[clause.recipient]


def test_special_category_sharing_rests_on_a_condition(town: TownReport) -> None:
    events = read(VOCABULARY)["events"]
    special = {name for name, each in events.items() if each.get("special")}
    for agreement in agreements(town.place):
        conditions = {each.partner: each.schedule_1 for each in agreement.parties}
        for clause in agreement.clauses:
            named = {
                name
                for name in special
                if name in clause.fields or name.split(".")[0] in clause.fields
            }
            if named:
                assert conditions[clause.source], (agreement.id, clause.id)
                assert conditions[clause.recipient], (agreement.id, clause.id)


def test_agreements_use_every_level_and_consent_rule_and_leave_something_out(
    town: TownReport,
) -> None:
    clauses = [clause for agreement in agreements(town.place) for clause in agreement.clauses]
    assert {clause.level for clause in clauses} == {Level.EXISTENCE, Level.SUMMARY, Level.DETAIL}
    assert {clause.consent for clause in clauses} == {"none", "required", "unless-refused"}
    covered = {
        field for clause in clauses if clause.source == "nhs-community" for field in clause.fields
    }
    assert "health.emergency-attendance" not in covered
    assert "health" not in covered
    matching = {clause.source for clause in clauses if clause.purpose == "matching"}
    assert len(matching) == 10


def test_areas_fit_without_gaps_and_do_not_nest(town: TownReport) -> None:
    from shapely import unary_union
    from shapely.geometry import shape

    whole, sets = [], {}
    for name, count in (("wards", 12), ("police-beats", 7), ("nhs-localities", 5)):
        features = json.loads((town.place / "areas" / f"{name}.geojson").read_text())["features"]
        assert len(features) == count
        shapes = [shape(each["geometry"]) for each in features]
        assert all(each.is_valid and each.geom_type == "Polygon" for each in shapes)
        joined = unary_union(shapes)
        assert sum(each.area for each in shapes) == pytest.approx(joined.area, rel=1e-9)
        whole.append(joined)
        sets[name] = shapes
    assert whole[0].symmetric_difference(whole[1]).area < 1e-12
    assert whole[0].symmetric_difference(whole[2]).area < 1e-12
    for small, large in (
        ("wards", "police-beats"),
        ("wards", "nhs-localities"),
        ("police-beats", "nhs-localities"),
    ):
        split = [
            s
            for s in sets[small]
            if sum(s.intersection(big).area > s.area * 0.05 for big in sets[large]) > 1
        ]
        assert len(split) >= 3, (small, large)


def test_every_postcode_lies_in_one_area_of_each_set_and_in_no_real_postcode_area(
    town: TownReport,
) -> None:
    found = []
    for name in ("wards", "police-beats", "nhs-localities"):
        lines = (town.place / "areas" / f"{name}.csv").read_text().splitlines()
        assert lines[0] == "postcode,code"
        found.append([line.split(",")[0] for line in lines[1:]])
        codes = {
            each["properties"]["code"]
            for each in json.loads((town.place / "areas" / f"{name}.geojson").read_text())[
                "features"
            ]
        }
        assert {line.split(",")[1] for line in lines[1:]} <= codes
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == len(set(found[0]))
    assert all(re.fullmatch(r"LB[1-9]\d? \d[ABD-HJLNP-UW-Z]{2}", each) for each in found[0])
