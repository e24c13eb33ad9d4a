"""Troubled/Supporting Families, in part: its ten headlines, shown from linked evidence."""

from typing import Any

import pytest
from tests.journeys.walking import JAYDEN, become, check_page, open_person

from wholeplace.partnership import load_framework

pytestmark = pytest.mark.browser


def test_a_lead_practitioner_sees_needs_with_their_evidence(browser_page: Any) -> None:
    become(browser_page, "amira-khan")
    open_person(browser_page, JAYDEN)
    needs = browser_page.locator("section:has(> h2:text-is('Needs')), #needs").first
    headlines = {each.label for each in load_framework("supporting-families", "2022").headlines}
    shown = {label for label in headlines if label in browser_page.locator("main").inner_text()}
    assert len(shown) >= 2, "Jayden's year shows needs under several headlines"
    assert needs.locator("details").count() >= 1, "each need opens its evidence"
    check_page(browser_page)


def test_the_framework_has_its_ten_headlines(browser_page: Any) -> None:
    become(browser_page, "fiona-clark", "/needs/")
    assert browser_page.locator("h3").count() == 10
