"""NDC: a neighbourhood board's ten years: residents' priorities, outcomes, and where the money went."""

from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def test_a_resident_board_sees_ten_years_not_one_year_of_spending(browser_page: Any) -> None:
    become(browser_page, "beth-moor", "/neighbourhoods/")
    browser_page.get_by_role("link", name="Swanhall neighbourhood board").click()
    check_page(browser_page)
    said = browser_page.locator("main").inner_text()
    assert "6 of 11 seats are residents’" in said and "they have the majority" in said
    priorities = browser_page.locator("table").first
    first = priorities.locator("tbody tr").first.inner_text()
    assert "Somewhere warm for young people" in first and "Asked at 412 doors" in first
    assert "Not chosen: it would take a third of the grant" in said, "a no is given with its reason"
    assert browser_page.locator("svg.wp-trend").count() == 6, "six outcomes, each on its course"
    assert "Worse than at the start" in said and "On course" in said


def test_every_figure_of_a_chart_stands_in_a_table(browser_page: Any) -> None:
    become(browser_page, "beth-moor", "/neighbourhoods/board/swanhall/")
    browser_page.locator("section details summary").first.click()
    rows = browser_page.locator("section details table").first.locator("tbody tr").all()
    assert rows[0].inner_text().split() == ["2018-19", "142.0", "84.0"]
    assert "not measured" in rows[-1].inner_text()
    money = browser_page.locator("table:has(caption:text('Money by outcome'))")
    assert "£10,100,000" in money.locator("tfoot").inner_text()
