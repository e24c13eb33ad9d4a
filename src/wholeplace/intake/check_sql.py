"""The checks of a dataset as one generated SELECT.

Three steps, each a sub-select: `text_N` is the trimmed text of the Nth column or NULL where
the contract says that it means no value; `value_N` is it in its type, NULL where it is not of
that type; then `rejects` and `blanks` are lists of rule numbers, NULL for a row without
faults. Nothing here may depend on the order in which the engine evaluates: every cast is a
`try_cast`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.store import quote_text
from wholeplace.intake.identifier_sql import IDENTIFIER_SQL, bare_sql
from wholeplace.intake.rules import KEY_RULE, CheckRule, pattern_of_format
from wholeplace.partnership.definitions import Dataset, ExtractField

__all__ = ["SQL_TYPES", "checked_select", "trimmed_sql", "typed_sql"]

_INTEGER = "[+-]?[0-9]+"
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT = _DAY + r"[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


def checked_select(dataset: Dataset, rules: Sequence[CheckRule], source: str) -> str:
    """Return the SELECT that checks every row of a source.

    Shape: row_number, value_0 … value_N in the dataset's column order, rejects (INTEGER[] or
    NULL), blanks (INTEGER[] or NULL), texts (VARCHAR[] of the trimmed columns, only for a row
    with faults). Uniqueness is not in it; see `repeats.py`.

    Args:
        dataset: the contract.
        rules: its numbered rules.
        source: an SQL table expression with row_number and, for the Nth field, text in column_N.
    """
    fields = dataset.fields
    texts = ", ".join(
        f"{trimmed_sql(field, f'column_{n}')} AS text_{n}" for n, field in enumerate(fields)
    )
    # An identifier is stripped of its gaps once, in a step of its own; many terms read it.
    checked = [n for n, field in enumerate(fields) if field.check]
    bares = "".join(f", {bare_sql(f'text_{n}')} AS bare_{n}" for n in checked)
    digits = "".join(f", try_cast(bare_{n} AS BIGINT) AS digits_{n}" for n in checked)
    values = ", ".join(f"{typed_sql(field, n)} AS typed_{n}" for n, field in enumerate(fields))
    places = {field.name: n for n, field in enumerate(fields)}
    tests = {
        rule.index: _fails(fields[places[rule.column]], rule, places[rule.column])
        for rule in rules
        if rule.rule not in (KEY_RULE, "unique")
    }
    kept = ", ".join(
        f"{_blanked(f'typed_{n}', [r for r in rules if r.column == field.name and r.blanks], tests)}"
        f" AS value_{n}"
        for n, field in enumerate(fields)
    )
    rejects = _list_of([rule.index for rule in rules if not rule.blanks], tests)
    blanks = _list_of([rule.index for rule in rules if rule.blanks], tests)
    return (
        f"SELECT row_number, {', '.join(f'value_{n}' for n in range(len(fields)))}, rejects, blanks, "
        f"CASE WHEN rejects IS NOT NULL OR blanks IS NOT NULL THEN "
        f"[{', '.join(f'text_{n}' for n in range(len(fields)))}] END AS texts FROM ("
        f"SELECT *, {kept}, {rejects} AS rejects, {blanks} AS blanks FROM ("
        f"SELECT *, {values} FROM (SELECT *{digits} FROM (SELECT *{bares} FROM (SELECT row_number, {texts} FROM {source})))))"
    )


def trimmed_sql(field: ExtractField, column: str) -> str:
    """Return the column's text without spaces around it, NULL where it means no value."""
    bare = f"trim({column})"
    missing = sorted({"", *field.missing_values})
    if missing == [""]:
        return f"nullif({bare}, '')"
    return f"CASE WHEN {bare} NOT IN ({_texts(missing)}) THEN {bare} END"


