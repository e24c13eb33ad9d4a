"""Heads, countersignatures and tampering: laws, and refusals that say why."""

import dataclasses
import datetime as dt
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.chain import (
    CHAIN_START,
    TreeGrowth,
    carry_proof,
    chain_hash,
    consistency_proof,
    is_consistent,
    peak_spans,
    tree_head,
)
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.foundation.evidence import (
    HeadFile,
    countersign_head,
    is_countersigned,
    is_signed,
    make_key,
    prove_sizes,
    public_key_of,
    read_head_file,
    read_private_key,
    sign_head,
    write_head_file,
    write_private_key,
)
from wholeplace.foundation.tampering import Row, Tampering, canonical_text, verify_evidence

AT = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
HOST, POLICE = make_key(), make_key()
KEYS = [public_key_of(HOST)]


def rows_of(events: list[dict[str, Any]], previous: str = CHAIN_START, first: int = 1) -> list[Row]:
    rows = []
    for position, event in enumerate(events, first):
        digest = chain_hash(previous, event)
        rows.append((position, previous, json.dumps(event), digest))
        previous = digest
    return rows


def some_rows(count: int, word: str = "seen") -> list[Row]:
    return rows_of([{"kind": word, "n": number} for number in range(count)])


def leaves_of(rows: list[Row]) -> list[bytes]:
    return [bytes.fromhex(row[3]) for row in rows]


def head_of(rows: list[Row], *since: int, key: Any = HOST) -> HeadFile:
    tree = TreeGrowth()
    for leaf in leaves_of(rows):
        tree.add(leaf)
    return HeadFile(sign_head(tree, AT, key), prove_sizes(since, leaves_of(rows)))


def keep(rows: list[Row], *since: int, kept: HeadFile | None = None) -> HeadFile:
    return countersign_head(head_of(rows, *since), "police", POLICE, kept, AT)


# Laws


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 300), st.integers(0, 300))
def test_any_earlier_head_is_proved_in_any_later_one(first: int, more: int) -> None:
    leaves = [number.to_bytes(4, "big") for number in range(first + more)]
    old, new = tree_head(leaves[:first]), tree_head(leaves)
    proof = consistency_proof(first, leaves)
    assert is_consistent(first, old, len(leaves), new, proof)
    if more:
        assert not is_consistent(first, new, len(leaves), new, proof)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_growing_from_peaks_gives_the_head_of_the_whole(first: int, more: int) -> None:
    leaves = [number.to_bytes(4, "big") for number in range(first + more)]
    start = TreeGrowth()
    for leaf in leaves[:first]:
        start.add(leaf)
    carried = TreeGrowth(first, start.peaks)
    for leaf in leaves[first:]:
        carried.add(leaf)
    assert carried.head() == tree_head(leaves)
    spans = peak_spans(len(leaves))
    assert [tree_head(leaves[a:b]) for a, b in spans] == list(carried.peaks)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 40), st.data())
def test_a_rewrite_is_found_where_it_is_against_every_head_that_covers_it(
    size: int, more: int, data: st.DataObject
) -> None:
    rows = some_rows(size + more)
    kept = keep(rows[:size])
    at = data.draw(st.integers(1, size + more))
    before = rows[: at - 1]
    start = before[-1][3] if before else CHAIN_START
    after = rows_of([{"kind": "rewritten", "n": n} for n in range(at, size + more + 1)], start, at)
    verdict = verify_evidence([*before, *after], [], {"kept": kept}, KEYS)
    if at > size:
        assert verdict.is_whole
        assert (verdict.anchored, verdict.unanchored) == (size, more)
    else:
        (fault,) = verdict.faults
        assert fault.what == "rewritten"
        assert fault.first <= at <= fault.last <= size
        assert verdict.anchored == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 40), st.data())
def test_a_partner_never_countersigns_a_rewritten_past(size: int, data: st.DataObject) -> None:
    rows = some_rows(size)
    first = data.draw(st.integers(1, size - 1))
    kept = keep(rows[:first])
    assert keep(rows, first, kept=kept).head.size == size
    with pytest.raises(UnsafeActionError, match="not all in it, unchanged"):
        keep(some_rows(size, "rewritten"), first, kept=kept)


# Signatures


def test_what_is_written_is_read_back() -> None:
    made = keep(some_rows(7), 3, 5)
    assert read_head_file(write_head_file(made)) == made
    assert is_countersigned(made)
    assert is_signed(made.head)
    assert made.keeper == "police"
    again = read_private_key(write_private_key(POLICE))
    assert public_key_of(again) == public_key_of(POLICE)


