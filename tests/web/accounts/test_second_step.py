"""The second step: RFC 6238's own vectors, codes that work once, few tries, secrets at rest."""

import base64
import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from tests.web.accounts.joining import (
    PASSWORD,
    code_now,
    confirm_as,
    make_user,
    set_up_second_step,
    sign_in_as,
)

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts import limits
from wholeplace.web.accounts.encrypting import decrypt, encrypt
from wholeplace.web.accounts.models import Failure, RecoveryCode, SecondStep, SignIn, User
from wholeplace.web.accounts.second_step import (
    begin_second_step,
    check_code,
    code_of,
    codes_left,
    draw_qr,
    read_secret,
    step_at,
)
from wholeplace.web.chain.models import Entry

NOW = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)

# RFC 6238 appendix B: SHA-1, the last six of its eight digits.
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("seconds", "digits"), VECTORS)
def test_codes_are_those_of_the_rfc(seconds: int, digits: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    at = dt.datetime.fromtimestamp(seconds, dt.UTC)
    assert code_of(secret, step_at(at)) == digits[-6:]


@pytest.fixture
def signatory(administrator: User) -> User:
    user = make_user(administrator, "police", "signatory")
    set_up_second_step(user)
    SecondStep.objects.update(last_step=0)
    return user


def code_at(user: User, at: dt.datetime, steps: int = 0) -> str:
    return code_of(read_secret(SecondStep.objects.get(user=user)), step_at(at) + steps)


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])  # fmt: skip
def test_clocks_may_differ_by_one_step(signatory: User, steps: int, works: bool) -> None:
    assert check_code(signatory, code_at(signatory, NOW, steps), NOW) is works


def test_no_code_works_twice_nor_one_before_it(signatory: User) -> None:
    later, now = code_at(signatory, NOW, 1), code_at(signatory, NOW)
    assert check_code(signatory, later, NOW)
    assert not check_code(signatory, later, NOW)
    assert not check_code(signatory, now, NOW)
    SecondStep.objects.update(last_step=0)  # the negative control: unless it were forgotten
    assert check_code(signatory, now, NOW)


def test_secrets_are_encrypted_and_bound_to_their_person(signatory: User, administrator: User) -> None:  # fmt: skip
    kept = SecondStep.objects.get(user=signatory)
    secret = read_secret(kept)
    assert secret.encode() not in bytes(kept.secret)
    assert encrypt("x", "a") != encrypt("x", "a")
    with pytest.raises(UnsafeActionError, match="key"):
        decrypt(encrypt("x", "a"), "b")
    begin_second_step(administrator)
    SecondStep.objects.filter(user=administrator).update(secret=bytes(kept.secret))
    with pytest.raises(UnsafeActionError, match="key"):
        read_secret(SecondStep.objects.get(user=administrator))


def test_recovery_codes_work_once_and_are_kept_as_hashes(administrator: User) -> None:
    user = make_user(administrator, "police", "signatory")
    codes = set_up_second_step(user)
    assert len(set(codes)) == 10
    stored = str(list(RecoveryCode.objects.values()))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert not check_code(user, codes[0], NOW), "only where a recovery code is asked for"
    assert check_code(user, codes[0].upper(), NOW, may_recover=True)
    assert not check_code(user, codes[0], NOW, may_recover=True)
    assert codes_left(user) == 9
    assert not check_code(administrator, codes[1], NOW, may_recover=True)


def test_setting_up_by_the_pages(administrator: User) -> None:
    user = make_user(administrator, "police", "signatory")
    client, elsewhere = Client(), Client()
    for each in (client, elsewhere):
        each.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    # Nothing else opens before.
    for path in ("/", "/agreements/", "/audit/evidence/", "/account/"):
        assert client.get(path)["Location"] == "/account/second-step/", path
    page = client.get("/account/second-step/").content.decode()
    secret = begin_second_step(user)
    assert re.sub(r"(.{4})(?=.)", r"\1 ", secret) in page
    assert "<svg" in page and "style=" not in page
    at = dt.datetime.now(dt.UTC)
    right = code_of(secret, step_at(at))
    address = "/account/second-step/"
    for wrong in ({"password": "wrong", "code": right}, {"password": PASSWORD, "code": "000000"}):
        assert "is not right" in client.post(address, wrong).content.decode()
    before = client.session.session_key
    done = client.post(address, {"password": PASSWORD, "code": right})
    assert len(re.findall(r"<li><code>[\w-]{19}</code>", done.content.decode())) == 10
    assert "no-store" in done["Cache-Control"]
    # The session got another id, and the others ended.
    assert client.session.session_key != before
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/")["Location"].startswith("/sign-in/")
    # It is asked from now on, and a password alone opens nothing.
    again = Client()
    answer = again.post("/sign-in/", {"email": user.email, "password": PASSWORD, "next": "/account/"})  # fmt: skip
    assert answer["Location"] == "/sign-in/code/"
    assert again.get("/account/").status_code == 302
    assert "is not right" in again.post("/sign-in/code/", {"code": right}).content.decode()
    answer = again.post("/sign-in/code/", {"code": code_now(user)})
    assert answer["Location"] == "/account/"
    told = str([each.event for each in Entry.objects.all()])
    assert secret not in told and right not in told


