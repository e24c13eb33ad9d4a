"""A purpose belongs to one page: it is carried by no session, and so by no other tab."""

import datetime as dt
from typing import Any

import pytest

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.reasons import open_reason
from wholeplace.web.people.access import purposes_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_tabs_keep_two_purposes(signed_town: Any, sign_in: Any) -> None:
    client = sign_in("amira-khan")
    user = User.objects.get(persona="amira-khan")
    viewer = Viewer(str(user.pk), user.organisation, user.roles[0])
    offered = [each for each, _ in purposes_for(signed_town.rules(signed_town.today), viewer)]
    first, second = offered[:2]
    (row, *_) = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_identity WHERE partner = $partner ORDER BY person_id LIMIT 1",
        {"partner": user.organisation},
    )
    person_id, at = str(row["person_id"]), dt.datetime.now(dt.UTC)
    for purpose in (first, second):
        open_reason(viewer, person_id, purpose, "A duty call that a test makes", at)
    address = f"/people/{person_id}/"
    seen = []
    for purpose in (first, second, first, second):
        answer = client.get(address, {"for": purpose})
        if answer.status_code == 200:
            seen.append((purpose, Entry.objects.order_by("-position")[0].event["purpose"]))
        kept = dict(client.session.items())
        assert not any(each in str(kept) for each in (first, second)), kept
    assert seen and all(asked == recorded for asked, recorded in seen)
    # A third tab that names none takes the reason's or the first offered, never the last tab's.
    client.get(address, {"for": second})
    client.get(address)
    bare = Entry.objects.order_by("-position")[0].event["purpose"]
    client.get(address, {"for": first})
    client.get(address)
    assert Entry.objects.order_by("-position")[0].event["purpose"] == bare
