"""Checking a place folder: laws, then a table of faults, each with its file, line and words."""

import os
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.partnership.places import DATASET, make_place, put

from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.partnership import check_place, load_place

EDITED = (
    "place.yaml",
    "partners.yaml",
    "terms.yaml",
    "datasets/early-help.yaml",
    "areas/wards.yaml",
    "needs/absence.yaml",
    "areas/wards.csv",
    "areas/wards.geojson",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return make_place(tmp_path_factory.mktemp("places") / "testham")


@pytest.fixture
def place(tmp_path):
    return make_place(tmp_path / "testham")


def find(faults, file, line, words):
    return [
        fault
        for fault in faults
        if (fault.file, fault.line) == (file, line) and words in str(fault)
    ]


# Laws

MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "swap", "cut", "put", "indent", "retype", "repeat"]),
        st.integers(0, 10_000),
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                ["null", "[]", "{}", "-1", "true", "2026-13-45", "&a", "*a", "!!python/x y", "{{", "\t",
                 "\x00", "9" * 40, "- ", "? ", ": ", "<<: {}", "'", '"', "|", ">", "%", "@", "\ufeff",
                 "~", ".nan", "1e999", "0x10", "---", "...", "# c", "\u2028", "[" * 60]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def mutate(text, mutations):
    for kind, place, insert in mutations:
        lines = text.split("\n")
        number = place % len(lines)
        if kind == "drop":
            del lines[number]
        elif kind == "swap":
            other = (place * 7 + 3) % len(lines)
            lines[number], lines[other] = lines[other], lines[number]
        elif kind == "indent":
            lines[number] = "  " + lines[number]
        elif kind == "repeat":
            lines.insert(number, lines[number])
        elif kind == "retype" and ":" in lines[number]:
            lines[number] = lines[number].partition(":")[0] + ": " + insert
        text = "\n".join(lines)
        cut = place % (len(text) + 1)
        if kind == "cut":
            text = text[:cut] + text[cut + 3 :]
        elif kind == "put":
            text = text[:cut] + insert + text[cut:]
    return text


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(EDITED), MUTATIONS)
def test_no_edit_makes_the_check_raise(sound, file, mutations):
    """Whatever a person types, there is a list of faults or a sound place: never an exception."""
    path = sound / file
    before = path.read_bytes()
    try:
        path.write_bytes(mutate(before.decode(), mutations).encode("utf-8", "surrogatepass"))
        faults = check_place(sound)
        if faults:
            for fault in faults:
                assert fault.what
                assert fault.line >= 0
                assert (sound / fault.file).exists() or "missing" in fault.what
            with pytest.raises(CheckFailedError):
                load_place(sound)
        else:
            assert load_place(sound).place.id
    finally:
        path.write_bytes(before)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EDITED), st.binary(max_size=200))
def test_no_bytes_make_the_check_raise(sound, file, content):
    path = sound / file
    before = path.read_bytes()
    try:
        path.write_bytes(content)
        assert all(fault.what for fault in check_place(sound))
    finally:
        path.write_bytes(before)


def test_a_sound_place_has_no_faults(place):
    assert check_place(place) == []


def test_checking_writes_nothing(place):
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    check_place(place)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


# The table of faults: (file, what is written instead of what, line, words)

PLACE, PARTNERS = "place.yaml", "partners.yaml"
DATA, AREA, NEED = "datasets/early-help.yaml", "areas/wards.yaml", "needs/absence.yaml"
CSV, GEO, TERMS = "areas/wards.csv", "areas/wards.geojson", "terms.yaml"

