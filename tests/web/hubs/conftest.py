"""Several people at once."""

from typing import Any

import pytest


@pytest.fixture
def as_one(signed_town: Any) -> Any:
    from django.test import Client

    from wholeplace.web.accounts.models import User

    def sign_in(persona: str) -> Any:
        client = Client()
        user = User.objects.get(persona=persona)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        client.user = user
        return client

    return sign_in
