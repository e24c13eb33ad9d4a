"""Holding a trail against its own chain and against every head kept of it.

One walk over the entries finds what contradicts the chain (an entry edited, removed or moved)
and computes the tree's head at every size of which somebody keeps a head. A trail that was
rewritten whole and rehashed contradicts nothing but those heads; so what stands after the
newest head that a partner keeps is reported as unanchored: nobody can tell.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wholeplace.foundation.canonical import canonical_json
from wholeplace.foundation.chain import CHAIN_START, TreeGrowth, peak_spans
from wholeplace.foundation.evidence import HeadFile, TreeHead, is_countersigned, is_signed

__all__ = ["Row", "Tampering", "TrailVerdict", "canonical_text", "verify_evidence"]

Row = tuple[int, str, str, str]
"""Position, hash before, event as JSON text, hash."""

What = Literal["changed", "misplaced", "missing", "rewritten", "forged"]
_MOST_FAULTS = 100
_NO_LEAF = bytes(32)
_WIDEST_BASIC = "\uffff"


@dataclass(frozen=True)
class Tampering:
    """One contradiction, and where it is.

    Attributes:
        what: `changed` (the event is not the one that its hash was made of), `misplaced` (what
            stands before is not what stood there), `missing` (entries are gone), `rewritten`
            (other entries than the head covers: changed and hashed anew), `forged` (a head or
            countersignature whose signature does not hold, or by a key that nobody knows).
        first: position at which it begins; 0 where no entry is meant.
        last: position at which it ends.
        against: which heads show it; empty where the chain itself does.
    """

    what: What
    first: int
    last: int
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrailVerdict:
    """What a walk over the trail found.

    Attributes:
        entries: how many were walked.
        head: hash of the newest entry.
        root: tree head over all of them, 64 hexadecimal digits.
        faults: in order of position; none where the trail holds.
        faults_left_out: how many more there are.
        anchors: partner (or name of the file) → the largest size of which it keeps a head that holds.
    """

    entries: int
    head: str
    root: str
    faults: tuple[Tampering, ...]
    faults_left_out: int
    anchors: Mapping[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether nothing contradicts the trail."""
        return not self.faults

    @property
    def anchored(self) -> int:
        """How many entries, from the first, no one can change any more without being found out."""
        return max(self.anchors.values(), default=0)

    @property
    def unanchored(self) -> int:
        """How many entries, up to the newest, nobody but the host vouches for."""
        return self.entries - self.anchored


def verify_evidence(
    rows: Iterable[Row],
    own: Sequence[TreeHead],
    kept: Mapping[str, HeadFile],
    known_keys: Iterable[str],
    partner_keys: Mapping[str, str] | None = None,
    spoilt: Iterable[str] = (),
) -> TrailVerdict:
    """Walk a trail and hold it against its chain and every head.

    Args:
        rows: in order of position; they may be streamed.
        own: heads that the host stored itself.
        kept: name (of a file, or of what the host stored of a partner) → head kept.
        known_keys: the host's public keys, as far as the caller knows them.
        partner_keys: partner → its public key, where known.
        spoilt: names of heads that were stored and can no longer be read.
    """
    named = [(name, file.head) for name, file in kept.items()]
    named += [(f"the host’s own head of {each.size:,} entries", each) for each in own]
    walk = _Walk({head.size for _, head in named})
    walk.over(rows)
    keys = set(known_keys)
    forged = {
        name for name, head in named if not is_signed(head) or (keys and head.key not in keys)
    } | {name for name, file in kept.items() if not _is_partners(file, partner_keys or {})}
    found = [Tampering("forged", 0, 0, (name,)) for name in sorted({*forged, *spoilt})]
    trusted = [(name, head) for name, head in named if name not in forged]
    holding = [(name, head) for name, head in trusted if walk.agrees(head)]
    for name, head in trusted:
        if walk.agrees(head):
            continue
        if head.size > walk.tree.size:
            found.append(Tampering("missing", walk.tree.size + 1, head.size, (name,)))
            continue
        # What the host stored itself may have been rewritten along with the trail, so it
        # narrows the place only where it contradicts.
        bounds = holding if name not in kept else [each for each in holding if each[0] in kept]
        floor = max((each.size for _, each in bounds if each.size < head.size), default=0)
        first, last = walk.differ(head)
        # Where two kept heads contradict each other, neither narrows the other's place.
        found.append(
            Tampering("rewritten", max(first, floor + 1) if floor < last else first, last, (name,))
        )
    anchors: dict[str, int] = {}
    for name, head in holding:
        if name in kept:
            keeper = kept[name].keeper or name
            anchors[keeper] = max(anchors.get(keeper, 0), head.size)
    faults = [*walk.faults, *_join_alike(found)]
    faults.sort(key=lambda each: (each.first, each.last))
    return TrailVerdict(
        walk.tree.size,
        walk.previous,
        walk.tree.head().hex(),
        tuple(faults[:_MOST_FAULTS]),
        max(0, len(faults) - _MOST_FAULTS),
        anchors,
    )


