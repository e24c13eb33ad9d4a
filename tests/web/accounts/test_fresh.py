"""Proof, given again: for this very act, in this session, once, within five minutes."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from tests.web.confirming import as_demonstration, confirm

from wholeplace.web.accounts.fresh import ask_to_confirm, consume_confirmation, is_confirmed
from wholeplace.web.accounts.models import Confirmation, SecondStep, User
from wholeplace.web.accounts.personas import show_code
from wholeplace.web.chain.models import Entry

ACTION = "agreement.sign:safeguarding:0123abcd"


def request_of(client: Client) -> HttpRequest:
    request: HttpRequest = client.get("/account/").wsgi_request
    return request


def ask(client: Client, next_url: str = "/agreements/", action: str = ACTION) -> Any:
    return ask_to_confirm(
        request_of(client), action, "sign “Safeguarding” for the police", next_url
    )


def test_a_confirmation_holds_for_its_act_in_its_session_once(sign_in: Any) -> None:
    client = sign_in("alex-stone")
    asked = ask(client)
    assert not is_confirmed(request_of(client), ACTION)
    with as_demonstration():
        page = client.get(asked["Location"]).content.decode()
    assert "sign “Safeguarding” for the police" in page
    assert "Demonstration" in page
    assert confirm(client, asked)["Location"] == "/agreements/"
    request = request_of(client)
    assert is_confirmed(request, ACTION)
    assert not is_confirmed(request, "agreement.sign:safeguarding:ffff")
    other = Client()
    other.force_login(User.objects.get(persona="alex-stone"))
    assert not is_confirmed(request_of(other), ACTION)
    assert not consume_confirmation(request_of(other), ACTION)
    assert consume_confirmation(request, ACTION)
    assert not is_confirmed(request, ACTION)
    assert not consume_confirmation(request, ACTION)
    kinds = [each.event["kind"] for each in Entry.objects.all()]
    assert kinds[-2:] == ["account.confirmation-given", "account.confirmation-used"]


def test_it_ends_after_five_minutes(sign_in: Any) -> None:
    client = sign_in("alex-stone")
    confirm(client, ask(client))
    request = request_of(client)
    made = Confirmation.objects.get()
    made.confirmed_at -= dt.timedelta(minutes=4, seconds=50)
    made.save()
    assert is_confirmed(request, ACTION)
    made.confirmed_at -= dt.timedelta(seconds=11)
    made.save()
    assert not is_confirmed(request, ACTION)
    assert not consume_confirmation(request, ACTION)


def test_switching_role_ends_it(sign_in: Any) -> None:
    client = sign_in("alex-stone")
    confirm(client, ask(client))
    user = User.objects.get(persona="alex-stone")
    client.post("/account/role/", {"role": user.roles[0]})
    assert not is_confirmed(request_of(client), ACTION)


def test_nobody_else_opens_the_page_and_nobody_is_sent_away(sign_in: Any) -> None:
    client = sign_in("alex-stone")
    asked = ask(client, "https://evil.example/")
    assert Confirmation.objects.get().next_url == "/"
    for other in (Client(), Client()):
        assert other.get(asked["Location"]).status_code == 302
    stranger = Client()
    stranger.force_login(User.objects.get(persona="amira-khan"))
    with as_demonstration():
        assert stranger.get(asked["Location"]).status_code == 404


def test_wrong_codes_are_limited_and_in_the_trail(sign_in: Any) -> None:
    client = sign_in("alex-stone")
    asked = ask(client)
    with as_demonstration():
        for _ in range(5):
            answer = client.post(asked["Location"], {"code": "12"})
            assert answer.status_code == 200
            assert "The code is not right" in answer.content.decode()
        shown = show_code(User.objects.get(persona="alex-stone"), dt.datetime.now(dt.UTC))
        assert shown is not None
        # The right code opens nothing any more.
        assert client.post(asked["Location"], {"code": shown.code}).status_code == 429
    assert not is_confirmed(request_of(client), ACTION)
    kinds = [each.event["kind"] for each in Entry.objects.all()]
    assert kinds.count("account.confirmation-failed") == 5
    assert kinds[-1] == "account.confirmation-limited"
    assert Entry.objects.last().event["action"] == ACTION  # type: ignore[union-attr]


def test_a_used_code_confirms_nothing_again(sign_in: Any) -> None:
    client = sign_in("alex-stone")
    user = User.objects.get(persona="alex-stone")
    with as_demonstration():
        first, second = ask(client), ask(client, action="other")
        shown = show_code(user, dt.datetime.now(dt.UTC))
        assert shown is not None
        client.post(first["Location"], {"code": shown.code})
        assert client.post(second["Location"], {"code": shown.code}).status_code == 200
        assert not is_confirmed(request_of(client), "other")
        # The negative control: with the used step forgotten, the replay would open it.
        SecondStep.objects.filter(user=user).update(last_step=0)
        assert client.post(second["Location"], {"code": shown.code}).status_code == 302


def test_personas_confirm_in_a_demonstration_alone(
    sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("alex-stone")
    asked = ask(client)
    monkeypatch.delenv("WHOLEPLACE_PERSONAS", raising=False)
    assert client.get(asked["Location"]).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_consume_once(signed_town: Any) -> None:
    client = Client()
    client.force_login(User.objects.get(persona="alex-stone"))
    for _ in range(5):
        confirm(client, ask(client))
        assert sorted(act_at_once(request_of(client), 4)) == [False, False, False, True]


def act_at_once(request: HttpRequest, many: int) -> list[bool]:
    together = threading.Barrier(many)
    won: list[bool] = []

    def act() -> None:
        together.wait()
        won.append(consume_confirmation(request, ACTION))
        connection.close()

    threads = [threading.Thread(target=act) for _ in range(many)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return won
