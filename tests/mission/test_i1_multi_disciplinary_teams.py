"""I1: a coordinator prepares a meeting, a police officer joins late, an action goes into the plan."""

import datetime as dt
import re
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser
NAME = "Weaver Street hub, weekly"
WHAT = "Ask the youth worker to walk with him on Mondays"


def open_meeting(page: Any) -> None:
    page.goto("/teams/meetings/")
    page.get_by_role("table").first.get_by_role("link", name=NAME).last.click()


def open_family(page: Any) -> None:
    open_meeting(page)
    page.get_by_role("link", name="Go to the room").click()
    page.locator("main ol a").first.click()


def fill_day(page: Any, group: Any, day: dt.date) -> None:
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(number))


def lines(page: Any) -> int:
    """How many lines about the family stand on the screen."""
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    return int(page.locator("main li").count())


def test_a_meeting_from_agenda_to_an_action_in_the_plan(browser_page: Any) -> None:
    page = browser_page
    become(page, "tom-ellis", "/teams/meetings/")
    check_page(page)
    open_meeting(page)
    assert "Jayden Harlow" in page.locator("main").inner_text()
    assert "Actions are overdue" in page.locator("main").inner_text()
    check_page(page)
    page.get_by_role("button", name="Issue the packs").click()
    assert "Packs issued" in page.locator("main").inner_text()

    become(page, "dean-walsh")
    open_meeting(page)
    page.get_by_role("link", name="Read your pack").click()
    deans = lines(page)
    check_page(page)
    become(page, "amira-khan")
    open_meeting(page)
    page.get_by_role("link", name="Read your pack").click()
    assert lines(page) > deans, "each pack is of its reader's level"
    assert "back in school for a whole term" in page.locator("main").inner_text()

    open_meeting(page)
    page.get_by_role("button", name="Begin the meeting").click()
    page.locator("main ol a").first.click()
    wide = lines(page)

    become(page, "dean-walsh")
    open_meeting(page)
    page.get_by_role("link", name="Go to the room").click()
    page.get_by_role("button", name="Ask to be let in").click()
    assert "You are at the door" in page.locator("h1").inner_text()
    check_page(page)

    become(page, "amira-khan")
    open_meeting(page)
    page.get_by_role("link", name="Go to the room").click()
    assert page.get_by_role("button", name=re.compile("^Let Dean")).count() == 0
    page.get_by_role("button", name="Draw the narrower view for Dean Walsh").click()
    assert "drawn for Dean Walsh" in page.locator("main").inner_text()
    check_page(page)
    page.get_by_role("button", name="Let Dean Walsh in").click()
    page.locator("main ol a").first.click()
    assert lines(page) < wide, "with a police officer in the room the one screen shows less"
    assert "Dean Walsh" in page.locator("main").inner_text()
    check_page(page)

    page.get_by_label("What was said", exact=True).fill("Four of five days in school.")
    page.get_by_label("What the family says", exact=True).fill("“He sleeps again.” Leanne.")
    page.get_by_role("button", name="Keep what was said").click()
    page.get_by_text("Record a decision", exact=True).click()
    page.get_by_label("What was decided").fill("The visits at home go on until Easter.")
    page.get_by_role("button", name="Record the decision").click()
    page.get_by_text("Put an action into the plan", exact=True).click()
    form = page.locator("form", has=page.get_by_role("button", name="Put it into the plan"))
    form.get_by_label("What is to be done").fill(WHAT)
    form.get_by_label("Who does it").select_option(label="Helen Marsh, Three Rivers Schools Trust")
    fill_day(page, form, dt.datetime.now(dt.UTC).date() + dt.timedelta(days=10))
    form.get_by_role("button").click()
    assert WHAT in page.locator("main").inner_text()

    become(page, "helen-marsh", "/teams/")
    assert WHAT in page.locator("main").inner_text(), "nobody types it twice"

    become(page, "dean-walsh")
    open_family(page)
    page.get_by_text("Record that you do not agree", exact=True).click()
    form = page.locator("form", has=page.get_by_role("button", name="Record that I do not agree"))
    form.get_by_label("Why you do not agree").fill("We would rather see him before Christmas.")
    form.get_by_label("Who settles it").select_option(label="Amira Khan")
    fill_day(page, form, dt.datetime.now(dt.UTC).date() + dt.timedelta(days=14))
    form.get_by_role("button").click()
    assert "does not agree" in page.locator("main").inner_text()
    page.goto("/teams/meetings/")
    open_meeting(page)
    page.get_by_role("link", name="Read the minutes").click()
    page.get_by_role("button", name="I agree to the minutes").click()
    become(page, "amira-khan")
    open_meeting(page)
    page.get_by_role("link", name="Read the minutes").click()
    page.get_by_role("button", name="I agree to the minutes").click()
    assert "The minutes are agreed" in page.locator("main").inner_text()
    check_page(page)
