"""I7: a commissioner writes joint working in, freezes a cohort, and pays on outcome alone."""

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


def fill_date(page: Any, name: str, day: dt.date) -> None:
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name={name}_{part}]").fill(str(value))


def write_specification(page: Any, shares: tuple[str, str]) -> None:
    page.goto("/commissioning/new/")
    page.get_by_label("Title").fill("Steady mornings")
    page.get_by_label("Which need is it for?").select_option(
        "supporting-families/persistent-absence"
    )
    page.get_by_label("What shows the need?").fill("One pupil in nine misses a tenth of school.")
    page.get_by_label("What will be done?").fill("A worker at the door, every school morning.")
    start = dt.date.today() + dt.timedelta(days=40)  # noqa: DTZ011 - the town's own day
    fill_date(page, "starts_on", start)
    fill_date(page, "ends_on", start + dt.timedelta(days=700))
    fill_date(page, "measured_on", start + dt.timedelta(days=365))
    page.locator("[name=rate]").fill("75")
    page.get_by_label("How is that known?").fill("Pupils of the two years before")
    page.get_by_label("Source", exact=True).fill("Partnership analyst")
    page.locator("[name=price]").fill("900")
    page.locator("[name=least_fall]").fill("10")
    page.locator("[name=most]").fill("40000")
    page.locator("[name=central]").fill("0")
    for number, share in enumerate(shares, start=1):
        page.locator(f"[name=provider_{number}_id]").fill(f"GB-CHC-990000{number}")
        page.locator(f"[name=provider_{number}_name]").fill(f"Provider {number}")
        page.locator(f"[name=provider_{number}_share]").fill(share)
    page.get_by_role("button", name="Keep the draft").click()


def test_a_cohort_is_frozen_by_somebody_else_before_work_begins(
    browser_page: Any, another_page: Any
) -> None:
    become(browser_page, "daniel-reyes")
    write_specification(browser_page, ("60", "30"))
    check_page(browser_page)
    said = browser_page.locator("main").inner_text()
    assert "Providers' shares make 90 per cent" in said
    assert "It keeps no second plan" in said, "joint working is a requirement of the text"
    browser_page.get_by_role("button", name="Ask a colleague to freeze it").click()
    assert "Nothing was changed" in browser_page.locator("[role=alert]").inner_text()
    browser_page.get_by_role("link", name="Change the draft").click()
    browser_page.locator("[name=provider_2_share]").fill("40")
    browser_page.get_by_role("button", name="Keep the draft").click()
    browser_page.get_by_role("button", name="Ask a colleague to freeze it").click()
    assert browser_page.get_by_role("button", name="Freeze cohort").count() == 0

    become(another_page, "grace-holt", browser_page.url)
    another_page.get_by_role("button", name="Freeze cohort, metric and counterfactual").click()
    check_page(another_page)
    frozen = another_page.locator("main").inner_text()
    assert "Frozen on" in frozen and len(another_page.locator(".wp-hash").first.inner_text()) == 64
    assert another_page.get_by_role("link", name="Change the draft").count() == 0


def test_outcomes_are_measured_and_what_is_paid_is_computed(
    browser_page: Any, another_page: Any
) -> None:
    become(browser_page, "daniel-reyes", "/commissioning/K-0001/")
    assert "Running" in browser_page.locator("main").inner_text()
    second = browser_page.locator("section:has(h3:text('First joint review'))")
    second.get_by_label("What shows that it was reached").fill("Note of the review of 14 May")
    second.get_by_role("button", name="Compute the payment").click()
    check_page(browser_page)
    row = browser_page.locator("tr:has-text('First joint review')")
    assert "£5,000" in row.inner_text() and "£2,750" in row.inner_text()
    assert "Waiting for a second person" in row.inner_text()
    assert browser_page.locator("main input[name*=amount], main input[name*=pence]").count() == 0
    assert row.get_by_role("button", name="Approve the payment").count() == 0

    become(another_page, "grace-holt", "/commissioning/K-0001/")
    row = another_page.locator("tr:has-text('First joint review')")
    row.get_by_role("button", name="Approve the payment").click()
    assert "Approved" in another_page.locator("tr:has-text('First joint review')").inner_text()

    browser_page.get_by_role("button", name="Measure the cohort").click()
    said = browser_page.locator("main").inner_text() + browser_page.locator("body").inner_text()
    is_paid = "expected without the contract" in said
    is_held = "a payment would tell of them" in said
    is_nothing_due = "nothing is due" in said
    assert is_paid or is_held or is_nothing_due


def test_what_was_bought_is_open_data(browser_page: Any) -> None:
    answer = browser_page.request.get("/commissioning/open-contracting.json")
    package = answer.json()
    assert answer.status == 200 and package["releases"]
    bought = {each["contracts"][0]["title"] for each in package["releases"]}
    assert "Back to school" in bought and "Back to school, second round" not in bought
    grants = browser_page.request.get("/commissioning/grants.json").json()["grants"]
    assert {each["title"] for each in grants} == {"Breakfast and homework club"}
