"""People who join and sign in, for tests: through the real functions and the real pages."""

import datetime as dt
from itertools import count

from django.test import Client

from wholeplace.web.accounts.models import SecondStep, User
from wholeplace.web.accounts.people import accept_invitation, invite
from wholeplace.web.accounts.second_step import (
    begin_second_step,
    code_of,
    confirm_second_step,
    has_second_step,
    must_have_second_step,
    read_secret,
    step_at,
)

PASSWORD = "three unlikely words"
_numbers = count(1)


def make_user(administrator: User, organisation: str, *roles: str) -> User:
    """Invite somebody, and have them join."""
    at = dt.datetime.now(dt.UTC)
    email = f"someone{next(_numbers)}@{organisation}.example"
    secret = invite(administrator, email, organisation, roles, at)
    return accept_invitation(secret, "Some One", PASSWORD, at)


def set_up_second_step(user: User) -> list[str]:
    """Set up somebody's second step; return their recovery codes."""
    at = dt.datetime.now(dt.UTC)
    codes = confirm_second_step(user, code_of(begin_second_step(user), step_at(at)), at)
    assert codes
    return codes


def code_now(user: User) -> str:
    """Return a code that works: tests sign in more often than a telephone has codes."""
    SecondStep.objects.filter(user=user).update(last_step=0)
    secret = read_secret(SecondStep.objects.get(user=user))
    return code_of(secret, step_at(dt.datetime.now(dt.UTC)))


def sign_in_as(user: User, client: Client | None = None) -> Client:
    """Sign somebody in by their password, and the second step where they need one."""
    client = client or Client()
    if must_have_second_step(user) and not has_second_step(user):
        set_up_second_step(user)
    answer = client.post("/sign-in/", {"email": user.email.upper(), "password": PASSWORD})
    assert answer.status_code == 302
    if has_second_step(user):
        assert answer["Location"] == "/sign-in/code/"
        answer = client.post("/sign-in/code/", {"code": code_now(user)})
        assert answer.status_code == 302
    return client


def confirm_as(client: Client, user: User, response: object) -> str:
    """Prove again who one is, with password and code; return where one goes on."""
    address = str(response["Location"])  # type: ignore[index]
    assert "/account/confirm/" in address, address
    answer = client.post(address, {"password": PASSWORD, "code": code_now(user)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])
