"""I4, in part: partners' own extracts and lists arrive as they are; one directory comes of them."""

from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def test_a_data_steward_sees_what_arrived_and_what_was_refused(browser_page: Any) -> None:
    become(browser_page, "sam-okoro", "/data/")
    said = browser_page.locator("main").inner_text()
    for dataset in (
        "Police incidents and people in them",
        "Council tax accounts",
        "GP patient list",
    ):
        assert dataset in said
    check_page(browser_page)
    browser_page.get_by_role("link", name="See what is wrong").first.click()
    wrong = browser_page.locator("main").inner_text()
    assert "row" in wrong.lower()
    check_page(browser_page)


def test_what_no_agreement_covers_is_not_kept_and_says_so(browser_page: Any) -> None:
    become(browser_page, "sam-okoro", "/data/")
    kept_out = browser_page.locator("details:has-text('not kept')").first
    kept_out.locator("summary").click()
    assert "agreement" in kept_out.inner_text().lower()


def test_a_resident_finds_help_on_a_phone_without_signing_in(browser_page: Any) -> None:
    page = browser_page
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    page.get_by_role("link", name="Find help").click()
    check_page(page)
    page.get_by_label("What do you need help with?").fill("skint and bailifs coming")
    page.get_by_label("Postcode or area (if you like)").fill("Central")
    page.get_by_role("button", name="Find help").click()
    said = page.locator("main").inner_text()
    assert "Debt advice" in said and "miles away" in said and "Night shelter" not in said
    assert "skint" not in page.url
    check_page(page)
    page.get_by_role("link", name="Debt advice", exact=True).click()
    said = page.locator("main").inner_text()
    assert "01632 960230" in said and "A few places" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    check_page(page)
    page.emulate_media(media="print")
    assert page.get_by_role("link", name="Leave this site now").count() == 0
    page.emulate_media(media="screen")
    page.goto("/help/topic/domestic-abuse/")
    page.get_by_role("link", name="Lark Valley Haven refuge", exact=True).click()
    said = page.locator("main").inner_text()
    assert "The address is confidential" in said and "Quiet Mews" not in page.content()
    check_page(page)


def test_a_service_says_what_it_can_take_and_a_keyworker_sees_it(browser_page: Any) -> None:
    page = browser_page
    become(page, "jo-adeyemi", "/directory/")
    check_page(page)
    page.get_by_role("link", name="Say what it can take: Food bank at Market Square").click()
    page.get_by_label("A few places").check()
    page.get_by_label("For whoever refers (if you like)").fill("Ring before Friday")
    page.get_by_role("button", name="Tell everybody").click()
    assert "Everybody now sees" in page.locator("main").inner_text()
    become(page, "amira-khan", "/directory/choose/")
    page.get_by_label("Need").select_option(label="Financial stability")
    page.get_by_label("Only what can take new people now").check()
    page.get_by_role("button", name="Find services").click()
    said = page.locator("main").inner_text()
    assert "Food bank at Market Square" in said and "Friday kitchen" not in said
    check_page(page)


def test_one_service_in_two_lists_becomes_one_listing(browser_page: Any) -> None:
    page = browser_page
    become(page, "sam-okoro", "/directory/feeds/")
    check_page(page)
    page.get_by_role("link", name="may be one service").click()
    page.get_by_role("link", name="Eastgate Family Hub and Eastgate Family Hub").click()
    check_page(page)
    page.get_by_label("One service: show the first listing").check()
    page.get_by_role("button", name="Decide").click()
    assert "Your decision stands" in page.locator("main").inner_text()
    page.goto("/help/topic/families/")
    page.get_by_role("link", name="Eastgate Family Hub", exact=True).click()
    said = page.locator("main").inner_text()
    assert "Larkbridge Council’s list" in said and "Lark Valley voluntary sector list" in said


def test_anybodys_software_reads_the_directory(browser_page: Any) -> None:
    answer = browser_page.request.get("/o/services?search=skint")
    assert answer.status == 200 and answer.headers["access-control-allow-origin"] == "*"
    assert "Debt advice" in {each["name"] for each in answer.json()["contents"]}
