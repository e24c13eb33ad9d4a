"""Loading, writing and comparing place folders, the vocabulary and the frameworks."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.partnership.places import make_place, put

from wholeplace.cli.place import COMMANDS, check, diff, init
from wholeplace.foundation.errors import (
    CheckFailedError,
    NotFoundError,
    UnsafeActionError,
    WholeplaceError,
)
from wholeplace.partnership import (
    check_place,
    describe_rule,
    diff_place,
    list_frameworks,
    load_framework,
    load_place,
    load_vocabulary,
    write_place,
)
from wholeplace.partnership.writing import name_to_id

ADDED = """\
framework: supporting-families
add: rent-owed-early
headline: financial-stability
label: Behind with rent
rule: {any: [{event: housing.rent-arrears, where: {weeks: {gte: 4}}, within_days: 90}]}
evidence: Four weeks of rent owed in the last three months
source: Testham debt strategy
"""
DROPPED = "framework: supporting-families\ndrop: food-insecurity\nwhy: Counted elsewhere.\n"


@pytest.fixture
def place(tmp_path):
    return make_place(tmp_path / "testham")


def need_of(folder, headline, need):
    framework = load_place(folder).framework("supporting-families")
    needs = {each.id: each.needs for each in framework.headlines}[headline]
    return next((each for each in needs if each.id == need), None)


# Laws


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_place_of_any_name_is_written_sound_or_refused_whole(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("new") / "place"
    try:
        write_place(folder, name_to_id(name), name)
    except WholeplaceError:
        assert list(folder.parent.iterdir()) == []
    else:
        assert check_place(folder) == []
        assert load_place(folder).place.name == name


@given(st.sets(st.sampled_from([*load_vocabulary().fields, *load_vocabulary().groups])))
def test_expanding_twice_changes_nothing_and_more_names_give_no_less(names):
    words = load_vocabulary()
    fields = words.expand(names)
    assert words.expand(fields) == fields
    assert fields <= words.fields
    assert fields <= words.expand([*names, "identity"])


# Loading


def test_a_place_is_loaded_whole(place):
    loaded = load_place(place)
    assert loaded.place.id == "testham"
    assert list(loaded.partners) == ["council", "police"]
    assert loaded.datasets["early-help"].key == ("entry_no",)
    assert loaded.area_file(loaded.area_sets["wards"].lookup).is_file()
    assert [each.id for each in loaded.datasets_of("council")] == ["early-help"]
    assert loaded.datasets_of("police") == ()
    assert [term.word for term in loaded.terms] == ["case"]
    assert loaded.agreement_texts == ()


def test_agreements_are_handed_on_as_written(place):
    put(place, "agreements/b.yaml", "id: b\n")
    put(place, "agreements/a.yaml", "id: a\n")
    assert load_place(place).agreement_texts == (
        ("agreements/a.yaml", {"id": "a"}),
        ("agreements/b.yaml", {"id": "b"}),
    )


def test_a_place_with_faults_is_not_loaded(place):
    put(place, "partners.yaml", "partners: []\n")
    with pytest.raises(CheckFailedError) as refused:
        load_place(place)
    assert len(refused.value.faults) >= 2


# Departures


def test_an_override_changes_the_rule_and_nothing_else(place):
    national = load_framework("supporting-families", "2022").headlines[0].needs[0]
    ours = need_of(place, "good-education", "persistent-absence")
    assert ours.rule.all[0].where == {"absence_share": {"gte": 0.15}}
    assert ours.model_copy(update={"rule": national.rule}) == national


def test_needs_are_added_and_dropped(place):
    put(place, "needs/rent.yaml", ADDED)
    put(place, "needs/food.yaml", DROPPED)
    assert need_of(place, "financial-stability", "rent-owed-early").label == "Behind with rent"
    assert need_of(place, "financial-stability", "food-insecurity") is None


def test_the_difference_is_told_with_before_and_after(place):
    put(place, "needs/rent.yaml", ADDED)
    put(place, "needs/food.yaml", DROPPED)
    changed, dropped, added = diff_place(place)
    assert changed.changes == (("absence_share (gte) of education.attendance", "0.1", "0.15"),)
    assert changed.why == "Our schools act early."
    assert (dropped.kind, dropped.need) == ("dropped", "food-insecurity")
    assert added.changes[0][2] == (
        "1 or more housing.rent-arrears with weeks at least 4 in the last 90 days"
    )


def test_a_place_as_published_differs_in_nothing(place):
    (place / "needs/absence.yaml").unlink()
    assert diff_place(place) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (DROPPED.replace("why: Counted elsewhere.\n", ""), "no reason is given"),
        (DROPPED + "label: x\n", "means nothing for a need that is switched off"),
        (ADDED.replace("headline: financial-stability\n", ""), "`headline` is missing"),
        (ADDED.replace("financial-stability", "financial-stabilty"), "did you mean"),
        (ADDED.replace("rule: {any:", "rule: {al:"), "did you mean `all`?"),
        ("framework: supporting-families\noverride: food-insecurity\n", "nothing is changed"),
        ("framework: supporting-families\noverride: persistent-absence\nlabel: x\n", "already"),
    ],
)
def test_faults_of_departures(place, text, words):
    put(place, "needs/other.yaml", text)
    faults = "\n".join(map(str, check_place(place)))
    assert words in faults
    assert bool(faults) == bool(words)


# Frameworks


def test_supporting_families_has_ten_headlines_that_the_vocabulary_can_show():
    framework = load_framework("supporting-families", "2022")
    events = load_vocabulary().events
    assert len(framework.headlines) == 10
    ids = [need.id for headline in framework.headlines for need in headline.needs]
    assert len(ids) == len(set(ids)) >= 30
    for headline in framework.headlines:
        assert len(headline.needs) >= 2
        for need in headline.needs:
            assert need.source.startswith("Framework")
            assert need.numbers, f"{need.id} does not say who chose its numbers"
            conditions = need.rule.all + need.rule.any
            assert conditions
            for condition in conditions:
                assert set(condition.where) <= set(events[condition.event].attributes)
            assert describe_rule(need.rule)


def test_every_framework_listed_can_be_loaded():
    assert list_frameworks()
    for listed in list_frameworks():
        loaded = load_framework(listed.id, listed.version)
        assert (loaded.id, loaded.version, loaded.title) == listed


def test_an_unknown_framework_is_refused_by_name():
    with pytest.raises(NotFoundError, match="supporting-families 2022"):
        load_framework("supporting-families", "1066")


# Vocabulary


def test_groups_expand_to_their_fields():
    words = load_vocabulary()
    assert words.expand(["contact"]) == {"contact.address", "contact.phone", "contact.email"}
    assert words.record_columns["postcode"] == "contact.address"
    assert words.is_special("crime.offence")
    assert not words.is_special("education.attendance")
    assert words.label("identity") == "Who they are"
    for field in words.fields:
        assert words.group_of(field) in words.groups


def test_an_unknown_field_is_refused():
    with pytest.raises(NotFoundError):
        load_vocabulary().expand(["identity.shoe-size"])


# Writing


def test_a_folder_with_something_in_it_is_never_overwritten(place):
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    with pytest.raises(UnsafeActionError):
        write_place(place, "other", "Other")
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    assert [path.name for path in place.parent.iterdir()] == ["testham"]


def test_an_empty_folder_and_missing_parents_are_used(tmp_path):
    (tmp_path / "empty").mkdir()
    assert check_place(write_place(tmp_path / "empty", "a", "A")) == []
    assert check_place(write_place(tmp_path / "x" / "y y" / "z", "b", "B: 'é' # \"")) == []


@pytest.mark.parametrize("wrong", ["", "A", "a--b", "1a", "a b", "a" * 61, "a\n"])
def test_an_id_that_is_no_id_is_refused(tmp_path, wrong):
    with pytest.raises(WholeplaceError):
        write_place(tmp_path / "x", wrong, "Name")
    assert not (tmp_path / "x").exists()


# The commands


def test_the_commands_from_init_to_diff(tmp_path):
    run = CliRunner()
    folder = str(tmp_path / "lark-end")
    assert [command.name for command in COMMANDS] == ["init", "check", "diff"]
    made = run.invoke(init, [folder])
    assert made.exit_code == 0
    assert "Lark End" in made.output
    assert "no faults" in run.invoke(check, [folder]).output
    assert "as published" in run.invoke(diff, ["--place", folder]).output
    assert json.loads(run.invoke(diff, [folder, "--json"]).output) == {"differences": []}


def test_check_ends_with_code_2_and_names_each_fault(place):
    put(place, "partners.yaml", "partners: []\n")
    answer = CliRunner().invoke(check, [str(place)])
    assert answer.exit_code == 2
    assert "partners.yaml:1: no partner is listed" in answer.output
    assert "to mend it:" in answer.output
    listed = json.loads(CliRunner().invoke(check, [str(place), "--json"]).output)["faults"]
    assert {"file", "line", "what", "expected", "mend"} == set(listed[0])


def test_the_place_is_named_once(tmp_path):
    answer = CliRunner().invoke(check, [str(tmp_path), "--place", "elsewhere"])
    assert answer.exit_code == 2
    assert "once" in answer.output
