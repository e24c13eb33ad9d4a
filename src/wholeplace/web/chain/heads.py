"""Signed heads of the trail: taken every hour, or when somebody asks."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterable

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import Error as DjangoError

from wholeplace.foundation.chain import TreeGrowth, carry_proof
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.foundation.evidence import (
    HeadFile,
    TreeHead,
    prove_sizes,
    public_key_of,
    read_private_key,
    sign_head,
)
from wholeplace.web.chain.connection import trail_connection
from wholeplace.web.database.keys import data_folder, read_key

__all__ = [
    "HEAD_EVERY",
    "deployment_key",
    "make_head_file",
    "newest_head",
    "read_heads",
    "take_due_head",
    "take_head",
]

HEAD_EVERY = dt.timedelta(hours=1)
_LOCK_NUMBER = 0x77686F6D  # any number that nothing else in this database locks
_LOOK_AGAIN_SECONDS = 300.0
_log = logging.getLogger("wholeplace.web.chain")


def deployment_key() -> Ed25519PrivateKey:
    """Return the key that signs this deployment's heads; it is made at its first use.

    Raises:
        WholeplaceError: if no place is open, so that there is no folder to keep it in.
    """
    data = data_folder()
    if data is None:
        raise WholeplaceError(
            "No head can be signed.",
            "No place is open, so there is no folder that holds the signing key.",
            "Name the place with --place.",
        )
    return read_private_key(read_key(data, "evidence"))


def newest_head() -> TreeHead | None:
    """Return the head taken last, or None before the first."""
    with trail_connection() as connection:
        return _newest(connection)


def read_heads(connection: psycopg.Connection) -> list[TreeHead]:
    """Return every head that is stored, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM chain_head ORDER BY number").fetchall()
    return [_head(row) for row in rows]


def take_head(
    *,
    key: Ed25519PrivateKey | None = None,
    at: dt.datetime | None = None,
    is_only_if_due: bool = False,
    may_change_key: bool = False,
) -> TreeHead:
    """Sign and store a head of the trail as it stands; return it.

    Only what was added since the last head is read. So a past that was rewritten since then
    does not get into a new head: the head contradicts it.

    Args:
        key: the signing key; the deployment's when absent.
        at: UTC instant; now when absent.
        is_only_if_due: return the last head where it is less than an hour old.
        may_change_key: go on with another key than that of the last head.

    Raises:
        UnsafeActionError: if the trail does not continue the last head, or its key is another.
    """
    key = key or deployment_key()
    at = at or dt.datetime.now(dt.UTC)
    with trail_connection() as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        last = _newest(connection)
        if last is not None:
            # Time never runs backwards in the heads, whatever the clock does.
            at = max(at, dt.datetime.fromisoformat(last.taken_at))
            if is_only_if_due and at - dt.datetime.fromisoformat(last.taken_at) < HEAD_EVERY:
                return last
            if last.key != public_key_of(key) and not may_change_key:
                raise UnsafeActionError(
                    "No head was taken.",
                    "The last one was signed by another key than the one in data/keys/evidence.",
                    "Put the key back from your backup. If it is lost, tell every partner, then "
                    "run `wholeplace audit head --new-key`.",
                )
        head = sign_head(_grow(connection, last), at, key)
        connection.execute(
            "INSERT INTO chain_head (number, size, root, taken_at, key, signature, peaks) "
            "SELECT coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s, %s FROM chain_head",
            [head.size, head.root, head.taken_at, head.key, head.signature, list(head.peaks)],
        )
    return head


def take_due_head() -> None:
    """Take a head where the last is over an hour old; what fails is logged and stops nobody.

    Cheap enough for every request: the database is asked once in five minutes.
    """
    with _Due.lock:
        if time.monotonic() < _Due.at:
            return
        _Due.at = time.monotonic() + _LOOK_AGAIN_SECONDS
    if data_folder() is None:
        return
    try:
        take_head(is_only_if_due=True)
    except (psycopg.Error, DjangoError, WholeplaceError, OSError) as error:
        # The engine's words may quote a row, so its name alone is logged.
        _log.error("no head of the trail could be taken: %s", type(error).__name__)


def make_head_file(head: TreeHead, since: Iterable[int] = ()) -> HeadFile:
    """Return the file to hand to partners, with proofs from earlier sizes.

    A proof from a size of which a head is stored reads only what was added since; from any
    other size it reads the whole trail.
    """
    sizes = sorted({each for each in since if 0 < each < head.size})
    if not sizes:
        return HeadFile(head)
    with trail_connection() as connection:
        peaks = {each.size: each.peaks for each in read_heads(connection) if each.size in sizes}
        is_carried = all(each in peaks for each in sizes)
        start = sizes[0] if is_carried else 0
        rows = connection.execute(
            "SELECT hash FROM chain_entry WHERE position > %s AND position <= %s ORDER BY position",
            [start, head.size],
        ).fetchall()
    leaves = [bytes.fromhex(each) for (each,) in rows]
    if not is_carried:
        return HeadFile(head, prove_sizes(sizes, leaves))
    return HeadFile(
        head,
        {
            size: tuple(
                each.hex()
                for each in carry_proof(
                    size, [bytes.fromhex(peak) for peak in peaks[size]], leaves[size - start :]
                )
            )
            for size in sizes
        },
    )


_COLUMNS = "size, root, taken_at, key, signature, peaks"


class _Due:
    lock = threading.Lock()
    at = 0.0


def _newest(connection: psycopg.Connection) -> TreeHead | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM chain_head ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return _head(row) if row else None


def _head(row: tuple) -> TreeHead:
    size, root, taken_at, key, signature, peaks = row
    instant = taken_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return TreeHead(size, root, instant, key, signature, tuple(peaks))


def _grow(connection: psycopg.Connection, last: TreeHead | None) -> TreeGrowth:
    """Return the tree of all entries, carried on from the last head."""
    start = last.size if last else 0
    try:
        tree = TreeGrowth(start, [bytes.fromhex(each) for each in last.peaks] if last else [])
        is_continued = last is None or tree.head().hex() == last.root
    except ValueError:
        is_continued = False
    if is_continued:
        newest = connection.execute("SELECT coalesce(max(position), 0) FROM chain_entry").fetchone()
        rows = connection.execute(
            "SELECT hash FROM chain_entry WHERE position > %s AND position <= %s ORDER BY position",
            [start, newest[0] if newest else 0],
        )
        for (digest,) in rows:
            tree.add(bytes.fromhex(digest))
        is_continued = newest is not None and tree.size == newest[0]
    if not is_continued:
        raise UnsafeActionError(
            "No head was taken.",
            "The trail does not continue the last head: entries are missing.",
            "Leave this machine as it is, and run `wholeplace audit verify` with partners' heads.",
        )
    return tree
