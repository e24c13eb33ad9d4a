"""One whole person: sealed throughout; a need shows no more than its evidence does."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements import Level, SeenItem
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.sealed import open_sealed
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import SqlFile
from wholeplace.people import PEOPLE_TABLES, SnapshotReader, read_person
from wholeplace.people.whole import ConditionOfNeed, NeedRule


def seen(item, level):
    return SeenItem(
        item.key,
        item.person_id,
        item.partner,
        item.dataset,
        item.field,
        level,
        "",
        "",
        "",
        "",
        (),
        {},
    )


def test_everything_of_a_person_is_there_and_sealed(harlows):
    whole = read_person(harlows, "jayden")
    assert {item.field for item in whole.timeline} == {
        "education.attendance",
        "education.suspension",
    }
    assert [item.field for item in whole.involvements] == ["involvement.open-case"]
    assert {"identity.name", "identity.nhs-number", "contact.address"} <= {
        item.field for item in whole.identity
    }
    assert "Harlow" not in repr(whole)
    assert len({item.key for item in whole.items}) == len(whole.items)


def test_payloads_have_the_shape_that_the_gateway_opens(harlows):
    whole = read_person(harlows, "jayden")
    event = next(item for item in whole.timeline if item.field == "education.attendance")
    assert open_sealed(event.value) == {
        "label": "School attendance for a term",
        "start_on": "2025-11-01",
        "end_on": "2025-12-19",
        "attributes": {"absence_share": 0.3},
    }
    case = open_sealed(whole.involvements[0].value)
    assert case["attributes"] == {"service": "Early help", "worker": "A. Reid"}
    name = next(item for item in whole.identity if item.field == "identity.name")
    assert open_sealed(name.value) == {"given_name": "Jayden", "family_name": "Harlow"}


def test_the_household_are_subjects_of_their_own(harlows):
    whole = read_person(harlows, "jayden")
    assert {each.subject.person_id for each in whole.household} == {"leanne", "mia"}
    assert whole.subjects[0].person_id == "jayden"
    for housemate in whole.household:
        assert {item.person_id for item in housemate.items} == {housemate.subject.person_id}
        assert all(item.also_about == ("jayden",) for item in housemate.lives_with)
        assert {item.field for item in housemate.lives_with} == {"contact.address"}
        assert not housemate.is_seen(seen(item, Level.DETAIL) for item in housemate.identity)
        assert housemate.is_seen([seen(housemate.lives_with[0], Level.SUMMARY)])
    # The council knows where Jayden lives and the NHS where Mia does; neither knows both.
    (mia,) = whole.household[1].lives_with
    assert mia.sources == ("nhs", "council")
    shared = open_sealed(mia.value)
    assert (shared["lives_from"], shared["lives_to"]) == ("2022-06-30", None)


def test_the_room_names_nobody_for_the_trail(harlows):
    # The gateway alone does, under keys that can be destroyed one by one.
    assert {each.pseudonym for each in read_person(harlows, "jayden").subjects} == {""}


@pytest.mark.parametrize("person_id", ["nobody", "", "jayden' OR 'a'='a"])
def test_nobody_is_not_found(harlows, person_id):
    with pytest.raises(NotFoundError):
        read_person(harlows, person_id)


# given: level of the attendance event, of the suspension; expected: need to level
SPEC = [
    (Level.NOTHING, Level.NOTHING, {}),
    (Level.EXISTENCE, Level.EXISTENCE, {}),
    (Level.SUMMARY, Level.NOTHING, {}),
    (Level.NOTHING, Level.SUMMARY, {"suspended": "SUMMARY"}),
    (Level.DETAIL, Level.NOTHING, {"absent": "DETAIL"}),
    (Level.SUMMARY, Level.DETAIL, {"suspended": "DETAIL", "both": "SUMMARY"}),
    (Level.DETAIL, Level.DETAIL, {"absent": "DETAIL", "suspended": "DETAIL", "both": "DETAIL"}),
]


@pytest.mark.parametrize(("attendance", "suspension", "expected"), SPEC)
def test_a_need_shows_only_as_far_as_its_evidence(harlows, attendance, suspension, expected):
    whole = read_person(harlows, "jayden")
    levels = {"education.attendance": attendance, "education.suspension": suspension}
    items = [seen(item, levels[item.field]) for item in whole.timeline]
    needs = {each.need: each.level.name for each in whole.needs_seen(items)}
    assert needs == expected


def test_two_are_needed_and_both_must_be_seen(harlows):
    whole = read_person(harlows, "leanne")
    first, second = (seen(item, Level.SUMMARY) for item in whole.timeline)
    assert whole.needs_seen([first]) == ()
    assert [each.need for each in whole.needs_seen([first, second])] == ["abuse"]


# given: level of the event, of the date of birth; expected: of a need whose rule asks an age
AGES = [
    (Level.DETAIL, Level.NOTHING, None),
    (Level.DETAIL, Level.EXISTENCE, None),
    (Level.SUMMARY, Level.DETAIL, None),
    (Level.DETAIL, Level.SUMMARY, Level.DETAIL),
    (Level.DETAIL, Level.DETAIL, Level.DETAIL),
]


@pytest.mark.parametrize(("event", "birth", "expected"), AGES)
def test_an_age_is_told_only_beside_a_date_of_birth_and_the_day(harlows, event, birth, expected):
    whole = read_person(harlows, "jayden")
    young = ConditionOfNeed(0, "all", 1, tests_attributes=False, tests_age=True)
    rule = NeedRule("trial", "1", "education", "Education", "young", "Young", (young,))
    suspension = next(each for each in whole.timeline if each.field == "education.suspension")
    born = next(each for each in whole.identity if each.field == "identity.birth-date")
    aged = replace(whole, _rules=(rule,), _evidence={("trial", "young"): {suspension.key: (0,)}})
    found = aged.needs_seen([seen(suspension, event), seen(born, birth)])
    assert [each.level for each in found] == ([expected] if expected else [])


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(Level)), min_size=2, max_size=2), st.integers(0, 1))
def test_seeing_more_never_shows_fewer_needs(harlows, levels, which):
    whole = read_person(harlows, "jayden")
    more = list(levels)
    more[which] = Level(min(more[which] + 1, Level.DETAIL))

    def needs(chosen):
        items = [seen(item, level) for item, level in zip(whole.timeline, chosen, strict=True)]
        return {
            (each.need, level)
            for each in whole.needs_seen(items)
            for level in Level
            if level <= each.level
        }

    assert needs(levels) <= needs(more)


def test_threads_share_a_reader_and_see_a_new_snapshot_at_once(built, tmp_path):
    snapshots = Snapshots(tmp_path / "snapshots")
    reader = SnapshotReader(snapshots)
    with pytest.raises(NotFoundError, match="nothing to show yet"):
        read_person(reader, "jayden")
    for hour in (9, 10):
        draft = snapshots.start(dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC))
        for table in (*PEOPLE_TABLES, "person_records", "household_members"):
            built.write_parquet(f"SELECT * FROM {table}", draft.table(table))
        published = snapshots.publish(draft, {})
        errors: list[Exception] = []

        def read(errors=errors):
            try:
                for _ in range(3):
                    assert len(read_person(reader, "jayden").timeline) == 2
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert reader.snapshot.id == published.id
    reader.close()


def test_tables_held_in_memory_answer_as_their_files_do(built, tmp_path):
    """Whether a table is small enough to be held changes no answer."""
    snapshots = Snapshots(tmp_path / "snapshots")
    draft = snapshots.start(dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC))
    for table in (*PEOPLE_TABLES, "person_records", "household_members"):
        built.write_parquet(f"SELECT * FROM {table}", draft.table(table))
    snapshots.publish(draft, {})
    held, from_files = SnapshotReader(snapshots), SnapshotReader(snapshots, held_rows=0)
    kinds = {
        reader: {
            row["name"] for row in reader.rows("SELECT table_name AS name FROM duckdb_tables()")
        }
        for reader in (held, from_files)
    }
    assert "person_identity" in kinds[held]
    assert kinds[from_files] == set()
    people = ["leanne", "jayden", "mia", "other", "nobody"]
    asked = [
        (name, {"person_id": each})
        for name in ("read_housemates", "read_timeline", "read_involvements", "read_needs")
        for each in people
    ]
    asked += [("read_identity", {"person_ids": people})]
    asked += [("read_flags", {"person_ids": people, "origins": ["extract", "screen"]})]
    asked += [("read_conditions", {})]
    answers = 0
    for name, params in asked:
        file = SqlFile.read("people", name)
        expected = from_files.rows_of(file, params)
        assert held.rows_of(file, params) == expected, name
        answers += len(expected)
    assert answers > 20
    held.close()
    from_files.close()


def test_what_is_kept_is_worked_out_anew_for_a_new_snapshot(built, tmp_path):
    snapshots = Snapshots(tmp_path / "snapshots")
    reader = SnapshotReader(snapshots)
    for hour, expected in ((9, "first"), (10, "second")):
        draft = snapshots.start(dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC))
        built.write_parquet("SELECT * FROM timeline", draft.table("timeline"))
        snapshots.publish(draft, {})
        assert reader.keep("word", lambda word=expected: word) == expected
        assert reader.keep("word", lambda: "never asked") == expected
    reader.close()
