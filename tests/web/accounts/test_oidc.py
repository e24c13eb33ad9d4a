"""Signing in with a provider: what is right goes through, and each thing that is wrong is refused."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client
from tests.web.accounts.joining import code_now, confirm_as, make_user, set_up_second_step
from tests.web.accounts.joining import sign_in_as as sign_in_by_password
from tests.web.accounts.provider import CLIENT, SECRET, TestedProvider, served_provider

from wholeplace.foundation.errors import CheckFailedError
from wholeplace.web.accounts import oidc
from wholeplace.web.accounts.fresh import is_confirmed
from wholeplace.web.accounts.models import ProviderLink, SignIn, User
from wholeplace.web.accounts.providers import list_providers
from wholeplace.web.chain.models import Entry

FILE = """
providers:
  - id: council
    name: Larkbridge Council
    issuer: {issuer}
    client_id: {client}
    client_secret_variable: WHOLEPLACE_TEST_SECRET
    belongs:
      - {{claim: groups, has: early-help, organisation: council-children, roles: [practitioner]}}
      - {{claim: groups, has: signing, organisation: council-children, roles: [signatory]}}
      - {{claim: groups, has: counting, organisation: council-children, roles: [analyst]}}
      - {{claim: groups, has: officers, organisation: police, roles: [practitioner]}}
