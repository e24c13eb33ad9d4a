"""NRF: a fund shared out among areas by deprivation, and floors that no area may fall below."""

import re
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def pence_of(words: str) -> int:
    whole, _, part = words.strip().removeprefix("£").replace(",", "").partition(".")
    return int(whole) * 100 + int(part or 0)


def test_every_penny_is_shared_out_by_the_formula_on_the_page(browser_page: Any) -> None:
    become(browser_page, "fiona-clark", "/neighbourhoods/")
    browser_page.get_by_role("link", name="Larkbridge renewal fund").click()
    check_page(browser_page)
    said = browser_page.locator("main").inner_text()
    assert "residents times how far its deprivation score lies above the threshold" in said
    table = browser_page.locator("table").first
    rows = table.locator("tbody tr").all()
    assert len(rows) == 12
    shared = [pence_of(row.locator("td").nth(-2).inner_text()) for row in rows]
    assert sum(shared) == 540_000_000, "what each area gets makes the whole fund"
    named = {row.locator("th").inner_text(): row.inner_text() for row in rows}
    assert "not eligible" in named["Larkfield"] and "not eligible" not in named["Swanhall"]
    assert shared == sorted(shared, reverse=True)


def test_each_area_is_held_to_its_floor_and_its_gap_is_shown(browser_page: Any) -> None:
    become(browser_page, "fiona-clark", "/neighbourhoods/fund/larkbridge-renewal/")
    said = browser_page.locator("main").inner_text()
    assert said.count("below the floor") >= 3, "a better average hides a ward that falls behind"
    assert re.search(r"Swanhall is furthest", said)
    assert browser_page.locator("svg.wp-trend").count() == 3
    row = browser_page.locator("section table").first.locator("tbody tr").first
    assert "Swanhall" in row.inner_text() and "behind" in row.inner_text()
    browser_page.emulate_media(media="print")
    assert browser_page.locator("section table").first.is_visible()
