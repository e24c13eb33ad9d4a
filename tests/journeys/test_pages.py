"""What people do on the pages, with script and without."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.journeys.walking import (
    JAYDEN,
    LEANNE,
    check_page,
    find,
    give_reason,
    open_person,
)

from wholeplace.web.site.mission import mission_rows

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def walk(request: pytest.FixtureRequest, walk_as: Callable[..., Any]) -> Callable[[str], Any]:
    """Return a persona's page with JavaScript on, and then off."""
    return lambda persona: walk_as(persona, script=request.param)


def checked(page: Any) -> None:
    # axe is a script itself; without script the content assertions stand alone.
    if page.has_script:
        check_page(page)


def said(page: Any) -> str:
    return str(page.locator("main").inner_text())


def test_the_start_leads_to_the_tour(walk: Callable[[str], Any]) -> None:
    page = walk("")
    page.goto("/")
    assert "One place, one person, one plan" in page.locator("h1").inner_text()
    page.get_by_text("Take the tour").last.click()
    assert page.locator("article.wp-row").count() == 20
    later = [row for row in mission_rows() if row.state == "later"]
    assert page.locator("article.wp-row", has_text="Not yet built").count() >= len(later)


def test_the_tour_leads_to_the_whole_person(walk: Callable[[str], Any]) -> None:
    page = walk("amira-khan")
    page.goto("/tour/")
    page.locator("article:has(#row-C4) button").click()
    assert "Tour C4" in said(page)
    find(page, LEANNE)
    assert "1 person found" in said(page)
    checked(page)
    open_person(page, LEANNE)
    for words in (
        "What you see is logged", "14 March 1992", "Swanhall Homes", "Weeks owed",
        "Why can’t I see this?", "summary only",
    ):  # fmt: skip
        assert words in said(page)
    checked(page)


def test_the_name_stands_once_and_its_holders_on_request(walk: Callable[[str], Any]) -> None:
    page = walk("amira-khan")
    open_person(page, LEANNE)
    row = page.locator(".wp-summary .govuk-summary-list__row").first
    best = row.locator(".wp-value--best .wp-value__text").inner_text()
    assert page.locator("h1").inner_text() == best
    holders = row.locator("details .wp-value")
    assert not holders.first.is_visible()
    row.locator("summary").click()
    assert holders.first.is_visible() and holders.count() > 1
    assert holders.first.locator(".wp-value__text").inner_text() == best


def test_a_long_timeline_can_be_jumped_and_filtered(walk: Callable[[str], Any]) -> None:
    page = walk("amira-khan")
    open_person(page, LEANNE)
    years = page.get_by_role("navigation", name="Years of the timeline").get_by_role("link")
    assert years.count() > 1
    for year in years.all_inner_texts():
        assert page.locator(f"h3#year-{year}").inner_text() == year
    page.get_by_label("Topic").select_option(label="Housing")
    page.get_by_role("button", name="Filter").click()
    assert page.locator(".moj-timeline__title").count() > 0
    assert "Emergency food parcel" not in page.locator(".moj-timeline").inner_text()


def test_evidence_and_household_of_jayden(walk: Callable[[str], Any]) -> None:
    page = walk("amira-khan")
    open_person(page, JAYDEN)
    wider = page.get_by_role("link", name="Say why you need to see the people they live with")
    if wider.count():
        wider.click()
        give_reason(page)
    assert "Misses a tenth or more of school" in said(page)
    assert "They live with" in said(page) and "Leanne" in said(page)
    checked(page)


def test_boundaries_of_the_place_page_can_be_switched(walk: Callable[[str], Any]) -> None:
    page = walk("wen-li")
    page.goto("/places/")
    bounds = page.get_by_role("navigation", name="Boundaries")
    for title in bounds.get_by_role("link").all_inner_texts():
        bounds.get_by_role("link", name=title).click()
        assert title in page.locator("h2#what").inner_text()
        areas = page.locator(".wp-areas tbody tr").count()
        assert page.locator(".wp-map__number").count() == areas > 1
        checked(page)


def test_errors_lead_to_the_field(walk: Callable[[str], Any]) -> None:
    page = walk("amira-khan")
    page.goto("/people/")
    assert not page.get_by_label("NHS number").is_visible()
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2020")
    page.locator("summary").click()
    page.get_by_label("NHS number").fill("123")
    page.get_by_role("button", name="Search").click()
    summary = page.locator(".govuk-error-summary")
    assert "There is a problem" in summary.inner_text()
    if page.has_script:
        assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    # What has a fault is never folded away.
    assert page.get_by_label("NHS number").is_visible()
    summary.locator("a").first.click()
    if page.has_script:
        assert page.evaluate("document.activeElement.id") == "id_birth_date_0"
    else:
        assert page.url.endswith("#id_birth_date_0")
    checked(page)


def test_a_search_that_finds_nobody_says_so(walk: Callable[[str], Any]) -> None:
    page = walk("amira-khan")
    find(page, ("Nobody Known", "1", "1", "1901"))
    assert "Nobody found" in said(page)
    checked(page)


def test_a_person_prints_whole_and_without_navigation(
    walk_as: Callable[..., Any], tmp_path: Path
) -> None:
    page = walk_as("amira-khan")
    open_person(page, LEANNE)
    page.pdf(path=tmp_path / "person.pdf", format="A4")
    sheets = PdfReader(tmp_path / "person.pdf").pages
    text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    for words in (
        "Leanne Harlow", "14 March 1992", "What you see is logged", "Leanne Marie Harlow",
        "Needs", "Timeline", "Weeks owed", "Whom to ask",
    ):  # fmt: skip
        assert words in text, f"not printed: {words}"
    for words in (
        "Find a person",
        "Sign out",
        "Print this page",
        "Jump to",
        "Filter",
        "Take the tour",
    ):
        assert words not in text, f"printed: {words}"


def test_no_error_is_written_to_the_console(walk_as: Callable[..., Any]) -> None:
    page = walk_as("wen-li")
    heard: list[str] = []

    def listen(message: Any) -> None:
        if message.type == "error":
            heard.append(message.text)

    page.on("console", listen)
    for address in ("/", "/places/", "/agreements/matrix/", "/tour/"):
        page.goto(address)
    page.remove_listener("console", listen)
    assert heard == []
