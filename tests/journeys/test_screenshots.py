"""Takes the pictures of the documentation; with WHOLEPLACE_SCREENSHOTS=1 they are written."""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, become, find, open_person

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"


def shoot(page: Any, name: str, folder: Path, *, whole: bool = False) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=whole)
    assert (folder / f"{name}.png").stat().st_size > 10_000


def test_pictures_of_the_pages(browser_page: Any, tmp_path: Path) -> None:
    folder = IMAGES if os.environ.get("WHOLEPLACE_SCREENSHOTS") == "1" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    page = browser_page
    page.set_viewport_size({"width": 1200, "height": 1400})
    page.goto("/tour/")
    shoot(page, "tour", folder)
    become(page, "amira-khan")
    shoot(page, "home", folder)
    find(page, LEANNE)
    shoot(page, "search", folder)
    page.locator(".wp-result a").first.click()
    if page.locator("textarea").count():
        shoot(page, "reason", folder)
    open_person(page, LEANNE)
    shoot(page, "person", folder)
    shoot(page, "person-whole", folder, whole=True)
    page.goto("/people/mine/")
    shoot(page, "caseload", folder)
    become(page, "wen-li", "/places/?areas=wards")
    shoot(page, "place", folder)
