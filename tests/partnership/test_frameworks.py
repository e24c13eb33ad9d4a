"""Frameworks as packages: each whole and sourced; a place's departures; adopting; published figures."""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.partnership.places import make_place, put

from wholeplace.cli import wholeplace
from wholeplace.foundation.errors import CheckFailedError, NotFoundError
from wholeplace.foundation.store import Store
from wholeplace.outcomes.claims.engine import check_claims, facts_table
from wholeplace.outcomes.claims.payments import attachment_due, funded_families, result_due
from wholeplace.partnership import diff_place, list_frameworks, load_framework, load_place
from wholeplace.partnership.adopting import adopt_framework
from wholeplace.partnership.claim_departures import describe_claim_rule
from wholeplace.partnership.vocabulary import load_vocabulary

EVERY = [(each.id, each.version) for each in list_frameworks()]
EIGHT = {
    ("supporting-families", "2022"), ("troubled-families", "2012"), ("troubled-families", "2015"),
    ("whole-place-community-budgets", "2011"), ("total-place", "2009"),
    ("neighbourhood-renewal-fund", "2001"), ("new-deal-for-communities", "1998"),
}  # fmt: skip


def test_every_programme_that_was_tried_is_a_package() -> None:
    assert set(EVERY) >= EIGHT


@pytest.mark.parametrize("framework", EVERY, ids=" ".join)
def test_each_package_is_whole_sourced_and_runs(framework: tuple[str, str]) -> None:
    found = load_framework(*framework)
    assert found.source and found.sources and found.headlines and found.purpose and found.ran
    assert found.reviewed_on <= dt.date(2026, 12, 31)
    events = load_vocabulary().events
    for headline in found.headlines:
        for need in headline.needs:
            assert need.source and need.evidence
            for condition in (*need.rule.all, *need.rule.any):
                assert condition.event in events, condition.event
                assert condition.where.keys() <= events[condition.event].attributes.keys()
    for each in found.money:
        assert each.source, f"{each.id} says nothing of where it comes from"
    if found.claims is None:
        return
    for count in found.claims.counts:
        assert count.event in events
    for rule in found.claims.rules:
        assert rule.source and rule.mend and describe_claim_rule(rule)
    with Store(threads=1) as store:
        store.register("claim_facts", facts_table(found.claims, []))
        assert check_claims(store, found.claims) == 0, "every rule can be asked"


# Report to three London boroughs of 15 October 2012, appendix 3; Ronicle (2012).
@pytest.mark.parametrize(
    ("year", "attached", "for_work", "for_school"),
    [("2012-13", 3200, 800, 700), ("2013-14", 2400, 1600, 1500), ("2014-15", 1600, 2400, 2300)],
)
def test_troubled_families_pays_as_published(
    year: str, attached: int, for_work: int, for_school: int
) -> None:
    terms = load_framework("troubled-families", "2012").claims
    assert terms is not None
    assert attachment_due(terms, year) == attached * 100
    work = result_due(terms, year, ["work"])
    assert (work.result_pence, work.whole_pence) == (for_work * 100, 400_000)
    school = result_due(terms, year, ["crime-and-school"])
    assert (school.result_pence, school.whole_pence) == (for_school * 100, 390_000)
    both = result_due(terms, year, ["crime-and-school", "progress"])
    assert both.whole_pence == 400_000 and both.extras == ("progress",)
    every = result_due(terms, year, ["crime-and-school", "work", "progress"])
    assert every.whole_pence == 400_000, "never more than the most for one family"


def test_the_most_that_was_paid_stays_within_the_programme() -> None:
    """120,000 families, five in six paid for, £4,000 each: £400m, within £448m (derived; DCLG)."""
    assert funded_families(120_000) * 400_000 == 40_000_000_000
    money = {each.id: each for each in load_framework("troubled-families", "2012").money}
    assert (money["total"].pence or 0) >= 40_000_000_000
    assert Fraction(900_000_000_000, 120_000) == 7_500_000, "£9bn of 120,000 families is £75,000"


def test_two_sources_that_disagree_both_stand() -> None:
    """West Cheshire: £56m net (Public Finance), £108m for £41m (LGA): ratio 2.63, net £67m."""
    assert round(108 / 41, 2) == 2.63 and 108 - 41 == 67 != 56
    says = load_framework("whole-place-community-budgets", "2011").money
    conflict = next(each for each in says if each.id == "conflict").says
    assert "£56 million" in conflict and "£108 million" in conflict and "do not agree" in conflict


