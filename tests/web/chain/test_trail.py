"""The trail: whole, gapless, and nobody's to rewrite."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements.standing.records import AuditUnavailableError
from wholeplace.foundation.chain import CHAIN_START, chain_hash
from wholeplace.web.chain.connection import close_trail_connection, trail_connection
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import (
    DjangoAuditTrail,
    destroy_subject_key,
    known_pseudonym,
    record,
    subject_pseudonym,
    subject_pseudonyms,
)
from wholeplace.web.chain.verifying import verify_trail

pytestmark = pytest.mark.django_db


def newest() -> Entry:
    entry = Entry.objects.order_by("-position").first()
    assert entry is not None
    return entry


events = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(event=events)
def test_any_event_stands_as_it_was_given(event: dict[str, Any]) -> None:
    digest = DjangoAuditTrail().append(event)
    entry = newest()
    assert entry.event == event
    assert entry.hash == digest == chain_hash(entry.previous, event)


def test_each_entry_follows_the_one_before_and_all_verify() -> None:
    for number in range(5):
        record("test.counted", actor="system", number=number)
    entries = list(Entry.objects.order_by("position"))
    assert [each.position for each in entries] == list(range(1, len(entries) + 1))
    assert entries[0].previous == CHAIN_START
    verdict = verify_trail()
    assert verdict.is_whole
    assert (verdict.entries, verdict.head) == (len(entries), entries[-1].hash)


def test_a_rolled_back_request_does_not_take_its_sight_with_it() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        digest = record("test.seen", actor="system")
        raise RuntimeError
    assert newest().hash == digest


def test_threads_at_once_leave_no_gap() -> None:
    before = newest().position if Entry.objects.exists() else 0
    threads = [
        threading.Thread(target=lambda: [record("test.raced", actor="system") for _ in range(10)])
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert newest().position == before + 60
    assert verify_trail().is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chain_entry SET event = '{}' WHERE position = 1",
        "DELETE FROM chain_entry",
        "TRUNCATE chain_entry",
        "INSERT INTO chain_entry SELECT position + 1000000, event, previous, repeat('a', 64) "
        "FROM chain_entry LIMIT 1",
    ],
)
def test_even_the_owner_cannot_rewrite_it(cluster: Any, statement: str) -> None:
    record("test.kept", actor="system")
    with cluster.connect(cluster.owner_role) as owner, pytest.raises(psycopg.Error):
        owner.execute(statement)
    assert verify_trail().is_whole


@pytest.mark.parametrize(
    "what",
    ["UPDATE chain_entry SET hash = hash", "DELETE FROM chain_entry", "TRUNCATE chain_entry"],
)
def test_the_sites_role_has_no_right_to(cluster: Any, what: str) -> None:
    record("test.kept", actor="system")
    with cluster.connect(cluster.app_role) as site:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
            site.execute(what)
        assert site.execute("SELECT count(*) > 0 FROM chain_entry").fetchone() == (True,)


def test_tampering_by_a_superuser_is_found(cluster: Any) -> None:
    for number in range(3):
        record("test.tampered", actor="system", number=number)
    position = newest().position - 1
    with cluster.connect("wholeplace_super") as superuser, superuser.transaction() as undo:
        superuser.execute("ALTER TABLE chain_entry DISABLE TRIGGER ALL")
        superuser.execute(
            "UPDATE chain_entry SET event = jsonb_set(event, '{number}', '99') WHERE position = %s",
            [position],
        )
        entries = superuser.execute(
            "SELECT previous, event, hash FROM chain_entry ORDER BY position"
        ).fetchall()
        from wholeplace.foundation.chain import verify_chain

        fault = verify_chain(entries)
        assert fault is not None
        assert (fault.position, fault.what) == (position - 1, "changed")
        raise psycopg.Rollback(undo)
    assert verify_trail().is_whole


def test_a_trail_that_cannot_be_written_says_so(unwritable_trail: Any) -> None:
    before = Entry.objects.count()
    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        record("test.lost", actor="system")
    assert record("test.back", actor="system")
    assert Entry.objects.count() == before + 1


def test_a_lost_connection_is_opened_again(cluster: Any) -> None:
    record("test.before", actor="system")
    with trail_connection() as held:
        pid = held.info.backend_pid
    with cluster.connect("wholeplace_super") as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert record("test.after", actor="system")


def test_pseudonyms_are_steady_and_die_with_their_key() -> None:
    first = subject_pseudonym("person-1")
    assert subject_pseudonyms(["person-1", "person-2"])["person-1"] == first
    assert "person-1" not in first
    assert known_pseudonym("person-1") == first
    assert known_pseudonym("never-seen") is None
    assert destroy_subject_key("person-1")
    assert known_pseudonym("person-1") is None
    assert subject_pseudonym("person-1") != first


def test_a_key_outlives_a_rolled_back_request() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        first = subject_pseudonym("person-rolled-back")
        raise RuntimeError
    assert subject_pseudonym("person-rolled-back") == first


def test_closing_the_connection_is_harmless() -> None:
    close_trail_connection()
    assert record("test.reopened", actor="system")