@pytest.mark.parametrize(
    "change",
    [
        {"size": 8},
        {"root": "a" * 64},
        {"taken_at": "2027-01-01T00:00:00Z"},
        {"key": public_key_of(POLICE)},
        {"signature": "0" * 128},
        {"peaks": ("a" * 64, "b" * 64, "c" * 64)},
        {"peaks": ("a" * 64,)},
    ],
)
def test_no_part_of_a_head_can_be_changed(change: dict[str, Any]) -> None:
    file = keep(some_rows(7))
    changed = dataclasses.replace(file.head, **change)
    assert not is_signed(changed)
    if "peaks" not in change and "signature" not in change:
        assert not is_countersigned(dataclasses.replace(file, head=changed))
    with pytest.raises(UnsafeActionError, match="signature does not hold"):
        countersign_head(HeadFile(changed), "police", POLICE, None, AT)


@pytest.mark.parametrize(
    "change", [{"partner": "clinic"}, {"signed_at": "2027-01-01T00:00:00Z"}, {"key": KEYS[0]}]
)
def test_no_part_of_a_countersignature_can_be_changed(change: dict[str, Any]) -> None:
    file = keep(some_rows(3))
    assert file.countersignature is not None
    changed = dataclasses.replace(file.countersignature, **change)
    changed_file = dataclasses.replace(file, countersignature=changed)
    assert not is_countersigned(changed_file)
    verdict = verify_evidence(some_rows(3), [], {"kept": changed_file}, KEYS)
    assert verdict.faults == (Tampering("forged", 0, 0, ("kept",)),)
    assert verdict.anchored == 0


def test_a_head_signature_is_no_countersignature() -> None:
    file = keep(some_rows(3))
    assert file.countersignature is not None
    swapped = dataclasses.replace(
        file.countersignature, signature=file.head.signature, key=file.head.key
    )
    assert not is_countersigned(dataclasses.replace(file, countersignature=swapped))


def test_refusals_to_countersign_say_why() -> None:
    rows = some_rows(9)
    kept = keep(rows[:6])
    cases = [
        (head_of(rows[:4]), "covers 4 entries; the head you kept covers 6"),
        (head_of(some_rows(6, "other")), "other ones"),
        (head_of(rows, 6, key=make_key()), "another key"),
        (head_of(rows), "--since 6"),
        (dataclasses.replace(head_of(rows), proofs={6: ("a" * 64,)}), "unchanged"),
    ]
    for file, words in cases:
        with pytest.raises(UnsafeActionError, match=words):
            countersign_head(file, "police", POLICE, kept, AT)
    with pytest.raises(WholeplaceError, match="small letters"):
        countersign_head(head_of(rows), "../police", POLICE, None, AT)
    assert countersign_head(head_of(rows[:6]), "police", POLICE, kept, AT).head.size == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"format": "wholeplace-head-1"}',
        '{"format": "wholeplace-head-1", "head": 7}',
        write_head_file(keep(some_rows(3))).replace('"size": 3', '"size": -3'),
        write_head_file(keep(some_rows(3))).replace('"size": 3', '"size": "3"'),
        write_head_file(keep(some_rows(3))).replace('"size": 3', '"size": true'),
        write_head_file(keep(some_rows(3))).replace('"police"', '"<script>"'),
        write_head_file(keep(some_rows(3))).replace('"proofs": {}', '"proofs": {"x": []}'),
        "[" * 100_000,
        "x" * 2_000_000,
    ],
)
def test_what_is_no_head_file_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(WholeplaceError, match="not a head file") as caught:
        read_head_file(text)
    assert "script" not in str(caught.value)


def test_a_broken_key_file_is_refused_and_not_quoted() -> None:
    with pytest.raises(WholeplaceError, match="no signing key") as caught:
        read_private_key("c0ffee")
    assert "c0ffee" not in str(caught.value)


# The walk


def test_a_trail_that_holds_tells_what_is_anchored_and_by_whom() -> None:
    rows = some_rows(10)
    kept = {"old": keep(rows[:4]), "new": keep(rows[:7])}
    verdict = verify_evidence(rows, [head_of(rows).head], kept, KEYS)
    assert verdict.is_whole
    assert verdict.anchors == {"police": 7}
    assert (verdict.entries, verdict.anchored, verdict.unanchored) == (10, 7, 3)
    assert verdict.root == head_of(rows).head.root
    assert verdict.head == rows[-1][3]


def test_nothing_is_whole_and_anchored_by_nobody() -> None:
    verdict = verify_evidence([], [], {}, [])
    assert verdict.is_whole
    assert (verdict.entries, verdict.anchored, verdict.unanchored) == (0, 0, 0)


def test_a_head_of_another_key_is_a_fault() -> None:
    rows = some_rows(4)
    verdict = verify_evidence(rows, [head_of(rows, key=make_key()).head], {}, KEYS)
    assert {each.what for each in verdict.faults} == {"forged"}


def test_a_partner_whose_key_is_known_cannot_be_played_by_another() -> None:
    rows = some_rows(4)
    known = {"police": public_key_of(make_key())}
    verdict = verify_evidence(rows, [], {"kept": keep(rows)}, KEYS, known)
    assert {each.what for each in verdict.faults} == {"forged"}
    assert verdict.anchored == 0


