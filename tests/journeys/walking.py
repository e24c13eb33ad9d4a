"""Steps that journeys share: becoming somebody, finding the Harlows, checking a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

WHY = "The school rang about Jayden this morning; I am planning a visit today"
LEANNE = ("Leanne Harlow", "14", "3", "1992")
JAYDEN = ("Jayden Harlow", "9", "5", "2012")


def become(page: Any, persona: str, then: str = "/") -> None:
    """Sign in as a persona with the tour's own button, and go to a page."""
    page.goto("/tour/")
    page.locator(f"form:has(input[name=persona][value={persona}]) button").last.click()
    page.goto(then)


def find(page: Any, facts: tuple[str, str, str, str]) -> None:
    """Search for somebody by name and date of birth."""
    name, day, month, year = facts
    page.goto("/people/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(month)
    page.get_by_label("Year").fill(year)
    page.get_by_label("Whole-family support").check()
    page.get_by_role("button", name="Search").click()


def open_person(page: Any, facts: tuple[str, str, str, str]) -> None:
    """Find somebody, say why, and open their page; with a reason already, it opens at once."""
    find(page, facts)
    page.locator(".wp-result a").first.click()
    if page.locator("textarea").count():
        give_reason(page)


def give_reason(page: Any) -> None:
    """Say why, for the whole household."""
    page.get_by_label("Whole-family support").check()
    page.get_by_label("Why do you need to look now?").fill(WHY)
    page.get_by_label("I also need to see the people they live with").check()
    page.get_by_role("button", name="Open the page").click()


def check_page(page: Any) -> None:
    """Hold a page to what every page promises: accessible, one heading, no inline style or script."""
    found = Axe().run(page)
    faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in found.response["violations"]]
    assert not faults, f"{page.url}: {faults}"
    assert page.locator("h1").count() == 1
    assert page.locator("[style]").count() == 0
    assert page.locator("script:not([src])").count() == 0
    assert "Demonstration: invented people only" in page.locator("body").inner_text()
