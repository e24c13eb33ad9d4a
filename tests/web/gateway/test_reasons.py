"""Reasons to look: for one person, one's own, and for a while."""

import datetime as dt
from typing import Any

import pytest

from wholeplace.agreements.reasons.opening import Relationship, break_the_glass
from wholeplace.agreements.standing.records import AuditUnavailableError, SignOff, Suspension
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.caseload import match_workers
from wholeplace.web.gateway.models import Caseload, OpenReason
from wholeplace.web.gateway.reasons import (
    close_reason,
    end_relationships,
    list_reasons,
    live_reason_for,
    open_reason,
    open_relationship,
)
from wholeplace.web.gateway.records import DjangoSignOffs

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
VIEWER = Viewer("7", "police", "practitioner")
TEXT = "A neighbour rang to say that the children are alone at home tonight."


def test_holds_for_one_person_one_viewer_and_a_while() -> None:
    reason = open_reason(VIEWER, "p1", "direct-support", TEXT, AT)
    assert reason.expires_at is not None
    assert live_reason_for(VIEWER, "p1", AT) == reason
    assert live_reason_for(VIEWER, "p2", AT) is None
    assert live_reason_for(Viewer("8", "police", "practitioner"), "p1", AT) is None
    assert live_reason_for(VIEWER, "p1", reason.expires_at - dt.timedelta(seconds=1))
    assert live_reason_for(VIEWER, "p1", reason.expires_at) is None
    assert live_reason_for(VIEWER, "p1", AT, "another-purpose") is None
    assert list_reasons(VIEWER, AT) == [reason]
    assert close_reason(VIEWER, reason.id, AT)
    assert live_reason_for(VIEWER, "p1", AT) is None


def test_the_words_typed_never_reach_the_trail() -> None:
    open_reason(VIEWER, "person-one", "direct-support", TEXT, AT)
    event = Entry.objects.order_by("-position")[0].event
    assert "neighbour" not in str(event)
    assert "person-one" not in str(event)
    assert event["kind"] == "reason.opened"


def test_too_short_a_reason_is_refused() -> None:
    with pytest.raises(WholeplaceError):
        open_reason(VIEWER, "p1", "direct-support", "need it", AT)


def test_no_reason_is_opened_that_cannot_be_recorded(unwritable_trail: Any) -> None:
    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        open_reason(VIEWER, "p1", "direct-support", TEXT, AT)
    assert not OpenReason.objects.exists()


def test_the_own_caseload_is_a_reason() -> None:
    Caseload.objects.create(user_id="7", person_id="p9", snapshot_id="s")
    found = live_reason_for(VIEWER, "p9", AT)
    assert found is not None
    assert found.kind == "case"
    assert live_reason_for(Viewer("8", "police", "practitioner"), "p9", AT) is None


def test_a_relationship_is_a_reason_until_it_is_ended() -> None:
    later = AT + dt.timedelta(hours=1)
    for user in ("7", "8"):
        kept = Relationship(user, "p1", "referral", "r1", "A referral that you took on", AT)
        open_relationship(kept, "police", by="9")
    found = live_reason_for(VIEWER, "p1", AT)
    assert found is not None and (found.kind, found.id) == ("referral", "referral-r1")
    assert [each.id for each in list_reasons(VIEWER, AT)] == ["referral-r1"]
    elsewhere = Viewer("7", "jobcentre", "practitioner")
    assert live_reason_for(elsewhere, "p1", AT) is None, "whoever moved took nothing along"
    assert end_relationships("referral", "r1", later, by="9", user_ids=["8"]) == 1
    assert live_reason_for(VIEWER, "p1", later)
    assert end_relationships("referral", "r1", later, by="9") == 1
    assert live_reason_for(VIEWER, "p1", later) is None
    assert end_relationships("referral", "r1", later, by="9") == 0
    kinds = [entry.event["kind"] for entry in Entry.objects.order_by("position")]
    assert kinds == ["relationship.opened"] * 2 + ["relationship.ended"] * 2


def test_broken_glass_counts_before_the_own_caseload() -> None:
    """For it alone sets consent aside; for another purpose the caseload counts."""
    Caseload.objects.create(user_id="7", person_id="p9", snapshot_id="s")
    made = break_the_glass("g1", VIEWER, TEXT, "p9", "safeguarding", AT)
    OpenReason.objects.create(
        id=made.id, kind=made.kind, text=made.text, person_id="p9", purpose="safeguarding",
        opened_by="7", organisation="police", opened_at=AT, expires_at=made.expires_at or AT,
    )  # fmt: skip
    kinds = {
        purpose: getattr(live_reason_for(VIEWER, "p9", AT, purpose), "kind", "")
        for purpose in ("safeguarding", "whole-family-support")
    }
    assert kinds == {"safeguarding": "break-glass", "whole-family-support": "case"}


def test_workers_are_matched_within_their_organisation_alone() -> None:
    users = [
        {
            "id": "1",
            "name": "Ann Lee",
            "email": "ann@a.example",
            "organisation": "a",
            "persona": "ann",
        },
        {
            "id": "2",
            "name": "Bo Ray",
            "email": "bo@a.example",
            "organisation": "a",
            "persona": "bo",
        },
        {
            "id": "3",
            "name": "Bo Ray",
            "email": "bo2@a.example",
            "organisation": "a",
            "persona": "bo2",
        },
    ]
    users.append(
        {
            "id": "4",
            "name": "Self Typed",
            "email": "s@a.example",
            "organisation": "a",
            "persona": "",
        }
    )
    rows = [
        {"person_id": "typed", "partner": "a", "worker": "Self Typed", "contact": ""},
        {"person_id": "by-address", "partner": "a", "worker": "?", "contact": "ANN@a.example "},
        {"person_id": "by-name", "partner": "a", "worker": "ann  lee", "contact": ""},
        {"person_id": "of-others", "partner": "b", "worker": "Ann Lee", "contact": "ann@a.example"},
        {"person_id": "by-name-2", "partner": "a", "worker": "Ann Lee", "contact": "01632 960001"},
        {"person_id": "namesakes", "partner": "a", "worker": "Bo Ray", "contact": ""},
        {
            "person_id": "other-address",
            "partner": "a",
            "worker": "Ann Lee",
            "contact": "x@a.example",
        },
    ]
    assert match_workers(users, rows) == {
        ("1", each) for each in ("by-address", "by-name", "by-name-2")
    }


def test_sign_offs_come_back_as_they_were_put() -> None:
    records = DjangoSignOffs()
    later, earlier = AT + dt.timedelta(days=1), AT
    for partner, at in (("police", later), ("jobcentre", earlier)):
        records.sign(SignOff("an-agreement", "a" * 64, partner, "7", at))
    assert [each.signed_at for each in records.sign_offs("an-agreement")] == [earlier, later]
    before = records.version()
    stop = Suspension("an-agreement", "police", "7", AT, "a breach")
    records.suspend(stop)
    records.suspend(Suspension("an-agreement", "jobcentre", "8", AT, "another"))
    assert records.version() != before
    suspended = records.version()
    records.lift("an-agreement", "police", later)
    assert records.version() != suspended
    assert {each.partner: each.lifted_at for each in records.suspensions("an-agreement")} == {
        "police": later,
        "jobcentre": None,
    }
