"""Search finds whom two facts mean, however written, and refuses to be a trawl."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.people.rules import EVERYTHING, searchable_by

from wholeplace.agreements import Level
from wholeplace.people import Facts, TooFewFactsError, find_people
from wholeplace.people.facts import name_words, swap_day_and_month

BORN = dt.date(1991, 4, 12)

FEW = [
    Facts(),
    Facts(name="Leanne Harlow"),
    Facts(birth_date=BORN),
    Facts(postcode="LB1 4QT", name=" - "),
    Facts(nhs_number="9434765919", phone="none"),
]


@pytest.mark.parametrize("facts", FEW)
def test_fewer_than_two_facts_are_refused(harlows, facts):
    with pytest.raises(TooFewFactsError, match="two, for example") as caught:
        find_people(harlows, facts, EVERYTHING)
    assert "Leanne" not in str(caught.value)


# given: facts; expected: person to certainty
SPEC = [
    ("name and birth date", Facts(name="leanne harlow", birth_date=BORN), {"leanne": "match"}),
    ("order of words", Facts(name="HARLOW Leanne", birth_date=BORN), {"leanne": "match"}),
    ("a former name", Facts(name="Leanne ODunn", birth_date=BORN), {"leanne": "match"}),
    ("apostrophe", Facts(name="Leanne O'Dunn", postcode="lb14qt"), {"leanne": "match"}),
    ("accent and double barrel", Facts(name="mia dunn", postcode="LB1 4QT"), {"mia": "match"}),
    (
        "day and month exchanged",
        Facts(name="Jayden Harlow", birth_date=dt.date(2011, 3, 9)),
        {"jayden": "also-possible"},
    ),
    (
        "familiar name",
        Facts(name="Bob Harlow", birth_date=dt.date(1955, 4, 12)),
        {"other": "also-possible"},
    ),
    (
        "a slip in the name",
        Facts(name="Jaydne Harlow", birth_date=dt.date(2011, 9, 3)),
        {"jayden": "also-possible"},
    ),
    ("family name and postcode", Facts(name="Harlow", postcode="LB1 4QT"), {"leanne": "match", "jayden": "match", "mia": "match"}),
    ("NHS number and birth date", Facts(nhs_number="9434765919", birth_date=dt.date(2011, 9, 3)), {"jayden": "match"}),
    ("one wrong of two", Facts(nhs_number="9434765919", birth_date=dt.date(2001, 9, 3)), {}),
    (
        "one wrong of three",
        Facts(name="Jayden Harlow", nhs_number="9434765919", birth_date=dt.date(2001, 9, 3)),
        {"jayden": "also-possible"},
    ),
    ("shared phone", Facts(phone="+44 7700 900 123", postcode="LB1 4QT"), {"leanne": "match", "mia": "match"}),
    ("another's birth date", Facts(name="Mia Harlow", birth_date=BORN), {}),
    ("nobody", Facts(name="Leanne Harlow", postcode="ZZ9 9ZZ"), {}),
]  # fmt: skip


@pytest.mark.parametrize(("_", "facts", "expected"), SPEC, ids=[each[0] for each in SPEC])
def test_who_is_found(harlows, _, facts, expected):
    found = {each.person_id: each.certainty for each in find_people(harlows, facts, EVERYTHING)}
    expected_surely = {person for person, certainty in expected.items() if certainty == "match"}
    assert {
        person for person, certainty in found.items() if certainty == "match"
    } == expected_surely
    assert set(expected) <= set(found)
    if not expected:
        assert found == {}


def test_findings_are_capped_and_the_surest_come_first(harlows):
    facts = Facts(name="Harlow", postcode="LB1 4QT")
    assert len(find_people(harlows, facts, EVERYTHING, most=2)) == 2
    certainties = [each.certainty for each in find_people(harlows, facts, EVERYTHING)]
    assert certainties == sorted(certainties, key=lambda each: each != "match")


def test_what_is_found_stays_sealed_and_says_what_it_agreed_with(harlows):
    facts = Facts(name="Leanne", birth_date=BORN)
    found = find_people(harlows, facts, EVERYTHING)[0]
    assert "Harlow" not in repr(found)
    assert "Leanne" not in repr(facts)
    assert found.matched_fields == {"identity.name", "identity.birth-date"}


# Leanne is Harlow, born on 12 April, to the council; O’Dunn, born on 4 December, to the police.
POLICE_NAME = Facts(name="Leanne ODunn", postcode="LB1 4QT")
POLICE_DAY = Facts(name="Leanne Harlow", birth_date=dt.date(1991, 12, 4))
# given: how much the council sees from the police, facts; expected: how sure the answer is
SEEN = [
    (Level.NOTHING, POLICE_NAME, None),
    (Level.EXISTENCE, POLICE_NAME, None),
    (Level.SUMMARY, POLICE_NAME, "match"),
    (Level.DETAIL, POLICE_NAME, "match"),
    (Level.EXISTENCE, Facts(name="Leanne Harlow", postcode="LB1 4QT"), "match"),
    # The other way round of the council's own date: told as such whoever else holds it so.
    (Level.EXISTENCE, POLICE_DAY, "also-possible"),
    (Level.DETAIL, POLICE_DAY, "match"),
]


@pytest.mark.parametrize(("level", "facts", "certainty"), SEEN)
def test_a_guess_is_confirmed_only_from_a_partner_whose_value_may_be_seen(
    harlows, level, facts, certainty
):
    found = find_people(harlows, facts, searchable_by("council", police=level))
    assert {each.person_id: each.certainty for each in found}.get("leanne") == certainty


def test_a_right_guess_at_a_hidden_value_is_answered_as_a_wrong_one(harlows):
    """Jayden's NHS number is the council's alone, and nobody lets the police see it."""
    police, known = searchable_by("police"), {"name": "Leanne", "postcode": "LB1 4QT"}
    answers = [
        [(each.person_id, each.certainty) for each in find_people(harlows, facts, police)]
        for facts in (
            Facts(**known, birth_date=dt.date(1991, 4, 12)),
            Facts(**known, birth_date=dt.date(1985, 8, 23)),
        )
    ]
    # The council's date of birth is only like the date that the police hold.
    assert answers == [[("leanne", "also-possible")]] * 2
    numbers = [
        find_people(harlows, Facts(nhs_number=number, postcode="LB1 4QT"), police)
        for number in ("9434765919", "9434765870")
    ]
    assert numbers == [[], []]


@settings(deadline=None)
@given(st.text())
def test_words_of_a_name_are_stable(name):
    words = name_words(name)
    assert name_words(" ".join(words)) == words
    assert all(words)


@settings(deadline=None)
@given(st.dates())
def test_exchanging_day_and_month_twice_gives_the_date_back(day):
    other = swap_day_and_month(day)
    assert other is None or (other != day and swap_day_and_month(other) == day)
