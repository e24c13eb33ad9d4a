"""I3: a finance lead builds a case, sees who gains, and opens the source of every figure."""

import re
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

pytestmark = pytest.mark.browser


def test_a_finance_lead_builds_a_case_and_sees_who_pays_and_who_gains(browser_page: Any) -> None:
    page = browser_page
    become(page, "grace-holt", "/money/cases/")
    page.get_by_role("button", name="Start a case").click()
    page.get_by_label("Title of the case").fill("Larkbridge Together from 2027")
    page.get_by_role("button", name="Start the case").click()
    said = page.locator("main").inner_text()
    assert "£1.90 for each £1" in said and "Paid back in 2029/30" in said
    table = page.get_by_role("region", name="Table of who pays and who gains").inner_text()
    assert re.search(r"Courts, prisons and probation\s+£0\s+£292,627", table), "gains, pays nothing"
    assert page.locator("svg title", has_text="Who pays and who gains").count() == 1
    assert "savings cover costs in 92.8% of the draws" in said
    assert "Flips at" in said or "FLIPS AT" in said.upper()
    check_page(page)

    page.locator("summary", has_text="Fewer domestic abuse incidents").click()
    working = page.locator("details[open]").inner_text()
    assert "Judgement of the team; nobody has compared anything yet" in working
    assert "£415.00 in 2008/09 prices" in working and "Unit Cost Database v1.4" in working
    page.locator("details[open]").get_by_role("link", name="Open this unit cost").nth(2).click()
    said = page.locator("main").inner_text()
    assert "CR2.0.3" in said and "GDP deflators at market prices" in said
    check_page(page)
    page.go_back()

    page.get_by_role("button", name="Change figures").click()
    page.get_by_label("Share who take it up, each year (per cent)").fill("12")
    page.get_by_label("Why are you changing it?").fill(
        "Only one family in eight said yes last year"
    )
    check_page(page)
    page.get_by_role("button", name="Work it out again").click()
    said = page.locator("main").inner_text()
    assert "Not paid back within the years counted" in said, "the figure that flips the decision"
    assert "12%, where the place states 30%. Only one family in eight said yes last year." in said

    page.get_by_role("button", name="Measure from linked records").click()
    said = page.locator("main").inner_text()
    assert re.search(r"Who it could be for: [\d,]+", said), "counted through disclosure control"
    assert "Measured from linked records as of" in said
    assert page.pdf().startswith(b"%PDF")
