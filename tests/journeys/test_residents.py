"""A practitioner looks; the resident signs in with a code and reads exactly that."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, become, check_page, open_person

pytestmark = pytest.mark.browser


@pytest.fixture
def telephone(browser: Any, live_town: Any) -> Iterator[Any]:
    """The resident's own small screen, without script."""
    context = browser.new_context(
        base_url=live_town.url, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def main_of(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def test_who_looked_is_what_the_resident_reads(browser_page: Any, telephone: Any) -> None:
    # Joan has not looked at Leanne before: what the account says of the trust is this look.
    become(browser_page, "joan-obi")
    open_person(browser_page, LEANNE)
    seen = main_of(browser_page)
    browser_page.get_by_role("link", name="give them a code").click()
    browser_page.get_by_role("textbox", name="Their name").fill("Leanne Harlow")
    for label, value in (("Day", "14"), ("Month", "3"), ("Year", "1992")):
        browser_page.get_by_label(label).fill(value)
    browser_page.get_by_label("A passport, driving licence").check()
    check_page(browser_page)
    browser_page.get_by_role("button", name="Make a code").click()
    code = browser_page.locator(".govuk-panel__body strong").inner_text()
    assert re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code)

    telephone.goto("/my-record/start/")
    telephone.get_by_label("Your code").fill(code)
    for label, value in (("Day", "14"), ("Month", "3"), ("Year", "1992")):
        telephone.get_by_label(label).fill(value)
    telephone.get_by_role("button", name="See my record").click()
    said = main_of(telephone)
    assert telephone.locator("h1").inner_text() == "Who looked at my record"
    assert "Lark Valley Community NHS Trust looked" in said
    assert "Lark Valley Police" not in said, "what was marked to be left out is left out"
    telephone.locator("summary:has-text('Lark Valley Community NHS Trust looked')").first.click()
    opened = main_of(telephone)
    assert "Whole-family support" in opened and "Joan" not in opened
    assert "Rent arrears" not in seen or "rent arrears" in opened
    assert "name, date of birth" in opened.lower() or "date of birth" in opened
    assert "Some things may be left out" in opened
    assert telephone.evaluate("document.documentElement.scrollWidth") <= 320
    telephone.get_by_role("link", name=re.compile("of “Larkbridge|of “Whole")).first.click()
    assert "What may be seen" in main_of(telephone)
    telephone.goto("/my-record/shared/")
    assert "What Swanhall Homes may show" in main_of(telephone)
    telephone.get_by_role("button", name="Sign out").click()
    telephone.goto("/my-record/")
    assert "/sign-in/" in telephone.url

    telephone.goto("/my-record/start/")
    telephone.get_by_label("Your code").fill(code)
    for label, value in (("Day", "14"), ("Month", "3"), ("Year", "1992")):
        telephone.get_by_label(label).fill(value)
    telephone.get_by_role("button", name="See my record").click()
    assert "do not open anything" in main_of(telephone), "a code works once"