"""


@pytest.fixture
def provider(
    signed_town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestedProvider]:
    with served_provider() as served:
        served.person["groups"] = ["early-help"]
        file = tmp_path / "sign-in.yaml"
        file.write_text(FILE.format(issuer=served.issuer, client=CLIENT))
        monkeypatch.setenv("WHOLEPLACE_SIGN_IN", str(file))
        monkeypatch.setenv("WHOLEPLACE_TEST_SECRET", SECRET)
        monkeypatch.setattr(oidc, "_kept", {})
        yield served


def go(client: Client, query: str = "") -> str:
    """Go to the provider as a browser would; return the address by which it sends one back."""
    there = client.get(f"/sign-in/with/council/{query}")
    assert there.status_code == 302, there.content.decode()
    back = requests.get(there["Location"], allow_redirects=False, timeout=5)
    assert back.status_code == 302
    return str(back.headers["Location"]).removeprefix("http://testserver")


def arrive(client: Client, query: str = "") -> Any:
    return client.get(go(client, query))


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def last_cause() -> str:
    return str(Entry.objects.order_by("-position")[0].event.get("cause"))


def test_somebody_new_joins_with_what_the_claims_give(provider: TestedProvider) -> None:
    client = Client()
    assert "Sign in with Larkbridge Council" in client.get("/sign-in/").content.decode()
    answer = arrive(client, "?next=/account/")
    assert answer["Location"] == "/account/"
    user = User.objects.get(email="pat@council.example")
    assert (user.organisation, user.roles) == ("council-children", ["practitioner"])
    assert not user.has_usable_password()
    assert is_signed_in(client)
    asked = provider.seen[0]
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    arrive(Client())
    assert User.objects.filter(name="Pat Moor").count() == 1
    told = str([each.event for each in Entry.objects.all()])
    assert "pat@council.example" not in told and "Pat Moor" not in told


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"nonce": "of another attempt"}, "token-InvalidClaimError"),
        ({"aud": "another site"}, "token-InvalidClaimError"),
        ({"aud": [CLIENT, "another site"]}, "audience"),
        ({"azp": "another site"}, "audience"),
        ({"iss": "https://evil.example"}, "token-InvalidClaimError"),
        ({"exp": 1_000_000_000}, "token-ExpiredTokenError"),
        ({"iat": 9_000_000_000}, "token-InvalidClaimError"),
    ],
)
def test_a_token_that_says_something_wrong_is_refused(
    provider: TestedProvider, changes: dict[str, Any], cause: str
) -> None:
    provider.changes = changes
    client = Client()
    assert arrive(client).status_code == 403
    assert last_cause() == cause
    assert not is_signed_in(client) and not User.objects.filter(name="Pat Moor").exists()
    # The negative control: without what is wrong the same way leads in.
    provider.changes = {}
    assert arrive(client).status_code == 302 and is_signed_in(client)


@pytest.mark.parametrize("missing", ["nonce", "aud", "iss", "exp", "iat", "sub"])
def test_a_token_that_leaves_something_out_is_refused(
    provider: TestedProvider, missing: str
) -> None:
    provider.drops = {missing}
    client = Client()
    assert arrive(client).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize("signs_with", ["none", "HS256", "another key"])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: TestedProvider, signs_with: str
) -> None:
    client = Client()
    provider.signs_with = signs_with
    assert arrive(client).status_code == 403
    assert last_cause().startswith("token-")
    assert not is_signed_in(client)
    provider.signs_with = "RS256"
    assert arrive(client).status_code == 302 and is_signed_in(client)


def test_keys_may_change_at_any_time(
    provider: TestedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(Client())
    provider.rotate()
    client = Client()
    # Just fetched keys are not fetched again, or any forged token would make us ask.
    assert arrive(client).status_code == 403
    monkeypatch.setattr(oidc, "_new_keys_after", lambda: 0.0)
    assert arrive(client).status_code == 302 and is_signed_in(client)


def test_a_forged_or_foreign_state_is_refused(provider: TestedProvider) -> None:
    # Login CSRF: somebody is sent the answer to another person's attempt.
    attacker, victim = Client(), Client()
    address = go(attacker)
    assert victim.get(address).status_code == 403
    assert last_cause() == "no-attempt"
    assert not is_signed_in(victim)
    go(victim)
    assert victim.get(address).status_code == 403
    assert last_cause() == "state"
    assert not is_signed_in(victim)
    # The negative control: the same address leads in whoever began it.
    assert attacker.get(address).status_code == 302 and is_signed_in(attacker)


def test_an_answer_and_a_code_work_once(provider: TestedProvider) -> None:
    client = Client()
    address = go(client)
    assert client.get(address).status_code == 302
    client.post("/sign-out/")
    assert client.get(address).status_code == 403
    assert not is_signed_in(client)
    # A used code under a state that is right: the provider no longer knows it.
    code = address.split("code=")[1].split("&")[0]
    fresh = go(client)
    used = fresh.replace(fresh.split("code=")[1].split("&")[0], code)
    assert client.get(used).status_code == 403
    assert last_cause() == "code"
    assert not is_signed_in(client)


def test_a_stolen_code_is_worth_nothing_without_the_verifier(provider: TestedProvider) -> None:
    attacker, victim = Client(), Client()
    stolen = go(victim).split("code=")[1].split("&")[0]
    own = go(attacker)
    used = own.replace(own.split("code=")[1].split("&")[0], stolen)
    assert attacker.get(used).status_code == 403
    assert last_cause() == "code" and not is_signed_in(attacker)
    # The negative control: a provider that does not check lets the code through, and then the
    # nonce of another attempt gives it away.
    provider.checks_verifier = False
    stolen, own = go(victim).split("code=")[1].split("&")[0], go(attacker)
    used = own.replace(own.split("code=")[1].split("&")[0], stolen)
    assert attacker.get(used).status_code == 403
    assert last_cause() == "token-InvalidClaimError" and not is_signed_in(attacker)


def test_an_attempt_is_too_old_after_ten_minutes_and_another_issuer_is_refused(
    provider: TestedProvider,
) -> None:
    client = Client()
    address = go(client)
    session = client.session
    session["provider_attempt"] = {
        **session["provider_attempt"],
        "since": int(time.time()) - 601,
    }
    session.save()
    assert client.get(address).status_code == 403
    assert last_cause() == "too-late"
    address = go(client)
    assert client.get(address.replace("iss=http", "iss=https")).status_code == 403
    assert last_cause() == "issuer"


@pytest.mark.parametrize("groups", [[], ["unknown"], ["early-help", "officers"], None, {"a": "b"}])
def test_claims_that_name_no_role_give_nothing(provider: TestedProvider, groups: Any) -> None:
    provider.person["groups"] = groups
    client = Client()
    answer = arrive(client)
    assert answer.status_code == 403
    assert "gives you a role here" in answer.content.decode()
    assert not User.objects.filter(name="Pat Moor").exists()


def test_an_address_never_opens_an_account_that_exists(
    administrator: User, provider: TestedProvider
) -> None:
    ours = make_user(administrator, "council-children", "practitioner")
    User.objects.filter(pk=ours.pk).update(email="pat@council.example")
    client = Client()
    answer = arrive(client)
    assert answer.status_code == 403
    assert "not tied to this provider" in answer.content.decode()
    assert not is_signed_in(client)
    assert not ProviderLink.objects.exists()
    # Its owner ties the two together, signed in, by password and code.
    ours.refresh_from_db()
    set_up_second_step(ours)
    owner = sign_in_by_password(ours)
    confirm_as(owner, ours, owner.post("/account/providers/council/"))
    page = owner.post("/account/providers/council/").content.decode()
    assert "/sign-in/with/council/?link=1" in page
    assert arrive(owner, "?link=1")["Location"] == "/account/"
    assert ProviderLink.objects.get().user == ours
    assert provider.seen[-1]["prompt"] == "login"
    assert arrive(client)["Location"] == "/sign-in/code/"
    assert client.post("/sign-in/code/", {"code": code_now(ours)}).status_code == 302
    assert client.get("/account/").wsgi_request.user == ours


def test_linking_needs_the_confirmation(administrator: User, provider: TestedProvider) -> None:
    ours = make_user(administrator, "council-children", "practitioner")
    set_up_second_step(ours)
    client = sign_in_by_password(ours)
    assert "/account/confirm/" in client.post("/account/providers/council/")["Location"]
    # Without it the same address is no more than a sign-in, to an account of its own.
    arrive(client, "?link=1")
    assert ProviderLink.objects.get().user != ours


def test_an_unverified_address_is_not_used(provider: TestedProvider) -> None:
    provider.person["email_verified"] = False
    arrive(Client())
    assert User.objects.get(name="Pat Moor").email.endswith("@council.invalid")


def test_a_leaver_there_is_suspended_here_at_the_next_sign_in(provider: TestedProvider) -> None:
    first, second = Client(), Client()
    arrive(first)
    assert is_signed_in(first)
    provider.person["groups"] = []
    assert arrive(second).status_code == 403
    assert not is_signed_in(first)
    user = User.objects.get(name="Pat Moor")
    assert not user.is_active and user.suspended_at
    provider.person["groups"] = ["early-help"]
    answer = arrive(second)
    assert "suspended" in answer.content.decode()
    assert not is_signed_in(second)


def test_roles_follow_the_claims_and_another_organisation_is_another_account(
    provider: TestedProvider,
) -> None:
    client = Client()
    arrive(client)
    provider.person["groups"] = ["counting"]
    arrive(client)
    before = User.objects.get(name="Pat Moor")
    assert before.roles == ["analyst"]
    provider.person["groups"] = ["officers"]
    arrive(client)
    after = User.objects.get(name="Pat Moor", left_at=None)
    before.refresh_from_db()
    assert after.pk != before.pk and after.organisation == "police"
    assert before.organisation == "council-children" and not before.is_active
    kinds = [each.event["kind"] for each in Entry.objects.all()]
    assert kinds.count("account.roles-changed") == 1 and "account.left" in kinds


def test_the_second_step_is_asked_of_provider_people_too(provider: TestedProvider) -> None:
    provider.person["groups"] = ["signing"]
    client = Client()
    arrive(client)
    assert client.get("/agreements/")["Location"] == "/account/second-step/"
    user = User.objects.get(name="Pat Moor")
    set_up_second_step(user)
    assert arrive(client)["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    client.post("/sign-in/code/", {"code": code_now(user)})
    assert is_signed_in(client)
    assert SignIn.objects.filter(ended_at=None).get().provider == "council"


def test_confirming_asks_the_provider_first_and_then_for_a_code(provider: TestedProvider) -> None:
    from wholeplace.web.accounts.fresh import ask_to_confirm

    provider.person["groups"] = ["signing"]
    client = Client()
    arrive(client)
    user = User.objects.get(name="Pat Moor")
    set_up_second_step(user)
    arrive(client)
    client.post("/sign-in/code/", {"code": code_now(user)})
    asked = ask_to_confirm(client.get("/account/").wsgi_request, "act", "act", "/agreements/")
    address = str(asked["Location"])
    token = address.strip("/").split("/")[-1]
    page = client.get(address).content.decode()
    assert "Sign in with Larkbridge Council" in page and 'name="code"' not in page
    assert 'name="code"' not in client.post(address, {"code": code_now(user)}).content.decode()
    assert not is_confirmed(client.get("/account/").wsgi_request, "act")
    # A provider that does not ask afresh, and somebody else at its keyboard, are refused.
    provider.changes = {"auth_time": int(time.time()) - 3600}
    assert arrive(client, f"?confirm={token}").status_code == 403
    assert last_cause() == "not-afresh"
    provider.changes = {"sub": "somebody else"}
    assert arrive(client, f"?confirm={token}").status_code == 403
    assert last_cause() == "somebody-else"
    provider.changes = {}
    assert arrive(client, f"?confirm={token}")["Location"] == address
    assert (provider.seen[-1]["prompt"], provider.seen[-1]["max_age"]) == ("login", "0")
    assert client.post(address, {"code": code_now(user)})["Location"] == "/agreements/"
    assert is_confirmed(client.get("/account/").wsgi_request, "act")


def test_signing_out_here_says_how_to_sign_out_there(provider: TestedProvider) -> None:
    client = Client()
    arrive(client)
    page = client.post("/sign-out/").content.decode()
    assert f"{provider.issuer}/sign-out" in page
    assert not is_signed_in(client)


def test_signing_out_there_signs_out_here(provider: TestedProvider) -> None:
    client, server = Client(), Client(enforce_csrf_checks=True)
    address = "/sign-in/with/council/sign-out/"

    def tell(**changes: Any) -> int:
        token = provider.logout_token(**changes)
        return server.post(address, {"logout_token": token}).status_code

    arrive(client)
    for wrong in (
        {"events": {}}, {"nonce": "x"}, {"aud": "another site"}, {"iss": "https://evil.example"},
        {"sub": None}, {"jti": None}, {"iat": int(time.time()) - 3600},
    ):  # fmt: skip
        assert tell(**wrong) == 400, wrong
    provider.signs_with = "none"
    assert tell() == 400
    provider.signs_with = "RS256"
    assert tell(sub="somebody else") == 200
    assert tell(sub=None, sid="another session") == 200
    assert is_signed_in(client)
    token = provider.logout_token()
    assert server.post(address, {"logout_token": token}).status_code == 200
    assert not is_signed_in(client)
    # The same message played again after they came back does nothing.
    arrive(client)
    assert server.post(address, {"logout_token": token}).status_code == 400
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("issuer: https://x.example", "issuer: http://x.example", "not reached over https"),
        ("name: Larkbridge", "algorithms: [none]\n    name: Larkbridge", "proves nothing"),
        ("name: Larkbridge", "algorithms: [HS256]\n    name: Larkbridge", "proves nothing"),
        ("roles: [analyst]", "roles: [administrator]", "has no role administrator"),
        ("organisation: police", "organisation: nobody", "no partner nobody"),
        ("belongs:", "belong:", "Extra inputs"),
    ],
)
def test_a_file_with_faults_is_refused(
    signed_town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, right: str, told: str
) -> None:  # fmt: skip
    text = FILE.format(issuer="https://x.example", client=CLIENT)
    assert wrong in text
    file = tmp_path / "sign-in.yaml"
    file.write_text(text.replace(wrong, right))
    monkeypatch.setenv("WHOLEPLACE_SIGN_IN", str(file))
    monkeypatch.setenv("WHOLEPLACE_TEST_SECRET", SECRET)
    with pytest.raises(CheckFailedError, match=told):
        list_providers()


def test_without_a_file_there_is_no_provider(signed_town: Any) -> None:
    assert list_providers() == ()
    assert Client().get("/sign-in/with/council/").status_code == 404
