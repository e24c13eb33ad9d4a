"""The town with its directory imported."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


@pytest.fixture
def stocked(signed_town: Any) -> Any:
    """The signed town, with both saved feeds imported and what organisations said."""
    from wholeplace.web.directory.demonstration import make_examples

    make_examples(signed_town)
    return signed_town


@pytest.fixture
def listed(stocked: Any) -> Callable[[str], Any]:
    """Return a function that gives a listing by its name."""
    from wholeplace.web.directory.shelf import open_catalogue

    def by_name(name: str) -> Any:
        return next(each for each in open_catalogue().listings if each.name == name)

    return by_name
