"""What tests of reasons share: personas as users and viewers, and people of the town."""

from typing import Any

import pytest

from wholeplace.agreements.subjects.request import Viewer

WHY = "A neighbour rang: a child is crying alone behind a locked door, and nobody answers."


@pytest.fixture
def user_of(signed_town: Any) -> Any:
    """Return a function from a persona to its user."""
    from wholeplace.web.accounts.models import User

    return lambda persona: User.objects.get(persona=persona)


@pytest.fixture
def viewer_of(user_of: Any) -> Any:
    """Return a function from a persona to who looks, in their first role."""

    def viewer(persona: str) -> Viewer:
        user = user_of(persona)
        return Viewer(str(user.pk), user.organisation, user.roles[0])

    return viewer


@pytest.fixture
def person_named(signed_town: Any) -> Any:
    """Return a function from a given and family name to the one person of that name."""

    def find(given: str, family: str) -> str:
        rows = signed_town.snapshot_reader.rows(
            "SELECT DISTINCT person_id FROM person_identity WHERE field = 'identity.name' "
            "AND value LIKE $given AND value LIKE $family",
            {"given": f"%{given}%", "family": f"%{family}%"},
        )
        assert rows, f"nobody is called {given} {family}"
        return str(rows[0]["person_id"])

    return find


@pytest.fixture
def sealed_person(signed_town: Any) -> str:
    """Return somebody whom the police sealed, or else anybody sealed."""
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id, partner FROM subject_flags WHERE flag = 'sealed' AND value = 'yes' "
        "ORDER BY partner = 'council-children' DESC, person_id"
    )
    return str(rows[0]["person_id"])
