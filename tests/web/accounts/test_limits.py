"""Guessing is hopeless, nobody is shut out by a stranger, and nothing tells who exists."""

import datetime as dt
import statistics
import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from tests.web.accounts.joining import PASSWORD, make_user, sign_in_as

from wholeplace.web.accounts import limits
from wholeplace.web.accounts.limits import address_of
from wholeplace.web.accounts.models import Failure, User
from wholeplace.web.accounts.passwords import StrengthValidator
from wholeplace.web.chain.models import Entry


@pytest.fixture
def officer(administrator: User) -> User:
    return make_user(administrator, "police", "practitioner")


def guess(email: str, address: str, password: str = "x", client: Client | None = None) -> int:
    given = {"email": email, "password": password}
    return (client or Client()).post("/sign-in/", given, REMOTE_ADDR=address).status_code


def test_one_machine_on_one_name_is_stopped_and_a_colleague_elsewhere_is_not(officer: User) -> None:
    answers = [guess(officer.email, "192.0.2.1") for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert guess(officer.email, "192.0.2.1", PASSWORD) == 429
    assert guess(officer.email, "192.0.2.2", PASSWORD) == 302


def test_many_machines_on_one_name_are_stopped_and_its_owner_is_not(officer: User) -> None:
    at_home = sign_in_as(officer)
    at_home.post("/sign-out/")
    answers = [guess(officer.email, f"192.0.2.{number}") for number in range(40)]
    assert answers == [200] * 30 + [429] * 10
    assert guess(officer.email, "198.51.100.9", PASSWORD) == 429, "a stranger, though right"
    # The browser in which they signed in before has an allowance that no stranger can use up.
    assert guess(officer.email, "198.51.100.9", PASSWORD, at_home) == 302


def test_a_known_browser_is_one_persons_and_limited_too(officer: User, administrator: User) -> None:
    other = make_user(administrator, "police", "practitioner")
    known = sign_in_as(officer)
    known.post("/sign-out/")
    assert [guess(officer.email, "192.0.2.1", "x", known) for _ in range(12)].count(200) == 10
    # It is no pass for guessing at somebody else's name.
    assert [guess(other.email, "192.0.2.1", "x", known) for _ in range(7)].count(200) == 5
    known.cookies["wholeplace_browser"] = "forged:value:here"
    assert guess(officer.email, "192.0.2.1", "x", known) == 200


def test_one_machine_on_many_names_is_stopped(officer: User) -> None:
    answers = [guess(f"name{number}@police.example", "192.0.2.1") for number in range(65)]
    assert answers == [200] * 60 + [429] * 5
    assert guess(officer.email, "192.0.2.1", PASSWORD) == 429
    assert guess(officer.email, "192.0.2.2", PASSWORD) == 302


def test_going_on_prolongs_nothing(officer: User) -> None:
    for _ in range(9):
        guess(officer.email, "192.0.2.1")
    assert Failure.objects.count() == 5
    Failure.objects.update(at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=15, seconds=1))
    assert guess(officer.email, "192.0.2.1", PASSWORD) == 302


def test_without_the_limits_guessing_goes_on(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is these limits that stop it."""
    monkeypatch.setattr(limits, "figure", lambda name: 10_000)
    assert [guess(officer.email, "192.0.2.1") for _ in range(12)] == [200] * 12
    assert guess(officer.email, "192.0.2.1", PASSWORD) == 302


def test_being_right_forgets_ones_own_mistypings_alone(officer: User) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        for _ in range(4):
            guess(officer.email, address)
    assert guess(officer.email, "192.0.2.1", PASSWORD) == 302
    assert Failure.objects.count() == 4


def test_the_table_holds_neither_names_nor_addresses(officer: User) -> None:
    guess(officer.email, "192.0.2.1")
    kept = str(list(Failure.objects.values()))
    assert officer.email not in kept and "192.0.2.1" not in kept
    assert officer.email not in str([each.event for each in Entry.objects.all()])


def test_changing_a_password_is_no_way_around(officer: User) -> None:
    client = sign_in_as(officer)
    given = {"current": "x", "password": "some other odd words"}
    answers = [client.post("/account/password/", given).status_code for _ in range(12)]
    assert answers.count(200) == 10 and answers[-1] == 429


def test_addresses_are_read_as_the_own_proxies_saw_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(forwarded: str, proxies: str, peer: str = "10.0.0.1") -> str:
        monkeypatch.setenv("WHOLEPLACE_PROXIES", proxies)
        request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
        return address_of(request)

    assert seen("203.0.113.5", "0") == "10.0.0.1", "nobody's header counts without a proxy"
    assert seen("203.0.113.5", "1") == "203.0.113.5"
    assert seen("9.9.9.9, 203.0.113.5", "1") == "203.0.113.5", "what a stranger adds stands left"
    assert seen("203.0.113.5, 10.0.0.2", "2") == "203.0.113.5"
    assert seen("", "0", "2001:db8:1:2:3:4:5:6") == seen("", "0", "2001:db8:1:2:ffff::1")


@pytest.mark.parametrize("who", ["left", "suspended", "persona", "nobody"])
def test_nothing_tells_who_exists(officer: User, administrator: User, who: str) -> None:
    from wholeplace.web.accounts.changes import leave, suspend

    gone = make_user(administrator, "police", "practitioner")
    email = gone.email
    if who == "left":
        leave(administrator, gone, dt.datetime.now(dt.UTC))
    elif who == "suspended":
        suspend(administrator, gone, dt.datetime.now(dt.UTC))
    elif who == "persona":
        email = User.objects.get(persona="alex-stone").email
    else:
        email = "nobody@police.example"
    known = Client().post("/sign-in/", {"email": officer.email, "password": "x"})
    other = Client().post("/sign-in/", {"email": email, "password": PASSWORD})
    assert (known.status_code, other.status_code) == (200, 200)
    for each in (known, other):
        assert "do not belong together" in each.content.decode()
    assert len(known.content) - len(officer.email) == len(other.content) - len(email)
    assert dict(known.headers).keys() == dict(other.headers).keys()


def test_timing_tells_nothing_about_who_exists(officer: User) -> None:
    """A password is hashed for nobody too; without that the difference is an order of magnitude."""

    def seconds(email: str) -> float:
        began = time.perf_counter()
        guess(email, f"192.0.2.{next(numbers)}")
        return time.perf_counter() - began

    numbers = iter(range(1, 200))
    known, unknown = [], []
    for number in range(12):
        known.append(seconds(officer.email))
        unknown.append(seconds(f"nobody{number}@police.example"))
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.5 < ratio < 2, ratio


@pytest.mark.parametrize(
    "password",
    ["password1234", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "larkbridge2026", "November2026!"],
)  # fmt: skip
def test_what_is_soon_guessed_is_refused(signed_town: Any, password: str) -> None:
    user = User(email="some.one@police.example", name="Some One")
    with pytest.raises(ValidationError, match="soon be guessed"):
        StrengthValidator().validate(password, user)


@pytest.mark.parametrize("password", [PASSWORD, "lantern gravel sixpence", "x" * 3 + "9Kq!v2Lm#t" * 12])  # fmt: skip
def test_what_is_not_is_taken(signed_town: Any, password: str) -> None:
    StrengthValidator().validate(password, User(email="a@b.example", name="Ada"))
