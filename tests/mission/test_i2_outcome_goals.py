"""I2: goals set by outcomes. Every action names a need and an outcome, for the lead practitioner.

The lead practitioner puts a goal into the Harlows' plan in Leanne's words. It cannot be kept
without a need, and the need says which outcome it leads to. The health visitor is asked to do
something for it and agrees; Leanne reads it, and the case cannot be closed before somebody has
said what came of each goal.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser

GOAL = "I want Mia and me to sleep through the night."


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


def test_every_action_names_a_need_and_an_outcome(browser_page: Any, another_page: Any) -> None:
    lead, nurse = browser_page, another_page
    become(lead, "amira-khan", "/teams/cases/")
    lead.locator("main table a").first.click()
    check_page(lead)
    assert "Leads" in main_of(lead), "a case has a lead practitioner"
    assert "Ask for it to be closed: not yet. Open actions" in main_of(lead)
    case_url = lead.url
    lead.get_by_role("link", name="Open the plan").click()
    check_page(lead)
    assert main_of(lead).count("Need:") == main_of(lead).count("Outcome:") >= 3

    lead.get_by_role("link", name="Add a goal").click()
    lead.get_by_label("What is to be different").fill(GOAL)
    lead.get_by_label("How will everybody see it?").fill("Leanne sleeps six nights of seven.")
    lead.get_by_role("button", name="Put it into the plan").click()
    assert "Choose the need that it answers" in main_of(lead), "no goal without a need"
    check_page(lead)
    lead.locator("input[name=person_id]").nth(1).check()
    lead.get_by_label("Which need does it answer?").select_option(
        label="Improved mental and physical health: something else"
    )
    lead.get_by_role("button", name="Put it into the plan").click()
    block = lead.locator(".wp-need", has_text=GOAL)
    assert "Outcome: Improved mental and physical health" in block.inner_text()
    assert "Nobody does anything for it yet" in block.inner_text()

    lead.locator(".wp-need", has_text=GOAL).locator("xpath=following::a[1]").click()
    assert "names a need" in main_of(lead) and "an outcome" in main_of(lead)
    check_page(lead)
    lead.get_by_label("What will be done?").fill("Come in the evening and show the bedtime routine")
    owner = lead.locator("#id_owner option", has_text="Joan Obi").get_attribute("value")
    lead.get_by_label("Who does it?").select_option(owner)
    due = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)
    for label, value in (("Day", due.day), ("Month", due.month), ("Year", due.year)):
        lead.get_by_label(label).fill(str(value))
    lead.get_by_role("button", name="Put it into the plan").click()
    assert "Proposed" in lead.locator(".wp-need", has_text=GOAL).inner_text()

    become(nurse, "joan-obi", "/teams/")
    check_page(nurse)
    assert "Asked of you, and not yet agreed" in main_of(nurse)
    nurse.get_by_role("link", name="Come in the evening and show the bedtime routine").click()
    said = main_of(nurse)
    assert GOAL in said and "Improved mental and physical health" in said
    check_page(nurse)
    nurse.get_by_role("button", name="Agree to do it").click()
    assert "Agreed" in main_of(nurse)

    become(nurse, "leanne-harlow", "/teams/my-plan/")
    assert GOAL in main_of(nurse) and "Joan Obi" in main_of(nurse)
    check_page(nurse)

    lead.goto(case_url)
    assert "not yet. Open actions" in main_of(lead), "it is not closed while something is open"
    lead.goto(f"{case_url}plan/print/")
    assert GOAL in main_of(lead)
    check_page(lead)
