"""A town that people have used: every app's examples, for the walks over all of its pages."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.town import Town, copy_town, open_town


@pytest.fixture(scope="session")
def used_folder(town: Town, ground: Any) -> Town:
    """A copy of the town's files: its examples erase somebody and write drafts."""
    return copy_town(town, ground / "used")


@pytest.fixture
def used_town(db: None, used_folder: Town) -> Any:
    """The town with every app's examples, made through the real functions."""
    from wholeplace.web.site.demonstration import make_examples

    place = open_town(used_folder)
    make_examples(place)
    return place


@pytest.fixture
def as_persona(used_town: Any) -> Callable[[str], Any]:
    """Return a function that signs a new client in as a persona of the used town."""
    from django.test import Client

    from wholeplace.web.accounts.models import User

    def sign_in_as(persona: str) -> Any:
        client = Client()
        client.force_login(
            User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in_as