def typed_sql(field: ExtractField, place: int) -> str:
    """Return an expression that gives the text in the field's type, or NULL where it cannot.

    Args:
        field: the column.
        place: its place in the contract; it reads `text_N`, and for an identifier `bare_N`
            (as `bare_sql` gives it) and `digits_N` (that as an integer).
    """
    text = f"text_{place}"
    if field.check:
        return IDENTIFIER_SQL[field.check](f"bare_{place}", f"digits_{place}")
    if field.type == "string":
        return text
    if field.type == "integer":
        return (
            f"CASE WHEN regexp_full_match({text}, '{_INTEGER}') THEN try_cast({text} AS BIGINT) END"
        )
    if field.type == "number":
        cast = f"try_cast({text} AS DOUBLE)"
        return (
            f"CASE WHEN regexp_full_match({text}, '{_NUMBER}') AND isfinite({cast}) THEN {cast} END"
        )
    if field.type == "boolean":
        return (
            f"CASE WHEN {text} IN ({_texts(field.true_values)}) THEN true "
            f"WHEN {text} IN ({_texts(field.false_values)}) THEN false END"
        )
    return _moment_sql(field, text)


def _moment_sql(field: ExtractField, text: str) -> str:
    kind = SQL_TYPES[field.type]
    if field.format == "default":
        shape = _DAY if field.type == "date" else _INSTANT
        return f"CASE WHEN regexp_full_match({text}, '{shape}') THEN try_cast({text} AS {kind}) END"
    shape = quote_text(pattern_of_format(field.format))
    parsed = f"try_strptime({text}, {quote_text(field.format)})"
    return f"CASE WHEN regexp_full_match({text}, {shape}) THEN try_cast({parsed} AS {kind}) END"


def _fails(field: ExtractField, rule: CheckRule, place: int) -> str:
    """Return a condition that is true where the rule is broken; never NULL."""
    text, value = f"text_{place}", f"typed_{place}"
    if rule.rule == "required":
        return f"{text} IS NULL"
    if rule.rule == "type" or rule.rule == field.check:
        return f"({text} IS NOT NULL AND {value} IS NULL)"
    compared = {
        "minimum": f"{value} < ",
        "maximum": f"{value} > ",
        "minLength": f"length({text}) < ",
        "maxLength": f"length({text}) > ",
    }
    if rule.rule in ("minLength", "maxLength"):
        return f"coalesce({compared[rule.rule]}{int(rule.bound)}, false)"
    if rule.rule in ("minimum", "maximum"):
        return f"coalesce({compared[rule.rule]}{_literal(field, rule.bound)}, false)"
    if rule.rule == "pattern":
        return f"coalesce(NOT regexp_full_match({text}, {quote_text(str(rule.bound))}), false)"
    allowed = ", ".join(_literal(field, bound) for bound in rule.bound)
    return f"coalesce({value} NOT IN ({allowed}), false)"


def _blanked(value: str, rules: Sequence[CheckRule], tests: dict[int, str]) -> str:
    broken = " OR ".join(tests[rule.index] for rule in rules if rule.index in tests)
    return f"CASE WHEN NOT ({broken}) THEN {value} END" if broken else value


def _list_of(indexes: Sequence[int], tests: dict[int, str]) -> str:
    tested = [index for index in indexes if index in tests]
    if not tested:
        return "NULL::INTEGER[]"
    # The list is built only for a row that has a fault, so that clean rows cost one test.
    broken = " OR ".join(tests[index] for index in tested)
    cases = ", ".join(f"CASE WHEN {tests[index]} THEN {index} END" for index in tested)
    return f"CASE WHEN {broken} THEN list_filter([{cases}], lambda rule: rule IS NOT NULL) END"


def _texts(texts: Sequence[str]) -> str:
    return ", ".join(quote_text(text) for text in texts) or "NULL"


def _literal(field: ExtractField, bound: Any) -> str:
    """Return a constraint's bound as a literal of the column's type."""
    text = bound.isoformat() if isinstance(bound, dt.date) else str(bound)
    kind = "BIGINT" if field.check == "uprn" else SQL_TYPES[field.type]
    if field.type == "boolean":
        text = "true" if text in ("True", *field.true_values) else "false"
    try:
        _READ[kind](text)
    except ValueError as error:
        raise WholeplaceError(
            f"A constraint of the column {field.name} cannot be used.",
            f"{text} is not a {field.type}; bounds are written in ISO form.",
            "Mend the dataset file.",
        ) from error
    return f"{quote_text(text)}::{kind}"


_READ: dict[str, Any] = {
    "VARCHAR": str,
    "BIGINT": int,
    "DOUBLE": float,
    "BOOLEAN": str,
    "DATE": dt.date.fromisoformat,
    "TIMESTAMP": dt.datetime.fromisoformat,
}
