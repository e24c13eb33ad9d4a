"""The page "Evidence" in a browser: accessible, and worked without a mouse's help."""

from pathlib import Path
from typing import Any

import pytest
from tests.journeys.walking import become, check_page

from wholeplace.foundation.evidence import (
    countersign_head,
    make_key,
    read_head_file,
    write_head_file,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_signatory_keeps_a_head_and_the_officer_verifies(
    browser_page: Any, tmp_path: Path
) -> None:
    import datetime as dt

    page = browser_page
    become(page, "sign-police", "/audit/evidence/")
    check_page(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download a head file").click()
    given = read_head_file(Path(started.value.path()).read_text())
    made = countersign_head(given, "police", make_key(), None, dt.datetime.now(dt.UTC))
    back = tmp_path / "countersigned.json"
    back.write_text(write_head_file(made))
    page.get_by_role("button", name="Hand it back").click()
    assert "Choose the countersigned head file" in page.locator("main").inner_text()
    check_page(page)
    page.get_by_label("Countersigned head file of").set_input_files(back)
    page.get_by_role("button", name="Hand it back").click()
    said = page.locator("main").inner_text()
    assert f"Your countersignature over {given.head.size:,} entries is kept here" in said
    check_page(page)
    become(page, "priya-nair", "/audit/evidence/")
    assert f"Entries 1 to {given.head.size}" in page.locator("main").inner_text()
    page.get_by_role("button", name="Verify the record").click()
    assert "The record is whole" in page.locator("main").inner_text()
    check_page(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
