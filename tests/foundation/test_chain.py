"""The chain and its tree: laws, the published vectors, and every kind of tampering."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.chain import (
    CHAIN_START,
    ChainFault,
    chain_hash,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    tree_head,
    verify_chain,
)

Entry = tuple[str, dict[str, Any], str]

# The leaves and roots that Certificate Transparency's own reference tests publish.
VECTOR_LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def chain_of(events: list[dict[str, Any]]) -> list[Entry]:
    entries, previous = [], CHAIN_START
    for event in events:
        digest = chain_hash(previous, event)
        entries.append((previous, event, digest))
        previous = digest
    return entries


events = st.lists(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=8), max_size=3),
    min_size=1,
    max_size=12,
)


@given(events)
@settings(deadline=None)
def test_an_untouched_chain_holds(found: list[dict[str, Any]]) -> None:
    entries = chain_of(found)
    assert verify_chain(entries) is None
    half = len(entries) // 2
    assert verify_chain(entries[half:], entries[half][0]) is None


@given(events, st.data())
@settings(deadline=None)
def test_an_edit_is_found_where_it_was_made(
    found: list[dict[str, Any]], data: st.DataObject
) -> None:
    entries = chain_of(found)
    at = data.draw(st.integers(0, len(entries) - 1))
    before, event, digest = entries[at]
    entries[at] = (before, {**event, "edited": True}, digest)
    assert verify_chain(entries) == ChainFault(at, "changed")


@given(events.filter(lambda found: len(found) > 1), st.data())
@settings(deadline=None)
def test_removing_or_moving_an_event_is_found(
    found: list[dict[str, Any]], data: st.DataObject
) -> None:
    entries = chain_of(found)
    at = data.draw(st.integers(0, len(entries) - 2))
    assert verify_chain(entries[:at] + entries[at + 1 :]) == ChainFault(at, "misplaced")
    swapped = [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]
    assert verify_chain(swapped) == ChainFault(at, "misplaced")


@given(events, st.data())
@settings(deadline=None)
def test_rewriting_one_hash_is_found_at_it_or_the_next(
    found: list[dict[str, Any]], data: st.DataObject
) -> None:
    entries = chain_of(found)
    at = data.draw(st.integers(0, len(entries) - 1))
    before, event, _ = entries[at]
    changed = {**event, "edited": True}
    entries[at] = (before, changed, chain_hash(before, changed))
    fault = verify_chain(entries)
    is_last = at == len(entries) - 1
    # The rewritten tail is what the chain alone cannot show: partners' tree heads can.
    assert fault == (None if is_last else ChainFault(at + 1, "misplaced"))


def test_the_order_of_keys_does_not_matter_and_everything_else_does() -> None:
    assert chain_hash(CHAIN_START, {"a": 1, "b": "x"}) == chain_hash(
        CHAIN_START, {"b": "x", "a": 1}
    )
    different = [{"a": 1}, {"a": "1"}, {"a": True}, {"a": None}, {"b": 1}, {}]
    assert len({chain_hash(CHAIN_START, each) for each in different}) == len(different)
    assert chain_hash("1" * 64, {}) != chain_hash(CHAIN_START, {})
    with pytest.raises(TypeError):
        chain_hash(CHAIN_START, {"share": 0.5})


def test_the_hash_is_the_plain_one_written_down() -> None:
    written = hashlib.sha256(bytes(32) + b'{"actor":"ana","page":"people:show"}').hexdigest()
    assert chain_hash(CHAIN_START, {"page": "people:show", "actor": "ana"}) == written


@pytest.mark.parametrize("size", range(9))
def test_tree_heads_are_those_of_certificate_transparency(size: int) -> None:
    expected = VECTOR_ROOTS[size - 1] if size else hashlib.sha256(b"").hexdigest()
    assert tree_head(VECTOR_LEAVES[:size]).hex() == expected


def plain_head(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, word for word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + plain_head(leaves[:half]) + plain_head(leaves[half:])).digest()


@pytest.mark.parametrize("size", range(1, 65))
def test_every_size_gives_the_head_and_proofs_that_hold(size: int) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    head = tree_head(leaves)
    assert head == plain_head(leaves)
    for index in range(0, size, 5):
        proof = inclusion_proof(index, leaves)
        assert is_included(leaves[index], index, size, proof, head)
        assert not is_included(b"another", index, size, proof, head)
        assert not is_included(leaves[index], index, size, [*proof, head], head)
        if size > 1:
            assert not is_included(leaves[index], (index + 1) % size, size, proof, head)
    for first in range(1, size + 1):
        proof = consistency_proof(first, leaves)
        earlier = tree_head(leaves[:first])
        assert is_consistent(first, earlier, size, head, proof)
        assert not is_consistent(first, hashlib.sha256(b"x").digest(), size, head, proof)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_a_rewritten_past_has_no_consistency_proof(
    one: int, more: int, data: st.DataObject
) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(one + more)]
    kept = tree_head(leaves[:one])
    changed = list(leaves)
    changed[data.draw(st.integers(0, one - 1))] = b"rewritten"
    proof = consistency_proof(one, changed)
    assert not is_consistent(one, kept, len(changed), tree_head(changed), proof)


def test_proofs_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(3, [b"a"])
    with pytest.raises(IndexError):
        consistency_proof(0, [b"a"])
    head = tree_head([b"a"])
    assert not is_included(b"a", 1, 1, [], head)
    assert not is_consistent(2, head, 1, head, [])
    assert is_consistent(1, head, 1, head, [])
