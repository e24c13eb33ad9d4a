"""SF: a programme lead mends a failed claim from its rules; an auditor walks one to its evidence."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


@pytest.fixture
def another_page(browser: Any, live_town: Any) -> Iterator[Any]:
    """A second person at a second computer."""
    context = browser.new_context(base_url=live_town.url)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def unplanned_family(page: Any) -> str:
    """Open the family whose plan was never written down; return its number."""
    page.goto("/outcomes/")
    for link in page.locator("tr:has-text('1 rule fails') th a").all():
        ref: str = link.inner_text()
        answer = page.request.get(f"/outcomes/family/{ref}/").text()
        if "not written down" in answer:
            page.goto(f"/outcomes/family/{ref}/")
            return ref
    raise AssertionError("the town has no family whose plan was never written down")


def test_a_claim_is_mended_from_its_rules_paid_and_walked_to_its_evidence(
    browser_page: Any, another_page: Any
) -> None:
    become(browser_page, "fiona-clark")
    ref = unplanned_family(browser_page)
    check_page(browser_page)
    assert browser_page.get_by_role("button", name="Claim the result").count() == 0
    failed = browser_page.locator("section:has(strong:text('Fails'))")
    assert failed.count() == 1
    assert "The family has one plan" in failed.inner_text()
    assert "Write down the day on which the plan was agreed" in failed.inner_text()
    joined = browser_page.locator("dt:text-is('Whole-family assessment') + dd").inner_text()

    browser_page.get_by_role("link", name="Put right what was written down").click()
    check_page(browser_page)
    day, month, year = joined.split()
    months = "January February March April May June July August September October November December"
    number = months.split().index(month) + 1
    planned = dt.date(int(year), number, int(day)) + dt.timedelta(days=3)
    for part, value in (("day", planned.day), ("month", planned.month), ("year", planned.year)):
        browser_page.locator(f"[name=planned_on_{part}]").fill(str(value))
    browser_page.get_by_role("button", name="Keep it and check again").click()
    browser_page.get_by_role("button", name="Claim the result").click()
    said = browser_page.locator("main").inner_text()
    assert "£800" in said and "Waiting for approval" in said
    assert browser_page.get_by_role("button", name="Approve the claim").count() == 0
    claim = browser_page.url.strip("/").split("/")[-1]

    become(another_page, "grace-holt", f"/outcomes/claim/{claim}/")
    check_page(another_page)
    another_page.get_by_role("button", name="Approve the claim").click()
    another_page.get_by_role("button", name="Say that it was paid").click()
    assert "Paid" in another_page.locator("main").inner_text()

    become(another_page, "uma-desai", "/outcomes/audit/")
    for attempt in range(20):
        if another_page.locator(f"a:text-is('{claim}')").count():
            break
        another_page.get_by_label("Seed").fill(f"Audit committee {attempt}")
        another_page.get_by_role("button", name="Draw a sample").click()
    check_page(another_page)
    another_page.locator(f"a:text-is('{claim}')").click()
    check_page(another_page)
    evidence = another_page.locator(
        "section:has(h3:has-text('three or more headline outcomes')) details"
    ).first
    walked = evidence.inner_text()
    assert "held by" in walked and "results-and-claims" in walked, "record, holder and clause"
    assert "Shows:" in walked
    another_page.get_by_label("What you looked at").fill("Attendance and arrears, day by day")
    another_page.get_by_role("button", name="Find it right").click()
    assert "found it right" in another_page.locator("main").inner_text()
    assert ref in another_page.locator("main").inner_text()


def test_the_lead_sees_months_and_the_auditor_days(browser_page: Any, another_page: Any) -> None:
    become(browser_page, "fiona-clark", "/outcomes/family/F-0001/")
    main = browser_page.locator("main").inner_text()
    for words in ("Harlow", "Leanne", "Jayden"):
        assert words not in main, "families stand here by number"


@pytest.mark.parametrize("persona", ["amira-khan", "daniel-reyes", "kit-lowe", "leanne-harlow"])
def test_families_are_not_for_everybody(browser_page: Any, persona: str) -> None:
    become(browser_page, persona)
    assert browser_page.goto("/outcomes/").status == 403
