"""A person joins, works, changes role and leaves: from the first administrator to the last sign-out."""

from collections.abc import Iterator
from typing import Any

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
    assert bo.goto("/people/").status == 403

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
