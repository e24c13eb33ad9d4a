"""The statements that lay one dataset's partitions out in the standard shape.

They depend on the dataset's contract, so they are generated; everything after them is the
`.sql` files of this room.
"""

from collections.abc import Sequence

from wholeplace.foundation.store import quote_name, quote_text
from wholeplace.intake.minimise import is_event_sql
from wholeplace.intake.stored import EXTRACT_COLUMNS
from wholeplace.partnership.definitions import Dataset, EventMapping, ExtractField, FlagMapping

__all__ = [
    "STAGING_TABLES",
    "flag_value_sql",
    "stage_events",
    "stage_flags",
    "stage_rows",
    "strictness_sql",
]

_TEXT_COLUMNS = ("given_name", "middle_names", "family_name")
_IDENTITY = (
    *_TEXT_COLUMNS,
    "birth_date",
    "sex",
    "address",
    "postcode",
    "uprn",
    "nhs_number",
    "nino",
    "upn",
    "phone",
    "email",
)
_KINDS = {"birth_date": "DATE", "uprn": "BIGINT"}
_IDENTITY_TYPES = ", ".join(f"{name} {_KINDS.get(name, 'VARCHAR')}" for name in _IDENTITY)

STAGING_TABLES = {
    "intake_rows": "dataset VARCHAR, partner VARCHAR, file VARCHAR, row_number BIGINT, "
    "extract_on DATE, file_order INTEGER, source_id VARCHAR, key_text VARCHAR, seen_on DATE, "
    f"{_IDENTITY_TYPES}, record_id VARCHAR",
    "intake_events": "event_id VARCHAR, dataset VARCHAR, file VARCHAR, row_number BIGINT, "
    "kind VARCHAR, start_on DATE, end_on DATE, can_end BOOLEAN, attributes VARCHAR",
    "intake_flags": "dataset VARCHAR, file VARCHAR, row_number BIGINT, flag VARCHAR, "
    "purpose VARCHAR, value VARCHAR, strictness INTEGER, is_authoritative BOOLEAN",
    "intake_held_flags": "dataset VARCHAR, partner VARCHAR, source_id VARCHAR, flag VARCHAR, "
    "purpose VARCHAR, value VARCHAR, extract_on DATE, seen_on DATE, strictness INTEGER",
    "intake_extracts": EXTRACT_COLUMNS,
}
"""Working tables of `build_standard`, dropped when it ends."""


def stage_rows(dataset: Dataset, source: str) -> str:
    """Return the statement that lays a dataset's rows out as record columns.

    Args:
        dataset: the contract.
        source: table with every column of the contract, file, row_number, extract_on, file_order.
    """
    columns = [f"{_record_sql(dataset, name)} AS {name}" for name in _IDENTITY]
    observed = (
        f"try_cast({quote_name(dataset.observed)} AS DATE)" if dataset.observed else "NULL::DATE"
    )
    texts = ", ".join(
        f"coalesce(CAST({name} AS VARCHAR), '')" for name in ("source_id", *_IDENTITY)
    )
    return (
        "INSERT INTO intake_rows SELECT *, "
        f"left(sha256(concat_ws(chr(31), dataset, {texts})), 16) FROM ("
        f"SELECT {quote_text(dataset.id)} AS dataset, {quote_text(dataset.partner)}, _file AS file, "
        f"_row_number AS row_number, _extract_on, _file_order, "
        f"{_first(_feeding(dataset, 'source_id'), 'VARCHAR')} AS source_id, "
        f"{_key_sql(dataset)}, coalesce({observed}, _extract_on), {', '.join(columns)} "
        f"FROM {source}) WHERE source_id IS NOT NULL"
    )


def stage_events(dataset: Dataset, source: str) -> list[str]:
    """Return one statement for each of a dataset's event mappings."""
    names = {place: quote_name(field.name) for place, field in enumerate(dataset.fields)}
    statements = []
    seen: dict[str, int] = {}
    for event in dataset.events:
        turn = seen[event.kind] = seen.get(event.kind, -1) + 1
        condition = is_event_sql(dataset, event, "value_{}")
        aliased = ", ".join(f"{name} AS value_{place}" for place, name in names.items())
        mark = quote_text(event.kind if not turn else f"{event.kind}#{turn}")
        end = f"try_cast({quote_name(event.end)} AS DATE)" if event.end else "NULL::DATE"
        statements.append(
            f"INSERT INTO intake_events SELECT left(sha256(concat_ws(chr(31), "
            f"{quote_text(dataset.id)}, {_key_sql(dataset)}, {mark})), 16), "
            f"{quote_text(dataset.id)}, _file, _row_number, {quote_text(event.kind)}, "
            f"try_cast({quote_name(event.start)} AS DATE), {end}, {event.end is not None}, "
            f"{_attributes_sql(event)} FROM (SELECT *, {aliased} FROM {source}) WHERE {condition}"
        )
    return statements


