"""Forged forms, columns that nobody was asked for, and administrators who look: each is refused."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.accounts.joining import PASSWORD, code_now, make_user, sign_in_as

from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.people import invite
from wholeplace.web.accounts.resetting import make_reset_link
from wholeplace.web.accounts.routes import Route, route_of

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
UNSAFE = ("post", "put", "patch", "delete")
# Posted by servers, which prove themselves by a signature.
BY_SERVERS = {"accounts:provider-signs-out"}
# Public pages and the open feed set no cookie and keep nothing, so there is nothing to forge; the
# words that somebody looks for help with are posted so that they stand in no address.
KEEP_NOTHING = {
    "directory:find", "directory:o-about", "directory:o-openapi", "directory:o-services",
    "directory:o-service", "directory:o-taxonomies", "directory:o-taxonomy", "directory:o-terms",
    "directory:o-term", "directory:o-places", "directory:o-place", "directory:o-nothing",
}  # fmt: skip
_KINDS = {"int": "1", "slug": "police", "str": "something", "path": "some/thing"}


def addresses(patterns: Any = None, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str, Any]]:  # fmt: skip
    """Return name, an address and the view of every route of the site."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, path, inside)
        elif isinstance(each, URLPattern):
            filled = re.sub(r"<(\w+):\w+>", lambda found: _KINDS[found[1]], path)
            yield f"{space}{each.name}", filled, each.callback


def mark_of(view: Any) -> Route:
    mark = route_of(view)
    assert mark is not None
    return mark


@pytest.fixture
def signed_in(signed_town: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(persona="alex-stone"))
    client.get("/account/")
    return client


def test_every_unsafe_method_of_every_route_needs_our_token(signed_in: Client) -> None:
    tried = 0
    for name, address, _ in addresses():
        for method in UNSAFE:
            if name in BY_SERVERS | KEEP_NOTHING:
                continue
            answer = getattr(signed_in, method)(address)
            assert answer.status_code == 403, f"{method} {address}"
            tried += 1
    assert tried > 100
    assert signed_in.get("/account/").status_code == 200


def test_only_servers_are_let_through_without_it() -> None:
    exempt = {name for name, _, view in addresses() if getattr(view, "csrf_exempt", False)}
    assert exempt == BY_SERVERS | KEEP_NOTHING


def test_what_keeps_nothing_sets_no_cookie_and_changes_nothing(signed_town: Any) -> None:
    from wholeplace.web.chain.models import Entry

    before, stranger = Entry.objects.count(), Client(enforce_csrf_checks=True)
    for name, address, _ in addresses():
        if name in KEEP_NOTHING:
            for method in ("get", *UNSAFE):
                answer = getattr(stranger, method)(address)
                assert not answer.cookies, f"{method} {address}"
                assert answer.status_code < 500, f"{method} {address}"
    assert Entry.objects.count() == before


