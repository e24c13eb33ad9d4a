"""Whose case is whose follows the published snapshot, the day and the people who work here."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.web.town import Town, copy_town, open_town

from wholeplace.foundation.snapshots import Snapshots
from wholeplace.pipeline.tables import link_file
from wholeplace.web.gateway.models import Caseload, CaseloadSource

pytestmark = pytest.mark.django_db(transaction=True)


def cases_of(name: str) -> set[str]:
    from wholeplace.web.accounts.models import User

    users = [str(pk) for pk in User.objects.filter(name=name).values_list("pk", flat=True)]
    return set(Caseload.objects.filter(user_id__in=users).values_list("person_id", flat=True))


def publish_without(town: Town, worker: str) -> str:
    """Publish the snapshot again, with nobody in one worker's caseload."""
    snapshots = Snapshots(town.data / "snapshots")
    old = snapshots.current()
    assert old is not None
    draft = snapshots.start(dt.datetime.now(dt.UTC))
    for name in old.tables:
        if name != "involvements":
            link_file(old.table(name), draft.table(name))
    rows = pq.read_table(old.table("involvements"))
    kept = [row["worker"] != worker for row in rows.to_pylist()]
    pq.write_table(rows.filter(kept), draft.table("involvements"))
    return snapshots.publish(draft, old.manifest).id


@pytest.fixture
def own_place(db: None, town: Town, tmp_path: Path) -> tuple[Town, Any]:
    copy = copy_town(town, tmp_path / "own")
    return copy, open_town(copy)


def test_a_worker_named_in_an_extract_has_their_people(own_place: Any) -> None:
    assert own_place[1].refresh_caseloads()
    assert len(cases_of("Amira Khan")) == 3
    assert not cases_of("Priya Nair")
    assert not own_place[1].refresh_caseloads()


def test_a_page_about_people_notices_a_new_snapshot(own_place: Any, sign_in_here: Any) -> None:
    own, _ = own_place
    client = sign_in_here("amira-khan")
    assert b"Your people" in client.get("/people/mine/").content
    assert cases_of("Amira Khan")
    published = publish_without(own, "Amira Khan")
    client.get("/people/mine/")
    assert not cases_of("Amira Khan")
    assert cases_of("Marcus Bell")
    assert CaseloadSource.objects.get().snapshot_id == published


def test_somebody_who_joins_has_their_people_on_their_first_page(
    own_place: Any, sign_in_here: Any
) -> None:
    from wholeplace.web.accounts.models import User

    sign_in_here("amira-khan").get("/people/")
    User.objects.create_user(
        "t.price@larkbridge.example", name="Tomasz Price", organisation="council-children",
        roles=["practitioner"],
    )  # fmt: skip
    sign_in_here("amira-khan").get("/people/")
    assert not cases_of("Tomasz Price"), "a name that somebody typed opens nobody's record"
    joined = User.objects.create_user(
        "tomasz@persona.example", name="Tomasz Price", organisation="council-children",
        roles=["practitioner"], persona="tomasz-price",
    )  # fmt: skip
    sign_in_here("amira-khan").get("/people/mine/")
    assert cases_of("Tomasz Price")
    joined.is_active = False
    joined.save()
    sign_in_here("amira-khan").get("/people/")
    assert not cases_of("Tomasz Price")


@pytest.fixture
def sign_in_here(own_place: Any, client: Any) -> Any:
    from wholeplace.web.accounts.models import User

    def sign_in_as(persona: str) -> Any:
        client.force_login(
            User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in_as
