"""The trail in PostgreSQL against a superuser: five attacks, with and without kept heads."""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from wholeplace.foundation.chain import CHAIN_START, chain_hash
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.evidence import HeadFile, countersign_head, make_key, write_head_file
from wholeplace.foundation.tampering import Tampering, TrailVerdict
from wholeplace.web.chain.connection import trail_connection
from wholeplace.web.chain.heads import make_head_file, newest_head, take_due_head, take_head
from wholeplace.web.chain.trail import destroy_subject_key, record, subject_pseudonym
from wholeplace.web.chain.verifying import verify_trail
from wholeplace.web.chain.witnesses import list_witnesses, receive_countersignature

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
HOST, POLICE, CLINIC = make_key(), make_key(), make_key()
BLOCK = 20


@pytest.fixture(autouse=True)
def place_without_heads(
    cluster: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start without heads, under a signing key of this test's own."""
    place = tmp_path_factory.mktemp("evidence") / "place"
    monkeypatch.setenv("WHOLEPLACE_PLACE", str(place))
    monkeypatch.delenv("WHOLEPLACE_DATA", raising=False)
    with cluster.connect("wholeplace_super") as superuser, superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("DELETE FROM chain_head")
        superuser.execute("DELETE FROM chain_countersignature")


def add(count: int) -> int:
    """Add entries; return how many there are then."""
    for number in range(count):
        record("test.evidence", actor="system", number=number)
    with trail_connection() as connection:
        row = connection.execute("SELECT max(position) FROM chain_entry").fetchone()
    return int(row[0] or 0) if row else 0


@contextmanager
def tampering(cluster: Any) -> Iterator[psycopg.Connection]:
    """Be the superuser with every guard off; what is done is undone at the end."""
    with cluster.connect("wholeplace_super") as superuser, superuser.transaction() as undo:
        superuser.execute("SET LOCAL session_replication_role = replica")
        yield superuser
        raise psycopg.Rollback(undo)


def kept_now(partner: str = "police", key: Any = POLICE, kept: HeadFile | None = None) -> HeadFile:
    since = [kept.head.size] if kept else []
    return countersign_head(make_head_file(take_head(), since), partner, key, kept, AT)


# The attacks. Each takes the superuser's connection, the position to strike at, and the end.


def edit(db: psycopg.Connection, at: int, _: int) -> None:
    db.execute(
        'UPDATE chain_entry SET event = event || \'{"actor": "nobody"}\' WHERE position = %s', [at]
    )


def delete(db: psycopg.Connection, at: int, _: int) -> None:
    db.execute("DELETE FROM chain_entry WHERE position = %s", [at])


def delete_and_close_up(db: psycopg.Connection, at: int, _: int) -> None:
    delete(db, at, _)
    # Away and back, so that no two ever share a position.
    db.execute("UPDATE chain_entry SET position = position + 1000000 WHERE position > %s", [at])
    db.execute("UPDATE chain_entry SET position = position - 1000001 WHERE position > %s", [at])


def reorder(db: psycopg.Connection, at: int, _: int) -> None:
    db.execute("UPDATE chain_entry SET position = 9000000 WHERE position = %s", [at])
    db.execute("UPDATE chain_entry SET position = %s WHERE position = %s", [at, at + 1])
    db.execute("UPDATE chain_entry SET position = %s WHERE position = 9000000", [at + 1])


def truncate(db: psycopg.Connection, at: int, _: int) -> None:
    db.execute("DELETE FROM chain_entry WHERE position >= %s", [at])


def rewrite(db: psycopg.Connection, at: int, end: int) -> None:
    """Change one entry and hash it and all that follow anew: the chain holds again."""
    row = db.execute("SELECT previous FROM chain_entry WHERE position = %s", [at]).fetchone()
    assert row is not None
    previous = row[0]
    db.execute(
        "UPDATE chain_entry SET hash = 'x' || lpad(position::text, 63, '0') WHERE position >= %s",
        [at],
    )
    for position in range(at, end + 1):
        found = db.execute(
            "SELECT event FROM chain_entry WHERE position = %s", [position]
        ).fetchone()
        assert found is not None
        event = {**found[0], "actor": "nobody"} if position == at else found[0]
        digest = chain_hash(previous, event)
        db.execute(
            "UPDATE chain_entry SET event = %s, previous = %s, hash = %s WHERE position = %s",
            [json.dumps(event), previous, digest, position],
        )
        previous = digest


Attack = Callable[[psycopg.Connection, int, int], None]


def forget_heads(db: psycopg.Connection) -> None:
    db.execute("DELETE FROM chain_head")
    db.execute("DELETE FROM chain_countersignature")


def places(verdict: TrailVerdict) -> set[tuple[str, int, int]]:
    return {(each.what, each.first, each.last) for each in verdict.faults}


@pytest.mark.parametrize(
    ("attack", "what", "width"),
    [(edit, "changed", 1), (delete, "missing", 1), (delete_and_close_up, "misplaced", 1), (reorder, "misplaced", 3)],
)  # fmt: skip
@pytest.mark.parametrize("is_with_heads", [True, False], ids=["kept head", "no head"])
def test_what_breaks_the_chain_is_located_to_the_entry(
    cluster: Any, attack: Attack, what: str, width: int, is_with_heads: bool
) -> None:
    end = add(BLOCK)
    file = kept_now()
    at = end - BLOCK // 2
    with tampering(cluster) as db:
        attack(db, at, end)
        if not is_with_heads:
            forget_heads(db)
        verdict = verify_trail({"police’s": file} if is_with_heads else {}, db)
    assert (what, at, at + width - 1) in places(verdict)
    assert not verdict.is_whole
    assert verdict.anchored == (0 if attack is not edit or not is_with_heads else end)
    assert verify_trail({"police’s": file}).is_whole


def test_a_cut_tail_is_found_against_a_kept_head_and_by_how_much(cluster: Any) -> None:
    end = add(BLOCK)
    file = kept_now()
    with tampering(cluster) as db:
        truncate(db, end - 4, end)
        forget_heads(db)
        alone, against = verify_trail({}, db), verify_trail({"police’s": file}, db)
    assert places(against) == {("missing", end - 4, end)}
    assert against.faults[0].against == ("police’s",)
    # Without any head nothing contradicts it, and all of it is said to be unanchored.
    assert alone.is_whole
    assert (alone.anchored, alone.unanchored) == (0, end - 5)


def test_a_full_rewrite_is_found_against_any_one_partners_head(cluster: Any) -> None:
    add(BLOCK)
    first = kept_now()
    middle = first.head.size
    end = add(BLOCK)
    second = kept_now("clinic", CLINIC)
    struck = middle - 5
    with tampering(cluster) as db:
        rewrite(db, struck, end)
        forget_heads(db)
        alone = verify_trail({}, db)
        by_police, by_clinic = verify_trail({"p": first}, db), verify_trail({"c": second}, db)
        both = verify_trail({"p": first, "c": second}, db)
    assert alone.is_whole
    assert alone.anchored == 0
    for verdict in (by_police, by_clinic, both):
        assert {each.what for each in verdict.faults} == {"rewritten"}
        assert verdict.anchored == 0
        assert all(each.first <= struck <= each.last for each in verdict.faults)
    assert both.faults[0].last <= middle


def test_a_rewrite_between_two_heads_lies_between_them(cluster: Any) -> None:
    add(BLOCK)
    first = kept_now()
    end = add(BLOCK)
    second = kept_now(kept=first)
    struck = first.head.size + 3
    with tampering(cluster) as db:
        rewrite(db, struck, end)
        forget_heads(db)
        verdict = verify_trail({"old": first, "new": second}, db)
    (fault,) = verdict.faults
    assert fault.what == "rewritten"
    assert first.head.size < fault.first <= struck <= fault.last <= end
    assert fault.against == ("new",)
    assert verdict.anchors == {"police": first.head.size}


def test_a_tail_rewritten_after_the_last_kept_head_cannot_be_told(cluster: Any) -> None:
    add(BLOCK)
    file = kept_now()
    end = add(BLOCK)
    with tampering(cluster) as db:
        rewrite(db, file.head.size + 1, end)
        forget_heads(db)
        verdict = verify_trail({"police’s": file}, db)
    assert verdict.is_whole
    assert (verdict.anchored, verdict.unanchored) == (file.head.size, BLOCK)


def test_the_hosts_own_heads_show_a_rewrite_by_whoever_lacks_its_key(cluster: Any) -> None:
    end = add(BLOCK)
    take_head()
    with tampering(cluster) as db:
        rewrite(db, end - 3, end)
        assert {each.what for each in verify_trail({}, db).faults} == {"rewritten"}
        forget_heads(db)
        other = take_head_of(db)
        assert verify_trail({}, db).faults == (
            Tampering("forged", 0, 0, (f"the host’s own head of {other:,} entries",)),
        )


def take_head_of(db: psycopg.Connection) -> int:
    """Store a head of what stands there now, signed by a key that is not the host's."""
    from wholeplace.foundation.chain import TreeGrowth
    from wholeplace.foundation.evidence import sign_head

    tree = TreeGrowth()
    for (digest,) in db.execute("SELECT hash FROM chain_entry ORDER BY position"):
        tree.add(bytes.fromhex(digest))
    head = sign_head(tree, AT, HOST)
    db.execute(
        "INSERT INTO chain_head VALUES (1, %s, %s, %s, %s, %s, %s)",
        [head.size, head.root, head.taken_at, head.key, head.signature, list(head.peaks)],
    )
    return head.size


def test_no_head_is_signed_over_a_trail_that_was_cut(cluster: Any) -> None:
    end = add(BLOCK)
    take_head()
    with cluster.connect("wholeplace_super") as superuser:
        superuser.execute("SET session_replication_role = replica")
        row = superuser.execute(
            "DELETE FROM chain_entry WHERE position = %s RETURNING event::text, previous, hash",
            [end],
        ).fetchone()
        try:
            with pytest.raises(UnsafeActionError, match="entries are missing"):
                take_head()
        finally:
            superuser.execute("INSERT INTO chain_entry VALUES (%s, %s, %s, %s)", [end, *row])
    assert verify_trail().is_whole


def test_heads_carry_on_from_the_last_and_come_out_alike() -> None:
    add(3)
    first = take_head()
    add(5)
    second = take_head()
    assert second.size == first.size + 5
    verdict = verify_trail()
    assert verdict.is_whole
    assert (verdict.entries, verdict.root) == (second.size, second.root)


def test_a_head_is_taken_once_an_hour_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from wholeplace.web.chain import heads

    add(1)
    old = take_head(at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=61))
    monkeypatch.setattr(heads._Due, "at", 0.0)
    add(1)
    new = newest_head()
    assert new is not None
    assert new.size == old.size + 1
    monkeypatch.setattr(heads._Due, "at", 0.0)
    take_due_head()
    assert newest_head() == new


