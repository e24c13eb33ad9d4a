"""Faults of how rows become events and set flags."""

from collections.abc import Iterator, Mapping

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.definitions import EventMapping, ExtractField
from wholeplace.partnership.draft import DatasetDraft
from wholeplace.partnership.texts import Marks
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.partnership.wording import list_words, suggest_word

__all__ = ["date_column_faults", "mapping_faults"]

_FITS: Mapping[str, tuple[str, ...]] = {
    "integer": ("integer",),
    "number": ("integer", "number"),
    "boolean": ("boolean",),
    "date": ("date", "datetime"),
}
_WITH_PURPOSE = ("objection", "consent")


def mapping_faults(each: DatasetDraft) -> Iterator[Fault]:
    """Name faults of a dataset's event and flag mappings."""
    for place, event in each.events.items():
        yield from _event_faults(each, ("events", place), event)
    yield from _flag_faults(each)


def _unknown_column(each: DatasetDraft, at: Marks, name: str, role: str) -> Iterator[Fault]:
    if name not in each.columns:
        what = f"the {role} column `{name}` is not a column of this extract"
        yield each.fault(at, what, "a name under `fields`", suggest_word(name, each.columns))


def date_column_faults(each: DatasetDraft, at: Marks, name: object, role: str) -> Iterator[Fault]:
    """Name faults of a column that should be there and hold days."""
    if not isinstance(name, str):
        return
    yield from _unknown_column(each, at, name, f"`{role}`")
    for field in each.fields.values():
        if field.name == name and field.type not in ("date", "datetime"):
            what = f"the `{role}` column `{name}` is {field.type}, not a day"
            mend = f"give `{name}` the type date and its format"
            yield each.fault(at, what, "a column of type date or datetime", mend)


def _event_faults(each: DatasetDraft, at: Marks, event: EventMapping) -> Iterator[Fault]:
    yield from date_column_faults(each, (*at, "start"), event.start, "start")
    yield from date_column_faults(each, (*at, "end"), event.end, "end")
    by_name = {field.name: field for field in each.fields.values()}
    for column, values in event.when.items():
        here = (*at, "when", column)
        yield from _unknown_column(each, here, column, "`when`")
        yield from _never_met(each, here, by_name.get(column), values)
    events = load_vocabulary().events
    known = events.get(event.kind)
    if known is None:
        what = f"there is no event `{event.kind}`"
        mend = suggest_word(event.kind, events)
        yield each.fault((*at, "kind"), what, "an event of the vocabulary", mend)
    for attribute, column in event.attributes.items():
        here = (*at, "attributes", attribute)
        yield from _unknown_column(each, here, column, f"`{attribute}`")
        if known is None:
            continue
        if attribute not in known.attributes:
            what = f"the event `{event.kind}` has no attribute `{attribute}`"
            mend = suggest_word(attribute, known.attributes)
            yield each.fault(here, what, list_words(known.attributes) or "none", mend)
        else:
            sort = known.attributes[attribute].type
            yield from _attribute_type(each, here, by_name.get(column), attribute, sort)


def _never_met(
    each: DatasetDraft, at: Marks, field: ExtractField | None, values: tuple[str, ...]
) -> Iterator[Fault]:
    if not values:
        yield each.fault(at, "`when` lists no value", "[value, …]", "list the values")
    allowed = field.constraints.get("enum") if field is not None else None
    if isinstance(allowed, list):
        for value in values:
            if value not in [str(item) for item in allowed]:
                what = f"`when` waits for `{value}`, which the column's enum does not allow"
                mend = suggest_word(value, [str(item) for item in allowed])
                yield each.fault(at, what, "a value of the enum", mend)


def _attribute_type(
    each: DatasetDraft, at: Marks, field: ExtractField | None, attribute: str, sort: str
) -> Iterator[Fault]:
    if field is not None and sort != "text" and field.type not in _FITS[sort]:
        what = f"the attribute `{attribute}` is {sort}, but `{field.name}` is {field.type}"
        mend = f"give `{field.name}` the type {_FITS[sort][-1]}"
        yield each.fault(at, what, f"a column of type {' or '.join(_FITS[sort])}", mend)


def _flag_faults(each: DatasetDraft) -> Iterator[Fault]:
    purposes = load_vocabulary().purposes
    seen: set[tuple[str, str | None]] = set()
    by_name = {field.name: field for field in each.fields.values()}
    for place, flag in each.flags.items():
        at: Marks = ("flags", place)
        yield from _unknown_column(each, (*at, "column"), flag.column, f"`{flag.flag}`")
        column = by_name.get(flag.column)
        if column is not None and column.type != "boolean":
            what = f"the flag `{flag.flag}` is read from `{flag.column}`, which is {column.type}"
            mend = f"give `{flag.column}` the type boolean with its true_values and false_values"
            yield each.fault((*at, "column"), what, "a column of type boolean", mend)
        if flag.flag in _WITH_PURPOSE and flag.purpose is None:
            what = f"the flag `{flag.flag}` does not say for which purpose"
            yield each.fault((*at, "flag"), what, "a line `purpose: …`", list_words(purposes))
        elif flag.flag not in _WITH_PURPOSE and flag.purpose is not None:
            what = f"the flag `{flag.flag}` holds for every purpose"
            yield each.fault((*at, "purpose"), what, "no `purpose`", "delete it")
        elif flag.purpose is not None and flag.purpose not in purposes:
            what = f"there is no purpose `{flag.purpose}`"
            mend = suggest_word(flag.purpose, purposes)
            yield each.fault((*at, "purpose"), what, "a purpose of the vocabulary", mend)
        if flag.fresh_days < 1:
            what = "`fresh_days` is less than a day"
            yield each.fault((*at, "fresh_days"), what, "1 or more", "correct it")
        if (flag.flag, flag.purpose) in seen:
            what = f"the flag `{flag.flag}` is set twice for the same purpose"
            yield each.fault((*at, "flag"), what, "each once", "delete one")
        seen.add((flag.flag, flag.purpose))