FAULTS = [
    # form
    (PLACE, "host: council", "host: council: x", 8, "a colon and a space stand inside a value"),
    (PLACE, "host: council", "host: [council", 8, "not closed"),
    (TERMS, "word: case", 'word: "case', 3, "opened and never closed"),
    (PLACE, "host: council", "host: council\nhost: police", 9, "`host` is written twice (first on line 8)"),
    (PLACE, "host: council", "\thost: council", 8, "a tab stands at the start"),
    (PLACE, "host: council", "host: \x07council", 8, "control character"),
    (PLACE, "host: council", "host: &it council", 8, "an anchor"),
    (PLACE, "host: council", "host: !it council", 8, "a tag"),
    (PLACE, "host: council", "host: @council", 8, "a character that YAML keeps for itself"),
    (PLACE, "host: council", "host: council\n---\na: b", 9, "one document a file"),
    (PARTNERS, "    kind: police", "   kind: police", 13, "set in"),
    # keys, types, lists, ids
    (PLACE, "host: council", "hots: council", 8, "did you mean `host`?"),
    (PLACE, "host: council", "hots: council", 1, "`host` is missing"),
    (PLACE, "host: council", "host: [council]", 8, "`host` is not of the right type"),
    (PLACE, 'name: "Testham"', 'name: " "', 4, "`name` is blank"),
    (PLACE, "id: testham", "id: Testham Town", 3, "`id` is not a valid id"),
    (PLACE, 'version: "2022"', "version: 2022", 13, "put quotation marks round it"),
    (PLACE, "time_zone: Europe/London", "time_zone: Europe/Larkbridge", 9, "there is no time zone"),
    (PLACE, "time_zone: Europe/London", "invented: perhaps", 9, "true or false"),
    (PLACE, "time_zone: Europe/London", "second_step_roles: [signatry]", 9, "no role `signatry`"),
    (PARTNERS, "kind: police", "kind: constabulary", 13, "not on its list (expected council, police"),
    (PARTNERS, "    registration: ZA000002\n", "", 11, "`registration` of `police` is missing"),
    (PARTNERS, "roles: [practitioner]", "roles: practitioner", 16, "a list"),
    (PARTNERS, "partners:", "partner:", 1, "`partners` is missing"),
    (PARTNERS, "  - id: police", "  - id: council", 11, "the partner id `council` is used twice"),
    (DATA, "format: csv", "format: spreadsheet", 4, "`format` has a value that is not on its list"),
    (DATA, "type: integer", "type: int", 14, "`type` has a value that is not on its list"),
    (DATA, "update: changes}", "update: changes, header_row: 0}", 4, "1 or more"),
    (DATA, "update: changes}", "update: changes, delimitr: ';'}", 4, "did you mean `delimiter`?"),
    (AREA, "valid_from: 2023-05-04", "valid_from: 2023-02-31", 4, "`valid_from` is not a day"),
    (NEED, "at_least: 2", "at_least: 0", 8, "`at_least` is out of range"),
    (NEED, "{gte: 0.15}", "{above: 0.15}", 7, "eq, in, gte or lte"),
    # references
    (PLACE, "host: council", "host: concil", 8, "did you mean `council`?"),
    (PLACE, "id: supporting-families", "id: suporting-families", 13, "did you mean `supporting-families`?"),
    (PLACE, 'version: "2022"', 'version: "2019"', 13, "has no version `2019`"),
    (PARTNERS, "boundaries: wards", "boundaries: beats", 8, "the boundaries `beats` are not an area set"),
    (PARTNERS, "roles: [practitioner]", "roles: [practicioner]", 16, "did you mean `practitioner`?"),
    (TERMS, "# said_as: {police: investigation}", "said_as: {polis: x}", 5, "did you mean `police`?"),
    (DATA, "partner: council", "partner: councl", 3, "`councl` is not a partner"),
    (DATA, "id: early-help", "id: earlyhelp", 1, "not the name of the file"),
    # the extract's file and key
    (DATA, "early_help_{date}.csv", "early_help.csv", 4, "where the date stands"),
    (DATA, "early_help_{date}.csv", "in/early_help_{date}.csv", 4, "the pattern holds a folder"),
    (DATA, "early_help_{date}.csv", "early_help_{date}.xlsx", 4, "does not end as a csv file does"),
    (DATA, "update: changes}", "update: changes, sheet: One}", 4, "a csv file has no sheets"),
    (DATA, "key: [entry_no]", "key: [entry_number]", 5, "the key column `entry_number` is not"),
    (DATA, "key: [entry_no]", "key: []", 5, "the key is empty"),
    (DATA, "key: [entry_no]", "key: [entry_no, entry_no]", 5, "names `entry_no` twice"),
    (DATA, "observed: updated_on", "observed: score", 6, "is integer, not a day"),
    (DATA, "observed: updated_on", "observed: updated", 6, "did you mean `updated_on`?"),
    # columns
    (DATA, "{name: kind,", "{name: score,", 14, "listed twice (first on line 12)"),
    (DATA, "record.given_name", "record.givenname", 10, "did you mean `record.given_name`?"),
    (DATA, "feeds: record.given_name", "feeds: record.source_id", 10, "fed twice (first on line 9)"),
    (DATA, ", feeds: record.source_id", "", 7, "no column feeds record.source_id"),
    (DATA, "name: kind,", "name: kind, shares: contact.fone,", 12, "did you mean `contact.phone`?"),
    (DATA, '"%d/%m/%Y"', '"DD/MM/YYYY"', 11, "is not a date pattern"),
    (DATA, "{name: forename,", '{name: forename, format: "%Y",', 10, "takes no format"),
    (DATA, 'type: date, format: "%d/%m/%Y", ', "", 11, "record.birth_date is fed by `born_on`"),
    (DATA, "{required: true}", "{require: true}", 8, "did you mean `required`?"),
    (DATA, "{required: true}", "{required: yes please}", 8, "the constraint `required`"),
    (DATA, "minimum: 1, maximum: 5", "minimum: 5, maximum: 1", 14, "`minimum` of `score` is above"),
    (DATA, "minimum: 1, maximum: 5", "minLength: 1", 14, "on a column of type string"),
    (DATA, "{enum: [A, B]}", '{pattern: "(["}', 12, "a regular expression that can be read"),
    (DATA, 'false_values: ["N"]', 'false_values: ["Y"]', 15, "the same text for true and for false"),
    # events and flags
    (DATA, "family.early-help-assessment", "family.early-help-assesment", 18, "did you mean"),
    (DATA, "when: {kind: [A]}", "when: {kind: [C]}", 19, "which the column's enum does not allow"),
    (DATA, "when: {kind: [A]}", "when: {sort: [A]}", 19, "the `when` column `sort` is not a column"),
    (DATA, "start: started_on", "start: score", 20, "the `start` column `score` is integer"),
    (DATA, "start: started_on", "start: started_on\n    end: ended_on", 21, "the `end` column `ended_on`"),
    (DATA, "{score: score}", "{points: score}", 21, "has no attribute `points`"),
    (DATA, "{score: score}", "{score: forename}", 21, "is integer, but `forename` is string"),
    (DATA, "column: agreed", "column: agree", 23, "the `consent` column `agree` is not a column"),
    (DATA, "column: agreed", "column: forename", 23, "which is string"),
    (DATA, ", purpose: whole-family-support", "", 23, "does not say for which purpose"),
    (DATA, "purpose: whole-family-support", "purpose: whole-family", 23, "there is no purpose"),
    (DATA, "flag: consent", "flag: sealed", 23, "holds for every purpose"),
    (DATA, "flag: consent", "flag: secret", 23, "sealed, restricted, objection"),
    # needs
    (NEED, "framework: supporting-families", "framework: troubled", 1, "not a framework that this place"),
    (NEED, "persistent-absence", "persistant-absence", 2, "did you mean `persistent-absence`?"),
    (NEED, "why: Our", "drop: food-insecurity\nwhy: Our", 3, "exactly one of"),
    (NEED, "education.attendance", "education.attendence", 6, "did you mean `education.attendance`?"),
    (NEED, "{absence_share:", "{absences:", 7, "has no attribute `absences`"),
    (NEED, "{gte: 0.15}", "{gte: lots}", 7, "tested against a value of another type"),
    (NEED, "{absence_share: {gte", "{school: {gte", 7, "is text and has no order"),
    (NEED, "{gte: 0.15}", "{in: 0.15}", 7, "`in` of `absence_share` is not a list"),
    (NEED, "age_from: 4", "age_from: 40", 10, "`age_from` is above `age_to`"),
    (NEED, "age_to: 17", "age_to: 170", 11, "is not an age"),
    (NEED, "override:", "add:", 2, "already has a need `persistent-absence`"),
    # areas
    (AREA, "lookup: wards.csv", "lookup: ward.csv", 7, "the lookup file `ward.csv` is not in areas/"),
    (AREA, "lookup: wards.csv", "lookup: ../wards.csv", 7, "outside areas/"),
    (AREA, "valid_from: 2023-05-04", "valid_from: 2023-05-04\nvalid_to: 2020-01-01", 5, "before `valid_from`"),
    (CSV, "postcode,code", "postcode,ward", 1, "the column code is missing"),
    (CSV, "TE1 1AB,W2", "TE1 1AB,W9", 3, "the code `W9` is not in the boundaries"),
    (CSV, "TE1 1AB", "TE1 1AA", 3, "stands here and on line 2"),
    (CSV, "TE1 1AB", "nowhere", 3, "not a UK postcode"),
    (CSV, "TE1 1AB,W2", "TE1 1AB", 3, "the row has 1 values"),
    (CSV, "postcode,code", "postcode,code,Date of birth", 1, "a column about people"),
    (GEO, '"code": "W2"', '"kode": "W2"', 0, "feature 2 has no `code`"),
    (GEO, '"code": "W2"', '"code": "W1"', 0, "stands on features 1 and 2"),
    (GEO, "FeatureCollection", "Collection", 0, "holds no boundaries"),
    (GEO, '"features"', '"features', 1, "not JSON"),
    (GEO, "Polygon", "Point", 0, "feature 1 has no area to draw"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "words"),
    FAULTS,
    ids=[f"{number}-{each[0]}-{each[4][:40]}" for number, each in enumerate(FAULTS)],
)
def test_each_fault_names_its_line_and_mending(sound, file, before, after, line, words):
    path = sound / file
    text = path.read_text("utf-8")
    assert before in text
    try:
        path.write_text(text.replace(before, after, 1), "utf-8")
        faults = check_place(sound)
    finally:
        path.write_text(text, "utf-8")
    assert find(faults, file, line, words), "\n".join(map(str, faults))
    assert all(fault.expected or fault.mend for fault in faults)


