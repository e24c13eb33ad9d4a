"""The browser that journeys are walked in."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launch_chromium() -> Iterator[Any]:
    """Start Chromium as it is installed on this system; skip (with CI: fail) where it is not."""
    # As scripts/install-browser finds it.
    path = os.environ.get("WHOLEPLACE_CHROMIUM") or next(
        (found for name in _NAMES if (found := shutil.which(name))), None
    )
    if path is None:
        why = "Chromium is not installed; run scripts/install-browser"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    # Playwright's own event loop must not make Django refuse its queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()
