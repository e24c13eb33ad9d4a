"""Joiners, movers and leavers: what somebody may do ends at once, and nobody raises themselves."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from tests.web.accounts.joining import (
    PASSWORD,
    confirm_as,
    make_user,
    set_up_second_step,
    sign_in_as,
)

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.changes import change_roles, leave, move, resume, suspend
from wholeplace.web.accounts.fresh import ask_to_confirm
from wholeplace.web.accounts.models import (
    Confirmation,
    Invitation,
    ResetLink,
    SecondStep,
    SignIn,
    User,
)
from wholeplace.web.accounts.people import accept_invitation, invite
from wholeplace.web.accounts.resetting import make_reset_link, reset_second_step
from wholeplace.web.accounts.sessions import still_acts
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.models import OpenReason
from wholeplace.web.gateway.reasons import live_reason_for, open_reason


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def officer(administrator: User) -> User:
    return make_user(administrator, "police", "practitioner")


@pytest.mark.parametrize("how", ["leave", "suspend", "move"])
def test_everything_of_whoever_goes_ends_at_once(administrator: User, how: str) -> None:
    user = make_user(administrator, "police", "practitioner", "administrator")
    other = make_user(administrator, "police", "practitioner")
    client = sign_in_as(user)
    viewer = Viewer(str(user.pk), user.organisation, "practitioner")
    open_reason(viewer, "p-1", "whole-family-support", "A duty call in a test", now())
    invite(user, "friend@police.example", "police", ["practitioner"], now())
    make_reset_link(user, other, now())
    under_way = client.get("/account/").wsgi_request
    ask_to_confirm(under_way, "act", "act", "/")
    Confirmation.objects.update(confirmed_at=now())
    assert still_acts(under_way)
    if how == "leave":
        leave(administrator, user, now())
    elif how == "suspend":
        suspend(administrator, user, now())
    else:
        move(administrator, user, "jobcentre", ["practitioner"], now())
    # A request under way in another worker holds what was true when it began, and opens nothing.
    assert under_way.user.is_active
    assert not still_acts(under_way)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert live_reason_for(viewer, "p-1", now()) is None
    assert not OpenReason.objects.filter(closed_at=None).exists()
    assert not Invitation.objects.filter(email="friend@police.example").exists()
    assert not ResetLink.objects.exists()
    assert not Confirmation.objects.filter(consumed_at=None).exists()
    assert not SignIn.objects.filter(user=user, ended_at=None).exists()


def test_the_gateway_opens_nothing_for_whoever_left_meanwhile(
    administrator: User, officer: User
) -> None:
    from wholeplace.web.gateway.reveal import reveal_page

    request = sign_in_as(officer).get("/account/").wsgi_request
    leave(administrator, User.objects.get(pk=officer.pk), now())
    with pytest.raises(PermissionDenied):
        reveal_page(
            request, page="person", purpose="whole-family-support", subjects=(), items=(), reason=None
        )  # fmt: skip


def test_a_role_taken_away_is_no_longer_acted_in_meanwhile(
    administrator: User, officer: User
) -> None:
    request = sign_in_as(officer).get("/account/").wsgi_request
    assert still_acts(request)
    change_roles(administrator, officer, ["signatory"])
    assert not still_acts(request)


def test_a_change_of_roles_gives_the_session_another_id(administrator: User, officer: User) -> None:
    client = sign_in_as(officer)
    client.get("/account/")
    before = client.session.session_key
    change_roles(administrator, officer, ["practitioner", "signatory"])
    client.get("/account/")
    assert client.session.session_key != before


def test_whoever_moves_is_a_new_user(administrator: User, officer: User) -> None:
    email = officer.email
    secret = move(administrator, officer, "jobcentre", ["practitioner"], now())
    after = accept_invitation(secret, "Some One", PASSWORD, now())
    officer.refresh_from_db()
    assert (officer.organisation, officer.is_active) == ("police", False)
    assert (after.organisation, after.email) == ("jobcentre", email)
    assert after.pk != officer.pk
    with pytest.raises(UnsafeActionError):
        move(administrator, after, "jobcentre", ["practitioner"], now())


def test_moving_needs_both_organisations(administrator: User) -> None:
    theirs = make_user(administrator, "police", "administrator")
    officer = make_user(theirs, "police", "practitioner")
    with pytest.raises(UnsafeActionError, match="do not look after"):
        move(theirs, officer, "jobcentre", ["practitioner"], now())
    officer.refresh_from_db()
    assert officer.is_active, "refused as a whole"


def test_suspended_people_come_back_with_their_password(administrator: User, officer: User) -> None:
    suspend(administrator, officer, now())
    refused = Client().post("/sign-in/", {"email": officer.email, "password": PASSWORD})
    assert "do not belong together" in refused.content.decode()
    with pytest.raises(UnsafeActionError, match="signs in already"):
        invite(administrator, officer.email, "police", ["practitioner"], now())
    resume(administrator, officer)
    assert sign_in_as(officer).get("/account/").status_code == 200
    with pytest.raises(UnsafeActionError, match="not suspended"):
        resume(administrator, officer)
    with pytest.raises(UnsafeActionError, match="yourself"):
        second = make_user(administrator, "council-children", "administrator")
        suspend(second, second, now())


def test_nobody_gives_themselves_a_role(administrator: User) -> None:
    with pytest.raises(UnsafeActionError, match="Nobody gives themselves"):
        change_roles(administrator, administrator, ["administrator", "practitioner"])
    client = sign_in_as(administrator)
    given = {"roles": ["administrator", "practitioner"]}
    page = client.post(f"/accounts/people/{administrator.pk}/", given)
    assert "Nobody gives themselves a role" in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.roles == ["administrator"]
    # A second administrator may; and one's own role may be given up.
    second = make_user(administrator, "council-children", "administrator", "practitioner")
    change_roles(second, administrator, ["administrator", "practitioner"])
    change_roles(second, second, ["administrator"])


def test_the_host_makes_nobody_sign_for_an_organisation_that_has_its_own_administrator(
    administrator: User,
) -> None:
    theirs = make_user(administrator, "police", "administrator")
    for roles in (["signatory"], ["administrator"]):
        with pytest.raises(UnsafeActionError, match="administrator of its own"):
            invite(administrator, "x@police.example", "police", roles, now())
    officer = make_user(administrator, "police", "practitioner")
    with pytest.raises(UnsafeActionError, match="administrator of its own"):
        change_roles(administrator, officer, ["practitioner", "signatory"])
    change_roles(theirs, officer, ["practitioner", "signatory"])


def test_a_new_password_by_a_link(administrator: User, officer: User) -> None:
    hers, theirs = sign_in_as(administrator), sign_in_as(officer)
    address = f"/accounts/people/{officer.pk}/password/"
    confirm_as(hers, administrator, hers.post(address))
    html = hers.post(address).content.decode()
    found = re.search(r"/new-password/([\w-]+)/", html)
    assert found and found[1] not in str(list(ResetLink.objects.values()))
    for _ in range(6):
        Client().post("/sign-in/", {"email": officer.email, "password": "x"})
    visitor, link = Client(), f"/new-password/{found[1]}/"
    weak = visitor.post(link, {"password": "password1234"})
    assert "too common" in weak.content.decode()
    assert visitor.post(link, {"password": "another set of odd words"}).status_code == 302
    assert theirs.get("/account/").status_code == 302, "every session ended"
    assert visitor.get(link).status_code == 404 and visitor.post(link).status_code == 404
    # Having been locked out does not outlast the new password.
    right = {"email": officer.email, "password": "another set of odd words"}
    assert visitor.post("/sign-in/", right).status_code == 302
    told = str([each.event for each in Entry.objects.all()])
    assert found[1] not in told


def test_links_end_after_a_day_and_with_the_next_one(administrator: User, officer: User) -> None:
    first = make_reset_link(administrator, officer, now())
    second = make_reset_link(administrator, officer, now() - dt.timedelta(hours=24, seconds=1))
    for secret in (first, second, "no-such-secret"):
        assert Client().get(f"/new-password/{secret}/").status_code == 404


def test_nobody_opens_an_account_alone(administrator: User) -> None:
    second = make_user(administrator, "council-children", "administrator")
    user = make_user(administrator, "council-children", "practitioner")
    set_up_second_step(user)
    make_reset_link(administrator, user, now())
    with pytest.raises(UnsafeActionError, match="other half"):
        reset_second_step(administrator, user, now())
    assert SecondStep.objects.filter(user=user).exists()
    reset_second_step(second, user, now())
    assert not SecondStep.objects.filter(user=user).exists()
    with pytest.raises(UnsafeActionError, match="other half"):
        make_reset_link(second, user, now())
    make_reset_link(second, user, now() + dt.timedelta(days=8))
    for helper in (make_reset_link, reset_second_step):
        with pytest.raises(UnsafeActionError, match="yourself"):
            helper(administrator, administrator, now())


def test_another_organisations_people_are_helped_by_their_own_administrator(
    administrator: User,
) -> None:
    theirs = make_user(administrator, "police", "administrator")
    officer = make_user(administrator, "police", "practitioner")
    with pytest.raises(UnsafeActionError, match="own administrator"):
        make_reset_link(administrator, officer, now())
    make_reset_link(theirs, officer, now())
    # Only while it has none besides the person.
    make_reset_link(administrator, theirs, now())


def test_resetting_the_second_step_by_the_page(administrator: User) -> None:
    user = make_user(administrator, "council-children", "signatory")
    theirs, hers = sign_in_as(user), sign_in_as(administrator)
    address = f"/accounts/people/{user.pk}/second-step/"
    confirm_as(hers, administrator, hers.post(address))
    assert SecondStep.objects.filter(user=user).exists()
    hers.post(address)
    assert not SecondStep.objects.filter(user=user).exists()
    assert theirs.get("/account/").status_code == 302
    events = [each.event for each in Entry.objects.all()]
    done = next(each for each in events if each["kind"] == "account.second-step-reset")
    assert (done["actor"], done["user"]) == (str(administrator.pk), str(user.pk))


def test_the_review_and_the_record(administrator: User, officer: User) -> None:
    client = sign_in_as(administrator)
    page = client.get("/accounts/people/review/").content.decode()
    assert "Some One" in page and "Practitioner" in page and "Never" in page
    unused = client.get("/accounts/people/review/?unused=1").content.decode()
    assert f"/accounts/people/{officer.pk}/" not in unused
    long_ago = now() - dt.timedelta(days=91)
    User.objects.filter(pk=officer.pk).update(joined_at=long_ago)
    unused = client.get("/accounts/people/review/?unused=1").content.decode()
    assert f"/accounts/people/{officer.pk}/" in unused
    leave(administrator, officer, now())
    record = client.get("/accounts/people/record/").content.decode()
    for words in ("was invited", "joined", "left", "Some One"):
        assert words in record, words
    theirs = make_user(administrator, "jobcentre", "administrator")
    elsewhere = sign_in_as(theirs)
    for path in ("record", "review"):
        seen = elsewhere.get(f"/accounts/people/{path}/").content.decode()
        assert "Lark Valley Police" not in seen


def test_where_one_is_signed_in(officer: User) -> None:
    here, there, third = sign_in_as(officer), sign_in_as(officer), sign_in_as(officer)
    page = here.get("/account/").content.decode()
    assert page.count("Sign out there") == 3  # two buttons and the hidden heading of their column
    number = SignIn.objects.filter(user=officer).order_by("pk")[1].pk
    here.post(f"/account/places/{number}/end/")
    assert there.get("/account/").status_code == 302
    assert third.get("/account/").status_code == 200
    stranger = Client()
    stranger.force_login(User.objects.get(persona="amira-khan"))
    mine = SignIn.objects.filter(user=officer).order_by("pk")[0].pk
    stranger.post(f"/account/places/{mine}/end/")
    assert here.get("/account/").status_code == 200
    here.post("/account/places/end/")
    assert third.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_signing_out_ends_the_session_on_the_server(officer: User) -> None:
    client, thief = sign_in_as(officer), Client()
    thief.cookies["wholeplace_session"] = client.cookies["wholeplace_session"].value
    assert thief.get("/account/").status_code == 200  # the negative control
    client.post("/sign-out/")
    assert thief.get("/account/").status_code == 302


def test_another_password_ends_the_other_sessions(officer: User) -> None:
    here, there = sign_in_as(officer), sign_in_as(officer)
    before = here.session.session_key
    given = {"current": PASSWORD, "password": "another set of odd words"}
    assert here.post("/account/password/", given).status_code == 302
    assert here.session.session_key != before
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_cookies_are_kept_from_scripts_and_other_sites(officer: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = sign_in_as(officer)
    client.get("/account/")
    for name in ("wholeplace_session", "wholeplace_browser", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax", name
