"""A resident of the town: found, looked at, and given a code."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from wholeplace.agreements import Viewer
from wholeplace.people.facts import Facts

LEANNE = Facts(name="Leanne Harlow", birth_date=dt.date(1992, 3, 14))
CRAIG = Facts(name="Craig Dunn")
WHY = "The school rang about Jayden; a visit is planned today"


@pytest.fixture
def leanne(signed_town: Any) -> str:
    """The person id under which the town's linkage knows Leanne."""
    return person_of(signed_town, "leanne")


def person_of(place: Any, key: str) -> str:
    """Return whom most records of somebody of the cast belong to, by name and date of birth."""
    from wholeplace.larkbridge.cast import load_cast
    from wholeplace.people.fitting import do_facts_fit

    person = load_cast().person(key)
    facts = Facts(name=f"{person.given_name} {person.family_name}", birth_date=person.birth_date)
    rows = place.snapshot_reader.rows(
        "SELECT DISTINCT person_id FROM search_keys WHERE key = $key",
        {"key": f"birth-date:{person.birth_date}"},
    )
    fitting = [
        row["person_id"]
        for row in rows
        if do_facts_fit(place.snapshot_reader, row["person_id"], facts)
    ]
    assert len(fitting) == 1, f"{key} is {len(fitting)} people"
    return str(fitting[0])


def viewer_as(persona: str) -> Viewer:
    """Return a persona as a viewer in their first role."""
    from wholeplace.web.accounts.models import User

    user = User.objects.get(persona=persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


@pytest.fixture
def give_code(signed_town: Any) -> Callable[..., str]:
    """Return a function that gives a code about a person, as Amira: `give_code(person_id, facts)`."""

    def give(person_id: str, facts: Facts = LEANNE, at: dt.datetime | None = None) -> str:
        from wholeplace.web.residents.codes import give_code as make

        now = at or dt.datetime.now(dt.UTC)
        return make(viewer_as("amira-khan"), person_id, facts, "photo", now)[0]

    return give


def typed(code: str, born: dt.date = dt.date(1992, 3, 14)) -> dict[str, str]:
    """Return what somebody types at the start page."""
    return {
        "code": code,
        "born_on_day": str(born.day), "born_on_month": str(born.month), "born_on_year": str(born.year),
    }  # fmt: skip


@pytest.fixture
def open_account(give_code: Callable[..., str]) -> Callable[..., Client]:
    """Return a function that gives a code and opens the account with it, in a browser of its own."""

    def open_for(person_id: str, facts: Facts = LEANNE) -> Client:
        browser = Client()
        answer = browser.post(
            "/my-record/start/", typed(give_code(person_id, facts), facts.birth_date)
        )  # type: ignore[arg-type]
        assert answer.status_code == 302, answer.content.decode()
        assert answer["Location"] == "/my-record/"
        return browser

    return open_for


@pytest.fixture
def look(signed_town: Any) -> Callable[..., str]:
    """Return a function that opens a person's page as a persona, through the real pages."""

    def look_as(persona: str, person_id: str, purpose: str) -> str:
        from wholeplace.web.accounts.models import User

        browser = Client()
        browser.force_login(
            User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
        )
        browser.post(f"/people/{person_id}/reason/", {"purpose": purpose, "text": WHY})
        answer = browser.get(f"/people/{person_id}/?for={purpose}")
        assert answer.status_code == 200
        return answer.content.decode()

    return look_as


def words_of(html: str) -> str:
    """Return a page's main part as one line of words."""
    main = html.partition('id="main-content"')[2].partition("</main>")[0]
    text = re.sub(r"<[^>]+>", " ", main)
    return " ".join(text.replace("&#x27;", "'").replace("&amp;", "&").split())
