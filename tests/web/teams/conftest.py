"""A town in which people have referred, taken on, planned and agreed, through the real functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from wholeplace.agreements import Viewer


@dataclass
class Work:
    """The town's work: the Harlows' case and the people who act."""

    place: Any
    case: Any

    def user(self, persona: str) -> Any:
        from wholeplace.web.accounts.models import User

        return User.objects.get(persona=persona)

    def viewer(self, persona: str) -> Viewer:
        user = self.user(persona)
        return Viewer(str(user.pk), user.organisation, user.roles[0])

    @property
    def people(self) -> list[str]:
        """Whom the case is about: Jayden, Leanne, Mia."""
        from wholeplace.web.teams.changes.opening import people_of

        return people_of(self.case)

    def fresh(self) -> Any:
        self.case.refresh_from_db()
        return self.case


@pytest.fixture
def work(signed_town: Any) -> Work:
    from wholeplace.web.residents.demonstration import make_examples as make_accounts
    from wholeplace.web.teams.demonstration import make_examples
    from wholeplace.web.teams.models import Case

    make_accounts(signed_town)
    # A meeting is a reason to look of its own; what a case alone gives is held here.
    make_examples(signed_town, with_meetings=False)
    return Work(signed_town, Case.objects.get())


@pytest.fixture
def client_of(work: Work) -> Callable[[str], Any]:
    """Return a function that signs a new client in as a persona."""
    from django.test import Client

    def sign_in_as(persona: str) -> Any:
        client = Client()
        client.force_login(work.user(persona), "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in_as
