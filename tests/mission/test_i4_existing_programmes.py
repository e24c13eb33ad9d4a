"""I4, in part: partners' own extracts arrive as they are; what is refused says why."""

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