def stage_flags(dataset: Dataset, source: str) -> list[str]:
    """Return one statement for each of a dataset's flag mappings."""
    by_name = {field.name: field for field in dataset.fields}
    statements = []
    for flag in dataset.flags:
        value = flag_value_sql(by_name[flag.column], quote_name(flag.column))
        statements.append(
            f"INSERT INTO intake_flags SELECT {quote_text(dataset.id)}, _file, _row_number, "
            f"{quote_text(flag.flag)}, {quote_text(flag.purpose or '')}, value, "
            f"{strictness_sql(flag)}, {flag.authoritative} "
            f"FROM (SELECT _file, _row_number, {value} AS value FROM {source})"
        )
    return statements


def _feeding(dataset: Dataset, column: str) -> list[str]:
    return [field.name for field in dataset.fields if field.feeds == f"record.{column}"]


def _first(names: Sequence[str], kind: str) -> str:
    cast = [f"try_cast({quote_name(name)} AS {kind})" for name in names]
    return f"coalesce({', '.join(cast)})" if cast else f"NULL::{kind}"


def _record_sql(dataset: Dataset, column: str) -> str:
    """Return how a record column is made of the extract's columns."""
    names = _feeding(dataset, column)
    value = _first(names, _KINDS.get(column, "VARCHAR"))
    if column in ("address", "middle_names") and len(names) > 1:
        mark = ", " if column == "address" else " "
        parts = ", ".join(f"CAST({quote_name(name)} AS VARCHAR)" for name in names)
        return f"nullif(concat_ws({quote_text(mark)}, {parts}), '')"
    if column == "sex":
        return (
            f"CASE WHEN upper({value}) IN ('F', 'FEMALE', 'WOMAN', 'GIRL', '2') THEN 'F' "
            f"WHEN upper({value}) IN ('M', 'MALE', 'MAN', 'BOY', '1') THEN 'M' END"
        )
    if column == "postcode":
        # ZZ99 codes say that there is no address; kept, they would make one home of many.
        return f"CASE WHEN upper({value}) NOT LIKE 'ZZ99%' THEN {value} END"
    return value


def _key_sql(dataset: Dataset) -> str:
    parts = ", ".join(f"coalesce(CAST({quote_name(name)} AS VARCHAR), '')" for name in dataset.key)
    return f"concat_ws(chr(31), {parts})"


def _attributes_sql(event: EventMapping) -> str:
    """Return the JSON object of an event's attributes, sorted, without those that are missing."""
    parts = [
        f"CASE WHEN {quote_name(column)} IS NOT NULL THEN "
        f"{quote_text(f'{quote_name(name)}:')} || CAST(to_json({quote_name(column)}) AS VARCHAR) END"
        for name, column in sorted(event.attributes.items())
    ]
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'" if parts else "'{}'"


def flag_value_sql(field: ExtractField, value: str) -> str:
    """Return SQL for what a flag column says: yes, no or unknown."""
    if field.type == "boolean":
        return f"CASE WHEN {value} THEN 'yes' WHEN NOT {value} THEN 'no' ELSE 'unknown' END"
    yes = ", ".join(quote_text(text) for text in field.true_values) or "NULL"
    no = ", ".join(quote_text(text) for text in field.false_values) or "NULL"
    text = f"CAST({value} AS VARCHAR)"
    return (
        f"CASE WHEN {text} IN ({yes}) THEN 'yes' WHEN {text} IN ({no}) THEN 'no' ELSE 'unknown' END"
    )


def strictness_sql(flag: FlagMapping) -> str:
    """Return SQL over `value` for how much a statement protects: 2 most, 0 least."""
    # A flag protects when it is set, consent when it is not.
    first, last = ("no", "yes") if flag.flag == "consent" else ("yes", "no")
    return f"CASE value WHEN {quote_text(first)} THEN 2 WHEN {quote_text(last)} THEN 0 ELSE 1 END"
