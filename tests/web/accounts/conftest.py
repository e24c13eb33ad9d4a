"""A place for accounts: its definitions and personas are enough, so no town is built."""

import datetime as dt
import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tests.web.accounts.joining import PASSWORD

# Where hashing itself is what is tested.
SLOW_HASHES = ("test_accounts", "timing")


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, settings: Any) -> None:
    """Hash quickly where a test is about something else."""
    if not any(each in request.node.nodeid for each in SLOW_HASHES):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "A1", "name": "Everywhere"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[0.0, 52.0], [0.1, 52.0], [0.1, 52.1], [0.0, 52.1], [0.0, 52.0]]],
            },
        }
    ],
}


@pytest.fixture(scope="session")
def definitions(ground: Path) -> Path:
    """Larkbridge's place folder, without data."""
    folder = ground / "definitions"
    source = str(files("wholeplace.larkbridge") / "place")
    # Published figures come with the town that is built; here nobody reads any.
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("indicators"))
    # The town's generator writes the areas; here there is one square, with one postcode.
    for areas in (folder / "areas").glob("*.yaml"):
        areas.with_suffix(".geojson").write_text(json.dumps(SQUARE))
        areas.with_suffix(".csv").write_text("postcode,code\nLB1 4QT,A1\n")
    return folder


@pytest.fixture
def signed_town(db: None, definitions: Path) -> Any:
    """The place opened in this process with its personas; nothing of it is about residents."""
    from wholeplace.cli.demo import read_personas
    from wholeplace.web.gateway.demonstration import make_personas
    from wholeplace.web.gateway.wiring import open_place

    place = open_place(definitions)
    make_personas(place, read_personas())
    return place


@pytest.fixture
def administrator(signed_town: Any) -> Any:
    """The first administrator, of the host."""
    from wholeplace.web.accounts.people import accept_invitation, invite_first_administrator

    at = dt.datetime.now(dt.UTC)
    secret = invite_first_administrator("Ada@Example.org", at)
    return accept_invitation(secret, "Ada", PASSWORD, at)
