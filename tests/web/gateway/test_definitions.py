"""What is served is what was signed: definitions follow the place folder while the site runs."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.town import Town, open_town

from wholeplace.agreements import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
FAMILY = "agreements/whole-family-support.yaml"


@pytest.fixture
def edited_town(db: None, town: Town, tmp_path: Path) -> Iterator[tuple[Any, Path]]:
    copy = Town(tmp_path)
    shutil.copytree(town.place, copy.place)
    hidden = shutil.ignore_patterns("database", "keys")
    shutil.copytree(town.data, copy.data, symlinks=True, ignore=hidden)
    yield open_town(copy), copy.place


def standing_of(place: Any, agreement: str) -> bool:
    return bool(place.rules(place.today).standings[agreement].is_in_force)


def open_as(client: Any, persona: str, person_id: str) -> Any:
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.reasons import open_reason

    user = User.objects.get(persona=persona)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    viewer = Viewer(str(user.pk), user.organisation, user.roles[0])
    at = dt.datetime.now(dt.UTC)
    open_reason(viewer, person_id, "whole-family-support", "A call that a test makes up", at)
    return client.get(f"/people/{person_id}/?for=whole-family-support")


def known_person(place: Any) -> str:
    found = place.snapshot_reader.rows(
        "SELECT person_id FROM timeline WHERE kind = 'housing.rent-arrears' ORDER BY person_id LIMIT 1"
    )
    return str(found[0]["person_id"])


def test_an_edited_agreement_is_in_force_for_nobody(edited_town: tuple[Any, Path]) -> None:
    place, folder = edited_town
    assert standing_of(place, "whole-family-support")
    signed = (folder / FAMILY).read_text("utf-8")
    (folder / FAMILY).write_text(signed.replace("level: summary", "level: detail", 1), "utf-8")
    assert not standing_of(place, "whole-family-support"), "nobody signed this text"
    assert standing_of(place, "safeguarding"), "the others stand"
    (folder / FAMILY).write_text(signed, "utf-8")
    assert standing_of(place, "whole-family-support"), "the signed text again"


def test_the_next_request_shows_nothing_from_an_edited_agreement(
    edited_town: tuple[Any, Path], client: Any
) -> None:
    place, folder = edited_town
    person_id = known_person(place)
    before = open_as(client, "amira-khan", person_id)
    assert before.status_code == 200
    text = (folder / FAMILY).read_text("utf-8")
    (folder / FAMILY).write_text(text.replace("level: detail", "level: summary"), "utf-8")
    after = client.get(f"/people/{person_id}/?for=whole-family-support", follow=True)
    assert b"Rent arrears" in before.content
    assert b"Rent arrears" not in after.content


def test_a_faulty_folder_shows_nothing_about_people_and_says_why(
    edited_town: tuple[Any, Path], client: Any
) -> None:
    place, folder = edited_town
    person_id = known_person(place)
    assert open_as(client, "amira-khan", person_id).status_code == 200
    with (folder / FAMILY).open("a", encoding="utf-8") as stream:
        stream.write("nonsense: [\n")
    answer = client.get(f"/people/{person_id}/?for=whole-family-support")
    assert answer.status_code == 503
    assert "wholeplace check" in answer.content.decode()
    assert client.get("/").status_code == 200, "people can still come in and mend it"
