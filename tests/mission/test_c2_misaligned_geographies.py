"""C2, in part: an analyst compares one need in three partners' boundaries."""

import re
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def figures_of(page: Any) -> list[str]:
    """The columns of people with the need and of residents, as they stand on the page."""
    columns = page.locator("table tbody tr td:nth-of-type(2), table tbody tr td:nth-of-type(3)")
    return [cell.inner_text().strip() for cell in columns.all()]


def test_an_analyst_compares_a_need_in_every_partners_boundaries(browser_page: Any) -> None:
    become(browser_page, "wen-li", "/places/")
    totals = {}
    for name, areas in (("Larkbridge wards", 12), ("police beats", 7), ("NHS localities", 5)):
        browser_page.get_by_role("link", name=re.compile(name, re.IGNORECASE)).first.click()
        assert browser_page.locator("table tbody tr").count() == areas
        assert browser_page.locator("svg title").count() >= 1, "the map says in words what it is"
        said = browser_page.locator("main").inner_text()
        found = re.search(r"([\d,]+) in all", said)
        totals[name] = found[1] if found else "not shown"
        figures = figures_of(browser_page)
        assert len(figures) == 2 * areas
        for figure in figures:
            if figure not in ("fewer than 8", "not shown"):
                assert re.fullmatch(r"[\d,]+", figure), f"{figure!r} is no protected count"
                count = int(figure.replace(",", ""))
                assert count > 7, "a count of seven or fewer would pick people out"
        check_page(browser_page)
    assert len(set(totals.values())) == 1, "three roundings of one total would narrow the truth"


def test_an_analyst_counts_and_opens_nobodys_record(browser_page: Any) -> None:
    become(browser_page, "wen-li")
    answer = browser_page.goto("/people/")
    assert answer.status == 403


@pytest.mark.parametrize("persona", ["leanne-harlow", "nadia-price", "alex-stone"])
def test_nobody_has_counts_whom_no_clause_names(browser_page: Any, persona: str) -> None:
    become(browser_page, persona)
    answer = browser_page.goto("/places/")
    assert answer.status == 403
    said = browser_page.locator("main").inner_text()
    assert "names your role" in said and "ask " in said, "what is missing, and whom to ask"
    assert browser_page.locator("table").count() == 0
    check_page(browser_page)
