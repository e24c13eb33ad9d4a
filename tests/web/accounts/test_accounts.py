"""Accounts: signing in, inviting, roles, leavers; and nobody else's business."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.web.accounts.joining import PASSWORD, make_user, sign_in_as

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.changes import leave
from wholeplace.web.accounts.models import Invitation, User
from wholeplace.web.accounts.people import (
    accept_invitation,
    find_invitation,
    invite,
    invite_first_administrator,
)
from wholeplace.web.chain.models import Entry

AT = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def test_there_is_one_first_administrator(administrator: User) -> None:
    assert administrator.roles == ["administrator"]
    assert administrator.email == "ada@example.org"
    with pytest.raises(UnsafeActionError, match="already"):
        invite_first_administrator("eve@example.org", AT)


def test_a_link_works_once_and_for_seven_days(administrator: User) -> None:
    secret = invite(administrator, "dean@police.example", "police", ["practitioner"], AT)
    with pytest.raises(NotFoundError):
        find_invitation(secret, AT + dt.timedelta(days=7))
    with pytest.raises(NotFoundError):
        find_invitation(secret + "x", AT)
    assert secret not in str(list(Invitation.objects.values()))
    accept_invitation(secret, "Dean", PASSWORD, AT + dt.timedelta(days=1))
    with pytest.raises(NotFoundError):
        accept_invitation(secret, "Eve", PASSWORD, AT + dt.timedelta(days=1))


def test_roles_are_limited_to_the_partners(administrator: User) -> None:
    with pytest.raises(UnsafeActionError, match="no role analyst"):
        invite(administrator, "x@police.example", "police", ["analyst"], AT)
    with pytest.raises(UnsafeActionError, match="No role was chosen"):
        invite(administrator, "x@police.example", "police", [], AT)


def test_a_partners_administrator_looks_after_their_own_alone(administrator: User) -> None:
    theirs = make_user(administrator, "police", "administrator")
    with pytest.raises(UnsafeActionError, match="do not look after"):
        invite(theirs, "x@jobcentre.example", "jobcentre", ["practitioner"], AT)
    client = sign_in_as(theirs)
    assert client.get(f"/accounts/people/{administrator.pk}/").status_code == 404
    assert client.post(f"/accounts/people/{administrator.pk}/leave/").status_code == 404
    assert client.get("/accounts/people/999999/").status_code == 404
    assert client.get("/accounts/people/invite/jobcentre/").status_code == 404


def test_a_leavers_sessions_end_at_once(administrator: User) -> None:
    officer = make_user(administrator, "police", "practitioner")
    theirs, hers = sign_in_as(officer), sign_in_as(administrator)
    assert theirs.get("/account/").status_code == 200
    assert hers.post(f"/accounts/people/{officer.pk}/leave/").status_code == 302
    assert theirs.get("/account/")["Location"].startswith("/sign-in/")
    again = Client().post("/sign-in/", {"email": officer.email, "password": PASSWORD})
    assert "do not belong together" in again.content.decode()


def test_a_role_taken_away_is_gone_on_the_next_page(administrator: User) -> None:
    second = make_user(administrator, "council-children", "administrator", "analyst")
    theirs, hers = sign_in_as(second), sign_in_as(administrator)
    assert theirs.get("/accounts/people/").status_code == 200
    hers.post(f"/accounts/people/{second.pk}/", {"roles": ["analyst"]})
    assert theirs.get("/accounts/people/").status_code == 403


def test_the_last_administrator_of_the_host_stays(administrator: User) -> None:
    client = sign_in_as(administrator)
    client.post(f"/accounts/people/{administrator.pk}/leave/")
    administrator.refresh_from_db()
    assert administrator.is_active


def test_switching_changes_the_session_and_only_to_ones_own_role(administrator: User) -> None:
    both = make_user(administrator, "council-children", "practitioner", "analyst")
    client = sign_in_as(both)
    before = client.session.session_key
    client.post("/account/role/", {"role": "analyst"})
    assert client.session.session_key != before
    assert client.get("/account/").wsgi_request.viewer.role == "analyst"
    client.post("/account/role/", {"role": "administrator"})
    assert client.get("/account/").wsgi_request.viewer.role == "analyst"


def test_signing_in_gives_another_session_id(administrator: User) -> None:
    client = Client()
    client.get("/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = "planted0planted0planted0planted0"
    sign_in_as(administrator, client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted


@pytest.mark.parametrize("limit", ["seen_at", "begun_at"])
def test_sessions_end_after_idling_and_after_a_day(administrator: User, limit: str) -> None:
    client = sign_in_as(administrator)
    client.get("/account/")
    session = client.session
    session[limit] -= 12 * 60 * 60 + 5
    session.save()
    assert client.get("/account/").status_code == 302


def test_failures_lock_and_tell_nothing_about_who_exists(administrator: User) -> None:
    def fail(email: str) -> list[tuple[int, str]]:
        client = Client()
        answers = [client.post("/sign-in/", {"email": email, "password": "x"}) for _ in range(7)]
        return [(a.status_code, _plain(a.content.decode(), email)) for a in answers]

    known, unknown = fail(administrator.email), fail("nobody@example.org")
    assert known == unknown
    assert known[0][0] == 200
    assert known[-1][0] == 429
    # The right password does not open a locked name either.
    right = Client().post("/sign-in/", {"email": administrator.email, "password": PASSWORD})
    assert right.status_code == 429


def _plain(html: str, email: str) -> str:
    return re.sub(r'value="[^"]*"', "", html).replace(email, "")


def test_personas_need_a_demonstration(signed_town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    persona = User.objects.exclude(persona="").first()
    assert persona is not None
    client = Client()
    monkeypatch.delenv("WHOLEPLACE_PERSONAS", raising=False)
    assert client.post("/persona/", {"persona": persona.persona}).status_code == 404
    assert persona.name not in client.get("/sign-in/").content.decode()
    monkeypatch.setenv("WHOLEPLACE_PERSONAS", "1")
    assert client.get("/persona/").status_code == 405
    assert f"Be {persona.name}" in client.get("/sign-in/").content.decode()
    assert client.post("/persona/", {"persona": persona.persona}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_forms_need_our_token(administrator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"email": administrator.email, "password": PASSWORD})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_away_after_signing_in(administrator: User, target: str) -> None:
    given = {"email": administrator.email, "password": PASSWORD, "next": target}
    assert Client().post("/sign-in/", given)["Location"] == "/"


def test_inviting_shows_the_link_once_and_writes_no_address_to_the_trail(
    administrator: User, mailoutbox: list[Any]
) -> None:
    client = sign_in_as(administrator)
    given = {"email": "new@police.example", "roles": ["practitioner"]}
    html = client.post("/accounts/people/invite/police/", given).content.decode()
    found = re.search(r"/invitation/([\w-]+)/", html)
    assert found
    assert found[1] in mailoutbox[0].body
    told = str([each.event for each in Entry.objects.all()])
    assert "new@police.example" not in told
    assert found[1] not in told
    page = Client().get(f"/invitation/{found[1]}/")
    assert page["Referrer-Policy"] == "same-origin"
    weak = Client().post(f"/invitation/{found[1]}/", {"name": "New", "password": "password1234"})
    assert "too common" in weak.content.decode()


def test_an_older_invitation_does_not_take_over_an_account(administrator: User) -> None:
    at = dt.datetime.now(dt.UTC)
    to = "x@example.org"
    first = invite(administrator, to, "council-children", ["practitioner"], at)
    second = invite(administrator, to, "police", ["practitioner"], at)
    kept = accept_invitation(first, "Xena Real", PASSWORD, at)
    with pytest.raises(NotFoundError):
        accept_invitation(second, "Somebody Else", "another set of odd words", at)
    kept.refresh_from_db()
    assert (kept.name, kept.organisation) == ("Xena Real", "council-children")
    assert kept.check_password(PASSWORD)


def test_whoever_comes_back_is_a_new_user(administrator: User) -> None:
    at = dt.datetime.now(dt.UTC)
    to = "back@example.org"
    before = accept_invitation(
        invite(administrator, to, "police", ["practitioner"], at), "Bea Back", PASSWORD, at
    )
    leave(administrator, before, at)
    after = accept_invitation(
        invite(administrator, to, "police", ["practitioner"], at), "Bea Back", PASSWORD, at
    )
    assert after.pk != before.pk
    before.refresh_from_db()
    assert not before.is_active and before.email != to
