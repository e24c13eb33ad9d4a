"""Whole-Place Community Budgets: a case, decided on by somebody else, and an agreement signed."""

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


def main_of(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def test_partners_agree_a_case_and_are_asked_to_invest_together(
    browser_page: Any, another_page: Any
) -> None:
    finance, commissioner = browser_page, another_page
    become(finance, "grace-holt", "/money/cases/new/")
    finance.get_by_label("Title of the case").fill("Whole-place case for families")
    finance.get_by_role("button", name="Start the case").click()
    finance.get_by_role("button", name="Ask for a decision").click()
    assert "Waiting for a decision" in main_of(finance)
    assert finance.get_by_role("button", name="Agree the case").count() == 0, "never one’s own"

    become(commissioner, "daniel-reyes", finance.url)
    commissioner.get_by_role("button", name="Agree the case").click()
    assert "Daniel Reyes agreed it" in main_of(commissioner)
    commissioner.get_by_role("button", name="Draft the investment agreement").click()
    said = main_of(commissioner)
    assert "Still to fill in" in said and "Lark Valley Police: pays £62,000, gains £74,000" in said
    check_page(commissioner)
    commissioner.get_by_role("button", name="Fill in the agreement").click()
    for label, words in (
        ("How it is followed", "The board looks at who gains each quarter"),
        ("What is returned today for each pound", "Not known"),
        ("What becomes of savings", "Half of what is cashable goes back into the pool"),
        ("Milestones", "Thirty families by October"),
        ("Who leads it for each partner", "Head of early help"),
        ("What words mean here", "None"),
    ):
        commissioner.get_by_label(label).fill(words)
    check_page(commissioner)
    commissioner.get_by_role("button", name="Keep it").click()
    commissioner.get_by_role("button", name="Ask partners to sign").click()
    assert "Being signed" in main_of(commissioner)
    assert commissioner.pdf().startswith(b"%PDF")

    address = commissioner.url
    become(finance, "sign-police", address)
    finance.get_by_role("button", name="Read and sign").click()
    finance.get_by_role("button", name="Sign for your organisation").click()
    prove(finance)
    finance.get_by_role("button", name="Sign for your organisation").click()
    said = main_of(finance)
    assert "You signed it for your organisation" in said
    assert (
        finance.get_by_role("row", name="Lark Valley Police").inner_text().count("Owen Tait") == 1
    )
    check_page(finance)


def prove(page: Any) -> None:
    """Give the code that the demonstration shows."""
    code = page.locator(".govuk-notification-banner__heading strong").inner_text().strip()
    page.locator("main input[name=code]").fill(code)
    page.get_by_role("button", name="Confirm", exact=True).click()
