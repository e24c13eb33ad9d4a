"""Entering in a pool's ledger: one entry at a time for each pool, whoever asks at once."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max, Sum

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.money.pools import Entry, Line, Pool, check_entry
from wholeplace.money.pools.ledger import accounts_of, entry_for
from wholeplace.web.money.models import PoolEntry, PoolLine
from wholeplace.web.money.steps import check_words, tell

__all__ = ["ENTRY_KINDS", "balances_now", "entries_of", "post_entry", "reverse_entry"]

ENTRY_KINDS = {
    "contribution": "A partner pays in",
    "spend": "Spent on a scheme",
    "set-aside": "Set aside in the risk pool",
    "draw": "Taken from the risk pool",
    "call": "A partner pays for an overspend",
    "return": "Paid back to a partner",
    "reversal": "Takes back an earlier entry",
}
"""Each kind of entry in words."""

_ACCOUNT_OF = {
    "contribution": "partner:", "call": "partner:", "return": "partner:",
    "spend": "scheme:", "set-aside": "risk-pool", "draw": "risk-pool",
}  # fmt: skip


def post_entry(
    pool: Pool, viewer: Viewer, kind: str, account: str, pence: int,
    on: dt.date, words: str, token: str, at: dt.datetime,
) -> PoolEntry:  # fmt: skip
    """Enter money that moved between the pool's cash and one other account.

    Args:
        pool: whose ledger.
        viewer: who enters it.
        kind: one of `ENTRY_KINDS` but a reversal.
        account: as `money.pools.ledger` names it.
        pence: more than 0.
        on: the day on which it moved.
        words: what it was for; never about a resident.
        token: from the form: the same token is entered once.
        at: now.

    Raises:
        UnsafeActionError: if it may not be entered.
    """
    if kind not in _ACCOUNT_OF or not account.startswith(_ACCOUNT_OF[kind]):
        raise UnsafeActionError(
            "The entry was not made.",
            "That kind of entry does not go with that account.",
            "Choose a partner, a scheme or the risk pool to fit.",
        )
    return _enter(pool, viewer, kind, entry_for(kind, account, pence), on, words, token, at)


def reverse_entry(
    pool: Pool, viewer: Viewer, number: int, words: str, token: str, at: dt.datetime
) -> PoolEntry:
    """Take an entry back by another that moves everything the other way.

    Raises:
        NotFoundError: if there is no such entry.
        UnsafeActionError: if it was taken back already, or is itself a reversal.
    """
    found = PoolEntry.objects.filter(pool=pool.id, number=number).first()
    if found is None:
        raise NotFoundError("There is no such entry.")
    if found.reverses or PoolEntry.objects.filter(pool=pool.id, reverses=number).exists():
        raise UnsafeActionError(
            "The entry was not taken back.",
            "It was taken back already, or takes back another.",
            "Make a new entry instead.",
        )
    lines = tuple(Line(each.account, -each.pence) for each in found.lines.all())
    return _enter(pool, viewer, "reversal", lines, at.date(), words, token, at, reverses=number)


def balances_now(pool: Pool) -> dict[str, int]:
    """Return what every account of a pool stands at."""
    found = dict.fromkeys(accounts_of(pool), 0)
    rows = PoolLine.objects.filter(entry__pool=pool.id).values("account").annotate(s=Sum("pence"))
    found.update({row["account"]: int(row["s"]) for row in rows.order_by("account")})
    return found


def entries_of(pool: Pool) -> tuple[Entry, ...]:
    """Return a pool's entries as plain values, oldest first."""
    rows = PoolEntry.objects.filter(pool=pool.id).prefetch_related("lines").order_by("number")
    return tuple(
        Entry(
            each.number,
            each.kind,
            each.on,
            each.words,
            tuple(Line(line.account, line.pence) for line in each.lines.all()),
            each.reverses,
        )
        for each in rows
    )


def _enter(
    pool: Pool, viewer: Viewer, kind: str, lines: tuple[Line, ...], on: dt.date, words: str,
    token: str, at: dt.datetime, *, reverses: int | None = None,
) -> PoolEntry:  # fmt: skip
    said = check_words(words)[:200]
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One writer at a time for each pool, so that a balance is what it was when checked.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"pool {pool.id}"]
            )
        again = PoolEntry.objects.filter(token=token).first()
        if again is not None:
            return again
        check_entry(pool, balances_now(pool), lines)
        newest = PoolEntry.objects.filter(pool=pool.id).aggregate(n=Max("number"))["n"] or 0
        moved = sum(each.pence for each in lines if each.pence > 0)
        tell("money.entered", viewer, pool=pool.id, number=newest + 1, entry=kind, pence=moved)
        entry = PoolEntry.objects.create(
            pool=pool.id, number=newest + 1, kind=kind, on=on, words=said, reverses=reverses,
            by=viewer.user_id, at=at, token=token,
        )  # fmt: skip
        PoolLine.objects.bulk_create(
            PoolLine(entry=entry, account=each.account, pence=each.pence) for each in lines
        )
    return entry