def test_two_histories_told_to_two_partners_are_found() -> None:
    rows, others = some_rows(8), some_rows(8, "other")
    verdict = verify_evidence(rows, [], {"a": keep(rows[:6]), "b": keep(others)}, KEYS)
    (fault,) = verdict.faults
    assert (fault.what, fault.against) == ("rewritten", ("b",))
    assert fault.first <= fault.last


@pytest.mark.parametrize("stated", ["z" * 64, "", "é" * 64, "A" * 64])
def test_a_hash_that_is_none_is_a_fault_and_no_crash(stated: str) -> None:
    rows = some_rows(3)
    rows[1] = (*rows[1][:3], stated)
    verdict = verify_evidence(rows, [], {"kept": keep(some_rows(3))}, KEYS)
    assert Tampering("changed", 2, 2) in verdict.faults


def test_a_number_that_no_event_may_hold_is_a_fault() -> None:
    rows = some_rows(3)
    rows[1] = (rows[1][0], rows[1][1], '{"n": 0.5}', rows[1][3])
    assert verify_evidence(rows, [], {}, []).faults == (Tampering("changed", 2, 2),)


def test_many_faults_are_counted_not_listed() -> None:
    rows = [
        (position, before, '{"n": "edited"}' if position % 2 else text, digest)
        for position, before, text, digest in some_rows(400)
    ]
    verdict = verify_evidence(rows, [], {}, [])
    assert (len(verdict.faults), verdict.faults_left_out) == (100, 100)
    assert verify_evidence(
        [(a, b, '{"n": "edited"}', d) for a, b, _, d in some_rows(50)], [], {}, []
    ).faults == (Tampering("changed", 1, 50),)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.none() | st.booleans(), max_size=5))  # fmt: skip
def test_the_quick_canonical_form_is_the_canonical_form(event: dict[str, Any]) -> None:
    from wholeplace.foundation.canonical import canonical_json

    assert canonical_text(json.dumps(event, ensure_ascii=False)) == canonical_json(event)


def test_fifty_thousand_entries_a_second() -> None:
    event = {
        "kind": "sight", "at": "2026-03-01T10:30:15.123456+00:00", "page": "person",
        "actor": "12", "organisation": "council-children", "role": "practitioner",
        "purpose": "whole-family-support", "ruleset": "a" * 64,
        "reason": {"id": "caseload-12", "kind": "case"}, "alerts": [],
        "subjects": [{"subject": "f" * 64, "seen": {}, "refused": {}}],
    }  # fmt: skip
    rows = rows_of([{**event, "n": number} for number in range(10_000)])
    # The processor's time, so that a busy machine makes no difference.
    best = min(_seconds(rows) for _ in range(3))
    assert len(rows) / best >= 50_000


def _seconds(rows: list[Row]) -> float:
    start = time.process_time()
    assert verify_evidence(rows, [], {}, []).is_whole
    return time.process_time() - start


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 200), st.integers(0, 200))
def test_a_proof_from_peaks_is_the_proof_from_all_leaves(first: int, more: int) -> None:
    leaves = [number.to_bytes(4, "big") for number in range(first + more)]
    start = TreeGrowth()
    for leaf in leaves[:first]:
        start.add(leaf)
    assert carry_proof(first, start.peaks, leaves[first:]) == consistency_proof(first, leaves)


@pytest.mark.parametrize(("first", "peaks"), [(0, []), (3, [b"a"]), (-1, [])])
def test_peaks_of_another_size_are_refused(first: int, peaks: list[bytes]) -> None:
    with pytest.raises(ValueError, match="do not belong"):
        carry_proof(first, peaks, [b"x"])
    with pytest.raises(ValueError, match="do not belong"):
        TreeGrowth(first or 1, peaks)


@pytest.mark.parametrize(
    ("kept_sizes", "at", "first", "last"),
    [
        ([100], 90, 65, 96),  # 100 is 64 + 32 + 4
        ([100], 64, 1, 64),
        ([100], 97, 97, 100),
        ([80, 100], 90, 81, 96),  # the head of 80 holds, so it lies after
        ([80, 100], 70, 65, 80),
    ],
)
def test_a_rewrite_is_located_as_narrowly_as_the_heads_allow(
    kept_sizes: list[int], at: int, first: int, last: int
) -> None:
    rows = some_rows(110)
    kept = {str(size): keep(rows[:size]) for size in kept_sizes}
    after = rows_of([{"n": "rewritten"} for _ in range(at, 111)], rows[at - 2][3], at)
    verdict = verify_evidence([*rows[: at - 1], *after], [], kept, KEYS)
    assert (verdict.faults[0].first, verdict.faults[0].last) == (first, last)


def test_the_hosts_own_heads_never_narrow_what_a_partners_head_shows() -> None:
    # Whoever rewrites the trail and holds the key signs heads of the rewritten one too.
    rows, other = some_rows(64), some_rows(64, "rewritten")
    verdict = verify_evidence(other, [head_of(other[:40]).head], {"kept": keep(rows)}, KEYS)
    assert verdict.faults == (Tampering("rewritten", 1, 64, ("kept",)),)
