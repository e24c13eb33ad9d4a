"""Asks on screen: a second person, a named counterpart, and a register without names."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


def words(counterpart: str, **changed: str) -> dict[str, str]:
    return {
        "kind": "ask", "title": "Let us share one form", "wanted": "Join the two forms into one.",
        "evidence": "Workers fill in both each week.", "costs": "", "counterpart": counterpart,
        "due_on_day": "1", "due_on_month": "3", "due_on_year": "2027", **changed,
    }  # fmt: skip


def test_an_ask_is_sent_by_a_colleague_and_answered_by_whoever_is_named(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.accounts.models import User
    from wholeplace.web.asks.models import Ask

    sponsor = User.objects.get(persona="kit-lowe")
    lead, board, centre = as_persona("fiona-clark"), as_persona("beth-moor"), as_persona("kit-lowe")
    told = lead.post("/asks/new/", words(str(sponsor.pk), evidence="Ring 01632 960123 and ask"))
    assert b"a telephone number" in told.content
    assert lead.post("/asks/new/", words(str(sponsor.pk))).status_code == 302
    ask = Ask.objects.first()
    assert ask is not None
    step = f"/asks/{ask.id}/step/"
    assert centre.get(f"/asks/{ask.id}/").status_code == 404, "not sent yet"
    assert lead.post(step, {"event": "send", "version": 1}).status_code == 409
    assert Client().get(f"/asks/register/{ask.id}/").status_code == 404
    assert board.post(step, {"event": "send", "version": 1}).status_code == 302
    assert b"Let us share one form" in Client().get("/asks/register/").content
    answer = {
        "event": "answer",
        "version": 2,
        "answer": "agreed",
        "words": "From April, for everybody.",
    }
    assert board.post(step, answer).status_code == 409
    assert centre.post(step, answer).status_code == 302
    assert centre.post(step, answer).status_code == 409, "an answer is given once"
    public = Client().get(f"/asks/register/{ask.id}/").content.decode()
    assert "From April, for everybody." in public
    assert "Kit Lowe" not in public and "Fiona Clark" not in public


def test_what_another_partner_asks_is_not_there(as_persona: Callable[[str], Any]) -> None:
    assert as_persona("fiona-clark").get("/asks/A-9999/").status_code == 404
    assert as_persona("amira-khan").get("/asks/").status_code == 403