def test_the_fund_of_three_years_is_the_sum_of_its_years() -> None:
    money = {
        each.id: each.pence for each in load_framework("neighbourhood-renewal-fund", "2001").money
    }
    assert money["first-three"] == (200 + 300 + 400) * 100_000_000
    assert money["next-two"] == (450 + 525) * 100_000_000


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return make_place(tmp_path / "testham")


HEADLINES = """\
framework: supporting-families
claims: rule
override: enough-needs
why: Three needs under one headline are one problem.
all: [{fact: headlines_at_start, at_least: 3}]
"""


def test_a_place_counts_headlines_instead_and_the_difference_is_shown(place: Path) -> None:
    put(place, "outcomes/headlines.yaml", HEADLINES)
    found = [each for each in diff_place(place) if each.headline == "claims"]
    assert [each.need for each in found] == ["enough-needs"]
    assert "3 or more needs at the start → 3 or more headline outcomes" in str(found[0])
    ours = load_place(place).framework("supporting-families")
    assert ours is not None and ours.claims is not None
    rule = next(each for each in ours.claims.rules if each.id == "enough-needs")
    assert rule.all[0].fact == "headlines_at_start"
    published = load_framework("supporting-families", "2022").claims
    assert published is not None
    assert [each.id for each in published.rules] == [each.id for each in ours.claims.rules]
    assert published.rules[1].all[0].fact == "needs_at_start", "what was published stays"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADLINES.replace("enough-needs", "enough-neds"), "no claim rule"),
        (
            HEADLINES.replace("supporting-families", "troubled-families"),
            "not a framework that this",
        ),
        (HEADLINES.replace("override: enough-needs", "sustained_days: 90"), "must say one thing"),
        ("framework: supporting-families\n", "does not say what it is"),
        ("board: b\nframework: supporting-families\n", "missing"),
    ],
)
def test_what_is_wrong_in_outcomes_is_named(place: Path, text: str, said: str) -> None:
    put(place, "outcomes/wrong.yaml", text)
    with pytest.raises(CheckFailedError) as caught:
        load_place(place)
    assert any(said in str(fault) for fault in caught.value.faults), caught.value.why


def test_adopting_writes_one_line_and_keeps_the_rest(place: Path) -> None:
    before = (place / "place.yaml").read_text("utf-8")
    done = adopt_framework(place, "troubled-families", "2012")
    after = (place / "place.yaml").read_text("utf-8")
    assert done.is_changed and not done.before
    added = set(after.splitlines()) - set(before.splitlines())
    assert added == {'  - {id: troubled-families, version: "2012"}'}
    moved = adopt_framework(place, "troubled-families", "2015")
    assert moved.before == "2012" and "keep 2012" in moved.words
    assert not adopt_framework(place, "troubled-families", "2015").is_changed
    versions = {each.id: each.version for each in load_place(place).place.frameworks}
    assert versions["troubled-families"] == "2015"
    with pytest.raises(NotFoundError):
        adopt_framework(place, "troubled-families", "1999")


def test_nothing_is_adopted_that_would_break_the_place(place: Path) -> None:
    put(place, "outcomes/headlines.yaml", HEADLINES)
    text = (place / "place.yaml").read_text("utf-8")
    (place / "place.yaml").write_text(
        text.replace("supporting-families", "total-place").replace("2022", "2009")
    )
    broken = (place / "place.yaml").read_text("utf-8")
    with pytest.raises(CheckFailedError):
        adopt_framework(place, "new-deal-for-communities", "1998")
    assert (place / "place.yaml").read_text("utf-8") == broken


def test_the_commands_list_show_and_adopt(place: Path) -> None:
    run = CliRunner().invoke
    listed = run(wholeplace, ["frameworks", "list"])
    assert "total-place 2009" in listed.output and listed.exit_code == 0
    shown = run(wholeplace, ["frameworks", "show", "troubled-families", "2012"])
    assert "down by 60 per cent or more" in shown.output and "£448 million" in shown.output
    adopted = run(wholeplace, ["frameworks", "adopt", "total-place", "--place", str(place)])
    assert "Adopted total-place 2009" in adopted.output
    differs = run(wholeplace, ["diff", str(place)])
    assert "total-place 2009: as published" in differs.output
