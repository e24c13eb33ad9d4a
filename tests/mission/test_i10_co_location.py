"""I10: a commissioner picks three hubs; the front line sees who is here and hands over warmly."""

import re
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, become, check_page, open_person

pytestmark = pytest.mark.browser

WHY = "Leanne is behind with the rent and her benefits; she wants to sort both out today."


def test_a_commissioner_picks_three_hubs_and_compares(browser_page: Any) -> None:
    page = browser_page
    become(page, "daniel-reyes", "/hubs/plan/")
    page.get_by_role("button", name="Choose hubs").or_(
        page.get_by_role("link", name="Choose hubs")
    ).first.click()
    check_page(page)
    page.get_by_label("How many hubs?").fill("3")
    page.get_by_label(re.compile("^Name of this choice")).fill("Three for the front line")
    page.get_by_role("button", name="Work it out").click()
    assert page.locator("h1").inner_text() == "Three for the front line"
    said = page.locator("main").inner_text()
    assert re.search(r"2 trips of [\d.]+ k?m in all, one way, become one of [\d.]+ k?m", said), said
    assert "Proved the best" in said
    assert "Weaver Hall (had to stay)" in said, (
        "the hub in use is kept unless somebody says otherwise"
    )
    assert page.locator(".wp-hub__mark").count() == 3
    assert page.locator("table.wp-areas tbody tr").count() == 12
    for cell in page.locator("table.wp-areas tbody tr td:nth-of-type(2)").all():
        shown = cell.inner_text().strip()
        assert not shown.isdigit() or int(shown) == 0 or int(shown) > 7, "a small count would leave"
    assert "If a site falls through" in said and "The tenth who travel furthest" in said
    check_page(page)
    _choose_anywhere(page)
    _compare(page)


def _choose_anywhere(page: Any) -> None:
    page.goto("/hubs/plan/new/")
    page.get_by_label("How many hubs?").fill("3")
    kept = page.locator("input[name=keep]:checked")
    while kept.count():
        kept.first.uncheck()
    page.get_by_label(re.compile("^Name of this choice")).fill("Three anywhere")
    page.get_by_role("button", name="Work it out").click()
    assert "(had to stay)" not in page.locator("main").inner_text()


def _compare(page: Any) -> None:
    page.goto("/hubs/plan/")
    page.get_by_label("Compare Three anywhere", exact=True).first.check()
    page.get_by_label("Compare Three for the front line", exact=True).first.check()
    page.get_by_role("button", name=re.compile("^Compare those ticked")).click()
    assert page.locator("h1").inner_text() == "Choices side by side"
    row = page.locator("tr", has_text="One way, on average").locator("td").all_inner_texts()
    assert len(row) == 2 and all(re.fullmatch(r"[\d.]+ k?m", each) for each in row)
    check_page(page)


def test_the_front_line_sees_who_is_here_and_hands_over_warmly(browser_page: Any) -> None:
    page = browser_page
    become(page, "jo-adeyemi", "/hubs/")
    _say_here(page)
    become(page, "amira-khan")
    open_person(page, LEANNE)
    page.goto("/hubs/")
    _say_here(page)
    check_page(page)
    page.get_by_role("link", name="Hand somebody over to Jo Adeyemi").first.click()
    check_page(page)
    page.get_by_label(re.compile("^Leanne ")).first.check()
    page.get_by_label("What do they need from your colleague?").fill(WHY)
    page.get_by_role("button", name="Hand over").click()
    assert "Ask them first" in page.locator("main").inner_text(), "nobody without agreeing"
    page.get_by_label(re.compile("^They are here with me")).check()
    page.get_by_role("button", name="Hand over").click()
    said = page.locator("main").inner_text()
    assert re.search(r"Leanne .+ was handed over", said), said
    assert "Sent" in said, "it is a referral now"
    handover = page.url
    check_page(page)

    become(page, "jo-adeyemi", "/hubs/")
    page.get_by_role("link", name="See handovers").click()
    page.locator("main li a[href^='/hubs/handed/']").first.click()
    assert page.url == handover
    # Jo is of the family's team already; to whoever has no reason yet nobody is named.
    page.get_by_role("button", name="Take it on").click()
    said = page.locator("main").inner_text()
    assert "Being looked at" in said and re.search(r"Leanne .+ was handed over", said)
    check_page(page)
    page.get_by_role("link", name="Open the person’s page").click()
    assert page.locator("h1").inner_text().startswith("Leanne ")

    become(page, "marcus-bell")
    assert page.goto(handover).status == 404, "another colleague learns nothing"


def _say_here(page: Any) -> None:
    button = page.get_by_role("button", name="I am here at Weaver Hall")
    if button.count():
        button.click()
    assert page.get_by_text("You are here").count() >= 1