def test_without_the_check_a_forged_form_would_work(signed_in: Client, settings: Any) -> None:
    """The negative control: it is the middleware that refuses."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != CSRF]
    unguarded = Client(enforce_csrf_checks=True)
    unguarded.cookies = signed_in.cookies
    assert unguarded.post("/sign-out/").status_code == 302
    assert unguarded.get("/account/").status_code == 302


def token_in(client: Client, address: str) -> str:
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def test_foreign_and_older_tokens_are_refused(signed_in: Client, administrator: User) -> None:
    mine = token_in(signed_in, "/account/")
    foreign = token_in(Client(), "/sign-in/")
    for wrong in (foreign, "x" * 64, "", mine[:-1] + ("a" if mine[-1] != "a" else "b")):
        answer = signed_in.post("/account/places/end/", {"csrfmiddlewaretoken": wrong})
        assert answer.status_code == 403
    given = {"csrfmiddlewaretoken": mine}
    evil = {"HTTP_ORIGIN": "https://evil.example"}
    assert signed_in.post("/account/places/end/", given, **evil).status_code == 403
    assert signed_in.post("/account/places/end/", given).status_code == 302
    # A token from before signing in is worth nothing afterwards.
    client = Client(enforce_csrf_checks=True)
    before = token_in(client, "/sign-in/")
    user = make_user(administrator, "police", "practitioner")
    sent = {"email": user.email, "password": PASSWORD, "csrfmiddlewaretoken": before}
    assert client.post("/sign-in/", sent).status_code == 302
    assert client.post("/sign-out/", {"csrfmiddlewaretoken": before}).status_code == 403
    assert client.get("/account/").status_code == 200


def test_nobody_is_signed_in_as_somebody_else_by_a_forged_form(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOLEPLACE_PERSONAS", "1")
    user = make_user(administrator, "police", "practitioner")
    victim = Client(enforce_csrf_checks=True)
    assert get_token(victim.get("/sign-in/").wsgi_request)
    sent = {"email": user.email, "password": PASSWORD}
    assert victim.post("/sign-in/", sent).status_code == 403
    assert victim.post("/persona/", {"persona": "alex-stone"}).status_code == 403
    assert victim.get("/account/").status_code == 302


EVIL: dict[str, Any] = {
    "id": "1", "pk": "1", "organisation": "jobcentre", "is_active": "", "persona": "alex-stone",
    "invited_by": "1", "joined_at": "2000-01-01", "left_at": "2000-01-01", "job": "Chief",
    "suspended_at": "2000-01-01", "last_login": "2000-01-01", "is_superuser": "1", "is_staff": "1",
    "user": "1", "user_id": "1", "used_at": "2000-01-01", "expires_at": "2100-01-01",
    "confirmed_at": "2000-01-01", "secret": "x", "last_step": "0", "token_hash": "x",
    "made_by": "1", "action": "x", "next_url": "https://evil.example", "made_at": "2000-01-01",
}  # fmt: skip
GUARDED = ("id", "organisation", "is_active", "persona", "invited_by", "joined_at", "left_at", "job", "suspended_at", "email", "roles")  # fmt: skip


def columns(user: User) -> dict[str, Any]:
    return User.objects.filter(pk=user.pk).values(*GUARDED).get()


def test_every_column_is_among_those_posted() -> None:
    """The list above follows the model: a column added later is tried too."""
    fields = {each.name for each in User._meta.get_fields() if not each.is_relation}
    assert fields - EVIL.keys() <= {"email", "name", "roles", "password"}


def test_ones_own_pages_change_no_column_that_they_do_not_ask_for(administrator: User) -> None:
    user = make_user(administrator, "police", "practitioner")
    client, before = sign_in_as(user), columns(user)
    evil = EVIL | {"roles": ["administrator"], "role": "administrator", "email": "e@evil.example"}
    client.post("/account/password/", evil | {"current": PASSWORD, "password": "another set of odd words"})  # fmt: skip
    client.post("/account/role/", evil)
    client.post("/account/second-step/", evil | {"password": PASSWORD, "code": "1"})
    client.post("/account/places/end/", evil)
    assert client.post("/accounts/people/", evil).status_code in (403, 405)
    assert client.post(f"/accounts/people/{user.pk}/", evil).status_code == 403
    client.post("/sign-out/", evil)
    client.post("/sign-in/", evil | {"email": user.email, "password": "another set of odd words"})
    assert client.get("/account/").status_code == 200
    assert columns(user) == before
    # The negative control: what compares the columns sees a single one that moved.
    User.objects.filter(pk=user.pk).update(organisation="jobcentre")
    assert columns(user) != before


def test_invitations_and_links_give_what_they_were_made_for_and_no_more(
    administrator: User,
) -> None:
    at = dt.datetime.now(dt.UTC)
    evil = EVIL | {"roles": ["administrator"], "email": "e@evil.example"}
    secret = invite(administrator, "new@police.example", "police", ["practitioner"], at)
    Client().post(f"/invitation/{secret}/", evil | {"name": "New", "password": PASSWORD})
    made = User.objects.get(email="new@police.example")
    assert (made.organisation, made.roles) == ("police", ["practitioner"])
    assert (made.is_active, made.persona, made.job) == (True, "", "")
    assert made.invited_by == str(administrator.pk) and made.left_at is None
    before, link = columns(made), make_reset_link(administrator, made, at)
    Client().post(f"/new-password/{link}/", evil | {"password": "another set of odd words"})
    made.refresh_from_db()
    assert columns(made) == before and made.check_password("another set of odd words")


def test_administrators_change_roles_alone_and_only_the_partners(administrator: User) -> None:
    user = make_user(administrator, "police", "practitioner")
    client, before = sign_in_as(administrator), columns(user)
    address = f"/accounts/people/{user.pk}/"
    evil = EVIL | {"email": "e@evil.example"}
    client.post(address, evil | {"roles": ["signatory"]})
    assert columns(user) == before | {"roles": ["signatory"]}
    for roles in (["analyst"], ["root"], [""], []):
        client.post(address, evil | {"roles": roles})
        assert columns(user) == before | {"roles": ["signatory"]}, roles
    client.post("/accounts/people/invite/police/", evil | {"email": "x@police.example", "roles": ["practitioner"]})  # fmt: skip
    from wholeplace.web.accounts.models import Invitation

    made = Invitation.objects.get(email="x@police.example")
    assert (made.organisation, made.roles, made.used_at) == ("police", ["practitioner"], None)
    assert made.expires_at.year < 2100


def test_administrators_read_no_case(administrator: User) -> None:
    client, tried = sign_in_as(administrator), 0
    for name, address, view in addresses():
        if mark_of(view).shows == "personal":
            assert not mark_of(view).admits("administrator"), name
            assert client.get(address).status_code == 403, name
            tried += 1
    assert tried >= 3
    # The negative control: somebody who works with people gets past the same door.
    practitioner = Client()
    practitioner.force_login(User.objects.get(persona="amira-khan"))
    assert practitioner.get("/people/").status_code == 200


def test_a_confirmation_cannot_be_made_by_posting_its_columns(administrator: User) -> None:
    from wholeplace.web.accounts.fresh import ask_to_confirm, is_confirmed

    client = sign_in_as(administrator)
    request = client.get("/account/").wsgi_request
    address = str(ask_to_confirm(request, "one act", "act", "/account/")["Location"])
    client.post(address, EVIL | {"code": "1", "password": PASSWORD, "action": "other act"})
    assert not is_confirmed(client.get("/account/").wsgi_request, "one act")
    given = {"password": PASSWORD, "code": code_now(administrator)}
    answer = client.post(address, EVIL | given | {"action": "other act"})
    assert answer["Location"] == "/account/"
    request = client.get("/account/").wsgi_request
    assert is_confirmed(request, "one act") and not is_confirmed(request, "other act")
