"""What cannot be recorded is not shown: with the trail unwritable, no page about people opens."""

import re
from typing import Any

import pytest

from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.models import OpenReason

pytestmark = pytest.mark.django_db(transaction=True)

JAYDEN = {
    "name": "Jayden Harlow", "birth_date_day": "9", "birth_date_month": "5", "birth_date_year": "2012",
    "purpose": "whole-family-support",
}  # fmt: skip
WHY = {
    "purpose": "whole-family-support",
    "text": "The school rang about Jayden; a visit is planned today",
}


def values_of(place: Any) -> set[str]:
    """Every word that the Harlows' records hold, and the names of those who work with them."""
    reader = place.snapshot_reader
    people = reader.rows(
        "SELECT DISTINCT person_id FROM person_identity WHERE value ILIKE '%harlow%'"
    )
    ids = [row["person_id"] for row in people]
    assert ids
    found: set[str] = set()
    for person_id in ids:
        for sql in (
            "SELECT value AS v FROM person_identity WHERE person_id = $id",
            "SELECT coalesce(worker, '') || ' ' || coalesce(service, '') AS v FROM involvements WHERE person_id = $id",
        ):
            for row in reader.rows(sql, {"id": person_id}):
                found |= set(re.findall(r"[A-Za-z0-9'@.-]{4,}", row["v"]))
    return found - WORDS_OF_ANY_PAGE


# Keys of the stored values, and words that stand on the plain page itself.
WORDS_OF_ANY_PAGE = {
    "given", "family", "name", "names", "given_name", "family_name", "birth_date", "address", "postcode", "uprn",
    "phone", "email", "nino", "team", "support", "work", "service", "record", "school", "former", "null", "true",
    "false", "council", "again", "children", "people", "person", "their", "plan", "help", "families",
}  # fmt: skip


@pytest.fixture
def opened(sign_in: Any) -> tuple[Any, str]:
    """A worker who has a live reason and has just seen the page."""
    client = sign_in("helen-marsh")
    html = client.post("/people/", JAYDEN).content.decode()
    found = re.search(r'href="(/people/[^"/]+/)\?for', html)
    assert found
    client.post(f"{found[1]}reason/", WHY)
    assert "Harlow" in client.get(found[1]).content.decode()
    return client, found[1]


def check_nothing_is_shown(page: Any, place: Any) -> None:
    assert page.status_code == 503
    text = page.content.decode()
    assert "Nothing can be shown at the moment" in text
    assert "cannot be written" in text
    main = re.sub(r"<[^>]+>", " ", text.split("<main")[1].split("</main>")[0])
    shown = {word for word in values_of(place) if re.search(rf"\b{re.escape(word)}\b", main)}
    assert not shown
    assert "Harlow" not in text and "Jayden" not in text


def test_the_person_page_shows_nothing_and_says_so(
    opened: Any, signed_town: Any, unwritable_trail: Any
) -> None:
    client, address = opened
    before = Entry.objects.count()
    with unwritable_trail():
        for url in (address, f"{address}?for=whole-family-support", f"{address}reason/"):
            check_nothing_is_shown(client.get(url), signed_town)
    assert Entry.objects.count() == before
    # Once it can be written again, the same page opens.
    assert "Harlow" in client.get(address).content.decode()
    assert Entry.objects.count() > before


def test_search_and_the_own_people_show_nothing_either(
    opened: Any, signed_town: Any, unwritable_trail: Any
) -> None:
    client, _ = opened
    with unwritable_trail():
        check_nothing_is_shown(client.post("/people/", JAYDEN), signed_town)
        check_nothing_is_shown(client.get("/people/mine/"), signed_town)


def test_no_reason_opens_unrecorded(opened: Any, signed_town: Any, unwritable_trail: Any) -> None:
    client, address = opened
    before = OpenReason.objects.count()
    with unwritable_trail():
        check_nothing_is_shown(client.post(f"{address}reason/", WHY), signed_town)
    assert OpenReason.objects.count() == before


def test_nobody_signs_in_unrecorded(
    signed_town: Any, client: Any, unwritable_trail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOLEPLACE_PERSONAS", "1")
    with unwritable_trail():
        answer = client.post("/persona/", {"persona": "amira-khan"})
    assert answer.status_code == 503
    assert "_auth_user_id" not in client.session
