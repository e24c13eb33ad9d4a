"""Faults of single columns of an extract: types, formats, constraints, what they feed."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.definitions import ExtractField
from wholeplace.partnership.draft import DatasetDraft
from wholeplace.partnership.texts import Marks
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.partnership.wording import suggest_word

__all__ = ["column_faults"]

_CONSTRAINTS = (
    "required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength",
)  # fmt: skip
_DIRECTIVES = frozenset("YymdHMSbB%")
# An address comes in lines and middle names in pieces; every other column is fed once.
_JOINED = frozenset({"address", "middle_names"})


def column_faults(each: DatasetDraft) -> Iterator[Fault]:
    """Name faults of a dataset's columns."""
    if each.raw("fields") == []:
        yield each.fault(("fields",), "the extract has no columns", "at least one", "list them")
    seen: dict[str, int] = {}
    for place, name in _names(each):
        at = ("fields", place, "name")
        if name in seen:
            first = each.text.line("fields", seen[name], "name")
            what = f"the column `{name}` is listed twice (first on line {first})"
            yield each.fault(at, what, "each column once", "delete one")
        seen.setdefault(name, place)
    for place, field in each.fields.items():
        yield from _field_faults(each, ("fields", place), field)
    yield from _feed_faults(each)


def _names(each: DatasetDraft) -> Iterator[tuple[int, str]]:
    listed = each.raw("fields")
    for place, item in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            yield place, item["name"]


def _field_faults(each: DatasetDraft, at: Marks, field: ExtractField) -> Iterator[Fault]:
    vocabulary = load_vocabulary()
    if field.shares is not None and field.shares not in vocabulary.fields:
        what = f"there is no field `{field.shares}` in the vocabulary"
        mend = suggest_word(field.shares, vocabulary.fields)
        yield each.fault((*at, "shares"), what, "a field such as contact.phone", mend)
    yield from _format_faults(each, at, field)
    yield from _constraint_faults(each, at, field)
    both = set(field.true_values) & set(field.false_values)
    if field.type == "boolean" and both:
        what = f"the column `{field.name}` takes the same text for true and for false"
        yield each.fault((*at, "false_values"), what, "different texts", "correct one list")


def _format_faults(each: DatasetDraft, at: Marks, field: ExtractField) -> Iterator[Fault]:
    if field.format == "default":
        return
    here = (*at, "format")
    if field.type not in ("date", "datetime"):
        what = f"the column `{field.name}` is {field.type} and takes no format"
        yield each.fault(here, what, "a format for days alone", "delete it, or set type: date")
        return
    used = re.findall(r"%(.?)", field.format)
    unknown = [letter for letter in used if letter not in _DIRECTIVES]
    if not used or unknown or not _reads_back(field.format):
        what = f"the format of `{field.name}` is not a date pattern"
        yield each.fault(here, what, "such as %d/%m/%Y, with day, month and year", "correct it")


def _reads_back(pattern: str) -> bool:
    """Tell whether a day survives being written and read with the pattern."""
    day = dt.datetime(2026, 4, 3, tzinfo=dt.UTC)
    try:
        read = dt.datetime.strptime(day.strftime(pattern), pattern).replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return read.date() == day.date()


def _constraint_faults(each: DatasetDraft, at: Marks, field: ExtractField) -> Iterator[Fault]:
    for name, bound in field.constraints.items():
        here = (*at, "constraints", name)
        if name not in _CONSTRAINTS:
            mend = suggest_word(name, _CONSTRAINTS)
            yield each.fault(
                here, f"there is no constraint `{name}`", "one of Table Schema's", mend
            )
        elif expected := _wrong_bound(name, bound, field.type):
            what = f"the constraint `{name}` of `{field.name}` cannot be used"
            yield each.fault(here, what, expected, "correct it")
    for least, most in (("minimum", "maximum"), ("minLength", "maxLength")):
        if least in field.constraints and most in field.constraints:
            low, high = field.constraints[least], field.constraints[most]
            if _is_number(low) and _is_number(high) and low > high:
                what = f"`{least}` of `{field.name}` is above `{most}`"
                yield each.fault(
                    (*at, "constraints", least), what, "the smaller first", "swap them"
                )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong_bound(name: str, bound: Any, sort: str) -> str:
    """Return what a constraint should be, or nothing where it is so."""
    if name in ("required", "unique"):
        return "" if isinstance(bound, bool) else "true or false"
    if name == "enum":
        return "" if isinstance(bound, list) and bound else "a list of values"
    if name == "pattern":
        return _wrong_pattern(bound, sort)
    if name in ("minLength", "maxLength"):
        fits = isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0
        return "" if fits and sort == "string" else "a whole number, on a column of type string"
    if sort in ("integer", "number"):
        return "" if _is_number(bound) else "a number"
    if sort in ("date", "datetime"):
        return "" if isinstance(bound, dt.date) or _is_day(bound) else "a day as YYYY-MM-DD"
    return "a column of numbers or days"


def _wrong_pattern(bound: Any, sort: str) -> str:
    if not isinstance(bound, str) or sort != "string":
        return "a regular expression, on a column of type string"
    try:
        re.compile(bound)
    except (re.error, OverflowError, RecursionError):
        return "a regular expression that can be read"
    return ""


def _is_day(value: Any) -> bool:
    try:
        dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return True


def _feed_faults(each: DatasetDraft) -> Iterator[Fault]:
    columns = {*load_vocabulary().record_columns, "source_id"}
    fed: dict[str, int] = {}
    for place, field in each.fields.items():
        if field.feeds is None:
            continue
        at = ("fields", place, "feeds")
        room, _, column = field.feeds.partition(".")
        if room != "record" or column not in columns:
            what = f"`{field.feeds}` is not a column of the standard record"
            mend = suggest_word(field.feeds, {f"record.{each}" for each in columns})
            yield each.fault(at, what, "record.<column>", mend)
            continue
        if column in fed and column not in _JOINED:
            first = each.text.line("fields", fed[column])
            what = f"record.{column} is fed twice (first on line {first})"
            yield each.fault(at, what, "each once", "let one column feed it")
        fed.setdefault(column, place)
        yield from _fed_type_faults(each, at, field, column)
    if "source_id" not in fed and each.has_all_fields and each.fields:
        what = "no column feeds record.source_id, so no row can be tied to a person"
        yield each.fault(("fields",), what, "exactly one", "add `feeds: record.source_id` to one")


def _fed_type_faults(
    each: DatasetDraft, at: Marks, field: ExtractField, column: str
) -> Iterator[Fault]:
    if column == "birth_date" and field.type not in ("date", "datetime"):
        what = f"record.birth_date is fed by `{field.name}`, which is {field.type}"
        yield each.fault(at, what, "a column of type date", "give it the type date and its format")
    elif column != "birth_date" and field.type in ("boolean", "date", "datetime", "number"):
        what = f"record.{column} is fed by `{field.name}`, which is {field.type}"
        yield each.fault(at, what, "a column of type string", "correct `type` or `feeds`")
