"""Bringing the tables up to date, as their owner."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from psycopg import sql

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.database.address import find_owner_address
from wholeplace.web.database.binaries import OLDEST_MAJOR
from wholeplace.web.database.cluster import Cluster
from wholeplace.web.database.lazy.base import DatabaseWrapper

__all__ = ["as_owner", "check_version", "is_up_to_date", "migrate"]


@contextmanager
def as_owner() -> Iterator[str]:
    """Be the owner of the tables on this thread's connection for a while; give the site's role.

    In our own cluster that is a role of its own; on a server that somebody else runs, the one
    named by `WHOLEPLACE_DATABASE_OWNER_URL`. Where none is named the site owns its tables.
    """
    wrapper = connections["default"]
    wrapper.ensure_connection()
    before = dict(wrapper.settings_dict)
    role = str(before["USER"])
    owner = _owner_settings(wrapper)
    if owner is None:
        yield role
        return
    wrapper.close()
    wrapper.settings_dict.update(owner)
    try:
        yield role
    finally:
        wrapper.close()
        wrapper.settings_dict.update(before)


def _owner_settings(wrapper: object) -> dict[str, object] | None:
    if not isinstance(wrapper, DatabaseWrapper):
        return None
    if os.environ.get("WHOLEPLACE_DATABASE_URL"):
        owner = find_owner_address()
        return owner.as_django() if owner else None
    return {"USER": Cluster.owner_role}


def migrate() -> None:
    """Make or change the tables as this version needs them.

    Raises:
        WholeplaceError: if the server is too old.
    """
    check_version()
    with as_owner() as site:
        call_command("migrate", interactive=False, verbosity=0)
        if connections["default"].settings_dict["USER"] != site:
            _grant(site)


def check_version() -> None:
    """Raise WholeplaceError unless the server is one that we can work with."""
    wrapper = connections["default"]
    wrapper.ensure_connection()
    major = wrapper.connection.info.server_version // 10_000
    if major < OLDEST_MAJOR:
        raise WholeplaceError(
            "The database server is too old.",
            f"It is PostgreSQL {major}; Wholeplace needs {OLDEST_MAJOR} or later.",
            "Name another in WHOLEPLACE_DATABASE_URL, or leave that out: Wholeplace then runs its own.",
        )


def _grant(site: str) -> None:
    text = (Path(__file__).parent / "site_rights.sql").read_text("utf-8")
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    whole = sql.SQL(bare).format(site=sql.Identifier(site), name=sql.Literal(site))
    with connections["default"].cursor() as cursor:
        cursor.execute(whole.as_string(cursor.connection))


def is_up_to_date() -> bool:
    """Return whether the tables are as this version needs them."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
