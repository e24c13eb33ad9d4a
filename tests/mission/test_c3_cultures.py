"""C3: words in place, dissent in the minutes, and a pulse that is traced to nobody."""

from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def test_words_dissent_and_the_pulse(browser_page: Any) -> None:
    page = browser_page
    become(page, "helen-marsh", "/culture/pulse/")
    said = page.locator("main").inner_text()
    assert "I know what they mean by it" in said and "in 100" in said
    assert "Write down together what each of us means by risk" in said, "beside actions agreed"
    check_page(page)
    page.get_by_label("Whose answers").select_option(label="Lark Valley Police")
    page.get_by_role("button", name="Show").click()
    assert "Lark Valley Police: how many" in page.locator("main").inner_text()
    options = page.get_by_label("Whose answers").locator("option").all_inner_texts()
    charity = next(each for each in options if "Advice" in each)
    page.get_by_label("Whose answers").select_option(label=charity)
    page.get_by_role("button", name="Show").click()
    cells = page.locator("table").first.locator("td").all_inner_texts()
    assert cells and all("not shown" in each for each in cells), "a small group is never shown"

    page.get_by_role("link", name="Answer it").click()
    check_page(page)
    for each in page.locator("fieldset").all():
        each.get_by_label("Partly").check()
    page.get_by_role("button", name="Count my answers").click()
    assert "were counted" in page.locator("main").inner_text()
    page.goto("/culture/pulse/answer/")
    assert "You have answered this round" in page.locator("h1").inner_text()

    page.goto("/culture/words/")
    said = page.locator("main").inner_text()
    assert "Child in need" in said and "harm to a person in the next days" in said
    check_page(page)
    page.goto("/teams/cases/")
    page.locator("main a[href^='/teams/cases/']").first.click()
    assert page.get_by_text("What these words mean to each of us").count() == 1
    page.goto("/teams/meetings/")
    page.get_by_role("link", name="Weaver Street hub, weekly").last.click()
    page.get_by_text("What these words mean to each of us").click()
    assert "On its own the word means something else" in page.locator("main").inner_text()
    page.get_by_role("link", name="Read the minutes").click()
    said = page.locator("main").inner_text()
    assert "Helen Marsh, Three Rivers Schools Trust, does not agree" in said
    assert "settles it by" in said
    check_page(page)