# Files as such


@pytest.mark.parametrize(
    ("file", "content", "line", "words"),
    [
        (PLACE, b"", 0, "the file is empty"),
        (PLACE, b"# only a comment\n", 0, "the file is empty"),
        (PLACE, b"- a\n- b\n", 1, "the file is not a definition"),
        (PLACE, b"id: caf\xe9\n", 1, "not UTF-8"),
        (PLACE, "id: x\nname: y\n".encode("utf-16"), 1, "not UTF-8"),
        (TERMS, b"terms: none\n", 1, "is not a list"),
        (PARTNERS, b"partners: []\n", 1, "no partner is listed"),
        ("partner.yaml", b"a: b\n", 0, "rename it to `partners.yaml`"),
        ("datasets/other.yml", b"a: b\n", 0, "rename it to datasets/other.yaml"),
        ("datasets/old/other.yaml", b"a: b\n", 0, "too deep"),
        ("dataset/other.yaml", b"a: b\n", 0, "nothing reads `dataset`"),
        ("datasets/people.xlsx", b"PK", 0, "move it to the inbox"),
        ("people.parquet", b"PAR1", 0, "move it to the inbox"),
        ("datasets/cases.csv", b"a,b\n", 0, "move it to the inbox"),
        ("areas/early_help_2026-01-01.csv", b"a\n", 0, "the name of an extract"),
        ("money/costs.csv", b"code,NHS Number\n", 1, "a column about people"),
        ("areas/spare.geojson", b"{}", 0, "no area set names this file"),
        ("money/costs.yaml", b"a: [", 1, "not closed"),
        ("agreements/a.yaml", b"- a", 1, "not a definition"),
    ],
)
def test_faults_of_files(place, file, content, line, words):
    put(place, file, content)
    file = "dataset" if file.startswith("dataset/") else file
    assert find(check_place(place), file, line, words), "\n".join(map(str, check_place(place)))


