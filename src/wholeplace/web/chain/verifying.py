"""Walking the trail again, and holding it against every head that is kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from wholeplace.foundation.evidence import HeadFile, public_key_of
from wholeplace.foundation.tampering import Row, TrailVerdict, verify_evidence
from wholeplace.web.chain.connection import open_reading_connection
from wholeplace.web.chain.heads import deployment_key, read_heads
from wholeplace.web.chain.witnesses import read_witnesses
from wholeplace.web.database.keys import data_folder

__all__ = ["count_entries", "verify_trail"]

_READ_ROWS = 5_000


def verify_trail(
    kept: Mapping[str, HeadFile] | None = None, connection: psycopg.Connection | None = None
) -> TrailVerdict:
    """Compute every seal again, and hold the trail against every head kept of it.

    Besides the heads given, those that are stored here are used: the host's own, and what
    partners handed back. Whoever rewrites the database may remove them; the files that
    partners keep are out of reach.

    Args:
        kept: name of a head → what a partner kept.
        connection: of which the trail is read; one of its own when absent.
    """
    kept = dict(kept or {})
    with _reading(connection) as reading:
        keys = {each.head.key for each in kept.values()}
        if data_folder() is not None:
            keys.add(public_key_of(deployment_key()))
        partner_keys: dict[str, str] = {}
        for given in kept.values():
            if given.countersignature:
                partner_keys[given.keeper] = given.countersignature.key
        witnesses, spoilt = read_witnesses(reading)
        for witness in witnesses:
            name = f"{witness.partner}’s head of {witness.size:,} entries, as stored here"
            kept[name] = witness.file
        return verify_evidence(
            _rows(reading), read_heads(reading), kept, keys, partner_keys, spoilt
        )


def count_entries() -> int:
    """Return how many entries there are."""
    with _reading(None) as reading:
        row = reading.execute("SELECT count(*) FROM chain_entry").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def _reading(connection: psycopg.Connection | None) -> Iterator[psycopg.Connection]:
    """Give a connection on which the trail stands still, while others add to it."""
    if connection is not None:
        yield connection
        return
    with open_reading_connection() as opened:
        opened.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield opened
        opened.execute("ROLLBACK")


def _rows(connection: psycopg.Connection) -> Iterator[Row]:
    with connection.cursor("chain_walk", withhold=False) as cursor:
        cursor.itersize = _READ_ROWS
        cursor.execute(
            "SELECT position, previous, event::text, hash FROM chain_entry ORDER BY position"
        )
        yield from cursor
