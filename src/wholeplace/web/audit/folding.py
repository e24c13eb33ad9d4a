"""Folding the trail by day: each entry is read once, when it is new.

The cursor moves in the transaction that adds the counts, and one process folds at a time, so an
entry is counted once whatever happens on the way. What a report reads grows with days, fields
and organisations; what a fold reads is what came since the last one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction

from wholeplace.agreements.account.clause_use import (
    RefusalKey,
    UseKey,
    UseReport,
    fold_event,
    report_use,
)
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.web.audit.models import ClauseUseDay, FoldedTo, RefusalDay
from wholeplace.web.chain.models import Entry

__all__ = ["fold_trail", "read_report"]

_LOCK_NUMBER = 0x666F6C64  # any number that nothing else in this database locks
_BATCH = 5_000
_USE = list(UseKey._fields)
_REFUSAL = list(RefusalKey._fields)


def fold_trail(time_zone: str, *, batch: int = _BATCH) -> int:
    """Count every entry that is not counted yet. Return how many there were."""
    folded = 0
    while True:
        with transaction.atomic():
            done = _fold_batch(time_zone, batch)
        folded += done
        if done < batch:
            return folded


def read_report(rules: Rules, starts_on: dt.date, ends_on: dt.date, partner: str = "") -> UseReport:
    """Return the report of a period, over every entry there is.

    Args:
        rules: of today.
        starts_on: first day.
        ends_on: last day.
        partner: only what this partner gives or is given; everything when empty.
    """
    fold_trail(rules.terms.time_zone)
    within: dict[str, Any] = {"day__gte": starts_on, "day__lte": ends_on}
    # Added up by the database: what comes here is one row for each field, whatever the period.
    used = _add_up(ClauseUseDay.objects.filter(**within), _USE[1:], "sights")
    refused = _add_up(RefusalDay.objects.filter(**within), _REFUSAL[1:], "requests")
    return report_use(
        rules,
        {UseKey(ends_on, *key): count for key, count in used},
        {RefusalKey(ends_on, *key): count for key, count in refused},
        starts_on,
        ends_on,
        partner,
    )


def _fold_batch(time_zone: str, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
    cursor_row = _cursor_row()
    rows = list(
        Entry.objects.filter(position__gt=cursor_row.position)
        .order_by("position")
        .values_list("position", "hash", "event")[:batch]
    )
    if not rows:
        return 0
    used: Counter[UseKey] = Counter()
    refused: Counter[RefusalKey] = Counter()
    for _, _, event in rows:
        fold_event(event, time_zone, used, refused)
    _add(ClauseUseDay, _USE, "sights", used.items())
    _add(RefusalDay, _REFUSAL, "requests", refused.items())
    cursor_row.position, cursor_row.seal = rows[-1][0], rows[-1][1]
    cursor_row.save()
    return len(rows)


def _cursor_row() -> FoldedTo:
    """Return how far the trail is folded; from the start where it is another trail by now."""
    row, _ = FoldedTo.objects.get_or_create(pk=1)
    is_this = (
        row.position == 0 or Entry.objects.filter(position=row.position, hash=row.seal).exists()
    )
    if not is_this:
        # A backup was restored: what was counted of the other trail goes.
        ClauseUseDay.objects.all().delete()
        RefusalDay.objects.all().delete()
        row.position, row.seal = 0, ""
    return row


def _add(
    model: type[models.Model], names: Sequence[str], count: str, found: Iterable[tuple[Any, int]]
) -> None:
    """Add counts to the rows that are there, and make those that are not."""
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(each) for each in names)
    arrays = ", ".join(["%s::date[]", *["%s::text[]"] * (len(names) - 1), "%s::bigint[]"])
    sql = (
        f"INSERT INTO {table} ({columns}, {quote(count)}) SELECT * FROM unnest({arrays}) "
        f"ON CONFLICT ({columns}) DO UPDATE "
        f"SET {quote(count)} = {table}.{quote(count)} + excluded.{quote(count)}"
    )
    # In one order everywhere, so that two never wait for each other.
    rows = sorted((*key, number) for key, number in found)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _add_up(
    found: "models.QuerySet[Any]", names: Sequence[str], count: str
) -> list[tuple[tuple[str, ...], int]]:
    rows = found.values_list(*names).annotate(total=models.Sum(count)).order_by()
    return [(tuple(row[:-1]), int(row[-1])) for row in rows]
