"""A person sealed a second ago is nobody at all: on every route, in every count, with equal work."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from wholeplace.agreements import Viewer
from wholeplace.foundation.store import Store
from wholeplace.people import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.models import Caseload
from wholeplace.web.gateway.reasons import open_reason
from wholeplace.web.gateway.statements import Saying, state_flag
from wholeplace.web.people.models import Search

pytestmark = pytest.mark.django_db(transaction=True)

SUPPORT = "whole-family-support"
WHY = "A duty call that a test makes about them"
NOBODY = "p000000000000000"
LEANNE = {
    "name": "Leanne Harlow", "birth_date_day": "14", "birth_date_month": "3",
    "birth_date_year": "1992", "purpose": SUPPORT,
}  # fmt: skip
UNKNOWN = {**LEANNE, "name": "Nobody Known", "birth_date_year": "1901"}


@pytest.fixture
def leanne(signed_town: Any) -> str:
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_identity WHERE field = 'identity.name' "
        "AND value LIKE '%Leanne%Harlow%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    return str(rows[0]["person_id"])


def viewer_for(persona: str) -> Viewer:
    user = User.objects.get(persona=persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


def become(client: Any, persona: str) -> Any:
    client.force_login(
        User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def seal(person_id: str, *guardians: str) -> None:
    """Seal somebody on screen, for the police."""
    users = tuple(viewer_for(each).user_id for each in guardians)
    officer = Viewer("99", "police", "data-protection-officer")
    saying = Saying("sealed", "yes", "set", why="They fled", guardians=users)
    state_flag(officer, person_id, saying, dt.datetime.now(dt.UTC))


def search(client: Any, facts: dict[str, str]) -> Any:
    Search.objects.all().delete()
    return client.post("/people/", facts)


def results_of(page: Any) -> str:
    return str(page.content.decode().split('id="results"')[1].split("</section>")[0])


def routes_of_people() -> Iterator[str]:
    """Return every address that names a person, each with what else it takes filled in."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each, path)
            elif isinstance(each, URLPattern) and "person_id>" in path:
                yield "/" + path

    for path in walk(get_resolver(), ""):
        yield re.sub(r"<(?!str:person_id)[^>]+>", "none-such", path)


def plain(response: Any, person_id: str) -> tuple[int, str, dict[str, str]]:
    """Return status, body and headers without what differs at every request."""
    body = response.content.decode().replace(person_id, "X")
    body = re.sub(r'value="\w{64}"', "", body)
    body = re.sub(r'nonce="[^"]+"', "", body)
    headers = {
        name: re.sub(r"nonce-[^']+", "", value).replace(person_id, "X")
        for name, value in response.items()
        if name != "Expires"  # the second at which it was asked
    }
    return response.status_code, body, headers


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], tuple[Any, tuple[int, ...]]]:  # fmt: skip
    """Return a function that does something and counts queries, trail statements and reads."""
    counted = {"reads": 0, "trail": 0}
    read, execute = Store.rows, psycopg.Connection.execute

    def counting_read(self: Any, *args: Any, **more: Any) -> Any:
        counted["reads"] += 1
        return read(self, *args, **more)

    def counting_execute(self: Any, *args: Any, **more: Any) -> Any:
        counted["trail"] += 1
        return execute(self, *args, **more)

    monkeypatch.setattr(Store, "rows", counting_read)
    monkeypatch.setattr(psycopg.Connection, "execute", counting_execute)

    def measure(act: Callable[[], Any]) -> tuple[Any, tuple[int, ...]]:
        counted.update(reads=0, trail=0)
        with CaptureQueriesContext(connection) as queries:
            answer = act()
        return answer, (len(queries), counted["trail"], counted["reads"])

    return measure


@pytest.mark.parametrize("persona", ["amira-khan", "helen-marsh", "dean-walsh", "priya-nair"])
@pytest.mark.parametrize("has_reason", [False, True])
def test_no_route_tells_a_sealed_person_from_nobody(
    signed_town: Any, client: Any, leanne: str, work: Any, persona: str, has_reason: bool
) -> None:
    become(client, persona)
    viewer, at = viewer_for(persona), dt.datetime.now(dt.UTC)
    signed_town.refresh_caseloads()
    Caseload.objects.all().delete()
    if has_reason and viewer.role != "data-protection-officer":
        for person_id in (leanne, NOBODY):
            open_reason(viewer, person_id, SUPPORT, WHY, at)
    seal(leanne)
    signed_town.snapshot_reader.stated()
    tried = 0
    for path in routes_of_people():
        answers, efforts = [], []
        for person_id in (leanne, NOBODY):
            address = path.replace("<str:person_id>", person_id)
            client.get(address)
            answer, effort = work(lambda address=address: client.get(address))
            answers.append(plain(answer, person_id))
            efforts.append(effort)
            tried += 1
        assert answers[0] == answers[1], path
        assert efforts[0] == efforts[1], f"{path}: {efforts}"
    assert tried > 12


def test_the_same_comparison_tells_an_open_person_from_nobody(
    client: Any, leanne: str, signed_town: Any
) -> None:
    """The negative control: without the seal the same addresses answer otherwise."""
    become(client, "amira-khan")
    pages = [
        plain(client.get(f"/people/{person_id}/reason/"), person_id)
        for person_id in (leanne, NOBODY)
    ]
    assert pages[0] != pages[1]