@pytest.mark.parametrize("file", [PLACE, PARTNERS])
def test_a_missing_file_is_named(place, file):
    (place / file).unlink()
    assert find(check_place(place), file, 0, f"{file} is missing")


def test_a_folder_that_is_not_there(tmp_path):
    (fault,) = check_place(tmp_path / "nowhere")
    assert "no such place folder" in fault.what


def test_a_link_out_of_the_folder_is_refused_and_not_read(place, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("id: x\n")
    (place / "datasets/linked.yaml").symlink_to(secret)
    (place / "money").symlink_to(tmp_path)
    (place / "outcomes").symlink_to(place / "outcomes")
    faults = check_place(place)
    for name in ("datasets/linked.yaml", "money", "outcomes"):
        assert find(faults, name, 0, "leads out of the place folder, or nowhere")
    assert len(faults) == 3


def test_a_pipe_in_the_folder_does_not_hang_the_check(place):
    os.mkfifo(place / "datasets/pipe.yaml")
    assert find(check_place(place), "datasets/pipe.yaml", 0, "not an ordinary file")


def test_a_huge_file_is_not_read(place):
    put(place, "datasets/huge.yaml", b"a: b\n" * 500_000)
    assert find(check_place(place), "datasets/huge.yaml", 0, "too large")


def test_deep_nesting_ends_in_a_fault(place):
    put(place, "money/deep.yaml", "[" * 5000 + "]" * 5000)
    assert find(check_place(place), "money/deep.yaml", 0, "cannot be read as YAML")


def test_two_datasets_whose_files_cannot_be_told_apart(place):
    put(place, "datasets/second.yaml", DATASET.replace("id: early-help", "id: second", 1))
    assert find(check_place(place), "datasets/second.yaml", 4, "could be meant by this pattern")


def test_all_faults_come_at_once_and_sorted(place):
    put(place, "partners.yaml", "partners:\n  - {id: Police}\n")
    put(place, "datasets/early-help.yaml", DATASET.replace("type: integer", "type: int"))
    put(place, "needs/absence.yaml", "framework: x\ndrop: y\n")
    faults = check_place(place)
    assert faults == sorted(set(faults))
    assert {fault.file for fault in faults} >= {
        "partners.yaml",
        "datasets/early-help.yaml",
        "needs/absence.yaml",
    }


def test_one_bad_column_does_not_hide_or_breed_other_faults(place):
    text = DATASET.replace("type: integer", "type: int").replace("record.given_name", "record.name")
    put(place, "datasets/early-help.yaml", text)
    faults = check_place(place)
    assert [fault.line for fault in faults] == [10, 14]


def test_a_later_room_may_bring_its_own_check(place):
    put(place, "agreements/a.yaml", "id: a\nclauses: []\n")

    def check_agreements(draft):
        for text in draft.agreements:
            yield text.fault(("clauses",), "there are no clauses")

    assert check_place(place, [check_agreements]) == [
        Fault("agreements/a.yaml", 2, "there are no clauses")
    ]


def test_a_fault_holds_no_value_of_a_lookup_row(place):
    put(place, CSV, "postcode,code\nJane Harlow 01234,W1\n")
    assert all("Harlow" not in str(fault) for fault in check_place(place))


def test_larkbridge_definitions_have_no_faults():
    folder = Path(str(files("wholeplace") / "larkbridge" / "place"))
    assert (folder / "place.yaml").exists()
    faults = check_place(folder)
    # Boundaries and lookups are drawn with the town, so only they may be missing here.
    drawn = ("boundaries file", "lookup file")
    assert [each for each in faults if not any(word in each.what for word in drawn)] == []
