"""A resident changes her mind: what the lead practitioner sees follows at the next page."""

from typing import Any

import pytest
from tests.journeys.walking import LEANNE, become, check_page, open_person

pytestmark = pytest.mark.browser

LINE = ".moj-timeline__title:has-text('Referred for mental health support')"


def test_withdrawing_closes_the_mental_health_line_and_agreeing_opens_it(browser_page: Any) -> None:
    page = browser_page
    become(page, "amira-khan")
    open_person(page, LEANNE)
    person = page.url
    assert page.locator(LINE).count() == 1

    page.get_by_role("link", name="Consent and limits").last.click()
    check_page(page)
    page.get_by_role("link", name="Change or end this").first.click()
    page.get_by_role("radio", name="They withdraw their consent").check()
    page.get_by_label("How did they tell you?").select_option("phone")
    check_page(page)
    page.get_by_role("button", name="Record it").click()
    assert "It was withdrawn." in page.locator("main").inner_text()
    page.goto(person)
    assert page.locator(LINE).count() == 0
    assert "They have refused consent to whole-family support" in page.locator("main").inner_text()

    page.get_by_role("link", name="Consent and limits").last.click()
    page.get_by_role("button", name="Record consent").click()
    check_page(page)
    page.get_by_role("radio", name="They agree").check()
    page.get_by_role("radio", name="In person").check()
    page.get_by_role("radio", name="The person themself").check()
    page.get_by_role("button", name="Record what they said").click()
    assert "What they said was recorded." in page.locator("main").inner_text()
    page.goto(person)
    assert page.locator(LINE).count() == 1

    page.get_by_role("link", name="Consent and limits").last.click()
    page.get_by_role("link", name="Receipt to give them").first.click()
    assert "You can withdraw at any time" in page.locator("main").inner_text()
    check_page(page)
