"""Laws and examples of households: everyone is somewhere, and families that follow are apart."""

import datetime as dt

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linkage.street import Street, store_of

from wholeplace.foundation.store import SqlFile
from wholeplace.linkage.households import find_households
from wholeplace.linkage.score import score_lodgings
from wholeplace.linkage.standardise import standardise_records
from wholeplace.linkage.stays import COMMUNAL_PEOPLE, Stay

NEWEST = dt.date(2026, 11, 21)
OTHER = "uprn:2"


def seen(person, first_on, last_on=NEWEST, *, family="harlow", dwelling="uprn:1", **more):
    facts = {"datasets": 1, "is_temporary": False, "is_communal": False} | more
    return Stay(
        dwelling=dwelling,
        first_on=first_on,
        person_id=person,
        last_on=last_on,
        end_on=None,
        family_name=family,
        **facts,
    )


def homes(stays, dwelling="uprn:1"):
    return sorted(
        sorted(found.people) for found in find_households(stays) if found.dwelling == dwelling
    )


def day(year, month):
    return dt.date(year, month, 1)


@st.composite
def many_stays(draw):
    kept = {}
    for person, dwelling in draw(
        st.sets(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=25)
    ):
        first_on = dt.date(2022, 1, 1) + dt.timedelta(days=draw(st.integers(0, 1500)))
        kept[person, dwelling] = seen(
            f"p{person}",
            first_on,
            first_on + dt.timedelta(days=draw(st.integers(0, 300))),
            family=draw(st.sampled_from(["harlow", "dunn", "khan", None])),
            dwelling=f"uprn:{dwelling}",
            datasets=draw(st.integers(1, 2)),
        )
    return list(kept.values())


@given(many_stays(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_everyone_has_a_home_once_and_order_does_not_matter(stays, chance):
    found = find_households(stays)
    held = [(stay.person_id, home.dwelling) for home in found for stay in home.stays]
    assert len(held) == len(set(held))
    assert {person for person, _ in held} == {stay.person_id for stay in stays}
    shuffled = list(stays)
    chance.shuffle(shuffled)
    assert find_households(shuffled) == found


def test_a_family_that_follows_another_is_another_household():
    stays = [
        seen("ann", day(2024, 4), day(2025, 11)),
        seen("ann", day(2026, 8), dwelling=OTHER),
        seen("ben", day(2024, 4)),  # one register still lists him
        seen("cat", day(2026, 7), family="khan"),
        seen("dan", day(2026, 7), family="khan"),
    ]
    assert homes(stays) == [["ann", "ben"], ["cat", "dan"]]


def test_unlike_surnames_that_are_both_still_there_are_one_household():
    stays = [seen("ann", day(2024, 4)), seen("cat", day(2025, 4), family="khan")]
    assert homes(stays) == [["ann", "cat"]]


def test_unlike_surnames_that_move_on_together_are_one_household():
    stays = [
        *(
            seen("ann", first, last, dwelling=home)
            for first, last, home in [
                (day(2024, 4), day(2025, 6), "uprn:1"),
                (day(2025, 9), NEWEST, OTHER),
            ]
        ),
        *(
            seen("cat", first, last, dwelling=home, family="khan")
            for first, last, home in [
                (day(2024, 5), day(2025, 6), "uprn:1"),
                (day(2025, 9), NEWEST, OTHER),
            ]
        ),
    ]
    assert homes(stays) == [["ann", "cat"]]
    assert homes(stays, OTHER) == [["ann", "cat"]]


def test_people_whose_surname_is_not_known_are_not_made_one_family_by_that():
    stays = [
        seen("ann", day(2024, 4), day(2025, 11), family=None),
        seen("ann", day(2026, 8), dwelling=OTHER, family=None),
        seen("ben", day(2024, 4), family=None),
    ]
    assert homes(stays) == [["ann"], ["ben"]]


def test_a_crowd_of_unlike_surnames_is_communal_and_a_row_of_families_is_not():
    crowd = [seen(f"p{n:02d}", day(2024, 4), family=f"name{n}") for n in range(COMMUNAL_PEOPLE)]
    assert [home.kind for home in find_households(crowd)] == ["communal"]
    row = [
        seen(f"p{n:02d}", day(2024, 1 + n), day(2024, 2 + n), family=f"name{n}")
        for n in range(COMMUNAL_PEOPLE)
    ]
    row += [
        seen(f"p{n:02d}", day(2025, 6), family=f"name{n}", dwelling=f"uprn:9{n}")
        for n in range(COMMUNAL_PEOPLE)
    ]
    assert {home.kind for home in find_households(row)} == {"home"}


def test_a_hostel_is_named_temporary():
    stays = [seen("ann", day(2026, 4), is_temporary=True), seen("cat", day(2026, 4), family="khan")]
    assert [home.kind for home in find_households(stays)] == ["temporary"]


def test_a_surname_written_two_ways_on_one_day_is_read_alike_in_any_order():
    street = Street()
    for family in ("Harlow", "Dunn", "Khan", "Lee"):
        street.add("ann", given_name="Ann", family_name=family, uprn=1)

    def surname(order):
        with store_of(street.table()) as store:
            standardise_records(store)
            store.run(
                "CREATE TABLE person_records AS SELECT record_id, 'ann' AS person_id FROM records; "
                f"CREATE OR REPLACE TABLE linkage_input AS SELECT * FROM linkage_input ORDER BY record_id {order}"
            )
            store.materialise(SqlFile.read("linkage", "linkage_stays"))
            return store.value("SELECT family_name FROM linkage_stays")

    assert surname("ASC") == surname("DESC")


def test_lodgers_who_were_taken_for_a_family_are_counted():
    """Ann and Ben share a hostel; Cat and Dan a flat that the council put both their families in."""
    people = {"ra": "ann", "rb": "ben", "rc": "cat", "rd": "dan"}
    spells = pa.Table.from_pylist(
        [
            {
                "person_true_id": person,
                "household_true_id": home,
                "address_key": where,
                "kind": kind,
            }
            for person, home, where, kind in (
                ("ann", "hostel", "a1", "communal"),
                ("ben", "hostel", "a1", "communal"),
                ("cat", "h1", "a2", "temporary"),
                ("dan", "h2", "a2", "temporary"),
                ("cat", "h1", "a3", "home"),
            )
        ]
    )
    members = pa.Table.from_pylist(
        [
            {"household_id": home, "person_id": person}
            for home, person in (("x", "ann"), ("x", "ben"), ("y", "cat"), ("y", "dan"))
        ]
    )
    for kinds, taken in (
        (("communal", "home"), 1),
        (("home", "home"), 2),
        (("communal", "temporary"), 0),
    ):
        households = pa.Table.from_pylist(
            [{"household_id": home, "kind": kind} for home, kind in zip("xy", kinds, strict=True)]
        )
        found = score_lodgings(members, households, spells, people, people)
        assert found == {"pairs": 2, "taken_for_families": taken}
