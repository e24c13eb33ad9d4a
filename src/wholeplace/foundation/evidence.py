"""Tree heads that the host signs, partners countersign and keep: proof against the host itself.

A chain shows only that it is consistent with itself; whoever can rewrite the database can
rewrite and rehash all of it. So the host signs a *tree head* (size, root, time) again and
again, and each partner countersigns and keeps some of them out of the host's reach. Whatever
stood in the trail when a partner took its head is *anchored*: it can no longer be changed
without being found out. What came later is *unanchored*.

Signatures are Ed25519 (RFC 8032) over the canonical JSON of what is signed, whose `format`
names what it is, so that no signature can stand for another kind of statement. Trees and
proofs are those of RFC 6962.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wholeplace.foundation.canonical import canonical_json
from wholeplace.foundation.chain import TreeGrowth, consistency_proof, is_consistent
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError

__all__ = [
    "Countersignature",
    "HeadFile",
    "TreeHead",
    "check_follows",
    "countersign_head",
    "is_countersigned",
    "is_signed",
    "make_key",
    "prove_sizes",
    "public_key_of",
    "read_head_file",
    "read_private_key",
    "sign_head",
    "write_head_file",
    "write_private_key",
]

_FILE, _HEAD, _COUNTER = "wholeplace-head-1", "wholeplace-tree-head-1", "wholeplace-countersign-1"
_LARGEST_FILE_CHARACTERS = 1_000_000
_HASH, _SIGNATURE = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{128}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PARTNER = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class TreeHead:
    """What the host states about its trail at one instant.

    Attributes:
        size: entries covered: those at positions 1 to `size`.
        root: RFC 6962 tree head over the entries' chain hashes, 64 hexadecimal digits.
        taken_at: UTC instant, `2026-01-31T09:00:00Z`.
        key: the host's public Ed25519 key, 64 hexadecimal digits.
        signature: of all the above, 128 hexadecimal digits.
        peaks: heads of the tree's complete parts; they give the root, so they need no signature.
            With them a change is located more narrowly.
    """

    size: int
    root: str
    taken_at: str
    key: str
    signature: str
    peaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Countersignature:
    """A partner's statement that it saw a head, checked it against its last one and keeps it.

    Attributes:
        key: the partner's public Ed25519 key.
    """

    partner: str
    signed_at: str
    key: str
    signature: str


@dataclass(frozen=True)
class HeadFile:
    """What is handed to partners and kept by them: a head, proofs, and their countersignature.

    Attributes:
        proofs: size of an earlier head → proof that it stands unchanged under this one.
    """

    head: TreeHead
    proofs: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    countersignature: Countersignature | None = None

    @property
    def keeper(self) -> str:
        """The partner that countersigned, or nothing."""
        return self.countersignature.partner if self.countersignature else ""


def make_key() -> Ed25519PrivateKey:
    """Return a new private key."""
    return Ed25519PrivateKey.generate()


def public_key_of(key: Ed25519PrivateKey) -> str:
    """Return the public key as 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def write_private_key(key: Ed25519PrivateKey) -> str:
    """Return the key as it is kept in a file: 64 hexadecimal digits that nobody else may read."""
    return key.private_bytes_raw().hex() + "\n"


def read_private_key(text: str) -> Ed25519PrivateKey:
    """Return the key that a file holds.

    Raises:
        WholeplaceError: if it holds no key.
    """
    if not _HASH.fullmatch(text.strip()):
        raise WholeplaceError(
            "The key file holds no signing key.",
            "A signing key is one line of 64 hexadecimal digits.",
            "Name the file that `wholeplace audit key` made, or put it back from your copy.",
        )
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))


def sign_head(tree: TreeGrowth, taken_at: dt.datetime, key: Ed25519PrivateKey) -> TreeHead:
    """Return the signed head of a tree as it stands."""
    peaks = tuple(each.hex() for each in tree.peaks)
    head = TreeHead(tree.size, tree.head().hex(), _instant(taken_at), public_key_of(key), "", peaks)
    return replace(head, signature=key.sign(_head_text(head)).hex())


def is_signed(head: TreeHead) -> bool:
    """Whether the signature is by the key that the head names, and its peaks give its root."""
    if not _verify(head.key, head.signature, _head_text(head)):
        return False
    if not head.peaks:
        return True
    try:
        tree = TreeGrowth(head.size, [bytes.fromhex(each) for each in head.peaks])
    except ValueError:
        return False
    return tree.head().hex() == head.root


def countersign_head(
    file: HeadFile,
    partner: str,
    key: Ed25519PrivateKey,
    kept: HeadFile | None,
    at: dt.datetime,
) -> HeadFile:
    """Return the file with the partner's countersignature, ready to be kept and handed back.

    Args:
        file: what the host handed over.
        partner: id of the partner that countersigns.
        key: the partner's own key.
        kept: the last head that this partner kept; None for its first.
        at: UTC instant of the countersignature.

    Raises:
        UnsafeActionError: if the head is not the host's, or does not follow the head kept.
    """
    if not _PARTNER.fullmatch(partner):
        raise WholeplaceError(
            "The head was not countersigned.",
            "A partner's id has small letters, digits and hyphens.",
            "Use the id that stands in partners.yaml.",
        )
    if not is_signed(file.head):
        raise _refused("Its signature does not hold: it was damaged or made up.")
    if kept is not None:
        check_follows(file, kept)
    made = Countersignature(partner, _instant(at), public_key_of(key), "")
    signature = key.sign(_counter_text(file.head, made)).hex()
    return replace(file, countersignature=replace(made, signature=signature))


