"""Residents find help without signing in; what they type is kept nowhere."""

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from wholeplace.web.chain.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def search(client: Any, **typed: str) -> str:
    answer = client.post("/help/", typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_somebody_who_has_not_signed_in_finds_help(stocked: Any, client: Any) -> None:
    said = search(client, words="skint")
    assert "Debt advice" in said and "A few places" in said and "Night shelter" not in said
    assert "Money, debt and benefits" in client.get("/help/").content.decode()
    assert "Debt advice" in client.get("/help/topic/money/").content.decode()
    assert client.get("/help/topic/nothing/").status_code == 404


def test_the_page_of_a_service_can_be_taken_along(stocked: Any, client: Any, listed: Any) -> None:
    said = client.get(f"/help/service/{listed('Debt advice').id}/").content.decode()
    for words in ("8 Market Square", "LB1 1AC", "01632 960230", "Monday, 09:30 to 15:30", "18 years and over",
                  "Checked in the last three months", "Lark Valley voluntary sector list", "Print this page"):  # fmt: skip
        assert words in said
    assert client.get("/help/service/nonsense/").status_code == 404


def test_nearest_first_from_a_postcode_of_the_town(stocked: Any, client: Any) -> None:
    import csv

    with stocked.place.area_file("wards.csv").open() as rows:
        postcode = next(csv.DictReader(rows))["postcode"]
    said = search(client, near=postcode)
    assert "Nearest first" in said and " miles away" in said
    assert "do not know that postcode" in search(client, near="ZZ99 9ZZ", words="food")


def test_nothing_found_says_what_to_do(stocked: Any, client: Any) -> None:
    said = search(client, words="xyzzy")
    assert "Nothing found" in said and "Try fewer or other words" in said


def test_an_age_that_is_none_is_told_beside_its_field(stocked: Any, client: Any) -> None:
    answer = client.post("/help/", {"words": "food", "age": "abc"})
    assert answer.status_code == 422
    assert "Enter an age in whole years" in answer.content.decode()


def test_show_all_gives_what_did_not_fit(stocked: Any, client: Any) -> None:
    first = search(client, words="")
    assert first.count('class="wp-result"') == 20 and "Show all" in first
    assert search(client, words="", everything="on").count('class="wp-result"') > 20


def test_a_place_without_feeds_says_so(signed_town: Any, client: Any) -> None:
    assert "no list of services here yet" in client.get("/help/").content.decode()


def test_what_is_typed_is_kept_nowhere(stocked: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client, before = Client(), Entry.objects.count()
    said = search(client, words="scared of my husband")
    assert "Independent domestic abuse advocates" in said
    search(client, words="Kanarienvogel", near="LB1 1AA")
    assert Entry.objects.count() == before and not Session.objects.exists()
    assert "husband" not in caplog.text and "Kanarienvogel" not in caplog.text
