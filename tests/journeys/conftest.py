"""One browser context for each persona, kept for all journeys."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.journeys.walking import become

_SIZE = {"width": 1100, "height": 900}


@pytest.fixture(scope="session")
def _contexts(browser: Any) -> Iterator[dict[tuple[str, bool], Any]]:
    kept: dict[tuple[str, bool], Any] = {}
    yield kept
    for page in kept.values():
        page.context.close()


@pytest.fixture
def walk_as(
    browser: Any, live_town: Any, _contexts: dict[tuple[str, bool], Any]
) -> Callable[..., Any]:
    """Return a function that gives a persona's page: `walk_as("amira-khan", script=False)`.

    Signed in once and used by every test; `""` is nobody. `page.has_script` says which kind it is.
    """

    def walk(persona: str, *, script: bool = True) -> Any:
        key = (persona, script)
        if key not in _contexts:
            context = browser.new_context(
                base_url=live_town.url,
                java_script_enabled=script,
                locale="en-GB",
                timezone_id="Europe/London",
            )
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.has_script = script
            if persona:
                become(page, persona)
            _contexts[key] = page
        page = _contexts[key]
        page.set_viewport_size(_SIZE)
        return page

    return walk
