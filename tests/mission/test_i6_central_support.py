"""I6: a central sponsor answers an ask and the answer shows; a return reconciles to the case list."""

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


def test_a_sponsor_answers_and_the_answer_shows_to_everybody(
    browser_page: Any, another_page: Any
) -> None:
    become(browser_page, "kit-lowe", "/asks/")
    check_page(browser_page)
    row = browser_page.locator("table").first.locator("tr:has-text('Pay the grant for five years')")
    assert "Overdue" in row.inner_text(), "it has moved up since its day passed"
    row.locator("a").click()
    check_page(browser_page)
    answering = browser_page.locator("form:has(input[value=answer])")
    answering.get_by_role("button", name="Answer", exact=True).click()
    assert "No answer was chosen" in browser_page.locator("[role=alert]").inner_text()
    answering.get_by_label("Agreed in part", exact=True).check()
    answering.get_by_label("What you answer, and why").fill(
        "Three years are possible from April, in line with the spending review."
    )
    answering.get_by_role("button", name="Answer", exact=True).click()

    another_page.goto("/asks/register/")
    check_page(another_page)
    published = another_page.locator("tr:has-text('Pay the grant for five years')")
    assert "Agreed in part" in published.inner_text()
    published.locator("a").click()
    said = another_page.locator("main").inner_text()
    assert "Three years are possible from April" in said
    assert "Kit Lowe" not in said, "the register names jobs"

    become(another_page, "fiona-clark", "/asks/")
    another_page.locator("tr:has-text('Pay the grant for five years') a").first.click()
    another_page.locator("form:has(input[value=dispute]) textarea").fill(
        "Contracts of our workers last five years; three leave the same cliff."
    )
    another_page.get_by_role("button", name="Say why it is not enough").click()
    assert "Answered, and not enough" in another_page.locator("main").inner_text()


def test_nobody_sends_an_ask_that_they_wrote(browser_page: Any, another_page: Any) -> None:
    become(browser_page, "fiona-clark", "/asks/new/")
    browser_page.get_by_label("A barrier").check()
    browser_page.get_by_label("In one line").fill("Two forms ask the same thing")
    browser_page.get_by_label("What should happen?").fill("Join the two forms into one.")
    browser_page.get_by_label("What shows that it matters?").fill(
        "Call the mother of the family on 01632 960101"
    )
    for label, value in (("Day", "1"), ("Month", "3"), ("Year", "2027")):
        browser_page.get_by_label(label, exact=True).fill(value)
    browser_page.get_by_role("button", name="Keep it").click()
    assert "a telephone number" in browser_page.locator("[role=alert]").inner_text()
    browser_page.get_by_label("What shows that it matters?").fill(
        "Workers fill in both every week."
    )
    browser_page.get_by_role("button", name="Keep it").click()
    assert browser_page.get_by_role("button", name="Check it, publish it and send it").count() == 0
    address = browser_page.url
    become(another_page, "beth-moor", address)
    another_page.get_by_role("button", name="Check it, publish it and send it").click()
    assert "Waiting for an answer" in another_page.locator("main").inner_text()


def test_a_return_is_made_of_the_case_list_and_reconciles_with_it(browser_page: Any) -> None:
    become(browser_page, "fiona-clark", "/outcomes/returns/")
    check_page(browser_page)
    browser_page.locator("main ul a[href*='/outcomes/returns/']").first.click()
    check_page(browser_page)
    joined = browser_page.locator("tr:has-text('Families supported')").locator("td")
    assert joined.nth(0).inner_text() == joined.nth(1).inner_text() != "0"
