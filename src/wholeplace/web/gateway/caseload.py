"""Whose case is whose: practitioners named in their own organisation's extracts.

An extract says who works with a person (a name and how to reach them). A user is that worker
where the address is theirs. A name that somebody typed about themselves opens nobody's record, so
a name counts only for the personas of a demonstration, whose names the town gave them, and only
where no colleague has the same. Both count within one organisation alone.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.snapshots import Snapshot
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.models import Caseload, CaseloadSource

__all__ = ["count_users", "match_workers", "refresh_caseloads"]

_LOCK_NUMBER = 0x63617365  # any number that nothing else in this database locks


def count_users() -> tuple[int, int]:
    """Return what changes when somebody joins or leaves: how many work here, and the newest id."""
    found = User.objects.filter(is_active=True).aggregate(Count("id"), Max("id"))
    return found["id__count"], found["id__max"] or 0


def refresh_caseloads(snapshot: Snapshot, on: dt.date) -> bool:
    """Read the caseloads from a snapshot, unless they come from it already.

    They are read again when the users changed. Return whether they were read.
    """
    users = [
        {
            "id": str(user.pk),
            "name": user.name,
            "email": user.email,
            "organisation": user.organisation,
            "persona": user.persona,
        }
        for user in User.objects.filter(is_active=True).order_by("id")
    ]
    stamp = content_hash([users, on])
    if CaseloadSource.objects.filter(snapshot_id=snapshot.id, users=stamp).exists():
        return False
    if "involvements" not in snapshot.tables:
        return False
    text = (files("wholeplace.web.gateway") / "sql" / "caseload.sql").read_text("utf-8")
    with Store(memory_limit_mb=256, threads=1) as store:
        store.view_parquet("involvements", snapshot.table("involvements"))
        rows = store.rows(SqlFile.parse("caseload", text).select, {"on": on})
    pairs = match_workers(users, rows)
    with transaction.atomic():
        # One process at a time. Two that saw the same snapshot write the same rows.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        CaseloadSource.objects.all().delete()
        CaseloadSource.objects.create(snapshot_id=snapshot.id, users=stamp)
        Caseload.objects.all().delete()
        Caseload.objects.bulk_create(
            [
                Caseload(user_id=user_id, person_id=person_id, snapshot_id=snapshot.id)
                for user_id, person_id in sorted(pairs)
            ],
            batch_size=2_000,
            ignore_conflicts=True,
        )
    return True


def match_workers(
    users: Iterable[Mapping[str, str]], rows: Iterable[Mapping[str, Any]]
) -> set[tuple[str, str]]:
    """Return (user id, person id) for each open involvement whose worker is a user."""
    by_address: dict[tuple[str, str], str] = {}
    by_name: dict[tuple[str, str], str | None] = {}
    for user in users:
        by_address[user["organisation"], user["email"].casefold()] = user["id"]
        if not user["persona"]:
            continue
        name = (user["organisation"], " ".join(user["name"].split()).casefold())
        by_name[name] = None if name in by_name else user["id"]
    found: set[tuple[str, str]] = set()
    for row in rows:
        if "@" in row["contact"]:
            user_id = by_address.get((row["partner"], row["contact"].strip().casefold()))
        else:
            user_id = by_name.get((row["partner"], " ".join(row["worker"].split()).casefold()))
        if user_id:
            found.add((user_id, row["person_id"]))
    return found
