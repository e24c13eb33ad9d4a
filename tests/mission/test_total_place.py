"""Total Place: a finance lead counts all public money here, and imports a body's budget."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser
HEAD = "line,service,theme,pounds,need,area\n"


def test_a_finance_lead_counts_all_public_money_in_the_place(
    browser_page: Any, tmp_path: Path
) -> None:
    page = browser_page
    become(page, "grace-holt", "/money/spending/")
    said = page.locator("main").inner_text()
    assert "10 bodies spend £90.98m here in a year" in said
    assert "Around households with 3 or more headline needs" in said
    assert re.search(r"Households with several needs[\s:]+(fewer than 8|[\d,]+)", said)
    assert "Debt that cannot be managed" in said, "a need that two bodies pay for"
    body_table = page.get_by_role("region", name="Table of spending by body and theme")
    assert body_table.locator("tbody tr").count() == 10
    check_page(page)
    assert page.pdf().startswith(b"%PDF"), "one page for the board to print"

    page.get_by_role("link", name="Import a budget").click()
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{HEAD}PO1,Response,policing,1000,,\nPO2,Custody,crime,free,,\n", "utf-8")
    page.get_by_label("Whose budget is it?").select_option("police")
    page.get_by_label("Financial year").fill("2027/28")
    page.get_by_label("The file").set_input_files(bad)
    page.get_by_role("button", name="Import it").click()
    said = page.locator("main").inner_text()
    assert "Nothing was taken: 2 faults" in said
    assert "Row 2, theme" in said and "Row 3, pounds" in said
    check_page(page)

    good = tmp_path / "good.csv"
    good.write_text(f"{HEAD}PO1,Response,crime,4000000,,\n", "utf-8")
    page.get_by_label("Whose budget is it?").select_option("police")
    page.get_by_label("Financial year").fill("2027/28")
    page.get_by_label("The file").set_input_files(good)
    page.get_by_role("button", name="Import it").click()
    said = page.locator("main").inner_text()
    assert "1 body spends £4m here in a year" in said
    assert "Without a budget here yet" in said, (
        "what is missing is named, and never taken as nothing"
    )
