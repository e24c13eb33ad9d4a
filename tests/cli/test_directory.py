"""`wholeplace directory import | validate | publish`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.directory.peer import Feed, served, service

from wholeplace.cli import wholeplace

pytestmark = pytest.mark.django_db(transaction=True)


def run(*command: str) -> Any:
    return CliRunner().invoke(wholeplace, ["directory", *command])


def test_import_validate_publish(signed_town: Any, tmp_path: Path) -> None:
    place = ("--place", str(signed_town.folder))
    first = run("import", *place)
    assert first.exit_code == 0 and "council: read whole; 26 services: 26 new" in first.output
    assert "Quiet Mews" not in first.output
    again = json.loads(run("import", *place, "--json").stdout)
    assert [each["counts"]["new"] for each in again] == [0, 0]
    assert run("validate", *place).output == "It conforms.\n"
    assert "46 services written" in run("publish", *place, "--to", str(tmp_path / "o")).output
    assert (tmp_path / "o" / "services.json").exists()


def test_one_feed_by_name_and_none_by_a_wrong_one(signed_town: Any) -> None:
    place = ("--place", str(signed_town.folder))
    assert "voluntary" not in run("import", *place, "council").output
    from wholeplace.foundation.errors import NotFoundError

    assert isinstance(run("import", *place, "nobody").exception, NotFoundError)


def test_somebodys_feed_is_held_against_the_standard() -> None:
    with served(Feed([service(1, url="nowhere")])) as address:
        answer = run("validate", "--feed", address)
    assert answer.exit_code == 2 and "departures from Open Referral UK 3.0" in answer.output
    sound = service("ac148810-d857-441c-9679-408f346de14b")
    with served(Feed([sound])) as address:
        assert run("validate", "--feed", address).output == "It conforms.\n"