def canonical_text(text: str) -> bytes:
    """Return the canonical form of an event given as JSON text.

    Raises:
        TypeError: if it has none.
    """
    event = _DECODE(text)
    if text.isascii() or max(text) <= _WIDEST_BASIC:
        # Within the basic plane, order by character is order by UTF-16 code unit.
        return _ENCODE(event).encode("utf-8")
    return canonical_json(event)


class _Walk:
    """One pass over the entries: the chain's faults, and the tree's peaks at each size asked for."""

    def __init__(self, sizes: set[int]) -> None:
        self.tree = TreeGrowth()
        self.previous = CHAIN_START
        self.faults: list[Tampering] = []
        self._peaks: dict[int, tuple[bytes, ...]] = {0: ()}
        self._sizes = sizes

    def over(self, rows: Iterable[Row]) -> None:
        expected = 1
        add, sizes = self.tree.add, self._sizes
        for position, before, text, stated in rows:
            if position != expected:
                self._note("missing" if position > expected else "misplaced", expected, position)
            elif before != self.previous:
                self._note("misplaced", position, position + 1)
            leaf = _leaf(before, text, stated)
            if leaf is None:
                self._note("changed", position, position + 1)
                leaf = _stated_leaf(stated)
            add(leaf)
            self.previous, expected = stated, position + 1
            if self.tree.size in sizes:
                self._peaks[self.tree.size] = self.tree.peaks

    def agrees(self, head: TreeHead) -> bool:
        """Whether the trail, cut at the head's size, gives the head's root."""
        peaks = self._peaks.get(head.size)
        return peaks is not None and TreeGrowth(head.size, peaks).head().hex() == head.root

    def differ(self, head: TreeHead) -> tuple[int, int]:
        """Return between which positions the first difference from a head's entries stands."""
        for (start, end), mine, stated in zip(
            peak_spans(head.size), self._peaks[head.size], head.peaks, strict=False
        ):
            if mine.hex() != stated:
                return start + 1, end
        return 1, head.size

    def _note(self, what: What, first: int, until: int) -> None:
        last = max(first, until - 1)
        if self.faults:
            newest = self.faults[-1]
            if newest.what == what and newest.last == first - 1:
                self.faults[-1] = Tampering(what, newest.first, last)
                return
        self.faults.append(Tampering(what, first, last))


def _leaf(before: str, text: str, stated: str) -> bytes | None:
    """Return the entry's hash where it is the one that was made of it."""
    try:
        digest = hashlib.sha256(bytes.fromhex(before) + canonical_text(text))
    except (TypeError, ValueError):
        return None
    return digest.digest() if digest.hexdigest() == stated else None


def _stated_leaf(stated: str) -> bytes:
    try:
        return bytes.fromhex(stated)
    except ValueError:
        return _NO_LEAF


def _is_partners(file: HeadFile, partner_keys: Mapping[str, str]) -> bool:
    made = file.countersignature
    if made is None:
        return True
    return is_countersigned(file) and partner_keys.get(made.partner, made.key) == made.key


def _join_alike(found: Sequence[Tampering]) -> list[Tampering]:
    """Say once what several heads show alike."""
    by_place: dict[tuple[What, int, int], list[str]] = {}
    for each in found:
        by_place.setdefault((each.what, each.first, each.last), []).extend(each.against)
    return [Tampering(*place, tuple(names)) for place, names in by_place.items()]


def _refuse_float(_: str) -> Any:
    raise TypeError("a float has no canonical form")


_DECODE = json.JSONDecoder(parse_float=_refuse_float).decode
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
