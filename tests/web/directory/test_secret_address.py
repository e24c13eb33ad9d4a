"""The canary: the refuge's address stands on no page, in no answer, file, search, trail or log."""

import logging
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.web.doors import doors, fill

from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.directory.models import DuplicatePair, FeedImport, SourceService
from wholeplace.web.directory.shelf import open_catalogue

pytestmark = pytest.mark.django_db(transaction=True)
FEW = ("amira-khan", "sam-okoro")
SECRETS = ("quiet mews", "27 quiet", "dunlin road", "lb5 7qm", "lb57qm", "haven house")


def told(text: str) -> list[str]:
    return [each for each in SECRETS if each in text.casefold()]


@pytest.mark.parametrize(
    "everybody", [False, pytest.param(True, marks=pytest.mark.heavy)], ids=["a few", "everybody"]
)
def test_the_address_of_the_refuge_is_told_to_nobody(
    stocked: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, everybody: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    held = (stocked.folder / "directory" / "council-feed.json").read_text("utf-8")
    assert len(told(held)) >= 4, "the feed holds the address, or this test proves nothing"
    refuges = [each for each in open_catalogue().listings if each.is_confidential]
    assert len(refuges) == 2
    tried = 0
    users = User.objects.exclude(persona="").order_by("persona")
    for user in [None, *(users if everybody else users.filter(persona__in=FEW))]:
        client = Client()
        if user:
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        for address in addresses(refuges):
            answer = client.get(address)
            assert not told(answer.content.decode() + str(answer.headers)), f"{user} at {address}"
            tried += 1
        for typed in SECRETS:
            for page in ("/help/", "/directory/choose/"):
                body = client.post(page, {"words": typed, "near": typed}).content.decode()
                results = body.split("<form")[0]
                assert not told(results)
                # Its name is Haven; nothing else of these may lead to it.
                is_found = any(each.name in results for each in refuges)
                assert not is_found or typed == "haven house", typed
    assert tried > 90
    assert CliRunner().invoke(cli(), ["directory", "publish", "--place", str(stocked.folder), "--to", str(tmp_path / "out")]).exit_code == 0  # fmt: skip
    written = "".join(each.read_text("utf-8") for each in (tmp_path / "out").rglob("*.json"))
    assert refuges[0].name in written and not told(written)
    for rows in (SourceService, FeedImport, DuplicatePair):
        kept = [str(row.__dict__) for row in rows.objects.exclude(pk=None)]  # type: ignore[attr-defined]
        assert kept and not told(" ".join(kept))
    assert not told("".join(str(entry.event) for entry in Entry.objects.all()))
    assert not told(caplog.text)


def cli() -> Any:
    from wholeplace.cli import wholeplace

    return wholeplace


def addresses(refuges: list[Any]) -> list[str]:
    found = []
    pairs = [str(pk) for pk in DuplicatePair.objects.values_list("pk", flat=True)]
    for door in doors():
        if not door.name.startswith("directory:"):
            continue
        for number, each in enumerate([*refuges, *open_catalogue().listings[:1]]):
            given = {
                "service_id": each.id, "thing_id": each.id, "topic_id": "domestic-abuse",
                "pair_id": pairs[number % len(pairs)], "rest": "nothing",
            }  # fmt: skip
            found.append(fill(door, given))
    return list(dict.fromkeys([*found, *(f"/directory/doubles/{pair}/" for pair in pairs)]))
