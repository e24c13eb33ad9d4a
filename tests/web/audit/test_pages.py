"""Who looked, when and why: the officer's pages."""

import datetime as dt
from typing import Any

import pytest

from wholeplace.web.audit.finding import Wanted, find_entries
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import DjangoAuditTrail, record, subject_pseudonym

pytestmark = pytest.mark.django_db


def test_only_the_officer_sees_it(sign_in: Any) -> None:
    assert sign_in("dean-walsh").get("/audit/").status_code == 403
    assert sign_in("priya-nair").get("/audit/").status_code == 200


def test_shows_who_looked_at_one_person_and_at_no_other(sign_in: Any) -> None:
    for person in ("px", "py"):
        record(
            "sight",
            actor="1",
            organisation="police",
            role="practitioner",
            page=f"page-{person}",
            purpose="direct-support",
            subjects=[
                {
                    "subject": subject_pseudonym(person),
                    "seen": {"police": {"identity.name": {"detail": {"items": 1, "clauses": []}}}},
                    "refused": {},
                }
            ],
        )
    html = sign_in("priya-nair").get("/audit/person/px/").content.decode()
    assert "page-px" in html
    assert "page-py" not in html
    assert "Lark Valley Police, in detail: Name" in html
    nobody = sign_in("priya-nair").get("/audit/person/unheard-of/").content.decode()
    assert "There is no entry" in nobody


def test_looking_at_the_trail_stands_in_the_trail(sign_in: Any) -> None:
    sign_in("priya-nair").get("/audit/?organisation=police")
    event = Entry.objects.order_by("-position")[0].event
    assert (event["kind"], event["organisation_wanted"]) == ("audit.viewed", "police")


def test_nothing_is_shown_of_a_trail_that_cannot_be_written(
    sign_in: Any, unwritable_trail: Any
) -> None:
    client = sign_in("priya-nair")
    with unwritable_trail():
        answer = client.get("/audit/")
    assert answer.status_code == 503
    assert "Entry" not in answer.content.decode()


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-06-30T22:59:59.999999+00:00", False),
        ("2026-06-30T23:00:00.000000+00:00", True),
        ("2026-07-01T22:59:59+00:00", True),
        ("2026-07-01T23:00:00+00:00", False),
    ],
)
def test_a_day_begins_at_local_midnight(at: str, found: bool) -> None:
    digest = DjangoAuditTrail().append({"kind": "test.day", "at": at, "actor": "day-tester"})
    wanted = Wanted(user="day-tester", on=dt.date(2026, 7, 1))
    assert find_entries(wanted, "Europe/London").filter(hash=digest).exists() is found