def check_follows(file: HeadFile, kept: HeadFile) -> None:
    """Check that a head holds everything that the head kept held, unchanged and in place.

    Raises:
        UnsafeActionError: if it does not, or does not prove it.
    """
    new, old = file.head, kept.head
    if new.key != old.key:
        raise _refused("It is signed by another key than the head you kept.")
    if new.size < old.size:
        raise _refused(f"It covers {new.size:,} entries; the head you kept covers {old.size:,}.")
    if old.size == 0:
        return
    if new.size == old.size and new.root != old.root:
        raise _refused("It covers as many entries as the head you kept, but other ones.")
    proof = file.proofs.get(old.size, ()) if new.size > old.size else ()
    if new.size > old.size and old.size not in file.proofs:
        raise UnsafeActionError(
            "The head was not countersigned.",
            f"The file carries no proof from the head of {old.size:,} entries that you kept.",
            f"Ask the host for `wholeplace audit head --since {old.size} --out FILE`.",
        )
    steps = [bytes.fromhex(each) for each in proof]
    roots = bytes.fromhex(old.root), bytes.fromhex(new.root)
    if not is_consistent(old.size, roots[0], new.size, roots[1], steps):
        raise _refused(
            f"The {old.size:,} entries that the head you kept covers are not all in it, unchanged."
        )


def is_countersigned(file: HeadFile) -> bool:
    """Whether the file's countersignature holds for its head."""
    made = file.countersignature
    return made is not None and _verify(made.key, made.signature, _counter_text(file.head, made))


def prove_sizes(sizes: Sequence[int], leaves: Sequence[bytes]) -> dict[int, tuple[str, ...]]:
    """Return, for each earlier size, the proof that it stands unchanged under all leaves."""
    return {
        size: tuple(each.hex() for each in consistency_proof(size, leaves))
        for size in sorted(set(sizes))
        if 0 < size < len(leaves)
    }


def write_head_file(file: HeadFile) -> str:
    """Return the file's text: small JSON that people can read."""
    head = file.head
    held: dict[str, Any] = {
        "format": _FILE,
        "head": {
            "size": head.size,
            "root": head.root,
            "taken_at": head.taken_at,
            "key": head.key,
            "signature": head.signature,
            "peaks": list(head.peaks),
        },
        "proofs": {str(size): list(proof) for size, proof in sorted(file.proofs.items())},
    }
    if file.countersignature:
        made = file.countersignature
        held["countersignature"] = {
            "partner": made.partner,
            "signed_at": made.signed_at,
            "key": made.key,
            "signature": made.signature,
        }
    return json.dumps(held, indent=2) + "\n"


def read_head_file(text: str) -> HeadFile:
    """Return what a head file holds; whether its signatures hold is another question.

    Raises:
        WholeplaceError: if it is no head file.
    """
    try:
        if len(text) > _LARGEST_FILE_CHARACTERS:
            raise ValueError
        held = json.loads(text)
        if held["format"] != _FILE:
            raise ValueError
        head = held["head"]
        made = held.get("countersignature")
        return HeadFile(
            TreeHead(
                _count(head["size"]),
                _text(_HASH, head["root"]),
                _text(_INSTANT, head["taken_at"]),
                _text(_HASH, head["key"]),
                _text(_SIGNATURE, head["signature"]),
                _hashes(head.get("peaks", [])),
            ),
            {int(size): _hashes(proof) for size, proof in held.get("proofs", {}).items()},
            Countersignature(
                _text(_PARTNER, made["partner"]),
                _text(_INSTANT, made["signed_at"]),
                _text(_HASH, made["key"]),
                _text(_SIGNATURE, made["signature"]),
            )
            if made is not None
            else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WholeplaceError(
            "The file is not a head file.",
            "A head file is made by `wholeplace audit head --out FILE` and is not edited by hand.",
            "Ask for the file again, or choose the one that you kept.",
        ) from None


def _refused(why: str) -> UnsafeActionError:
    return UnsafeActionError(
        "The head was not countersigned.",
        why,
        "Keep both files, countersign nothing, and call the data protection officer of the "
        "organisation that runs this system.",
    )


def _head_text(head: TreeHead) -> bytes:
    return canonical_json(
        {
            "format": _HEAD,
            "size": head.size,
            "root": head.root,
            "taken_at": head.taken_at,
            "key": head.key,
        }
    )


def _counter_text(head: TreeHead, made: Countersignature) -> bytes:
    return canonical_json(
        {
            "format": _COUNTER,
            "partner": made.partner,
            "signed_at": made.signed_at,
            "key": made.key,
            "size": head.size,
            "root": head.root,
            "taken_at": head.taken_at,
            "head_key": head.key,
        }
    )


def _verify(key: str, signature: str, text: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), text)
    except (ValueError, InvalidSignature):
        return False
    return True


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise ValueError
    return value


def _hashes(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > 200:
        raise ValueError
    return tuple(_text(_HASH, each) for each in values)
