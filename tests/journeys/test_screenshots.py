"""Takes the pictures of the documentation; `scripts/take-screenshots` keeps them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, become, open_person
from tests.web.town import build_town, serve_town

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
IS_KEPT = os.environ.get("WHOLEPLACE_SCREENSHOTS") == "1"
MOST_BYTES = 300_000
# In a very small town every count of the place page is too small to show.
RESIDENTS = 5000


@pytest.fixture
def larger_town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a town stands that is large enough to count; the usual one when nothing is kept."""
    if not IS_KEPT:
        yield request.getfixturevalue("live_town").url
        return
    town = build_town(tmp_path / "town", residents=RESIDENTS, seed=7)
    with serve_town(town, tmp_path / "live") as live:
        yield live.url


def shoot(page: Any, name: str, height: int, top: str, folder: Path) -> None:
    """Take what one screen shows from an element on."""
    page.set_viewport_size({"width": 1200, "height": height})
    page.locator(top).first.evaluate("element => element.scrollIntoView()")
    page.screenshot(path=folder / f"{name}.png")
    size = (folder / f"{name}.png").stat().st_size
    assert 10_000 < size <= MOST_BYTES, f"{name}.png has {size} bytes"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return IMAGES if IS_KEPT else tmp_path


def test_pictures_of_the_pages(browser_page: Any, folder: Path) -> None:
    page = browser_page
    page.goto("/tour/")
    shoot(page, "tour", 1000, "body", folder)
    become(page, "amira-khan")
    open_person(page, LEANNE)
    shoot(page, "person", 1100, "body", folder)
    become(page, "priya-nair", "/data/")
    shoot(page, "loads", 1000, "body", folder)
    page.goto("/agreements/matrix/")
    shoot(page, "matrix", 900, "#groups", folder)
    page.goto("/audit/?kind=sight")
    shoot(page, "trail", 800, "main table", folder)
    page.goto("/agreements/drafts/damp-homes-and-asthma/")
    shoot(page, "draft", 1100, "h1", folder)
    page.goto("/agreements/drafts/damp-homes-and-asthma/preview/")
    shoot(page, "preview", 900, "h1", folder)
    page.goto("/reasons/review/")
    shoot(page, "review", 700, "h1", folder)
    become(page, "sign-children", "/agreements/missed-health-visits/")
    shoot(page, "signing", 1100, "h1", folder)
    become(page, "leanne-harlow", "/my-record/")
    shoot(page, "account", 1000, "h1", folder)
    become(page, "wen-li", "/exports/")
    shoot(page, "airlock", 700, "h1", folder)


def test_picture_of_a_town_large_enough_to_count(
    browser: Any, larger_town: str, folder: Path
) -> None:
    context = browser.new_context(base_url=larger_town, locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    become(page, "wen-li", "/places/?areas=wards")
    shoot(page, "places", 1000, "body", folder)
    context.close()
