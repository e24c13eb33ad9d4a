"""The checks of a dataset in slow, plain Python, one row at a time.

Nothing runs on it. It says what the generated SQL must find, in code that can be read against
the contract; tests hold the two equal on random rows.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from wholeplace.intake.identifiers import NORMALISE
from wholeplace.intake.rules import BLANK_MARKS, KEY_RULE, CheckRule, list_rules, pattern_of_format
from wholeplace.partnership.definitions import Dataset, ExtractField

__all__ = ["RowFinding", "check_rows_slowly"]

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT = _DAY + r"[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"


@dataclass(frozen=True)
class RowFinding:
    """What the checks say of one row.

    Attributes:
        rejects: broken rules for which the row is rejected.
        blanks: broken rules for which a value is blanked.
        values: the values that would be kept, by column.
    """

    rejects: tuple[int, ...]
    blanks: tuple[int, ...]
    values: Mapping[str, Any]


def check_rows_slowly(
    dataset: Dataset, rows: Sequence[Mapping[str, str | None]]
) -> list[RowFinding]:
    """Check rows of text and return a finding for each, in order."""
    rules = list_rules(dataset)
    findings = [_check_row(dataset, rules, row) for row in rows]
    for rule in rules:
        if rule.rule not in (KEY_RULE, "unique"):
            continue
        columns = dataset.key if rule.rule == KEY_RULE else (rule.column,)
        seen: set[tuple[Any, ...]] = set()
        for place, finding in enumerate(findings):
            if any(index != rule.index and not _repeats(rules, index) for index in finding.rejects):
                continue
            value = tuple(finding.values[column] for column in columns)
            if value[0] is None:
                continue
            if value in seen:
                findings[place] = _with_fault(finding, rule)
            seen.add(value)
    return findings


def _repeats(rules: Sequence[CheckRule], index: int) -> bool:
    return rules[index].rule in (KEY_RULE, "unique")


def _with_fault(finding: RowFinding, rule: CheckRule) -> RowFinding:
    if rule.blanks:
        values = {**finding.values, rule.column: None}
        return RowFinding(finding.rejects, (*finding.blanks, rule.index), values)
    return RowFinding((*finding.rejects, rule.index), finding.blanks, finding.values)


def _check_row(
    dataset: Dataset, rules: Sequence[CheckRule], row: Mapping[str, str | None]
) -> RowFinding:
    values: dict[str, Any] = {}
    rejects: list[int] = []
    blanks: list[int] = []
    for field in dataset.fields:
        text = (row[field.name] or "").strip(BLANK_MARKS)
        bare = None if text in ("", *field.missing_values) else text
        value = None if bare is None else _typed(field, bare)
        broken = [
            rule for rule in rules if rule.column == field.name and _fails(field, rule, bare, value)
        ]
        rejects += [rule.index for rule in broken if not rule.blanks]
        blanks += [rule.index for rule in broken if rule.blanks]
        values[field.name] = None if any(rule.blanks for rule in broken) else value
    return RowFinding(tuple(rejects), tuple(blanks), values)


def _typed(field: ExtractField, text: str) -> Any:
    if field.check:
        return NORMALISE[field.check](text)
    return _READERS[field.type](field, text)


def _boolean(field: ExtractField, text: str) -> bool | None:
    if text in field.true_values:
        return True
    return False if text in field.false_values else None


def _integer(_: ExtractField, text: str) -> int | None:
    if not re.fullmatch("[+-]?[0-9]+", text):
        return None
    return int(text) if -(2**63) <= int(text) < 2**63 else None


def _number(_: ExtractField, text: str) -> float | None:
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        return None
    try:
        value = float(Decimal(text))
    except (InvalidOperation, OverflowError):
        return None
    return value if abs(value) != float("inf") else None


def _date(field: ExtractField, text: str) -> dt.date | None:
    moment = _moment(field, text, _DAY)
    return moment.date() if moment else None


def _datetime(field: ExtractField, text: str) -> dt.datetime | None:
    return _moment(field, text, _INSTANT)


def _moment(field: ExtractField, text: str, shape: str) -> dt.datetime | None:
    try:
        if field.format != "default":
            is_shaped = re.fullmatch(pattern_of_format(field.format), text)
            return dt.datetime.strptime(text, field.format) if is_shaped else None  # noqa: DTZ007
        if not re.fullmatch(shape, text):
            return None
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


_READERS: Mapping[str, Callable[[ExtractField, str], Any]] = {
    "string": lambda _, text: text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}


def _fails(field: ExtractField, rule: CheckRule, text: str | None, value: Any) -> bool:
    if rule.rule == "required":
        return text is None
    if text is None:
        return False
    if rule.rule == "type" or rule.rule == field.check:
        return value is None
    if rule.rule == "minLength":
        return len(text) < int(rule.bound)
    if rule.rule == "maxLength":
        return len(text) > int(rule.bound)
    if rule.rule == "pattern":
        return not re.fullmatch(str(rule.bound), text)
    return value is not None and _is_out_of_bounds(field, rule, value)


def _is_out_of_bounds(field: ExtractField, rule: CheckRule, value: Any) -> bool:
    def bound(given: Any) -> Any:
        if field.type == "boolean" and isinstance(given, bool):
            return given
        return _typed(field.model_copy(update={"format": "default"}), str(given))

    if rule.rule == "minimum":
        return bool(value < bound(rule.bound))
    if rule.rule == "maximum":
        return bool(value > bound(rule.bound))
    return rule.rule == "enum" and value not in [bound(given) for given in rule.bound]
