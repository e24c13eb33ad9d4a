"""A table leaves: an analyst asks, a programme lead decides, the analyst downloads it."""

from pathlib import Path
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def test_a_table_leaves_once_a_second_person_has_read_it(browser_page: Any, tmp_path: Path) -> None:
    page = browser_page
    become(page, "wen-li", "/places/")
    page.get_by_role("link", name="Ask for this table as a file").click()
    page.get_by_role("button", name="Ask for the file").click()
    assert "Say what it will be used for" in page.locator("main").inner_text()
    check_page(page)
    page.get_by_label("What will it be used for?").fill("Show the board where to put a family hub")
    page.get_by_label("Who will read it?").fill("The partnership board")
    page.get_by_label("CSV, for any program").check()
    page.get_by_role("button", name="Ask for the file").click()
    assert "Waiting for a decision" in page.locator("main").inner_text()
    assert not page.get_by_role("button", name="Approve").count(), "nobody decides on their own"
    check_page(page)
    address = page.url

    become(page, "fiona-clark", "/exports/")
    path = "/exports/" + address.split("/exports/")[1]
    page.locator(f"main a[href='{path}']").first.click()
    said = page.locator("main").inner_text()
    assert "Show the board where to put a family hub" in said and "Residents with the need" in said
    check_page(page)
    page.get_by_role("button", name="Approve").click()
    assert "Approved" in page.locator("main").inner_text()

    become(page, "wen-li", "/exports/")
    page.goto(address)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the file").click()
    kept = tmp_path / "table.csv"
    started.value.save_as(kept)
    assert "Show the board where to put a family hub" in kept.read_text("utf-8-sig")

    become(page, "priya-nair", "/exports/register/")
    assert "Show the board where to put a family hub" in page.locator("main").inner_text()
    check_page(page)
