"""Adding to the trail, and the keys of the pseudonyms in it."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from django.db import Error as DjangoError
from psycopg.types.json import Jsonb

from wholeplace.agreements.standing.records import AuditUnavailableError
from wholeplace.foundation.chain import CHAIN_START, chain_hash
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.chain.connection import trail_connection
from wholeplace.web.chain.heads import take_due_head

__all__ = [
    "DjangoAuditTrail",
    "destroy_subject_key",
    "known_pseudonym",
    "record",
    "subject_pseudonym",
    "subject_pseudonyms",
]

_LOCK_NUMBER = 0x77686F6C  # any number that nothing else in this database locks


class DjangoAuditTrail:
    """The trail in PostgreSQL; keeps the promises of `agreements.records.AuditTrail`."""

    def append(self, event: Mapping[str, Any]) -> str:
        """Add one event in a transaction of its own; return its hash once it is committed.

        Raises:
            AuditUnavailableError: if it cannot be committed; nothing was added then.
        """
        try:
            with trail_connection() as connection, connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
                newest = connection.execute(
                    "SELECT position, hash FROM chain_entry ORDER BY position DESC LIMIT 1"
                ).fetchone()
                position, previous = newest or (0, CHAIN_START)
                digest = chain_hash(previous, event)
                connection.execute(
                    "INSERT INTO chain_entry (position, event, previous, hash) VALUES (%s, %s, %s, %s)",
                    [position + 1, Jsonb(dict(event)), previous, digest],
                )
        except (psycopg.Error, DjangoError, WholeplaceError, OSError) as error:
            # The engine's words may quote the event, so they go no further.
            raise AuditUnavailableError from error
        take_due_head()
        return digest


def record(kind: str, *, actor: str, organisation: str = "", **facts: Any) -> str:
    """Add an event about the system itself: a sign-in, a change of role, a signature.

    Args:
        kind: what happened, for example `account.invited`.
        actor: user id of whoever did it; `system` for a command.
        organisation: partner for which they acted.
        facts: further facts: ids, roles, counts; never a name or an address.

    Raises:
        AuditUnavailableError: if it cannot be committed.
    """
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    event = {"kind": kind, "at": at, "actor": actor, "organisation": organisation, **facts}
    return DjangoAuditTrail().append(event)


def subject_pseudonym(person_id: str) -> str:
    """Return what stands for a person in the trail.

    Raises:
        AuditUnavailableError: if a new key cannot be kept.
    """
    return subject_pseudonyms([person_id])[person_id]


def subject_pseudonyms(person_ids: Iterable[str]) -> dict[str, str]:
    """Return what stands for each person: a keyed hash under a key of their own.

    Raises:
        AuditUnavailableError: if a new key cannot be kept.
    """
    wanted = sorted(set(person_ids))
    try:
        with trail_connection() as connection:
            # Two statements whoever is asked about, so that a first look at somebody takes as
            # long as any other. Commits by itself: a pseudonym is never without its key.
            connection.execute(
                "INSERT INTO chain_subject_key (person_id, key) "
                "SELECT * FROM unnest(%s::text[], %s::bytea[]) ON CONFLICT DO NOTHING",
                [wanted, [secrets.token_bytes(32) for _ in wanted]],
            )
            keys = _keys(connection, wanted)
    except (psycopg.Error, DjangoError, WholeplaceError, OSError) as error:
        raise AuditUnavailableError from error
    if len(keys) != len(wanted):
        raise AuditUnavailableError
    return {
        each: hmac.new(keys[each], each.encode(), hashlib.sha256).hexdigest() for each in wanted
    }


def known_pseudonym(person_id: str) -> str | None:
    """Return a person's pseudonym where they have one; asking makes none."""
    with trail_connection() as connection:
        key = _keys(connection, [person_id]).get(person_id)
    return hmac.new(key, person_id.encode(), hashlib.sha256).hexdigest() if key else None


def _keys(connection: psycopg.Connection, person_ids: Sequence[str]) -> dict[str, bytes]:
    rows = connection.execute(
        "SELECT person_id, key FROM chain_subject_key WHERE person_id = ANY(%s)", [list(person_ids)]
    )
    return {str(person_id): bytes(key) for person_id, key in rows}


def destroy_subject_key(person_id: str) -> bool:
    """Destroy a person's key, so that the trail's entries can no longer be tied to them."""
    with trail_connection() as connection:
        done = connection.execute("DELETE FROM chain_subject_key WHERE person_id = %s", [person_id])
        return done.rowcount == 1