def test_no_head_stops_an_entry(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from wholeplace.web.chain import heads

    before = add(1)
    take_head(key=HOST)
    monkeypatch.setattr(heads._Due, "at", 0.0)
    monkeypatch.setattr(heads, "HEAD_EVERY", dt.timedelta(0))
    assert add(1) == before + 1
    assert "no head of the trail could be taken: UnsafeActionError" in caplog.text


def test_another_key_goes_on_only_when_told_to() -> None:
    add(1)
    take_head(key=HOST)
    with pytest.raises(UnsafeActionError, match="another key"):
        take_head()
    assert take_head(may_change_key=True).key != ""


@pytest.mark.parametrize("table", ["chain_head", "chain_countersignature"])
@pytest.mark.parametrize("what", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET size = 0"])
def test_heads_and_countersignatures_stay(cluster: Any, table: str, what: str) -> None:
    add(1)
    receive_countersignature(kept_now(), "police", "system")
    for role in (cluster.owner_role, cluster.app_role):
        with cluster.connect(role) as connection, pytest.raises(psycopg.Error):
            connection.execute(what.format(table))


def test_a_countersignature_is_kept_and_anchors() -> None:
    add(2)
    file = kept_now()
    receive_countersignature(file, "police", "system")
    assert [(each.partner, each.size) for each in list_witnesses()] == [("police", file.head.size)]
    verdict = verify_trail()
    assert verdict.anchors == {"police": file.head.size}
    # That it came stands in the trail, and is not anchored itself.
    assert verdict.unanchored == 1
    assert receive_countersignature(file, "police", "system").size == file.head.size


def test_a_countersignature_that_is_not_the_partners_is_refused() -> None:
    add(2)
    file = kept_now()
    with pytest.raises(UnsafeActionError, match="another partner"):
        receive_countersignature(file, "clinic", "system")
    with pytest.raises(UnsafeActionError, match="no countersignature"):
        receive_countersignature(HeadFile(file.head), "police", "system")
    receive_countersignature(file, "police", "system")
    add(1)
    with pytest.raises(UnsafeActionError, match="another key"):
        receive_countersignature(kept_now(key=make_key()), "police", "system")
    foreign = HeadFile(take_head(key=HOST, may_change_key=True))
    signed = countersign_head(foreign, "police", POLICE, None, AT)
    with pytest.raises(UnsafeActionError, match="not over a head that this system signed"):
        receive_countersignature(signed, "police", "system")
    assert len(list_witnesses()) == 1


def test_erasing_a_resident_leaves_the_trail_whole_and_anchored() -> None:
    before = subject_pseudonym("person-erased")
    record("sight", actor="1", subjects=[{"subject": before}])
    file = kept_now()
    assert destroy_subject_key("person-erased")
    verdict = verify_trail({"police’s": file})
    assert verdict.is_whole
    assert verdict.anchored == file.head.size
    assert subject_pseudonym("person-erased") != before


@pytest.mark.parametrize("document", ["{}", "", "another partner’s"])
def test_a_spoilt_countersignature_is_a_fault_and_no_crash(cluster: Any, document: str) -> None:
    add(2)
    file = kept_now()
    receive_countersignature(file, "police", "system")
    if document.startswith("another"):
        document = write_head_file(kept_now("clinic", CLINIC))
    with tampering(cluster) as db:
        db.execute("UPDATE chain_countersignature SET document = %s", [document])
        verdict = verify_trail({}, db)
    name = f"police’s head of {file.head.size:,} entries, as stored here"
    assert verdict.faults == (Tampering("forged", 0, 0, (name,)),)
    assert verdict.anchored == 0


def test_a_proof_reads_only_what_was_added_since_a_stored_head() -> None:
    add(5)
    first = kept_now()
    add(4)
    second = make_head_file(take_head(), [first.head.size])
    add(3)
    third = take_head()
    some = make_head_file(third, [first.head.size, second.head.size])
    every = make_head_file(third, [first.head.size, second.head.size, first.head.size + 1])
    for size in (first.head.size, second.head.size):
        assert some.proofs[size] == every.proofs[size]
    countersign_head(second, "police", POLICE, first, AT)
    countersign_head(every, "police", POLICE, second, AT)


@pytest.mark.heavy
def test_a_hundred_thousand_entries(cluster: Any) -> None:
    """A first head in under 2 s, 50,000 entries verified a second, proofs since in no time."""
    rows, previous, count = [], CHAIN_START, 100_000
    event = {
        "kind": "sight", "at": "2026-03-01T10:30:15.123456+00:00", "page": "person",
        "actor": "12", "organisation": "council-children", "role": "practitioner",
        "purpose": "whole-family-support", "ruleset": "a" * 64, "alerts": [],
        "subjects": [{"subject": "f" * 64, "seen": {}, "refused": {}}],
    }  # fmt: skip
    for number in range(count):
        made = {**event, "n": number}
        digest = chain_hash(previous, made)
        rows.append((number + 1, json.dumps(made), previous, digest))
        previous = digest
    with cluster.connect("wholeplace_super") as db:
        db.execute("SET session_replication_role = replica")
        db.execute("DELETE FROM chain_entry")
        with db.cursor().copy("COPY chain_entry FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    first, head_seconds = timed(take_head)
    verdict, verify_seconds = timed(verify_trail)
    add(50)
    _, next_seconds = timed(take_head)
    newest = newest_head()
    assert newest is not None
    _, proof_seconds = timed(lambda: make_head_file(newest, [first.size]))
    sys.stdout.write(
        f"{head_seconds=:.2f} {verify_seconds=:.2f} {next_seconds=:.4f} {proof_seconds=:.4f}\n"
    )
    assert verdict.is_whole
    assert verdict.entries == first.size == count
    assert head_seconds < 2
    assert count / verify_seconds >= 50_000
    assert next_seconds < 0.1
    assert proof_seconds < 0.1


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what came of it, and the processor's time, which a busy machine does not lengthen."""
    start = time.process_time()
    return work(), time.process_time() - start
