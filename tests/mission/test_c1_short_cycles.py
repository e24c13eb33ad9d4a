"""C1: a commissioner sees what ends with a grant, and drafts the case for going on."""

import re
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def main_of(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def test_a_commissioner_sees_the_cliff_with_families_workers_and_who_gains(
    browser_page: Any,
) -> None:
    become(browser_page, "daniel-reyes", "/money/")
    said = main_of(browser_page)
    assert "March 2027: £143,000 a year ends" in said and "3 keyworkers" in said
    assert re.search(r"(fewer than 8|about [\d,]+) families open", said)
    assert "gains of £1.22m after that date fall to others too" in said
    assert "has paid back in 2029/30: after the money ends" in said
    assert browser_page.locator("svg title").first.text_content() == (
        "Timeline of funds and contracts"
    )
    assert browser_page.locator("table tbody tr").count() == 5, "the picture’s dates as a table"
    check_page(browser_page)

    browser_page.get_by_role("link", name="Family keyworker grant").first.click()
    said = main_of(browser_page)
    assert "the case for renewing it" in said and "A decision is needed by 1 December 2026" in said
    assert "£1.90 for each £1" in said and "grade 3 of 5" in said
    check_page(browser_page)
    assert browser_page.pdf().startswith(b"%PDF"), "it can be printed for the board"


def test_the_board_sees_the_same_cliff(browser_page: Any) -> None:
    become(browser_page, "beth-moor", "/money/")
    assert "March 2027: £143,000 a year ends" in main_of(browser_page)
    assert browser_page.get_by_role("button", name="Enter it").count() == 0


def test_a_finance_lead_enters_in_the_pool_and_takes_a_mistake_back(browser_page: Any) -> None:
    become(browser_page, "grace-holt", "/money/pools/")
    browser_page.get_by_role("link", name="Larkbridge family pool 2026/27").click()
    browser_page.get_by_label("What happened?").select_option("spend")
    browser_page.get_by_label("Partner, scheme or risk pool").select_option("scheme:specialists")
    browser_page.get_by_label("Amount in pounds").fill("1250.50")
    for label, value in (("Day", "2"), ("Month", "6"), ("Year", "2026")):
        browser_page.get_by_label(label, exact=True).fill(value)
    browser_page.get_by_label("What was it for?").fill("Health visitor, June")
    browser_page.get_by_role("button", name="Enter it").click()
    said = main_of(browser_page)
    assert "Entry 7 was made." in said and "Scheme: Specialists in the team\t£1,250.50" in said
    assert "it comes to the same balances" in said
    check_page(browser_page)
    browser_page.locator("summary", has_text="Take back").first.click()
    browser_page.get_by_label("Why").first.fill("It was for May and not for June")
    browser_page.get_by_role("button", name="Take entry 7 back").click()
    said = main_of(browser_page)
    assert "Entry 7 was taken back by entry 8." in said
    assert "Scheme: Specialists in the team\t£0" in said
