"""Lines of the page: nothing is added to what the gateway let through."""

from dataclasses import replace

import pytest

from wholeplace.agreements import Level, SeenItem, terms_of
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.web.people.lines import identity_rows, timeline_lines, workers_of
from wholeplace.web.people.wording import say_attribute, say_date

TERMS = replace(
    terms_of(load_vocabulary(), ()), partners={"police": "Police", "landlord": "Landlord"}
)


def item(key: str, field: str, level: Level, partner: str = "landlord", **rest: object) -> SeenItem:
    given = {"label": field, "text": "", "start_on": "", "end_on": "", "values": {}, **rest}
    return SeenItem(key, "p1", partner, "d", field, level, clauses=("a/b",), **given)  # type: ignore[arg-type]


def test_newest_first_and_months_stay_months() -> None:
    items = [
        item(
            "1",
            "housing.rent-arrears",
            Level.DETAIL,
            start_on="2026-03-05",
            values={"owed_pence": 64000},
        ),
        item("2", "housing.rent-arrears", Level.SUMMARY, start_on="2026-07"),
    ]
    newest, oldest = timeline_lines(items, TERMS)
    assert (newest.when, newest.level, newest.attributes) == ("July 2026", "summary", ())
    assert [(pair.label, pair.text) for pair in oldest.attributes] == [("Amount owed", "£640.00")]


def test_equal_names_stand_once_with_every_partner() -> None:
    items = [
        item("1", "identity.name", Level.DETAIL, text="Ann Lee"),
        item("2", "identity.name", Level.DETAIL, "police", text="Ann Lee"),
        item("3", "identity.name", Level.SUMMARY, "police", text="A. L."),
    ]
    (row,) = identity_rows(items, TERMS)
    assert [(v.text, v.partners, v.level) for v in row.values] == [
        ("Ann Lee", ("Landlord", "Police"), "detail"),
        ("A. L.", ("Police",), "summary"),
    ]


def test_who_works_with_them_now_comes_first() -> None:
    items = [
        item(
            "1",
            "involvement.open-case",
            Level.DETAIL,
            start_on="2026-05-01",
            end_on="2026-06-01",
            values={"worker": "B"},
        ),
        item(
            "2",
            "involvement.open-case",
            Level.DETAIL,
            start_on="2025-05-01",
            values={"worker": "A"},
        ),
        item("3", "involvement.open-case", Level.SUMMARY, start_on="2024-05"),
    ]
    assert [worker.worker for worker in workers_of(items, TERMS)] == ["A", "", "B"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("owed_pence", 123456, "£1,234.56"), ("absence_share", 0.25, "25%"), ("joint", False, "No"),
        ("days", 2.5, "2.5"), ("reason", None, ""), ("seen", "2026-03-01", "1 March 2026"),
    ],
)  # fmt: skip
def test_attributes_in_words(name: str, value: object, words: str) -> None:
    assert say_attribute(name, value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("2026-03-01", "1 March 2026"), ("2026-03", "March 2026"), ("", ""), ("1992", "")],
)
def test_dates_in_words(value: str, words: str) -> None:
    assert say_date(value) == words


def test_every_purpose_about_people_is_a_word_of_the_vocabulary() -> None:
    from wholeplace.web.gateway.purposes import _NOT_ABOUT_ONE_PERSON

    assert set(load_vocabulary().purposes) >= _NOT_ABOUT_ONE_PERSON
