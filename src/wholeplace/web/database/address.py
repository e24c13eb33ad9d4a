"""Where the database is."""

import os
from dataclasses import dataclass, field
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.database.keys import data_folder

__all__ = ["Address", "find_address", "find_owner_address"]

_OWN_KEYS = {"host", "port", "dbname", "user", "password"}


@dataclass(frozen=True)
class Address:
    """How to reach a database.

    Attributes:
        host: host name, or the folder of a socket.
        options: further libpq parameters, for example `sslmode`.
    """

    host: str
    port: str
    name: str
    user: str
    password: str = field(default="", repr=False)
    options: dict[str, str] = field(default_factory=dict)

    def as_django(self) -> dict[str, Any]:
        """Return the settings that Django's backend reads."""
        return {
            "HOST": self.host,
            "PORT": self.port,
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "OPTIONS": dict(self.options),
        }


def find_address() -> Address:
    """Return the address of the current place's database; start our own where none is named.

    Raises:
        WholeplaceError: if neither a server nor a place is named, or the address is no address.
    """
    named = os.environ.get("WHOLEPLACE_DATABASE_URL")
    if named:
        return _read_url(named, "WHOLEPLACE_DATABASE_URL")
    data = data_folder()
    if data is None:
        raise WholeplaceError(
            "There is no database.",
            "Neither WHOLEPLACE_DATABASE_URL nor WHOLEPLACE_PLACE is set.",
            "Name a place with --place, or a server with WHOLEPLACE_DATABASE_URL.",
        )
    from wholeplace.web.database.cluster import Cluster

    cluster = Cluster.of(data.make().database)
    cluster.ensure_running()
    return Address(
        str(cluster.socket_folder), str(cluster.port), cluster.database, cluster.app_role
    )


def find_owner_address() -> Address | None:
    """Return the address at which the owner of the tables enters a named server, or None.

    Raises:
        WholeplaceError: if it is no address.
    """
    named = os.environ.get("WHOLEPLACE_DATABASE_OWNER_URL")
    return _read_url(named, "WHOLEPLACE_DATABASE_OWNER_URL") if named else None


def _read_url(url: str, variable: str) -> Address:
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError:
        # libpq's own message quotes the text, which may hold the password.
        parts = {}
    if "dbname" not in parts:
        raise WholeplaceError(
            f"{variable} is not an address of a PostgreSQL database.",
            "It could not be read, or names no database.",
            "Write it as postgresql://user:password@host:5432/database.",
        )
    rest = {key: value for key, value in parts.items() if key not in _OWN_KEYS}
    return Address(
        parts.get("host", ""),
        parts.get("port", ""),
        parts["dbname"],
        parts.get("user", ""),
        parts.get("password", ""),
        rest,
    )
