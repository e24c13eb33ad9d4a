"""Two journeys: the glass is broken, told and reviewed; a partner without an account answers."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, check_page
from tests.journeys.walking import find as find_leanne

pytestmark = pytest.mark.browser
WHY = "A neighbour rang: a child is crying alone behind a locked door, and nobody answers."
JAYDEN = ("Jayden Harlow", "9", "5", "2012")


def find(page: Any) -> None:
    """Search for Jayden for safeguarding, and go to what comes before his page."""
    name, day, month, year = JAYDEN
    page.goto("/people/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(month)
    page.get_by_label("Year").fill(year)
    page.get_by_label("Safeguarding").check()
    page.get_by_role("button", name="Search").click()
    page.locator(".wp-result a").first.click()


def main_of(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def test_the_glass_is_broken_told_and_reviewed_by_somebody_else(
    walk_as: Callable[..., Any], live_town: Any
) -> None:
    page = walk_as("nadia-price")
    find_leanne(page, LEANNE)
    page.locator(".wp-result a").first.click()
    page.get_by_role("link", name="reak the glass").click()
    check_page(page)
    page.get_by_role("button", name="Break the glass").click()
    assert "There is a problem" in main_of(page)
    check_page(page)
    page.get_by_label("Whole-family support").check()
    page.get_by_label("What has happened").fill(WHY)
    page.get_by_role("button", name="Break the glass").click()
    assert "You broke the glass" in main_of(page)
    check_page(page)
    page.goto("/reasons/")
    assert WHY in main_of(page) and "Broken glass" in main_of(page)
    check_page(page)

    told = [
        persona
        for persona in ("amira-khan", "rosa-finch", "joan-obi", "marcus-bell", "priya-nair")
        if "Nadia Price" in go(walk_as(persona), "/reasons/")
    ]
    assert told, "nobody who works with her was told"

    page = walk_as("sign-housing")
    page.goto("/reasons/review/")
    check_page(page)
    page.get_by_role("link", name="Review broken glass by Nadia Price").first.click()
    shown = main_of(page)
    assert WHY in shown and "Leanne" not in shown and "detail" in shown
    check_page(page)
    page.get_by_label("It was justified").check()
    page.get_by_label("Why, or what you need to know").fill("The call is in our log.")
    page.get_by_role("button", name="Keep my review").click()
    assert "Your review was kept" in main_of(page)

    page = walk_as("nadia-price")
    assert "A reason that you gave was reviewed" in go(page, "/reasons/")
    page.get_by_role("link", name="See it").first.click()
    assert "The call is in our log." in main_of(page)
    check_page(page)
    assert "housing and revenues" in go(walk_as("priya-nair"), "/reasons/counts/")


def test_somebody_without_an_account_answers_by_a_link(
    walk_as: Callable[..., Any], browser: Any, live_town: Any
) -> None:
    page = walk_as("amira-khan")
    find(page)
    if page.locator("textarea").count():
        page.get_by_label("Safeguarding").check()
        page.get_by_label("Why do you need to look now?").fill(WHY)
        page.get_by_role("button", name="Open the page").click()
    page.get_by_role("link", name="Ask a partner").click()
    check_page(page)
    page.get_by_label("Three Rivers Schools Trust").check()
    page.get_by_role("button", name="Continue").click()
    check_page(page)
    page.get_by_label("School attendance for a term").check()
    page.get_by_label("Your question").fill("How many sessions did he miss since half-term?")
    page.get_by_label("Why is it necessary?").fill("To plan a visit this afternoon.")
    page.get_by_label("Urgent: within a day").check()
    page.get_by_label("Somebody without an account").check()
    page.get_by_role("button", name="Send the question").click()
    check_page(page)
    link, code = page.locator("#link").inner_text(), page.locator("#code").inner_text()

    context = browser.new_context(base_url=live_town.url)
    stranger = context.new_page()
    stranger.set_default_timeout(15_000)
    stranger.goto(link)
    assert "Jayden" not in main_of(stranger)
    check_page(stranger)
    stranger.get_by_label("Code").fill(code)
    stranger.get_by_role("button", name="Continue").click()
    assert "Jayden" in main_of(stranger)
    check_page(stranger)
    stranger.get_by_label("Here it is").check()
    stranger.get_by_label("School attendance for a term: what you hold").fill("14 of 50 missed")
    stranger.get_by_label("Your name").fill("Pat Lee")
    stranger.get_by_label("Your position").fill("Attendance officer")
    stranger.get_by_label("Reasons for your decision").fill("Needed to keep him safe.")
    stranger.get_by_role("button", name="Send the answer").click()
    assert "Your answer was sent" in main_of(stranger)
    check_page(stranger)
    stranger.goto(link)
    assert "This link does not work" in main_of(stranger)
    check_page(stranger)
    context.close()

    assert "decided on your request" in go(page, "/reasons/")
    page.get_by_role("link", name="Open the request").first.click()
    assert "14 of 50 missed" in main_of(page) and "Pat Lee" in main_of(page)
    check_page(page)
    page.get_by_role("link", name="Printable record").click()
    assert "14 of 50" not in main_of(page) and "Attendance officer" in main_of(page)
    check_page(page)


def go(page: Any, address: str) -> str:
    """Open an address; return what stands there."""
    page.goto(address)
    return main_of(page)
