"""Which values of a dataset's stored rows are past their date, as SQL over those rows.

A row holds several facts, each with a date of its own: who somebody is (kept so many days
after the row last saw them so) and events (after they ended). A value is kept while any fact
that it belongs to is; a row while any value of it is, or while it states a flag that protects
somebody. A row that corrected an earlier one is never let go before that one, or what was
corrected would count again.
"""

import datetime as dt
from collections.abc import Mapping

from wholeplace.foundation.store import quote_name, quote_text
from wholeplace.intake.minimise import is_event_sql, list_always_kept, record_fields
from wholeplace.intake.staging_sql import flag_value_sql, strictness_sql
from wholeplace.partnership.definitions import Dataset, EventMapping, ExtractField

__all__ = ["aged_columns", "aged_rows_sql"]

_FOR_EVER = "DATE '9999-12-31'"


def aged_columns(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns that can come to be past their date: all but those always kept."""
    always = list_always_kept(dataset)
    return tuple(field.name for field in dataset.fields if field.name not in always)


def aged_rows_sql(dataset: Dataset, days: Mapping[str, int], on: dt.date, source: str) -> str:
    """Return a SELECT of `_file`, `_row_number`, `is_past`, and `past_N` for each aged column.

    Args:
        dataset: the contract.
        days: vocabulary field → for how many days it is kept.
        on: the day on which dates are judged.
        source: table of the stored rows (`stored.stored_rows_sql`), which also gives
            `_newest_on`, the day of the dataset's newest extract.
    """
    day = f"DATE {quote_text(on.isoformat())}"
    columns = aged_columns(dataset)
    by_name = {field.name: field for field in dataset.fields}
    untils = [_column_until(dataset, by_name[name], days) for name in columns]
    named = ", ".join(f"{sql} AS until_{place}" for place, sql in enumerate(untils))
    aliased = ", ".join(
        f"{quote_name(field.name)} AS value_{place}" for place, field in enumerate(dataset.fields)
    )
    key = ", ".join(quote_name(name) for name in dataset.key) or "_file, _row_number"
    dated = (
        f"SELECT *, {_row_until(dataset, columns, days)} AS until_row"
        f" FROM (SELECT *{', ' if named else ''}{named} FROM (SELECT *, {aliased} FROM {source}))"
    )
    pasts = "".join(
        f", coalesce(until_{place} < {day} AND {quote_name(name)} IS NOT NULL, false) AS past_{place}"
        for place, name in enumerate(columns)
    )
    return (
        f"SELECT _file, _row_number, max(until_row) OVER (PARTITION BY {key} "
        "ORDER BY _extract_on, _file_order, _row_number ROWS UNBOUNDED PRECEDING) "
        f"< {day} AS is_past{pasts} FROM ({dated})"
    )


def _seen(dataset: Dataset) -> str:
    if not dataset.observed:
        return "_extract_on"
    return f"coalesce(try_cast({quote_name(dataset.observed)} AS DATE), _extract_on)"


def _event_until(dataset: Dataset, event: EventMapping, days: Mapping[str, int]) -> str:
    """Return until when a row's event of this mapping is kept; NULL where the row is none."""
    start = f"try_cast({quote_name(event.start)} AS DATE)"
    last = start
    if event.end:
        # Still open: the newest extract says so, or, in full extracts, the last that listed it.
        said = "_extract_on" if dataset.file.update == "full" else "_newest_on"
        end = f"try_cast({quote_name(event.end)} AS DATE)"
        last = f"greatest({start}, coalesce({end}, {said}))"
    kept = days.get(event.kind, 0)
    return f"CASE WHEN {is_event_sql(dataset, event)} THEN {last} + {kept} END"


def _column_until(dataset: Dataset, field: ExtractField, days: Mapping[str, int]) -> str:
    """Return until when a value is kept: for as long as any fact that it belongs to."""
    fed = record_fields().get((field.feeds or "").removeprefix("record."))
    uses = []
    named = [name for name in (field.shares, fed) if name in days]
    if named:
        uses.append(f"{_seen(dataset)} + {max(days[str(name)] for name in named)}")
    events = [
        event
        for event in dataset.events
        if field.name in {event.start, event.end, *event.when, *event.attributes.values()}
    ]
    uses += [_event_until(dataset, event, days) for event in events]
    # A value that belongs to no event of its row (arrears: no) counts from when the row was seen.
    longest = max((days.get(event.kind, 0) for event in events), default=0)
    otherwise = f"{_seen(dataset)} + {longest}"
    return f"coalesce(greatest({', '.join(uses)}), {otherwise})" if uses else otherwise


def _row_until(dataset: Dataset, columns: tuple[str, ...], days: Mapping[str, int]) -> str:
    """Return until when anything of a row is kept."""
    parts = [
        f"CASE WHEN {quote_name(name)} IS NOT NULL THEN until_{place} END"
        for place, name in enumerate(columns)
    ]
    parts += [_event_until(dataset, event, days) for event in dataset.events]
    by_name = {field.name: field for field in dataset.fields}
    for flag in dataset.flags:
        value = flag_value_sql(by_name[flag.column], quote_name(flag.column))
        # What protects somebody is not let go by a date: nobody is unsealed by time.
        parts.append(
            f"(SELECT CASE WHEN {strictness_sql(flag)} > 0 "
            f"AND {quote_name(flag.column)} IS NOT NULL THEN {_FOR_EVER} END "
            f"FROM (SELECT {value} AS value))"
        )
    # A row that holds nothing but its id is kept as long as anything of its partner is.
    alone = f"{_seen(dataset)} + {max(days.values(), default=0)}"
    return f"coalesce(greatest({', '.join(parts)}), {alone})" if parts else alone
