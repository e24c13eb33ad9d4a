"""Proving again who one is, as a persona in a test: the real page and the real code."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def as_demonstration() -> Iterator[None]:
    """Let personas act, as a demonstration's server does."""
    before = os.environ.get("WHOLEPLACE_PERSONAS")
    os.environ["WHOLEPLACE_PERSONAS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["WHOLEPLACE_PERSONAS"]
        else:
            os.environ["WHOLEPLACE_PERSONAS"] = before


def confirm(client: Any, response: Any) -> Any:
    """Answer the page that a response leads to, as the persona signed in; return what comes then.

    The response is the redirect that `ask_to_confirm` gave. What this returns is the redirect back.
    """
    from django.contrib.auth import get_user

    from wholeplace.web.accounts.models import SecondStep
    from wholeplace.web.accounts.personas import show_code

    address = response["Location"]
    assert "/account/confirm/" in address, address
    with as_demonstration():
        user = get_user(_request(client))
        # Tests confirm more often than a telephone has codes: the used ones are forgotten.
        SecondStep.objects.filter(user=user).update(last_step=0)
        shown = show_code(user, dt.datetime.now(dt.UTC))
        assert shown is not None and shown.code
        assert shown.code in client.get(address).content.decode()
        answer = client.post(address, {"code": shown.code})
    assert answer.status_code == 302, answer.content.decode()
    return answer


def _request(client: Any) -> Any:
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    return request
