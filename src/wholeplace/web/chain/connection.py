"""The trail's own connection to the database.

A sight must stay in the trail even when the page that caused it fails and its transaction is
rolled back, so the trail never shares the request's connection. Appends stand in line anyway
(each needs the hash of the one before), so one connection a process is enough.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections

__all__ = ["close_trail_connection", "open_reading_connection", "trail_connection"]

_LOCK = threading.Lock()
_KEYS = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")


class _Held:
    connection: psycopg.Connection | None = None
    address: dict[str, object] | None = None


@contextmanager
def trail_connection() -> Iterator[psycopg.Connection]:
    """Give the connection to one caller at a time; each statement commits by itself.

    Raises:
        psycopg.Error: if the database does not answer.
    """
    with _LOCK:
        address = _address()
        if (
            _Held.connection is not None
            and _Held.address == address
            and _is_alive(_Held.connection)
        ):
            yield _Held.connection
            return
        _close()
        _Held.connection = _connect(address)
        _Held.address = address
        yield _Held.connection


def open_reading_connection() -> psycopg.Connection:
    """Open a connection for a long walk, so that adding to the trail need not wait for it.

    Raises:
        psycopg.Error: if the database does not answer.
    """
    return _connect(_address())


def close_trail_connection() -> None:
    """Let go of the connection; the next use opens another."""
    with _LOCK:
        _close()


def _address() -> dict[str, object]:
    params = connections["default"].get_connection_params()
    return {key: params[key] for key in _KEYS if params.get(key)}


def _connect(address: dict[str, object]) -> psycopg.Connection:
    try:
        return psycopg.connect(**address, autocommit=True, connect_timeout=5)  # type: ignore[arg-type]
    except psycopg.OperationalError:
        # Our own server may have been killed: the site's backend starts it again.
        wrapper = connections["default"]
        wrapper.close_if_unusable_or_obsolete()
        wrapper.ensure_connection()
        return psycopg.connect(**address, autocommit=True, connect_timeout=5)  # type: ignore[arg-type]


def _is_alive(connection: psycopg.Connection) -> bool:
    if connection.closed or connection.broken:
        return False
    try:
        connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def _close() -> None:
    if _Held.connection is not None:
        _Held.connection.close()
    _Held.connection = _Held.address = None
