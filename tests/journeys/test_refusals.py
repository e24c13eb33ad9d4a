"""Pages that say no: each plain, accessible, and saying no more than that it happened."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from tests.journeys.walking import check_page

from wholeplace.web.gateway.refusals import refuse

pytestmark = pytest.mark.browser

WORDS = {
    400: "There is a problem with this request",
    403: "You cannot open this page",
    404: "Page not found",
    429: "Too many attempts",
    500: "Sorry, there is a problem with the service",
    503: "Nothing can be shown at the moment",
}


@pytest.mark.parametrize("status", WORDS)
def test_each_refusal_is_a_page_like_any_other(
    walk_as: Callable[..., Any], signed_town: Any, status: int
) -> None:
    answer = refuse(RequestFactory().get("/"), status)
    page = walk_as("")
    # The real page at the real origin, so that its styles and scripts are loaded.
    page.route(
        "**/refused/",
        lambda route: route.fulfill(
            status=status, body=answer.content.decode(), content_type="text/html"
        ),
    )
    assert page.goto("/refused/").status == status
    page.unroute("**/refused/")
    assert page.locator("h1").inner_text() == WORDS[status]
    assert page.get_by_role("link", name="Go to the start page").count() == 1
    check_page(page)


def test_real_refusals_of_the_server(walk_as: Callable[..., Any], live_town: Any) -> None:
    page = walk_as("wen-li")
    port = live_town.url.rpartition(":")[2]
    for address, status in (
        ("/people/p0000000000000000/", 403),
        ("/no-such-page/", 404),
        (f"http://elsewhere.localhost:{port}/", 400),
    ):
        assert page.goto(address).status == status
        assert page.locator("h1").inner_text() == WORDS[status]


def test_too_many_wrong_passwords_are_answered_plainly(walk_as: Callable[..., Any]) -> None:
    page = walk_as("", script=False)
    for _ in range(25):
        page.goto("/sign-in/")
        page.get_by_label("Email address").fill("nobody@example.test")
        page.get_by_label("Password").fill("not the password")
        with page.expect_navigation() as answer:
            page.get_by_role("button", name="Sign in", exact=True).click()
        if answer.value.status != 200:
            break
    assert answer.value.status in {403, 429}
    assert "nobody@example.test" not in page.locator("main").inner_text()
