"""The audit chain and its tree: evidence that nobody can rewrite unseen.

Each event's hash covers the hash before it, so a change to one changes all that follow. A
chain alone cannot show that its tail was cut off or the whole rewritten: for that, partners
keep each other's *tree heads* (RFC 6962, section 2.1), and a consistency proof shows that a
later head holds every event of an earlier one, unchanged and in place.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholeplace.foundation.canonical import canonical_json

__all__ = [
    "CHAIN_START",
    "ChainFault",
    "TreeGrowth",
    "carry_proof",
    "chain_hash",
    "consistency_proof",
    "inclusion_proof",
    "is_consistent",
    "is_included",
    "peak_spans",
    "tree_head",
    "verify_chain",
]

CHAIN_START = "0" * 64
"""What stands for the hash before the first event."""

_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True)
class ChainFault:
    """The first place at which a chain does not hold.

    Attributes:
        position: zero-based position of the event.
        what: `changed` (the event or its hash), `misplaced` (the hash before it is not the one
            that stands before it: an event was removed, added or moved).
    """

    position: int
    what: str


def chain_hash(previous: str, event: Mapping[str, Any]) -> str:
    """Return the hash of an event in its place: SHA-256 over the hash before it and the event.

    Args:
        previous: 64 hexadecimal digits; `CHAIN_START` for the first event.
        event: text, whole numbers, booleans, null, lists and objects.

    Raises:
        TypeError: if the event holds a value with no canonical form.
    """
    return hashlib.sha256(bytes.fromhex(previous) + canonical_json(event)).hexdigest()


def verify_chain(
    entries: Iterable[tuple[str, Mapping[str, Any], str]], previous: str = CHAIN_START
) -> ChainFault | None:
    """Return the first fault of a chain, or None where it holds.

    Args:
        entries: (hash before, event, hash) in order; they may be streamed.
        previous: the hash before the first entry given, where only a part is verified.
    """
    for position, (before, event, stated) in enumerate(entries):
        if before != previous:
            return ChainFault(position, "misplaced")
        if chain_hash(before, event) != stated:
            return ChainFault(position, "changed")
        previous = stated
    return None


class TreeGrowth:
    """A tree that grows leaf by leaf and keeps only its peaks.

    The peaks are the heads of the complete subtrees of which the tree is made, largest first:
    one for each 1 in the binary form of the size. They are all that growing further needs, so
    a tree of a hundred million leaves is carried on from 27 hashes.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Carry on from a size and its peaks.

        Raises:
            ValueError: if that many peaks do not belong to the size.
        """
        if size < 0 or size.bit_count() != len(peaks):
            raise ValueError("the peaks do not belong to the size")
        self.size = size
        self._peaks = list(peaks)

    def add(self, leaf: bytes) -> None:
        """Add one leaf at the end."""
        digest = hashlib.sha256(_LEAF + leaf).digest()
        full = self.size
        while full & 1:  # every trailing 1 is a peak as large as what has just been made
            digest = hashlib.sha256(_NODE + self._peaks.pop() + digest).digest()
            full >>= 1
        self._peaks.append(digest)
        self.size += 1

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The peaks, largest first."""
        return tuple(self._peaks)

    def head(self) -> bytes:
        """Return the tree's head at its size: 32 bytes."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        *rest, digest = self._peaks
        for peak in reversed(rest):
            digest = _join(peak, digest)
        return digest


def peak_spans(size: int) -> list[tuple[int, int]]:
    """Return the leaves under each peak of a tree: (first, one past the last), from 0."""
    spans, start = [], 0
    for power in range(size.bit_length() - 1, -1, -1):
        if size >> power & 1:
            spans.append((start, start + (1 << power)))
            start += 1 << power
    return spans


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of the leaves (RFC 6962, 2.1): 32 bytes."""
    tree = TreeGrowth()
    for leaf in leaves:
        tree.add(leaf)
    return tree.head()


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the audit path of a leaf (RFC 6962, 2.1.1), from the leaf upwards.

    Raises:
        IndexError: if there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("there is no such leaf")
    if len(leaves) == 1:
        return []
    half = _left_size(len(leaves))
    if index < half:
        return [*inclusion_proof(index, leaves[:half]), tree_head(leaves[half:])]
    return [*inclusion_proof(index - half, leaves[half:]), tree_head(leaves[:half])]


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the proof that the first leaves stand unchanged under all (RFC 6962, 2.1.2).

    Raises:
        IndexError: if `first` is not between 1 and the number of leaves.
    """
    if not 0 < first <= len(leaves):
        raise IndexError("the earlier tree must hold between one leaf and all of them")
    return _subproof(first, leaves, is_whole=True)


def carry_proof(first: int, peaks: Sequence[bytes], later: Sequence[bytes]) -> list[bytes]:
    """Return the same proof as `consistency_proof`, from the earlier tree's peaks alone.

    So the proof that last week's head stands costs a week's leaves, however long the trail.

    Args:
        first: leaves of the earlier tree.
        peaks: its peaks.
        later: the leaves added since.

    Raises:
        ValueError: if that many peaks do not belong to the size, or it is empty.
    """
    if first < 1 or first.bit_count() != len(peaks):
        raise ValueError("the peaks do not belong to the size")
    known = dict(zip(peak_spans(first), peaks, strict=True))

    def head(start: int, end: int) -> bytes:
        # Whatever lies within the earlier tree is one of its peaks.
        return known[start, end] if end <= first else tree_head(later[start - first : end - first])

    start, end, proof = 0, first + len(later), []
    while first != end:
        middle = start + _left_size(end - start)
        if first <= middle:
            proof.append(head(middle, end))
            end = middle
        else:
            proof.append(head(start, middle))
            start = middle
    if start > 0:
        proof.append(head(start, end))
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether the proof shows the leaf at this index under the head (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, digest = index, size - 1, hashlib.sha256(_LEAF + leaf).digest()
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            digest = _join(step, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            digest = _join(digest, step)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == head


def is_consistent(
    first: int, first_head: bytes, second: int, second_head: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows the earlier tree inside the later one (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_head == second_head
    path = list(proof) if first & (first - 1) else [first_head, *proof]
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = _join(step, old), _join(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = _join(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_head and new == second_head


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _left_size(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def _subproof(first: int, leaves: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if is_whole else [tree_head(leaves)]
    half = _left_size(len(leaves))
    if first <= half:
        return [
            *_subproof(first, leaves[:half], is_whole=is_whole),
            tree_head(leaves[half:]),
        ]
    return [
        *_subproof(first - half, leaves[half:], is_whole=False),
        tree_head(leaves[:half]),
    ]
