"""C2, in part: an analyst compares one need in three partners' boundaries."""

import re
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def figures_of(page: Any) -> list[str]:
    """The column of people with the need, as it stands on the page."""
    return [cell.inner_text() for cell in page.locator("table tbody tr td:nth-of-type(2)").all()]


def test_an_analyst_compares_a_need_in_every_partners_boundaries(browser_page: Any) -> None:
    become(browser_page, "wen-li", "/places/")
    totals = {}
    for name, areas in (("Larkbridge wards", 12), ("police beats", 7), ("NHS localities", 5)):
        browser_page.get_by_role("link", name=re.compile(name, re.IGNORECASE)).first.click()
        assert browser_page.locator("table tbody tr").count() == areas
        assert browser_page.locator("svg title").count() >= 1, "the map says in words what it is"
        said = browser_page.locator("main").inner_text()
        totals[name] = re.search(r"([\d,]+|fewer than \d+|not shown) in all", said)
        for figure in figures_of(browser_page):
            number = figure.replace(",", "")
            assert not number.isdigit() or int(number) == 0 or int(number) > 7, (
                "a count of seven or fewer would pick people out"
            )
        check_page(browser_page)
    assert all(totals.values())


def test_an_analyst_counts_and_opens_nobodys_record(browser_page: Any) -> None:
    become(browser_page, "wen-li")
    answer = browser_page.goto("/people/")
    assert answer.status == 403
