"""Every page of the site for several personas, with axe and with what it must say."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.walking import (
    JAYDEN,
    LEANNE,
    become,
    check_page,
    find,
    give_reason,
    open_person,
)

pytestmark = pytest.mark.browser

PAGES = {
    "amira-khan": {"/": "What you can do", "/people/": "two facts", "/people/mine/": "Your people", "/places/": "Per 1,000"},
    "dean-walsh": {"/": "Hello Dean", "/people/": "two facts"},
    "wen-li": {"/": "Hello Wen", "/places/?areas=police-beats": "Per 1,000", "/places/?areas=nhs-localities": "On map"},
    "alex-stone": {"/": "Hello Alex"},
}  # fmt: skip


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Any, live_town: Any) -> Iterator[Any]:
    """A page with JavaScript on, and then off."""
    context = browser.new_context(
        base_url=live_town.url,
        java_script_enabled=request.param,
        viewport={"width": 1100, "height": 900},
    )
    made = context.new_page()
    made.set_default_timeout(15_000)
    made.has_script = request.param
    yield made
    context.close()


def checked(page: Any) -> None:
    # axe is a script itself; without script the content assertions stand alone.
    if page.has_script:
        check_page(page)


def test_before_signing_in(page: Any) -> None:
    page.goto("/")
    assert "One place, one person, one plan" in page.locator("h1").inner_text()
    checked(page)
    page.get_by_role("button", name="Take the tour").or_(
        page.get_by_text("Take the tour")
    ).last.click()
    assert page.locator("article.wp-row").count() == 20
    assert page.get_by_text("Not yet built", exact=True).count() >= 16
    checked(page)


@pytest.mark.parametrize("persona", PAGES)
def test_pages_of_a_role(page: Any, persona: str) -> None:
    become(page, persona)
    for address, words in PAGES[persona].items():
        answer = page.goto(address)
        assert answer.status == 200
        assert words in page.locator("main").inner_text()
        checked(page)


def test_the_tour_leads_to_the_whole_person(page: Any) -> None:
    page.goto("/tour/")
    page.locator("article:has(#row-C4) button").click()
    assert "Tour C4" in page.locator("main").inner_text()
    find(page, LEANNE)
    assert "1 person found" in page.locator("main").inner_text()
    checked(page)
    open_person(page, LEANNE)
    said = page.locator("main").inner_text()
    for words in (
        "What you see is logged",
        "14 March 1992",
        "Swanhall Homes",
        "Weeks owed",
        "Why can’t I see this?",
    ):
        assert words in said
    assert "summary only" in said
    checked(page)
    page.get_by_label("Topic").select_option(label="Housing")
    page.get_by_role("button", name="Filter").click()
    assert page.locator(".moj-timeline__title").count() > 0
    assert "Emergency food parcel" not in page.locator(".moj-timeline").inner_text()


def test_evidence_and_household_of_jayden(page: Any) -> None:
    become(page, "amira-khan")
    open_person(page, JAYDEN)
    wider = page.get_by_role("link", name="Say why you need to see the people they live with")
    if wider.count():
        wider.click()
        give_reason(page)
    said = page.locator("main").inner_text()
    assert "Misses a tenth or more of school" in said
    assert "They live with" in said and "Leanne" in said
    checked(page)


def test_errors_lead_to_the_field(page: Any) -> None:
    become(page, "amira-khan", "/people/")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2020")
    page.get_by_role("button", name="Search").click()
    summary = page.locator(".govuk-error-summary")
    assert "There is a problem" in summary.inner_text()
    if page.has_script:
        assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    summary.locator("a").first.click()
    if page.has_script:
        assert page.evaluate("document.activeElement.id") == "id_birth_date_0"
    else:
        assert page.url.endswith("#id_birth_date_0")
    checked(page)


def test_error_pages_say_nothing_more(page: Any) -> None:
    become(page, "amira-khan")
    assert page.goto("/people/p0000000000000000/reason/").status == 404
    assert "Page not found" in page.locator("h1").inner_text()
    checked(page)
    become(page, "wen-li")
    assert page.goto("/people/").status == 403
    assert "You cannot open this page" in page.locator("h1").inner_text()
    checked(page)


@pytest.mark.parametrize("address", ["/", "/tour/", "/people/", "/places/", "/people/mine/"])
def test_nothing_scrolls_sideways_at_320_pixels(page: Any, address: str) -> None:
    become(page, "amira-khan")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(address)
    box = page.locator("main").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    if page.has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_no_error_is_written_to_the_console(browser_page: Any) -> None:
    said: list[str] = []
    browser_page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    become(browser_page, "wen-li", "/places/")
    browser_page.goto("/tour/")
    assert said == []