def test_a_role_that_comes_to_need_it_leads_there_at_once(administrator: User) -> None:
    user = make_user(administrator, "police", "practitioner")
    client = sign_in_as(user)
    assert client.get("/account/").status_code == 200
    User.objects.filter(pk=user.pk).update(roles=["practitioner", "signatory"])
    assert client.get("/account/")["Location"] == "/account/second-step/"


def test_a_session_that_skipped_the_step_is_worth_nothing(signatory: User) -> None:
    client = Client()
    client.force_login(signatory)
    assert client.get("/account/")["Location"].startswith("/sign-in/")


def test_codes_are_limited_and_the_person_is_told(signatory: User) -> None:
    client = Client()
    client.post("/sign-in/", {"email": signatory.email, "password": PASSWORD})
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": "1"}).status_code == 200
    assert client.post("/sign-in/code/", {"code": code_now(signatory)}).status_code == 429
    assert SignIn.objects.filter(user=signatory).count() == 0
    # From another place with another password step: the limit is the person's.
    other = Client()
    other.post("/sign-in/", {"email": signatory.email, "password": PASSWORD})
    assert other.post("/sign-in/code/", {"code": code_now(signatory)}).status_code == 429
    # A quarter of an hour later it goes on, and they are told; after twenty in a day no more.
    Failure.objects.filter(kind="code").update(at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=16))  # fmt: skip
    answer = other.post("/sign-in/code/", {"code": code_now(signatory)}, follow=True)
    assert "Wrong codes were tried 5 times" in answer.content.decode()
    at, made = dt.datetime.now(dt.UTC), Failure.objects.filter(kind="code")[0]
    for hour in range(1, 16):
        when = at - dt.timedelta(hours=hour)
        Failure.objects.create(kind="code", name_hash=made.name_hash, at=when)
    assert limits.begin_code_try(signatory, at) is None


def test_codes_without_the_limit_would_go_on(
    signatory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the limit taken out, the right code still opens after many."""
    monkeypatch.setattr(limits, "figure", lambda name: 10_000)
    client = Client()
    client.post("/sign-in/", {"email": signatory.email, "password": PASSWORD})
    for _ in range(8):
        assert client.post("/sign-in/code/", {"code": "1"}).status_code == 200
    assert client.post("/sign-in/code/", {"code": code_now(signatory)}).status_code == 302


def test_the_wait_for_a_code_ends(signatory: User) -> None:
    client = Client()
    client.post("/sign-in/", {"email": signatory.email, "password": PASSWORD})
    session = client.session
    held = dict(session["waits_for_second_step"])
    held["since"] = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)).isoformat()
    session["waits_for_second_step"] = held
    session.save()
    answer = client.post("/sign-in/code/", {"code": code_now(signatory)})
    assert answer["Location"] == "/sign-in/"
    # Nor does it outlive another password.
    client.post("/sign-in/", {"email": signatory.email, "password": PASSWORD})
    signatory.set_password("another set of odd words")
    signatory.save()
    answer = client.post("/sign-in/code/", {"code": code_now(signatory)})
    assert answer["Location"] == "/sign-in/"


def test_new_codes_and_another_telephone_need_a_confirmation(signatory: User) -> None:
    client = sign_in_as(signatory)
    for path in ("codes", "replace"):
        asked = client.post(f"/account/second-step/{path}/")
        assert "/account/confirm/" in asked["Location"]
    assert SecondStep.objects.filter(user=signatory).exists() and codes_left(signatory) == 10
    confirm_as(client, signatory, client.post("/account/second-step/codes/"))
    page = client.post("/account/second-step/codes/").content.decode()
    codes = re.findall(r"<li><code>([\w-]{19})</code>", page)
    # A recovery code will do where the telephone is lost, and for nothing else.
    asked = client.post("/account/second-step/codes/")
    given = {"password": PASSWORD, "code": codes[0]}
    assert client.post(asked["Location"], given).status_code == 200
    asked = client.post("/account/second-step/replace/")
    assert client.post(asked["Location"], given).status_code == 302
    client.post("/account/second-step/replace/")
    assert not SecondStep.objects.filter(user=signatory).exists()
    assert client.get("/")["Location"] == "/account/second-step/"


def test_the_picture_holds_the_secret(signatory: User) -> None:
    picture = draw_qr(signatory, read_secret(SecondStep.objects.get(user=signatory)))
    assert picture.startswith("<svg") and "<script" not in picture and "style=" not in picture


def test_a_place_may_ask_it_of_other_roles(administrator: User, monkeypatch: Any) -> None:
    from wholeplace.web.accounts import second_step

    user = make_user(administrator, "police", "practitioner")
    assert not second_step.must_have_second_step(user)
    place = second_step.served_place()
    changed = place.place.model_copy(update={"second_step_roles": ("practitioner",)})

    class Served:
        place = changed

    monkeypatch.setattr(second_step, "served_place", lambda: Served)
    assert second_step.must_have_second_step(user)
