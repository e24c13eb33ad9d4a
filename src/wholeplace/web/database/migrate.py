"""Bringing the tables up to date, as their owner."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections

from wholeplace.web.database.cluster import Cluster
from wholeplace.web.database.lazy.base import DatabaseWrapper

__all__ = ["as_owner", "is_up_to_date", "migrate"]


@contextmanager
def as_owner() -> Iterator[None]:
    """Be the owner of the tables on this thread's connection for a while.

    On a server that somebody else runs there is one role, and this changes nothing.
    """
    wrapper = connections["default"]
    if os.environ.get("WHOLEPLACE_DATABASE_URL") or not isinstance(wrapper, DatabaseWrapper):
        yield
        return
    wrapper.ensure_connection()
    role = wrapper.settings_dict["USER"]
    wrapper.close()
    wrapper.settings_dict["USER"] = Cluster.owner_role
    try:
        yield
    finally:
        wrapper.close()
        wrapper.settings_dict["USER"] = role


def migrate() -> None:
    """Make or change the tables as this version needs them."""
    with as_owner():
        call_command("migrate", interactive=False, verbosity=0)


def is_up_to_date() -> bool:
    """Return whether the tables are as this version needs them."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
