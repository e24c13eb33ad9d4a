"""The derived tables, given rows and expected rows."""

import json

from wholeplace.partnership.vocabulary import load_vocabulary


def test_timeline_holds_every_event_beside_its_person(built):
    rows = built.rows("SELECT event_id, person_id, partner FROM timeline ORDER BY event_id")
    assert [tuple(row.values()) for row in rows] == [
        ("e1", "jayden", "council"),
        ("e2", "jayden", "council"),
        ("e3", "leanne", "police"),
        ("e4", "jayden", "council"),
        ("e5", "jayden", "council"),
        ("e6", "leanne", "police"),
    ]


def test_of_one_case_stated_twice_the_open_one_stands(built):
    rows = built.rows("SELECT person_id, service, worker, end_on FROM involvements")
    assert [tuple(row.values()) for row in rows] == [("jayden", "Early help", "A. Reid", None)]


def test_identity_keeps_what_each_partner_says_apart(built):
    rows = built.rows(
        "SELECT partner, value FROM person_identity "
        "WHERE person_id = 'leanne' AND field = 'identity.birth-date' ORDER BY partner"
    )
    assert [(row["partner"], json.loads(row["value"])) for row in rows] == [
        ("council", {"birth_date": "1991-04-12"}),
        ("police", {"birth_date": "1991-12-04"}),
    ]


def test_identity_covers_every_record_field_of_the_vocabulary():
    from wholeplace.foundation.store import SqlFile

    text = SqlFile.read("people", "person_identity").select
    for name, field in load_vocabulary().record.items():
        assert f"'{name}'" in text
        assert all(
            f"'{column}', {column}" in text or f"cast({column} AS" in text.replace("CAST(", "cast(")
            for column in field.columns
        )


def test_needs_carry_how_old_and_how_new_their_evidence_is(built):
    rows = built.rows(
        "SELECT person_id, need, CAST(since_on AS VARCHAR) AS since, "
        "CAST(newest_on AS VARCHAR) AS newest, evidence FROM person_needs ORDER BY need, person_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("jayden", "absent", "2025-11-01", "2025-11-01", 1),
        ("leanne", "abuse", "2026-02-01", "2026-02-20", 2),
        ("jayden", "both", "2025-11-01", "2026-01-10", 2),
        ("jayden", "suspended", "2026-01-10", "2026-01-10", 1),
    ]


def test_area_counts_list_areas_and_needs_with_none(built):
    rows = built.rows("SELECT recipient, area_code, need, people, residents FROM area_needs")
    assert len(rows) == 2 * 4
    assert {row["recipient"] for row in rows} == {"council"}
    found = {(row["area_code"], row["need"]): (row["people"], row["residents"]) for row in rows}
    assert found["W1", "suspended"] == (1, 1)
    assert found["W1", "abuse"] == (0, 1), "nobody may count where the police know people to live"
    assert found["W1", "absent"] == (0, 1), "no agreement lets attendance be counted"
    assert found["W1", "both"] == (0, 1), "one of its two conditions is not covered"
    assert found["W2", "suspended"] == (0, 0)


def test_absence_from_the_fresh_list_of_sealed_people_is_stated_for_everybody(built):
    rows = built.rows("SELECT person_id, value, partner FROM subject_flags ORDER BY person_id")
    assert [tuple(row.values()) for row in rows] == [
        (person, "no", "council") for person in ("jayden", "leanne", "mia", "other")
    ]
