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
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where the town stands: a larger one for pictures that are kept."""
    if not IS_KEPT:
        yield request.getfixturevalue("live_town").url
        return
    town = build_town(tmp_path / "town", residents=RESIDENTS, seed=7)
    with serve_town(town, tmp_path / "live") as live:
        yield live.url


@pytest.fixture
def camera(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(base_url=address, locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def shoot(page: Any, name: str, folder: Path, height: int) -> None:
    page.set_viewport_size({"width": 1200, "height": height})
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.screenshot(path=folder / f"{name}.png")
    size = (folder / f"{name}.png").stat().st_size
    assert 10_000 < size <= MOST_BYTES, f"{name}.png has {size} bytes"


def test_pictures_of_the_pages(camera: Any, tmp_path: Path) -> None:
    folder = IMAGES if IS_KEPT else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    page = camera
    page.goto("/tour/")
    shoot(page, "tour", folder, 1000)
    become(page, "amira-khan")
    open_person(page, LEANNE)
    shoot(page, "person", folder, 1100)
    become(page, "wen-li", "/places/?areas=wards")
    shoot(page, "places", folder, 1000)
    page.goto("/agreements/matrix/")
    page.locator("#groups").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('groups').scrollIntoView()")
    shoot(page, "matrix", folder, 900)
    become(page, "priya-nair", "/data/")
    shoot(page, "loads", folder, 1000)
    page.goto("/audit/?kind=sight")
    shoot(page, "trail", folder, 1000)
