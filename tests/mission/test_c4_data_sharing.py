"""C4: the signed agreement is the rule that runs, for the practitioner, the officer, the resident.

A lead practitioner and a housing officer open the same person. Each sees exactly what the
agreements give their organisation and role; each refusal says which clause decides; the data
protection officer finds both sights in a trail that verifies.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.walking import (
    JAYDEN,
    LEANNE,
    become,
    check_page,
    find,
    give_reason,
    open_person,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def another_page(browser: Any, live_town: Any) -> Iterator[Any]:
    """A second person at a second computer."""
    context = browser.new_context(base_url=live_town.url)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def main_of(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def test_each_partner_sees_what_it_signed_for(browser_page: Any, another_page: Any) -> None:
    become(browser_page, "amira-khan")
    open_person(browser_page, LEANNE)
    lead = main_of(browser_page)
    check_page(browser_page)

    become(another_page, "rosa-finch")
    find(another_page, LEANNE)
    assert "1 person found" in main_of(another_page)
    another_page.locator(".wp-result a").first.click()
    if another_page.locator("textarea").count():
        give_reason(another_page)
    landlord = main_of(another_page)
    check_page(another_page)

    assert "Rent arrears" in lead and "Rent arrears" in landlord
    assert "Domestic abuse incident" in lead
    for words in ("risk assessment conference", "mental health", "Domestic abuse incident"):
        assert words not in landlord, f"no clause gives the landlord {words}"
    assert "Why can’t I see this?" in landlord


def test_a_refusal_names_the_clause_and_whom_to_ask(browser_page: Any) -> None:
    become(browser_page, "amira-khan")
    open_person(browser_page, LEANNE)
    refused = browser_page.locator(
        "#refused, section:has(> h2:text('Why can’t I see this?'))"
    ).first
    refused.locator("details summary").first.click()
    said = refused.inner_text()
    assert "agreement" in said.lower() or "clause" in said.lower()
    assert "ask" in said.lower()


def test_nobody_is_shown_anything_without_a_reason(browser_page: Any) -> None:
    become(browser_page, "nadia-price")
    find(browser_page, LEANNE)
    result = main_of(browser_page)
    assert "1 person found" in result and "known to" in result.lower()
    for words in ("Weaver", "14 March 1992", "Rent arrears", "960101"):
        assert words not in result


def test_a_search_is_no_way_to_try_out_what_others_hold(browser_page: Any) -> None:
    """The landlord may see no telephone number of another partner's, right or wrong."""
    become(browser_page, "rosa-finch")
    answers = []
    for number in ("01632960101", "01632960999"):
        browser_page.goto("/people/")
        browser_page.get_by_label("Name", exact=True).fill("Jayden Harlow")
        browser_page.locator("details summary").first.click()
        browser_page.get_by_label("Telephone number").fill(number)
        browser_page.get_by_label("Whole-family support").check()
        browser_page.get_by_role("button", name="Search").click()
        answers.append(browser_page.locator(".wp-result").count())
    assert answers[0] == answers[1]


def test_the_resident_reads_who_looked_and_what_is_shared(
    browser_page: Any, another_page: Any
) -> None:
    become(another_page, "amira-khan")
    open_person(another_page, LEANNE)
    become(browser_page, "leanne-harlow", "/my-record/")
    said = main_of(browser_page)
    assert "Larkbridge Council children's services looked" in said
    assert "Amira" not in said, "an organisation and a job, not a name"
    check_page(browser_page)
    browser_page.goto("/my-record/shared/")
    assert "What Swanhall Homes may show" in main_of(browser_page)
    check_page(browser_page)


def test_a_sealed_person_is_nowhere(browser_page: Any) -> None:
    become(browser_page, "amira-khan")
    find(browser_page, ("Tara Moss", "21", "7", "1990"))
    sealed = main_of(browser_page)
    find(browser_page, ("Zebedee Nobody", "21", "7", "1990"))
    nobody = main_of(browser_page)
    assert sealed == nobody, "a sealed person looks like nobody at all"


def test_the_officer_finds_every_sight_and_the_trail_verifies(
    browser_page: Any, another_page: Any
) -> None:
    become(another_page, "joan-obi")
    open_person(another_page, JAYDEN)
    become(browser_page, "priya-nair", "/audit/")
    trail = main_of(browser_page)
    assert "Lark Valley Community NHS Trust" in trail
    assert "Joan Obi" in browser_page.locator("main table").first.inner_text()
    assert "Jayden" not in trail, "no entry names who was looked at"
    check_page(browser_page)
    browser_page.goto("/audit/evidence/")
    browser_page.get_by_role("button", name="Verify the record").click()
    assert "The record is whole" in main_of(browser_page)