def test_a_search_finds_nobody_with_as_much_work(
    client: Any, leanne: str, work: Any, signed_town: Any
) -> None:
    become(client, "amira-khan")
    assert "1 person found" in search(client, LEANNE).content.decode()
    seal(leanne)
    answers, efforts = [], []
    for facts in (LEANNE, UNKNOWN):
        search(client, facts)
        page, effort = work(lambda facts=facts: search(client, facts))
        answers.append((page.status_code, results_of(page)))
        efforts.append(effort)
    assert answers[0] == answers[1]
    assert "Nobody found" in answers[0][1]
    assert efforts[0] == efforts[1]


def test_a_sealed_person_leaves_households_and_caseloads_at_the_next_page(
    client: Any, leanne: str, signed_town: Any
) -> None:
    become(client, "amira-khan")
    viewer, at = viewer_for("amira-khan"), dt.datetime.now(dt.UTC)
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_identity WHERE field = 'identity.name' "
        "AND value LIKE '%Jayden%Harlow%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    jayden = rows[0]["person_id"]
    for person_id in (leanne, jayden):
        open_reason(viewer, person_id, SUPPORT, WHY, at)

    def household() -> str:
        page = client.get(f"/people/{jayden}/?for={SUPPORT}").content.decode()
        return page.split('id="household"')[1].split("</section>")[0]

    assert leanne in household()
    assert leanne in client.get(f"/people/mine/?for={SUPPORT}").content.decode()
    seal(leanne)
    assert leanne not in household() and "Leanne" not in household()
    mine = client.get(f"/people/mine/?for={SUPPORT}").content.decode()
    assert leanne not in mine and "Leanne" not in mine and jayden in mine


def test_a_guardian_still_finds_and_opens_them(client: Any, leanne: str, signed_town: Any) -> None:
    seal(leanne, "amira-khan")
    become(client, "amira-khan")
    assert "1 person found" in search(client, LEANNE).content.decode()
    open_reason(viewer_for("amira-khan"), leanne, SUPPORT, WHY, dt.datetime.now(dt.UTC))
    assert "Leanne" in client.get(f"/people/{leanne}/?for={SUPPORT}").content.decode()
    page = client.get(f"/flags/person/{leanne}/?for={SUPPORT}").content.decode()
    assert "Nobody but the guardians named may learn" in page
    become(client, "helen-marsh")
    assert "Nobody found" in search(client, LEANNE).content.decode()


def test_each_attempt_is_told_to_guardians_and_the_sealing_partner_and_to_nobody_else(
    client: Any, leanne: str, signed_town: Any
) -> None:
    become(client, "tom-ellis")
    assert "1 person found" in search(client, LEANNE).content.decode()
    seal(leanne, "amira-khan")
    for asked in (
        search(client, LEANNE),
        client.get(f"/people/{leanne}/reason/"),
    ):
        assert "guardian" not in asked.content.decode()
    own = client.get("/flags/asked-for/").content.decode()
    assert "Nobody asked." in own
    # Priya's organisation holds a record of her, but did not seal her.
    assert "Nobody asked." in become(client, "priya-nair").get("/flags/asked-for/").content.decode()
    become(client, "amira-khan")
    assert "2 attempts" in client.get("/flags/").content.decode()
    told = client.get("/flags/asked-for/").content.decode()
    assert "Larkbridge Council children" in told and "Searched, with facts that fit" in told
    assert "Tom Ellis" not in told
    assert "nothing new" in client.get("/flags/").content.decode()
    alerts = [each.event["alerts"] for each in Entry.objects.all() if each.event.get("alerts")]
    assert [each[0]["partners"] for each in alerts] == [["police"], ["police"]]


def test_a_search_that_would_not_have_found_them_tells_nobody(
    client: Any, leanne: str, signed_town: Any
) -> None:
    seal(leanne, "amira-khan")
    become(client, "tom-ellis")
    search(client, {**LEANNE, "birth_date_year": "1993"})
    assert not any(each.event.get("alerts") for each in Entry.objects.all())


def test_a_guardians_own_look_alerts_nobody(client: Any, leanne: str, signed_town: Any) -> None:
    seal(leanne, "amira-khan")
    search(become(client, "amira-khan"), LEANNE)
    assert not any(each.event.get("alerts") for each in Entry.objects.all())


def test_the_record_of_who_looked_hides_them_from_other_officers_at_once(
    client: Any, leanne: str, signed_town: Any
) -> None:
    become(client, "amira-khan")
    search(client, LEANNE)
    become(client, "priya-nair")
    assert "There is no entry" not in client.get(f"/audit/person/{leanne}/").content.decode()
    seal(leanne)
    assert "There is no entry" in client.get(f"/audit/person/{leanne}/").content.decode()


def test_a_seal_that_an_extract_brings_still_holds_for_a_guardian_named_elsewhere(
    client: Any, signed_town: Any
) -> None:
    """Tara is sealed by children's services; a guardian named by the police alone sees nothing."""
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_identity WHERE field = 'identity.name' "
        "AND value LIKE '%Tara%Moss%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    tara = rows[0]["person_id"]
    seal(tara, "amira-khan")
    subject = read_subjects(signed_town.snapshot_reader, [tara])[tara]
    assert subject.guardians == frozenset()
    priya = viewer_for("priya-nair")
    guardian = viewer_for("amira-khan").user_id
    saying = Saying("sealed", "yes", "set", why="They fled", guardians=(guardian,))
    state_flag(priya, tara, saying, dt.datetime.now(dt.UTC))
    subject = read_subjects(signed_town.snapshot_reader, [tara])[tara]
    assert subject.guardians == {guardian}
