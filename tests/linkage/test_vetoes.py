"""What can never be one person: a table of cases."""

import datetime as dt

import pytest
from tests.linkage.street import nhs_number

from wholeplace.linkage import read_model
from wholeplace.linkage.grouping import veto_rules
from wholeplace.linkage.training import Parameters
from wholeplace.linkage.vetoes import MALFORMED, Facts, VetoRules, find_veto, is_whole

ALL = VetoRules()
MODEL = read_model()
BORN = dt.date(2014, 5, 17)


def facts(given="mia", family="harlow", born=BORN, middle=(), numbers=(), attested=True):
    return Facts(given, attested, frozenset(middle), family, born, frozenset(numbers))


ONE, TWO = ("NHS numbers", nhs_number(400000001)), ("NHS numbers", nhs_number(500000001))

CASES = [
    ("same", facts(), facts(), None),
    ("twins", facts("mia"), facts("jayden"), "twins"),
    ("twins with like names are left to the evidence", facts("mia"), facts("mias"), None),
    ("familiar form", facts("robert"), facts("bob"), None),
    ("initial only", facts("robert"), facts("r"), None),
    ("called by the middle name", facts("susan", middle=["kate"]), facts("kate"), None),
    ("names changed over", facts("mia", "harlow"), facts("harlow", "mia"), None),
    ("a slip of the pen is no name", facts("mia"), facts("xqz", attested=False), None),
    ("no first name", facts(None), facts("mia"), None),
    (
        "father and son",
        facts("craig", born=dt.date(1985, 3, 9)),
        facts("craig", born=dt.date(2010, 7, 2)),
        "namesakes",
    ),
    ("year mistyped", facts(born=dt.date(1985, 3, 9)), facts(born=dt.date(1958, 3, 9)), None),
    (
        "one digit of the year",
        facts(born=dt.date(1985, 3, 9)),
        facts(born=dt.date(1955, 3, 9)),
        None,
    ),
    ("two NHS numbers", facts(numbers=[ONE]), facts(numbers=[TWO]), "two different NHS numbers"),
    (
        "one NHS number lifts twins",
        facts("mia", numbers=[ONE]),
        facts("jayden", numbers=[ONE]),
        None,
    ),
    (
        "malformed numbers say nothing",
        facts(numbers=[(MALFORMED, "1")]),
        facts(numbers=[(MALFORMED, "9")]),
        None,
    ),
]


@pytest.mark.parametrize(
    ("name", "one", "other", "expected"), CASES, ids=[case[0] for case in CASES]
)
def test_veto(name, one, other, expected):
    for left, right in ((one, other), (other, one)):
        found = find_veto([left], [right], ALL)
        assert (found is None) if expected is None else (found or "").startswith(expected)


def test_a_veto_between_any_two_records_forbids_the_groups():
    assert (
        find_veto([facts(), facts(numbers=[ONE])], [facts(), facts(numbers=[TWO])], ALL)
        == "two different NHS numbers"
    )


def test_a_place_where_first_names_are_often_wrong_does_not_veto_by_them():
    assert find_veto([facts("mia")], [facts("jayden")], VetoRules(twins=False)) is None


def test_vetoes_hold_where_little_speaks_against_among_one_persons_records():
    def rules(different):
        levels = {
            "same": (1 - different, 0.001),
            "near": (different / 2, 0.03),
            "different": (different / 2, 0.969),
        }
        return veto_rules(
            MODEL, Parameters(0.001, {"given_name": levels, "birth_date": levels}, trained=True)
        )

    share = MODEL.veto_share
    assert rules(share * 0.9) == VetoRules(twins=True, namesakes=True)
    assert rules(share * 1.1) == VetoRules(twins=False, namesakes=False)
    assert veto_rules(MODEL, Parameters(0.001, {}, trained=True)) == VetoRules(
        twins=False, namesakes=False
    )


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("nhs_number", nhs_number(943476591), True),
        ("nhs_number", "9434765918", False),
        ("nhs_number", "1111111111", False),
        ("nhs_number", "943476", False),
        ("nino", "AB123456C", True),
        ("nino", "AB12345C", False),
        ("upn", "A123456789012", True),
        ("upn", None, False),
    ],
)
def test_only_well_formed_numbers_forbid(kind, number, expected):
    assert is_whole(kind, number) is expected
