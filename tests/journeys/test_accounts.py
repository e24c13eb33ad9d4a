"""A person joins, works, changes role and leaves: from the first administrator to the last sign-out."""

import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from tests.journeys.walking import check_page
from tests.web.town import LiveTown, run_wholeplace

pytestmark = pytest.mark.browser

PASSWORD = "lantern gravel sixpence"


@pytest.fixture
def somebody(browser: Any, live_town: LiveTown) -> Iterator[Any]:
    """Return a function that gives somebody a computer of their own."""
    contexts = []

    def sit_down() -> Any:
        context = browser.new_context(base_url=live_town.url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield sit_down
    for context in contexts:
        context.close()


def main_of(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def accept(page: Any, link: str, name: str) -> None:
    """Open an invitation and make the account; a weak password is explained first."""
    page.goto(link)
    assert "Set up your account" in page.locator("h1").inner_text()
    check_page(page)
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Password").fill("password1234")
    page.get_by_role("button", name="Make my account").click()
    assert "There is a problem" in main_of(page)
    assert "too common" in main_of(page)
    check_page(page)
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()


def sign_in(page: Any, email: str) -> None:
    page.goto("/sign-in/")
    check_page(page)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an authenticator app would show, after so many half minutes more."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def set_up_second_step(page: Any) -> str:
    """Set up the second step; return the key that the app keeps."""
    assert "Set up your second step" in page.locator("h1").inner_text()
    check_page(page)
    page.get_by_text("The camera does not read it").click()
    check_page(page)
    secret = "".join(page.locator("main code").inner_text().split())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set up").click()
    assert "There is a problem" in main_of(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    assert "Keep your recovery codes" in page.locator("h1").inner_text()
    check_page(page)
    page.get_by_role("link", name="I have kept them").click()
    return secret


def test_from_the_first_administrator_to_a_leaver(somebody: Any, live_town: LiveTown) -> None:
    place = ["--place", str(live_town.town.place)]
    command = ["account", "first-administrator", *place, "--email", "ada@council.example"]
    printed = run_wholeplace(*command, "--address", live_town.url)
    assert printed.returncode == 0, printed.stderr
    link = printed.stdout.strip()
    assert link.startswith(live_town.url)

    # The first administrator sets up her account; the link works once.
    ada = somebody()
    accept(ada, link, "Ada Marsh")
    if ada.url.endswith("/sign-in/"):
        sign_in(ada, "ada@council.example")
    secret = set_up_second_step(ada)
    assert "Ada Marsh" in ada.locator("header").inner_text()
    stranger = somebody()
    stranger.goto(link)
    assert "Set up your account" not in stranger.locator("h1").inner_text()
    check_page(stranger)
    again = run_wholeplace(*command, "--address", live_town.url)
    assert again.returncode != 0
    assert "already" in again.stderr

    # She invites an officer; no role chosen is explained, and the link is shown once.
    ada.goto("/accounts/people/")
    check_page(ada)
    ada.get_by_role("link", name="Invite somebody into Lark Valley Police").click()
    check_page(ada)
    ada.get_by_label("Work email address").fill("bo@police.example")
    ada.get_by_role("button", name="Invite", exact=True).click()
    assert "Select at least one role" in main_of(ada)
    check_page(ada)
    ada.locator("input[name=roles][value=practitioner]").check()
    ada.get_by_role("button", name="Invite", exact=True).click()
    assert "shown only now" in main_of(ada)
    check_page(ada)
    invitation = ada.locator("main code").inner_text()

    # He sets up his account and may search for people, and not administer.
    bo = somebody()
    accept(bo, invitation, "Bo Ray")
    if bo.url.endswith("/sign-in/"):
        sign_in(bo, "bo@police.example")
    bo.goto("/people/")
    assert "two facts" in main_of(bo)
    assert bo.goto("/accounts/people/").status == 403
    check_page(bo)
    bo.goto("/account/")
    assert "Lark Valley Police" in main_of(bo)
    check_page(bo)
    bo.goto("/account/password/")
    check_page(bo)

    # His role is changed: his next page follows it.
    ada.goto("/accounts/people/?organisation=police")
    ada.get_by_role("link", name="Bo Ray").click()
    check_page(ada)
    ada.locator("input[name=roles][value=practitioner]").uncheck()
    ada.locator("input[name=roles][value=signatory]").check()
    ada.get_by_role("button", name="Change roles").click()
    assert "Their roles were changed" in ada.locator("body").inner_text()
    check_page(ada)
    bo.goto("/people/")
    assert "Your role needs it" in main_of(bo)

    # She helps him with a new password, proving again who she is; he chooses one.
    ada.goto("/accounts/people/?organisation=police")
    ada.get_by_role("link", name="Bo Ray").click()
    ada.get_by_role("button", name="Make a link to a new password").click()
    assert "make a link to a new password" in main_of(ada)
    check_page(ada)
    ada.get_by_label("Password").fill(PASSWORD)
    ada.get_by_label("Code").fill(code_of(secret, 1))
    ada.get_by_role("button", name="Confirm").click()
    ada.get_by_role("button", name="Make a link to a new password").click()
    assert "The link is ready" in ada.locator("h1").inner_text()
    check_page(ada)
    bo.goto(ada.locator("main code").inner_text())
    check_page(bo)
    bo.get_by_label("New password").fill(PASSWORD)
    bo.get_by_role("button", name="Change password").click()
    sign_in(bo, "bo@police.example")
    set_up_second_step(bo)
    bo.goto("/account/")
    check_page(bo)
    bo.goto("/account/second-step/")
    check_page(bo)
    for path in ("review/", "record/", "review/?unused=1"):
        ada.goto(f"/accounts/people/{path}")
        check_page(ada)

    # He leaves: his session ends at once, and he cannot come back.
    ada.goto("/accounts/people/?organisation=police")
    ada.get_by_role("link", name="Bo Ray").click()
    ada.get_by_role("button", name="End their access").click()
    assert "can no longer sign in" in ada.locator("body").inner_text()
    assert "Left on" in main_of(ada)
    bo.goto("/account/")
    assert "/sign-in/" in bo.url
    sign_in(bo, "bo@police.example")
    assert "do not belong together" in main_of(bo)
    check_page(bo)

    # Nor can the partnership lose its last administrator.
    ada.goto("/accounts/people/?organisation=council-children")
    ada.get_by_role("link", name="Ada Marsh").click()
    ada.get_by_role("button", name="End their access").click()
    assert "can no longer sign in" not in ada.locator("body").inner_text()
    ada.get_by_role("button", name="Sign out").click()
    ada.goto("/account/")
    assert "/sign-in/" in ada.url
