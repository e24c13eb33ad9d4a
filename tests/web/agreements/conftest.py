"""Larkbridge's place folder, opened without a town: agreements need no people."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import wholeplace.larkbridge

SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "A1", "name": "Square"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[-1.0, 53.0], [-0.9, 53.0], [-0.9, 53.1], [-1.0, 53.1], [-1.0, 53.0]]
                ],
            },
        }
    ],
}
PLACE = Path(wholeplace.larkbridge.__file__).parent / "place"


@pytest.fixture
def larkbridge(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from wholeplace.web.gateway import wiring

    monkeypatch.setenv("WHOLEPLACE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WHOLEPLACE_PLACE", str(tmp_path / "larkbridge"))
    monkeypatch.setattr(wiring, "_open", {})
    settings.STATIC_ROOT = str(tmp_path)
    # Published figures come with the town that is built; here nobody reads any.
    without = shutil.ignore_patterns("indicators")
    shutil.copytree(PLACE, tmp_path / "larkbridge", ignore=without)
    # The town's generator writes the areas; here there is one square, with one postcode.
    for name in ("wards", "police-beats", "nhs-localities"):
        areas = tmp_path / "larkbridge" / "areas"
        (areas / f"{name}.geojson").write_text(json.dumps(SQUARE))
        (areas / f"{name}.csv").write_text("postcode,code\nLB1 4QT,A1\n")
    return wiring.open_place(tmp_path / "larkbridge")


@pytest.fixture
def signatory(larkbridge: Any) -> Any:
    from wholeplace.web.accounts.models import User

    return User.objects.create_user(
        "sam@example.test",
        name="Sam Signatory",
        organisation="police",
        roles=["practitioner"],
    )


@pytest.fixture
def signed(larkbridge: Any, signatory: Any) -> Any:
    import datetime as dt

    from wholeplace.agreements import agreement_hash
    from wholeplace.web.gateway.models import RecordedSignOff

    # Straight into the table: what signing itself does is tested with the gateway.
    at = dt.datetime(2025, 1, 10, 9, tzinfo=dt.UTC)
    RecordedSignOff.objects.bulk_create(
        RecordedSignOff(
            agreement_id=agreement.id,
            hash=agreement_hash(agreement),
            partner=party.partner,
            signatory=str(signatory.pk),
            signed_at=at,
        )
        for agreement in larkbridge.agreements
        for party in agreement.parties
    )
    return larkbridge


@pytest.fixture
def reader(signed: Any, signatory: Any, client: Any) -> Any:
    client.force_login(signatory, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def cast(larkbridge: Any, signed: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Larkbridge with its personas; `cast("priya-nair")` gives a client signed in as one."""
    from django.test import Client

    from wholeplace.cli.demo import read_personas
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.demonstration import make_personas

    monkeypatch.setenv("WHOLEPLACE_PERSONAS", "1")
    make_personas(larkbridge, read_personas())

    def sign_in(persona: str) -> Any:
        made = Client()
        made.force_login(
            User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
        )
        return made

    return sign_in
